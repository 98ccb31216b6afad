"""The booth and the office in a real browser: phone, desk, Arabic, no script, keyboard, 200 %."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backend.ballots.box import BallotBox
from backend.ballots.papers import issue_cards
from backend.db.engine import open_database
from backend.store.accounts import Role, create_account
from backend.store.waves import open_wave
from tests import databases
from tests.backend.office.people import NAMES, PASSWORD
from tests.backend.web.scenes import SECOND_DAY, a_released_city
from tests.browser import check_accessible, chromium

PHONE, DESK = (390, 844), (1280, 900)
LARGE_TEXT = 195  # a phone at 200 % shows half as many pixels
SMALLEST_TARGET = 52

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@dataclass(frozen=True, slots=True)
class Site:
    """A running Canvass with one released and one open wave, and cards for the open one."""

    booth: str
    office: str
    codes: list[str]


async def _seed(database: Path) -> list[str]:
    async with open_database(databases.sqlite_settings(database)) as engine:
        box = BallotBox(engine)
        await box.start()
        await a_released_city(box)
        for role in Role:
            await create_account(f"{role.value}@city.example", NAMES[role], role, PASSWORD)
        wave = await open_wave("gps-2", SECOND_DAY)
        cards = await issue_cards(wave, {cell.id: 20 for cell in wave.cells})
        await box.stop()
    return [code for codes in cards.values() for code in codes]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve both apps in a process of their own, on a real SQLite file."""
    folder = tmp_path_factory.mktemp("site")
    with asyncio.Runner() as runner:
        codes = runner.run(_seed(folder / "canvass.sqlite"))
    ports = _free_port(), _free_port()
    environ = {
        **os.environ,
        "CANVASS_DATABASE": f"sqlite:///{folder / 'canvass.sqlite'}",
        "CANVASS_DATA": str(folder),
        "CANVASS_BOOTH_PORT": str(ports[0]),
        "CANVASS_OFFICE_PORT": str(ports[1]),
    }
    server = subprocess.Popen([sys.executable, "-m", "backend", "serve"], env=environ)
    try:
        with asyncio.Runner() as runner:
            runner.run(_until_it_answers(ports[1]))
        yield Site(f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}", codes)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


async def _until_it_answers(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            return


@pytest.fixture
def browser(site: Site) -> Iterator[Browser]:
    """Run a Chromium for one journey: while it runs, its event loop lets no other one start."""
    del site
    with chromium() as running:
        yield running


def _context(
    browser: Browser, size: tuple[int, int] = PHONE, *, scripts: bool = True
) -> BrowserContext:
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts
    )


def _look(page: Page) -> None:
    """Check what only a browser can see: axe-core, sideways scrolling, size of what is pressed."""
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for target in page.locator(".tile label, .button, .input").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= SMALLEST_TARGET


def _enter(page: Page, site: Site, language: str) -> None:
    page.goto(f"{site.booth}/?lang={language}")
    page.locator("#code").fill(site.codes.pop().lower())
    page.locator("form[action='/card'] button").click()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_answering_is_accessible(
    browser: Browser, site: Site, language: str, size: tuple[int, int]
) -> None:
    """Every kind of booth page passes axe-core, fits the screen and has large targets."""
    context = _context(browser, size)
    page = context.new_page()
    page.goto(f"{site.booth}/?lang={language}")
    _look(page)
    page.locator("#code").fill("nonsense")
    page.locator("form[action='/card'] button").click()
    _look(page)
    _enter(page, site, language)
    _look(page)
    page.locator("button.button[value=next]").click()
    _look(page)
    while not page.locator("form[action='/cast']").count():
        page.locator(".tile label").nth(2).click()
        page.locator("button.button[value=next]").click()
    _look(page)
    page.locator(".review button").nth(1).click()
    expect(page.locator("input:checked")).to_have_count(1)
    page.locator("button.button[value=next]").click()
    page.locator("form[action='/cast'] button.button").click()
    expect(page.locator(".receipt")).to_be_visible()
    _look(page)
    for path in ("results", "privacy", "nothing"):
        page.goto(f"{site.booth}/{path}?lang={language}")
        _look(page)
    assert not context.cookies()
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_answering_without_script(browser: Browser, site: Site, language: str) -> None:
    """With scripts switched off the whole pulse can be answered, changed and sent."""
    context = _context(browser, scripts=False)
    page = context.new_page()
    _enter(page, site, language)
    page.locator("button[value=skip]").click()
    while not page.locator("form[action='/cast']").count():
        page.locator(".tile label").last.click()
        page.locator("button.button[value=next]").click()
    page.locator("form[action='/cast'] button.button").click()
    expect(page.locator(".receipt")).to_be_visible()
    assert not context.cookies()
    context.close()


def test_answering_by_keyboard(browser: Browser, site: Site) -> None:
    """Tab, arrows and Enter are enough; Enter on an answer means Next, not Back."""
    context = _context(browser, DESK)
    page = context.new_page()
    _enter(page, site, "en")
    first = page.locator("h1").inner_text()
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_have_text(first)
    expect(page.locator(".steps__of")).to_have_text("Question 2 of 14")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    context.close()


def test_code_behind_the_hash_is_filled_in(browser: Browser, site: Site) -> None:
    """A card's QR address fills the field in, and the code leaves the address bar at once."""
    context = _context(browser)
    page = context.new_page()
    code = site.codes[0]
    page.goto(f"{site.booth}/#{code}")
    expect(page.locator("#code")).to_have_value(code)
    assert page.url == f"{site.booth}/"
    context.close()


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_double_text_size_still_fits(browser: Browser, site: Site, language: str) -> None:
    """At 200 % on a phone nothing has to be scrolled sideways except wide tables."""
    context = _context(browser, (LARGE_TEXT, 422))
    page = context.new_page()
    for path in ("", "privacy", "results"):
        page.goto(f"{site.booth}/{path}?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    _enter(page, site, language)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_office_is_accessible(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    """Every kind of office page passes axe-core and fits the screen."""
    context = _context(browser, size)
    page = context.new_page()
    page.goto(site.office)
    _look(page)
    page.locator("#email").fill("hr@city.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    expect(page.locator("h1")).to_have_text("Rollouts")
    for path in ("", "waves/gps-1", "waves/gps-2", "waves/gps-2/close", "waves/gps-1/results",
                 "waves/gps-2/results", "rollouts/gps/agreement", "waves/nothing"):  # fmt: skip
        page.goto(f"{site.office}/{path}")
        _look(page)
    page.locator("header button").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    context.close()
