"""The whole path: cards, a real browser, count, release and PDF, on both databases."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from backend.demo.phones import Sheet, answer_all
from backend.settings import Settings
from tests.browser import chromium
from tests.builders.rollout_file import SMALL_ROLLOUT

PASSWORD = "a long enough password"
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b")
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.slow, pytest.mark.browser]


class Installation:
    """A Canvass of its own, used through its command line only."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.folder = folder
        self.booth_port, self.office_port = _free_port(), _free_port()
        self.environ = {
            **os.environ,
            "CANVASS_DATABASE": settings.database,
            "CANVASS_DATA": str(folder / "data"),
            "CANVASS_BOOTH_PORT": str(self.booth_port),
            "CANVASS_OFFICE_PORT": str(self.office_port),
        }

    @property
    def booth(self) -> str:
        """Give the address of the booth."""
        return f"http://127.0.0.1:{self.booth_port}"

    @property
    def office(self) -> str:
        """Give the address of the office."""
        return f"http://127.0.0.1:{self.office_port}"

    def canvass(self, *arguments: str, code: int = 0) -> str:
        """Run a command and give what it printed; its exit code must be as expected."""
        done = subprocess.run(
            [sys.executable, "-m", "backend", *arguments],
            env=self.environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def installation(database_settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """Give an installation with a signed agreement and a running server."""
    made = Installation(database_settings, tmp_path)
    (tmp_path / "crane.toml").write_text(SMALL_ROLLOUT, encoding="utf-8")
    made.canvass("init")
    made.canvass("rollout", "load", "crane.toml")
    for role in ("hr", "union"):
        made.canvass("user", "add", f"{role}@harbour.example", "--name", f"The {role} side",
                     "--role", role, "--password", PASSWORD)  # fmt: skip
        made.canvass("agreement", "sign", "crane", "--email", f"{role}@harbour.example",
                     "--password", PASSWORD)  # fmt: skip
    server = subprocess.Popen([sys.executable, "-m", "backend", "serve"], env=made.environ)
    try:
        asyncio.run(_until_it_answers(made.booth_port))
        yield made
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0


def test_from_card_to_briefing(installation: Installation, tmp_path: Path) -> None:
    """Employees draw cards and answer; the briefing counts each of them exactly once."""
    installation.canvass("wave", "open", "crane-1")
    assert "opened" in installation.canvass("wave", "open", "crane-1", code=1)
    installation.canvass("wave", "cards", "crane-1", "--out", "cards")
    boxes = _drawn_cards(tmp_path / "cards")
    answered = [codes.pop() for codes in boxes]
    with chromium() as browser:
        for code, scripts in zip(answered, (True, False), strict=True):
            _answer_in_browser(browser, installation.booth, code, scripts=scripts)
        _try_used_card(browser.new_page(), installation.booth, answered[0])
        others = [code for codes in boxes for code in codes[:29]]
        # Playwright's loop runs in this thread, so the phones get one of their own.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _answer_by_phone(installation.booth, others)).result()
        late = _fill_in(browser.new_page(viewport=PHONE), installation.booth, boxes[0][-1])  # type: ignore[arg-type] # a dict is what Playwright documents
        installation.canvass("wave", "close", "crane-1")
        late.locator("form[action='/cast'] button.button").first.click()
        expect(late.locator("h1")).to_contain_text("closed")
        installation.canvass("wave", "count", "crane-1")
        installation.canvass("wave", "release", "crane-1")
        installation.canvass("brief", "crane-1", "--out", "out")
        _read_results(browser, installation)
    briefing = PdfReader(tmp_path / "out" / "crane-1-leadership.pdf")
    text = " ".join(page.extract_text() for page in briefing.pages)
    assert len(briefing.pages) == 2
    assert "Harbour Works" in text
    assert "Crane Assist" in text


def _drawn_cards(folder: Path) -> list[list[str]]:
    """Read the codes off the printed cards, one list for each cell: they exist nowhere else."""
    boxes = []
    for file in sorted(folder.glob("*.pdf")):
        text = "\n".join(page.extract_text() for page in PdfReader(file).pages)
        boxes.append(list(dict.fromkeys(CODE.findall(text))))
    assert [len(box) for box in boxes] == [44, 33]
    return boxes


def _answer_in_browser(browser: Browser, booth: str, code: str, *, scripts: bool) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)  # type: ignore[arg-type] # a dict is what Playwright documents
    page = _fill_in(context.new_page(), booth, code)
    page.locator("form[action='/cast'] button.button").first.click()
    expect(page.locator("h1")).to_contain_text("answers are in")
    assert not context.cookies()
    context.close()


def _fill_in(page: Page, booth: str, code: str) -> Page:
    """Answer every question with the fourth option, up to the page before sending."""
    _enter(page, booth, code)
    while not page.locator("form[action='/cast']").count():
        page.locator(".tiles .tile label").nth(3).click()
        page.locator("button.button[value=next]").click()
    return page


def _try_used_card(page: Page, booth: str, code: str) -> None:
    _enter(page, booth, code)
    expect(page.locator("h1")).to_contain_text("used")


def _enter(page: Page, booth: str, code: str) -> None:
    page.goto(booth)
    page.locator("form[action='/card'] input[name=code]").fill(code.lower())
    page.locator("form[action='/card'] button[type=submit]").first.click()


async def _answer_by_phone(booth: str, codes: list[str]) -> None:
    sheets = [
        Sheet(code, {"ex1": "1", "js2": str(n % 5), "sv1": "4", "us1": "dk", "st1": "2"}, "en")
        for n, code in enumerate(codes)
    ]
    await answer_all(booth, sheets, lambda: None)


def _read_results(browser: Browser, installation: Installation) -> None:
    """HR, the union and the employees read the same numbers."""
    public = browser.new_page()
    public.goto(f"{installation.booth}/results")
    expect(public.locator("h1")).to_be_visible()
    context = browser.new_context()
    page = context.new_page()
    page.goto(installation.office)
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill("union@harbour.example")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    expect(page.locator("body")).to_contain_text("Crane Assist")
    context.close()


async def _until_it_answers(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
