"""Tests of the drawn cards."""

import re

import pytest
import segno

from reports.briefings.cards import cards_html
from reports.errors import ReportsError
from reports.pdf import Renderer
from surveys.languages import load_language
from tests.reports.checks import assert_strict, findings, pages

BOOTH = "https://survey.riverton.example/"
CODES = tuple(f"ABCD-EFGH-JK{one}{two}" for one in "LMNP" for two in "QRS")


def _html(codes: tuple[str, ...] = CODES, group: str = "Sanitation North") -> str:
    return cards_html("City of Riverton", "GPS on trucks", "Announcement", BOOTH, {group: codes})


def test_eight_cards_a_sheet(renderer: Renderer) -> None:
    """Twelve cards fill two sheets, eight and four, each code on one card only."""
    html = _html()
    assert_strict(html)
    pdf = renderer.render(html)
    sheets = pages(pdf)
    assert [len(re.findall(r"ABCD-EFGH-JK", sheet)) for sheet in sheets] == [8, 4]
    assert all(sum(code in sheet for sheet in sheets) == 1 for code in CODES)
    assert findings(pdf) == []


def test_each_cell_starts_a_sheet(renderer: Renderer) -> None:
    """Cards of different cells never share a sheet, so that they cannot be mixed when cut."""
    cells = {"North": CODES[:3], "South": CODES[3:5]}
    html = cards_html("City", "Tool", "Wave", BOOTH, cells)
    sheets = pages(renderer.render(html))
    assert len(sheets) == 2
    assert "North: 3 cards" in sheets[0]
    assert "South: 2 cards" in sheets[1]
    assert "South" not in sheets[0]


def test_the_square_holds_the_code_in_the_fragment() -> None:
    """The scanned address has the code after #, the part that a phone never sends."""
    code = CODES[0]
    wanted = segno.make(f"https://survey.riverton.example/#{code}", error="m", micro=False)
    drawn = re.findall(r' d="([^"]+)"', _html((code,)))
    assert drawn == re.findall(r' d="([^"]+)"', wanted.svg_inline(omitsize=True, border=0))


def test_the_address_is_printed_without_the_code() -> None:
    """The address to type is short and says nothing about the card."""
    assert "open survey.riverton.example</li>" in _html()


@pytest.mark.parametrize("code", ["en", "es", "ar"])
def test_promise_in_the_words_of_the_language(renderer: Renderer, code: str) -> None:
    """A card says the promise about drawn cards in the words that employees read elsewhere."""
    language = load_language(code)
    html = cards_html("City", "Tool", "Wave", BOOTH, {"North": CODES}, language)
    assert_strict(html)
    assert str(language.promises["drawn_card"]).replace("'", "&#39;") in html
    assert findings(renderer.render(html)) == []


def test_hostile_names_are_text(renderer: Renderer) -> None:
    """A cell name full of markup is printed as text."""
    html = _html(group="<img src=x onerror=y>")
    assert "<img" not in html
    assert "<img" in pages(renderer.render(html))[0]


def test_no_cards_is_an_error() -> None:
    """Without a single card there is nothing to print."""
    with pytest.raises(ReportsError, match="Issue cards"):
        cards_html("City", "Tool", "Wave", BOOTH, {"North": ()})
