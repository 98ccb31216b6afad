"""Tests of the design system: contrast, grey, one source of colours, fonts unchanged."""

import hashlib
import re

import pytest

from reports.pdf_assets import ASSETS
from reports.templating import colours

SHEETS = ("design.css", "page.css", "cards.css", "sources.css", "arabic.css")


def _light(colour: str) -> float:
    """Give the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_light(one), _light(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["ink", "ink_soft", "good", "bad", "poor_ink"])
def test_text_colours_are_legible(name: str) -> None:
    """Every colour that text is set in has a contrast of 4.5 on paper and on the wash."""
    known = colours()
    assert _contrast(known[name], known["paper"]) >= 4.5
    assert _contrast(known[name], known["wash"]) >= 4.5


def test_data_colours_differ_in_grey() -> None:
    """The three answer colours stay apart when printed in grey."""
    known = colours()
    greys = sorted(_light(known[name]) for name in ("good", "poor", "middle"))
    assert (greys[1] + 0.05) / (greys[0] + 0.05) >= 1.5
    assert (greys[2] + 0.05) / (greys[1] + 0.05) >= 1.5


def test_icons_use_the_design_colours() -> None:
    """An icon has no colour that the design system does not know."""
    known = {*colours().values(), "#fff", "none"}
    for icon in (ASSETS / "icons").glob("*.svg"):
        used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', icon.read_text()))
        assert used <= known, icon.name


@pytest.mark.parametrize("name", SHEETS)
def test_style_sheets_mirror(name: str) -> None:
    """Style sheets know start and end, not left and right, and no gradient."""
    text = re.sub(r"@page.*?\n}\n|/\*.*?\*/", "", (ASSETS / name).read_text(), flags=re.DOTALL)
    assert not re.search(r"\b(?:left|right)\b", text)
    assert "gradient" not in text


def test_fonts_are_what_the_readme_says() -> None:
    """The vendored fonts are the published files, byte for byte, with their licence beside."""
    readme = (ASSETS / "README.md").read_text()
    listed = dict(re.findall(r"\| `([0-9a-f]{64})` \| `([^`]+\.woff2)` \|", readme))
    files = sorted((ASSETS / "fonts").glob("*.woff2"))
    assert {hashlib.sha256(file.read_bytes()).hexdigest(): file.name for file in files} == listed
    assert "SIL Open Font License" in (ASSETS / "fonts" / "OFL.txt").read_text()
