"""Looking at pages as a strict reader does: one checker for every page any test fetches."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

LANGUAGES = {"en": "ltr", "es": "ltr", "ar": "rtl"}
HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_NAMED_BY_ITSELF = {"hidden", "submit", "button"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the installed Chromium, which downloads nothing and phones nobody."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(ARGUMENTS)
        )
        try:
            yield browser
        finally:
            browser.close()


def check_accessible(page: Page) -> None:
    """Let axe-core find no fault in the page that is open."""
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


def check_headers(headers: dict[str, str], *, cookies: bool) -> None:
    """State what every answer carries, whatever its status; `headers` has lower-case names."""
    for name, value in HEADERS.items():
        assert headers.get(name) == value, (name, headers.get(name))
    assert headers["content-security-policy"] == POLICY
    assert headers["referrer-policy"] == ("same-origin" if cookies else "no-referrer")
    assert "server" not in headers
    assert cookies or "set-cookie" not in headers


def check_page(html: str) -> Element:
    """State what every page is: strict HTML, one heading that its title names, labelled fields."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert isinstance(tree, Element)
    _check_language(tree)
    _check_heading(tree)
    _check_ids(tree)
    _check_labels(tree)
    _check_forms(tree)
    _check_addresses(tree)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html), "inline style or script"
    return tree


def text_of(element: Element) -> str:
    """Give the text of an element in one line."""
    return " ".join("".join(element.itertext()).split())


def _check_language(tree: Element) -> None:
    language = tree.get("lang", "")
    assert LANGUAGES[language] == tree.get("dir")


def _check_heading(tree: Element) -> None:
    headings = tree.findall(".//h1")
    assert len(headings) == 1
    title = tree.find(".//title")
    assert title is not None
    assert text_of(headings[0])
    assert text_of(headings[0]) in text_of(title)
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    start = levels.index(1)
    steps = zip(levels[start:], levels[start + 1 :], strict=False)
    assert all(after - before <= 1 for before, after in steps), levels


def _check_ids(tree: Element) -> None:
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    assert not [each for each, times in ids.items() if times > 1]
    for element in tree.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby"):
            for target in element.get(attribute, "").split():
                assert target in ids, (attribute, target)
        address = element.get("href", "")
        assert not address.startswith("#") or address[1:] in ids, address


def _check_labels(tree: Element) -> None:
    labels = {label.get("for"): text_of(label) for label in tree.iter("label")}
    for field in [*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")]:
        if field.get("type") not in _NAMED_BY_ITSELF:
            assert labels.get(field.get("id")), field.attrib
    for button in tree.iter("button"):
        assert text_of(button)


def _check_forms(tree: Element) -> None:
    for form in tree.iter("form"):
        assert form.get("action"), "a form says where it goes"
        assert form.get("method") == "post"


def _check_addresses(tree: Element) -> None:
    for element in tree.iter():
        for attribute in ("href", "src", "action", "formaction", "srcset"):
            address = element.get(attribute, "")
            assert not urlsplit(address).netloc, address
