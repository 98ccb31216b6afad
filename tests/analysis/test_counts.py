"""Counting opened ballots."""

import numpy as np
import pytest

from analysis.arrays import CodeArray, IntArray
from analysis.codes import DONT_KNOW, NOT_ASKED, SKIPPED
from analysis.counts import BALLOTS_AT_ONCE, Counts, count_answers
from analysis.errors import CodesError, CountsError, SeriesError
from analysis.series import ConstructRule, Series, choice_series, item_series

A, B = item_series("a", 5, 1, (3, 4), (2,), (0, 1)), item_series("b", 5, -1, (3, 4), (2,), (0, 1))
C, WHERE = item_series("c", 4, 1, (2, 3), (), (0, 1)), choice_series("where", 3)
BOTH = ConstructRule("both", ("a", "b"), 2)


def codes(*ballots: tuple[int, ...]) -> CodeArray:
    """Give ballots as they lie in the box."""
    return np.array(ballots, dtype=np.uint8)


def count(
    ballots: CodeArray, *series: Series, rules: tuple[ConstructRule, ...] = (), cell: int = 0
) -> Counts:
    """Count ballots of one cell in a wave of two."""
    where: IntArray = np.full(len(ballots), cell, dtype=np.int64)
    return count_answers(("north", "south"), series, rules, where, ballots)


def test_answers_are_counted_as_printed() -> None:
    """Each ballot counts in its own cell, in the category it chose, or as what it left out."""
    ballots = codes((4, 0), (4, DONT_KNOW), (0, SKIPPED), (SKIPPED, NOT_ASKED))
    counts = count_answers(("north", "south"), (A, WHERE), (), np.array([1, 1, 0, 1]), ballots)
    assert counts.table.tolist() == [
        [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
        [[0, 0, 0, 0, 2], [1, 0, 0, 0, 0]],
    ]
    assert counts.answered.tolist() == [[1, 0], [2, 1]]
    assert counts.dont_know.tolist() == [[0, 0], [0, 1]]
    assert counts.skipped.tolist() == [[0, 1], [1, 0]]
    assert counts.ballots.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("ballot", "score"),
    [
        ((4, 0), 100.0),  # b is mirrored: its first option is the best
        ((3, 0), 87.5),
        ((0, 4), 0.0),
        ((4, 4), 50.0),
    ],
)
def test_person_score_is_the_mean_of_the_members(ballot: tuple[int, int], score: float) -> None:
    """A construct counts each person at the mean of the mirrored scores."""
    counts = count(codes(ballot), A, B, rules=(BOTH,))
    series = counts.series[counts.index("both")]
    (place,) = np.flatnonzero(counts.table[0, 2])
    assert series.values[place] == score


@pytest.mark.parametrize(
    ("ballot", "state"),
    [
        ((4, DONT_KNOW), "dont_know"),
        ((DONT_KNOW, DONT_KNOW), "dont_know"),
        ((4, SKIPPED), "skipped"),
        ((DONT_KNOW, SKIPPED), "skipped"),
        ((4, NOT_ASKED), "not asked"),
        ((NOT_ASKED, NOT_ASKED), "not asked"),
    ],
)
def test_person_without_enough_answers_has_no_score(ballot: tuple[int, int], state: str) -> None:
    """Who lacks an answer counts under the reason the score is missing."""
    counts = count(codes(ballot), A, B, rules=(BOTH,))
    assert counts.answered[0, 2] == 0
    assert counts.dont_know[0, 2] == (state == "dont_know")
    assert counts.skipped[0, 2] == (state == "skipped")


def test_scales_of_different_length_are_joined_exactly() -> None:
    """Fourths and thirds meet on a common grid: (75 + 66.67) / 2 is one point of it."""
    counts = count(codes((3, 2)), A, C, rules=(ConstructRule("mixed", ("a", "c"), 1),))
    (place,) = np.flatnonzero(counts.table[0, 2])
    assert counts.series[2].values[place] == pytest.approx((75 + 200 / 3) / 2, abs=1e-12)


