"""What every page and every PDF must pass."""

import io
import re
from collections import Counter

import html5lib
import page
from pypdf import PdfReader

FALSE_ALARMS = {
    # The checker takes a 0x0D at the end of compressed data for a line end before "endstream"
    # and then finds the stream one byte short of its length.
    "STREAM-LENGTH"
}
_STYLE = re.compile(r"<[^>]+\sstyle=")


def assert_strict(html: str) -> None:
    """Check a page: strict HTML5, one h1, language, title, no repeated id, no inline style."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(html)
    assert tree.get("lang")
    assert tree.get("dir")
    assert tree.findtext("head/title", "").strip()
    assert len(list(tree.iter("h1"))) == 1
    ids = Counter(each.get("id") for each in tree.iter() if each.get("id"))
    assert not [name for name, times in ids.items() if times > 1]
    assert not _STYLE.search(html)
    assert "<script" not in html


def findings(pdf: bytes) -> list[str]:
    """List what PDF/UA-1 and PDF/A-2a checks find, known false alarms left out."""
    profiles = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)
    failures = (
        failure
        for profile in profiles
        for failure in page.validate_pdf_bytes(pdf, profile=profile).failures
    )
    return [
        f"{failure.rule_id}: {failure.message}"
        for failure in failures
        if not any(alarm in failure.rule_id for alarm in FALSE_ALARMS)
    ]


def pages(pdf: bytes) -> list[str]:
    """Give the text of each page, with plain spaces."""
    return [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(pdf)).pages]


def unembedded_fonts(pdf: bytes) -> list[str]:
    """List the fonts a PDF names without carrying them."""
    missing = []
    for sheet in PdfReader(io.BytesIO(pdf)).pages:
        for font in sheet["/Resources"]["/Font"].values():  # type: ignore[index]  # PDF objects
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            if not any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3")):
                missing.append(str(inner["/BaseFont"]))
    return missing
