"""Cards: drawn at random, read however they are typed, kept as digests only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ballots.papers import (
    ALPHABET,
    LETTERS,
    find_paper,
    issue_cards,
    normalise,
    papers_issued,
    printed,
)
from backend.db.engine import CanvassEngine
from backend.db.sql import run
from backend.errors import PaperError
from backend.store.waves import close_wave
from tests.backend.builders import LAST_DAY, an_open_wave

CODE = "BCDFGHJKMNPQ"


@pytest.mark.parametrize(
    "typed",
    [
        "BCDF-GHJK-MNPQ",
        "bcdfghjkmnpq",
        "  BCDF GHJK\tMNPQ ",
        "bcdf\N{EN DASH}ghjk\N{NON-BREAKING HYPHEN}mnpq",
        "\N{FULLWIDTH LATIN CAPITAL LETTER B}CDF-GHJK-MNPQ",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    """Case, spaces, dashes and wide letters do not matter."""
    assert normalise(typed) == CODE


@pytest.mark.parametrize("typed", ["", "BCDF", CODE + "B", "ACDF-GHJK-MNPQ", "BCDF-GHJK-MNP1"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    """Too short, too long, or with a letter no card has: not a code."""
    assert normalise(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(typed: str) -> None:
    """Whatever is typed gives twelve letters of the alphabet, or nothing."""
    letters = normalise(typed)
    assert letters is None or (len(letters) == LETTERS and set(letters) <= set(ALPHABET))


@given(st.text(ALPHABET, min_size=LETTERS, max_size=LETTERS))
def test_a_printed_code_is_read_back(letters: str) -> None:
    """What a card shows is what the booth understands."""
    assert normalise(printed(letters)) == letters


async def test_each_cell_gets_its_cards(database: CanvassEngine) -> None:
    """As many cards as asked for, all different, each good for its own cell."""
    assert database is not None
    wave = await an_open_wave()
    cards = await issue_cards(wave, {"parks": 33, "roads": 1200})
    assert {cell: len(codes) for cell, codes in cards.items()} == {"parks": 33, "roads": 1200}
    assert len({code for codes in cards.values() for code in codes}) == 1233
    paper = await find_paper(cards["roads"][700])
    assert paper is not None
    assert (paper.wave, paper.cell) == ("gps-1", "roads")
    assert await papers_issued("gps-1") == {"parks": 33, "roads": 1200}


async def test_a_paper_cannot_be_matched_with_its_ballot(database: CanvassEngine) -> None:
    """Nothing that is stored of a paper stands in its ballot, except wave and cell."""
    assert database is not None
    wave = await an_open_wave()
    (code,) = (await issue_cards(wave, {"parks": 1}))["parks"]
    paper = await find_paper(code)
    assert paper is not None
    (row,) = await run("SELECT digest FROM paper")
    assert bytes(row["digest"]) != paper.nullifier


async def test_an_unknown_card_is_none(database: CanvassEngine) -> None:
    """A code that was never issued finds nothing."""
    assert database is not None
    await an_open_wave()
    assert await find_paper("BCDF-GHJK-MNPQ") is None


@pytest.mark.parametrize(("cell", "number"), [("nowhere", 3), ("parks", -1)])
async def test_wrong_orders_are_refused(sqlite: CanvassEngine, cell: str, number: int) -> None:
    """Cards for an unknown cell, or fewer than none, are refused and none is issued."""
    assert sqlite is not None
    wave = await an_open_wave()
    with pytest.raises(PaperError, match=cell):
        await issue_cards(wave, {"roads": 5, cell: number})
    assert await papers_issued("gps-1") == {}


async def test_a_closed_wave_issues_no_cards(database: CanvassEngine) -> None:
    """After the close nobody can print cards, not even with an old view of the wave."""
    assert database is not None
    wave = await an_open_wave()
    await close_wave(wave.id, LAST_DAY)
    with pytest.raises(PaperError, match="is closed"):
        await issue_cards(wave, {"parks": 1})
