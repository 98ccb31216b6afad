"""Tests of how numbers, dates and lists read."""

from datetime import date

import pytest

from analysis.disclosure.release import Published, Reason, ShareEstimate, Suppressed
from reports import wording

HIDDEN = Suppressed(Reason.TOO_FEW)


def _score(score: int, *, capped: bool = False) -> Published:
    return Published(
        answers=40, score=score, low=score, high=score, shares=HIDDEN, dont_know=None, capped=capped
    )


def _share(share: float, *, capped: bool = False) -> ShareEstimate:
    return ShareEstimate(share=share, low=share, high=share, capped=capped)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 answers"), (1, "1 answer"), (2, "2 answers"), (1430, "1,430 answers")],
)
def test_plurals(number: int, text: str) -> None:
    """A count agrees with its noun and has a comma for thousands."""
    assert wording.plural(number, "answer") == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2025, 5, 5), date(2025, 5, 16), "5 to 16 May 2025"),
        (date(2025, 5, 26), date(2025, 6, 6), "26 May to 6 June 2025"),
        (date(2025, 12, 28), date(2026, 1, 9), "28 December 2025 to 9 January 2026"),
        (date(2025, 5, 5), date(2025, 5, 5), "5 May 2025"),
    ],
)
def test_days(first: date, last: date, text: str) -> None:
    """A span of days says no month or year twice."""
    assert wording.days(first, last) == text


def test_capped_scores_and_shares_say_so() -> None:
    """A number at a cap says that the truth may lie beyond it."""
    assert wording.score(_score(95, capped=True)) == "95 or more"
    assert wording.score(_score(5, capped=True)) == "5 or less"
    assert wording.shared(_share(0.05, capped=True)) == "5% or fewer"
    assert wording.shared(_share(0.95, capped=True)) == "95% or more"
    assert wording.shared(_share(0.95)) == "95%"


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C"),
     (list("ABCDEF"), "A, B, C, D and 2 more")],
)  # fmt: skip
def test_listing(names: list[str], text: str) -> None:
    """A list reads as a sentence and counts what is left out."""
    assert wording.listing(names) == text


def test_fitting_list_counts_the_rest() -> None:
    """As many rows as fit are named, at least one; the others are counted."""
    assert wording.fitting_list(["Parks and pools", "Water"], 40) == "Parks and pools; Water"
    assert wording.fitting_list(["Parks and pools", "Water", "Fleet"], 24) == (
        "Parks and pools; 2 more"
    )


def test_short_names_keep_both_ends() -> None:
    """A long name loses its middle, since the names of sister units end differently."""
    short = wording.short("Department of Works, district north, crew 12", 24)
    assert len(short) <= 24
    assert short.startswith("Department")
    assert short.endswith("crew 12")


def test_right_to_left_names_are_isolated() -> None:
    """A right-to-left name cannot reorder the numbers beside it."""
    assert wording.short("بلدية") == "\N{FIRST STRONG ISOLATE}بلدية\N{POP DIRECTIONAL ISOLATE}"


def test_every_hidden_reason_has_words() -> None:
    """Each reason why a number is hidden reads as words."""
    assert set(wording.REASONS) == set(Reason)
    assert wording.hidden(HIDDEN) == "hidden: too few answers"
