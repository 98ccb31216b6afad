"""Tests of the renderer: what a page may load, how much it may use, and what comes out."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.errors import PdfError
from reports.pdf import Renderer, RenderLimits
from reports.pdf_assets import asset_path
from tests.reports.checks import findings, pages

PLAIN = (
    '<!doctype html><html lang="en"><head><title>A page</title>'
    '<link rel="stylesheet" href="asset:sources.css">'
    '<link rel="stylesheet" href="asset:design.css">'
    "</head><body><h1>A page</h1>{}</body></html>"
)
ADDRESSES = ("{server}/x", "file://{secret}", "{secret}", "ftp://127.0.0.1/x", "data:text/css,a")
PLACES = {
    "style sheet": '<link rel="stylesheet" href="{}">',
    "import": "<style>@import url('{}');</style>",
    "picture": '<img alt="x" src="{}">',
    "picture set": '<img alt="x" srcset="{} 2x" src="{}">',
    "object": '<object data="{}"></object>',
    "embed": '<embed src="{}">',
    "attachment": '<link rel="attachment" href="{}">',
    "linked attachment": '<a rel="attachment" href="{}">x</a>',
    "background": "<p style=\"background: url('{}')\">x</p>",
    "list mark": "<ul style=\"list-style-image: url('{}')\"><li>x</li></ul>",
    "border picture": "<p style=\"border: 1px solid; border-image: url('{}') 1\">x</p>",
    "content": "<style>p::before {{ content: url('{}') }}</style><p>x</p>",
    "font": "<style>@font-face {{ font-family: q; src: url('{}') }}</style><p>x</p>",
    "page background": "<style>@page {{ background: url('{}') }}</style>",
    "drawn picture": '<svg><title>x</title><image href="{}" width="9" height="9"/></svg>',
    "drawn reference": '<svg><title>x</title><use href="{}#a"/></svg>',
}
HARMLESS = {
    # Old HTML that the engine does not load at all: it may pass, but nothing may be fetched.
    "embed": True,
    "object": True,
    "picture set": True,
    "drawn reference": True,
    "drawn picture": True,
    "border picture": True,
    "linked attachment": True,
}
SECRET = "the-salary-of-the-mayor"  # the text of a file that must not be read


class _Recorder(http.server.BaseHTTPRequestHandler):
    requests: list[str]

    def do_GET(self) -> None:
        """Note the request and answer with nothing."""
        self.requests.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[str]]]:
    """Give a web server that notes every request."""
    _Recorder.requests = []
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Recorder)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}", _Recorder.requests
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_fetched(
    renderer: Renderer, server: tuple[str, list[str]], tmp_path: Path, place: str, address: str
) -> None:
    """A page that names any foreign address is refused, and nothing is fetched or embedded."""
    secret = tmp_path / "secret.css"
    secret.write_text(SECRET)
    named = address.format(server=server[0], secret=secret)
    html = PLAIN.format(PLACES[place].format(named, named))
    try:
        pdf = renderer.render(html)
    except PdfError:
        pdf = b""
    if not pdf:
        assert server[1] == []
        return
    assert place in HARMLESS or named == str(secret)
    assert server[1] == []
    assert SECRET not in " ".join(pages(pdf))
    assert b"/EmbeddedFile" not in pdf


@pytest.mark.parametrize(
    "place", ["style sheet", "import", "picture", "attachment", "background", "content", "font"]
)
def test_foreign_address_is_named(renderer: Renderer, place: str) -> None:
    """The refusal names the address, so that whoever wrote the template finds it."""
    html = PLAIN.format(PLACES[place].format("http://127.0.0.1:9/a.css"))
    with pytest.raises(PdfError, match=r"127\.0\.0\.1:9/a\.css"):
        renderer.render(html)


@pytest.mark.parametrize(
    "name",
    [
        "asset:../pdf.py",
        "asset:fonts/../../pdf.py",
        "asset:%2e%2e/pdf.py",
        "asset:/etc/passwd",
        "asset://etc/passwd",
        "asset:fonts/OFL.txt",
        "asset:nothing.css",
        "asset:design.css?x",
        "ASSET:design.css",
    ],
)
def test_asset_names_stay_inside(name: str) -> None:
    """An asset name reaches shipped style sheets, fonts and icons, and nothing else."""
    assert asset_path(name) is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_odd_links_are_refused(renderer: Renderer, link: str) -> None:
    """A link that is neither web nor mail never reaches the paper."""
    with pytest.raises(PdfError, match="links to"):
        renderer.render(PLAIN.format(f'<p><a href="{link}">x</a></p>'))


@pytest.mark.parametrize(
    "runaway",
    [
        "<table><tr><td colspan=99999>x</td></tr></table>",
        "<div style='display: flex'>" * 25 + "x",
        "<div>" * 3000,
    ],
    ids=["wide table", "nested flex", "nested blocks"],
)
def test_runaway_page_is_stopped(runaway: str) -> None:
    """A page that would run for ever ends in a clear error, and the next page works."""
    with Renderer(RenderLimits(processor_seconds=2, wall_seconds=60)) as limited:
        with pytest.raises(PdfError, match=r"stopped|nested too deeply"):
            limited.render(PLAIN.format(runaway))
        assert limited.render(PLAIN.format("<p>well</p>"))


def test_wall_clock_stops_a_page() -> None:
    """A page that takes longer than the wall clock allows is stopped."""
    limits = RenderLimits(processor_seconds=60, wall_seconds=0.01)
    with Renderer(limits) as limited, pytest.raises(PdfError, match=r"longer than 0\.01 seconds"):
        limited.render(PLAIN.format("<p>slow</p>"))


def test_memory_is_limited() -> None:
    """A page cannot take more memory than it may use."""
    with Renderer(RenderLimits(megabytes=220)) as limited, pytest.raises(PdfError):
        limited.render(PLAIN.format("<p>word " * 60_000))


def test_missing_pango_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Pango the error says which system packages to install."""
    for name in ("libpango-1.0.so.0", "libpango-1.0.so", "libgobject-2.0.so.0"):
        (tmp_path / name).write_text("not a library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    with Renderer() as broken, pytest.raises(PdfError, match=r"apt-get install libpango-1\.0-0"):
        broken.render(PLAIN.format(""))


def test_same_page_same_bytes(renderer: Renderer) -> None:
    """The same page gives the same bytes, in one process and in another, warm or fresh."""
    html = PLAIN.format(
        "<p>Škoda, Łódź, Αθήνα, Київ</p><table><tr><th>a</th><td>b</td></tr></table>"
    )
    first, second = renderer.render(html), renderer.render(html)
    with Renderer() as other:
        third = other.render(html)
    assert first == second == third
    assert findings(first) == []


def test_child_is_replaced() -> None:
    """A child makes so many pages, then a fresh one takes over, and the bytes stay the same."""
    with Renderer(RenderLimits(pages_per_child=1)) as recycling:
        assert recycling.render(PLAIN.format("<p>x</p>")) == recycling.render(
            PLAIN.format("<p>x</p>")
        )


def test_settings_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child sees no setting or secret of the program that started it."""
    monkeypatch.setenv("CANVASS_DATABASE", "postgresql://user:secret@host/db")
    with Renderer() as fresh:
        fresh.render(PLAIN.format("<p>x</p>"))
        child = fresh._child  # the process itself is what is looked at
        assert child is not None
        environment = Path(f"/proc/{child.process_id}/environ").read_bytes()
    assert b"CANVASS" not in environment