def test_construct_mean_equals_the_mean_over_people() -> None:
    """The mean from the grid is the mean of the persons' scores, computed one by one."""
    rng = np.random.default_rng(4)
    items = [item_series(f"i{n}", 5, 1 if n % 2 else -1, (3, 4), (2,), (0, 1)) for n in range(4)]
    ballots = rng.integers(0, 5, (3000, 4), dtype=np.uint8)
    ballots[rng.random(ballots.shape) < 0.3] = DONT_KNOW
    rule = ConstructRule("c", tuple(each.id for each in items), 2)
    counts = count(ballots, *items, rules=(rule,))
    scores = np.where(np.arange(4) % 2, ballots * 25.0, 100 - ballots * 25.0)
    scores[ballots == DONT_KNOW] = np.nan
    enough = np.isfinite(scores).sum(axis=1) >= 2
    people = np.nanmean(scores[enough], axis=1)
    series = counts.series[4]
    assert counts.answered[0, 4] == enough.sum()
    from_counts = counts.table[0, 4, : series.size] @ np.array(series.values) / enough.sum()
    assert from_counts == pytest.approx(people.mean(), abs=1e-10)


def test_parts_of_any_size_add_up() -> None:
    """More ballots than are read at once count the same as their parts added."""
    rng = np.random.default_rng(2)
    ballots = rng.integers(0, 5, (BALLOTS_AT_ONCE + 7, 2), dtype=np.uint8)
    whole = count(ballots, A, B, rules=(BOTH,))
    first, rest = count(ballots[:5], A, B, rules=(BOTH,)), count(ballots[5:], A, B, rules=(BOTH,))
    assert first + rest == whole
    assert whole.ballots.tolist() == [BALLOTS_AT_ONCE + 7, 0]
    assert whole.table[0, 0].tolist() == np.bincount(ballots[:, 0], minlength=5).tolist() + [0] * 4


def test_nothing_to_count() -> None:
    """A wave without ballots has counts of 0 in every cell."""
    counts = count(codes().reshape(0, 2), A, B, rules=(BOTH,))
    assert counts.answered.tolist() == [[0, 0, 0], [0, 0, 0]]
    assert count(codes().reshape(0, 0)).table.shape == (2, 0, 0)


def test_groups_are_sums_of_cells() -> None:
    """Rolling up adds every table over the members of each group."""
    counts = count(codes((4, 0), (1, DONT_KNOW)), A, B) + count(codes((4, SKIPPED)), A, B, cell=1)
    groups = counts.roll_up(("all", "none"), np.array([[True, True], [False, False]]))
    assert groups.cells == ("all", "none")
    assert groups.table[0, 0].tolist() == [0, 1, 0, 0, 2]
    assert groups.dont_know.tolist() == [[0, 1], [0, 0]]
    assert groups.skipped.tolist() == [[0, 1], [0, 0]]
    assert groups.ballots.tolist() == [3, 0]


def test_membership_must_fit() -> None:
    """A membership over other cells is refused."""
    with pytest.raises(CountsError, match="over 2 cells"):
        count(codes((4,)), A).roll_up(("all",), np.array([[True]]))


@pytest.mark.parametrize("code", [5, 249, 253, 255])
def test_unknown_answers_are_refused(code: int) -> None:
    """A code beyond the categories names its series and the remedy."""
    with pytest.raises(CodesError, match=f'"b": a ballot holds code {code}'):
        count(codes((0, 0), (0, code)), A, B, rules=(BOTH,))


@pytest.mark.parametrize("cell", [-1, 2])
def test_unknown_cells_are_refused(cell: int) -> None:
    """A ballot from a cell the wave does not have is refused."""
    with pytest.raises(CodesError, match="cells 0 to 1"):
        count(codes((0,)), A, cell=cell)


def test_codes_must_fit_the_series() -> None:
    """Ballots with another number of columns are refused."""
    with pytest.raises(CodesError, match=r"\(1, 2\)"):
        count(codes((0,)), A, B)


def test_construct_needs_its_members_counted() -> None:
    """A construct over an item the wave does not ask is refused by name."""
    with pytest.raises(SeriesError, match="names b, which"):
        count(codes((0,)), A, rules=(BOTH,))


def test_unknown_series_lists_the_known() -> None:
    """Looking for a series that was not counted tells which were."""
    with pytest.raises(SeriesError, match="Counted are: a, b"):
        count(codes((0, 0)), A, B).index("z")


def test_counts_of_other_series_do_not_add_up() -> None:
    """Parts of different waves cannot be added by mistake."""
    with pytest.raises(CountsError, match="do not add up"):
        count(codes((0,)), A) + count(codes((0,)), B)


def test_tables_must_fit_their_names() -> None:
    """Counts with a table of another shape, or with negative numbers, cannot be made."""
    good = count(codes((0,)), A)
    with pytest.raises(CountsError, match="shape"):
        Counts(("north",), good.series, good.table, good.dont_know, good.skipped, good.ballots)
    with pytest.raises(CountsError, match="below 0"):
        Counts(good.cells, good.series, -good.table, good.dont_know, good.skipped, good.ballots)
