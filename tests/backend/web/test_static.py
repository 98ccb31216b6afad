"""The files that pages load."""

import re
from hashlib import sha256
from importlib.resources import files

from backend.ballots.box import BallotBox
from backend.booth.app import create_booth
from backend.db.engine import CanvassEngine
from backend.settings import Settings
from backend.web.static import load_static_files
from tests.backend.web.reader import Reader

KINDS = {
    "booth.css": "text/css",
    "card.js": "text/javascript",
    "mark.svg": "image/svg+xml",
    "IBMPlexSans-Regular.woff2": "font/woff2",
}
STATIC = files("backend.web").joinpath("static")


def test_built_files_are_the_committed_ones() -> None:
    """Every built file has the checksum that its build wrote down."""
    lines = (line.split("  ") for line in STATIC.joinpath("SHA256SUMS").read_text().splitlines())
    listed = {name: digest for digest, name in lines}
    found = {entry.name: sha256(entry.read_bytes()).hexdigest() for entry in STATIC.iterdir()}
    assert listed == {name: digest for name, digest in found.items() if name != "SHA256SUMS"}


def test_nothing_comes_from_elsewhere() -> None:
    """No file names another host, and nothing of the GOV.UK typeface or crest is in them."""
    for name, file in load_static_files().items():
        if name.endswith((".css", ".js")):
            text = file.content.decode()
            assert not re.search(r"https?://|url\(\"?//|@import", text), name
            assert not re.search("GDS Transport|crest|crown", text), name


def test_sides_are_logical() -> None:
    """No style names a physical side, so right-to-left pages mirror by themselves."""
    for name in ("booth.css", "office.css"):
        text = load_static_files()[name].content.decode()
        physical = (
            r"(margin|padding|border)-(left|right)|(?<=[;{])(left|right):|align:\s*(left|right)"
        )
        assert not re.search(physical, text), name


def test_the_one_script_is_tiny() -> None:
    """The booth's only script has less than a kilobyte and only fills in the code."""
    scripts = [name for name in load_static_files() if name.endswith(".js")]
    assert scripts == ["card.js"]
    assert len(load_static_files()["card.js"].content) <= 1024


def test_fonts_are_the_ones_of_the_briefings() -> None:
    """Pages and PDF share one copy of each font."""
    assert not [entry.name for entry in STATIC.iterdir() if entry.name.endswith(".woff2")]
    faces = set(re.findall(r"url\(\"?([^)\"]*)\"?\)", STATIC.joinpath("booth.css").read_text()))
    assert faces <= load_static_files().keys()
    assert faces


async def test_files_are_served_and_kept(sqlite: CanvassEngine, sqlite_settings: Settings) -> None:
    """A file comes with its type and may be kept for good, since its address names its content."""
    async with Reader(create_booth(sqlite_settings, BallotBox(sqlite)), cookies=False) as booth:
        for name, kind in KINDS.items():
            response = await booth.client.get(f"/static/{name}?v=1")
            assert response.headers["content-type"].startswith(kind)
            assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert response.headers["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in response.headers
