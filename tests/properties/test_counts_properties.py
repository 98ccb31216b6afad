"""What holds for any ballots whatever."""

from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arrays import CodeArray, IntArray
from analysis.codes import DONT_KNOW, NOT_ASKED, SKIPPED
from analysis.counts import Counts, count_answers
from analysis.methods.scores import mean_score, score_limits
from analysis.methods.shares import (
    hypergeometric_limits,
    hypergeometric_mid_p_limits,
    wilson_limits,
)
from analysis.pairs import count_pairs
from analysis.series import ConstructRule, Series, item_series

CELLS = ("north", "south", "night")
SIZES = (5, 4, 5)
RULE = ConstructRule("all", ("i0", "i1", "i2"), 2)
ANSWER = st.one_of(st.integers(0, 3), st.sampled_from([DONT_KNOW, SKIPPED, NOT_ASKED]))
BALLOT = st.tuples(st.integers(0, 2), ANSWER, ANSWER, ANSWER)


class Box(NamedTuple):
    """Opened ballots."""

    cells: IntArray
    codes: CodeArray


def _box(ballots: list[tuple[int, int, int, int]]) -> Box:
    rows = np.array(ballots, dtype=np.int64).reshape(-1, 4)
    return Box(rows[:, 0], rows[:, 1:].astype(np.uint8))


BOXES = st.lists(BALLOT, max_size=40).map(_box)


def _series(direction: int = 1) -> list[Series]:
    bands = {5: ((3, 4), (2,), (0, 1)), 4: ((2, 3), (), (0, 1))}
    return [
        item_series(f"i{place}", size, direction, *bands[size]) for place, size in enumerate(SIZES)
    ]


def _count(box: Box, direction: int = 1) -> Counts:
    return count_answers(CELLS, _series(direction), (RULE,), box.cells, box.codes)


def _mirror(codes: CodeArray) -> CodeArray:
    turned = np.array(SIZES) - 1 - codes.astype(np.int64)
    return np.where(codes < DONT_KNOW, turned, codes).astype(np.uint8)


@given(BOXES, st.integers(0, 40))
def test_splitting_a_box_changes_nothing(box: Box, place: int) -> None:
    """Counts and pairs of two parts add up to those of the whole."""
    first, rest = (
        Box(box.cells[part], box.codes[part]) for part in (slice(place), slice(place, None))
    )
    assert _count(first) + _count(rest) == _count(box)
    pairs = count_pairs(_series(), first.codes) + count_pairs(_series(), rest.codes)
    assert pairs == count_pairs(_series(), box.codes)


@given(BOXES, st.integers(0, 1000))
def test_order_of_ballots_does_not_matter(box: Box, seed: int) -> None:
    """A shuffled box gives the same counts."""
    order = np.random.default_rng(seed).permutation(len(box.cells))
    assert _count(Box(box.cells[order], box.codes[order])) == _count(box)


@given(BOXES)
def test_each_ballot_is_accounted_for_once(box: Box) -> None:
    """Answered, don't know, skipped and not asked make all ballots, in items and constructs."""
    counts = _count(box)
    accounted = counts.answered + counts.dont_know + counts.skipped
    assert (accounted <= counts.ballots[:, None]).all()
    not_asked = np.stack(
        [np.bincount(box.cells[column == NOT_ASKED], minlength=3) for column in box.codes.T], axis=1
    )
    assert (accounted[:, :3] + not_asked == counts.ballots[:, None]).all()


@given(BOXES, st.permutations(range(3)))
def test_relabelled_cells_carry_their_counts_along(box: Box, names: list[int]) -> None:
    """Renumbering the cells permutes the tables and nothing else."""
    moved = _count(Box(np.array(names)[box.cells], box.codes))
    np.testing.assert_array_equal(moved.table[names], _count(box).table)


@given(BOXES)
def test_mirrored_scales_give_mirrored_results(box: Box) -> None:
    """Options printed the other way round give the same scores; a turned scale gives 100 - s."""
    straight = mean_score(_count(box))
    printed_reversed = mean_score(_count(Box(box.cells, _mirror(box.codes)), direction=-1))
    turned = mean_score(_count(box, direction=-1))
    np.testing.assert_allclose(printed_reversed.score, straight.score, rtol=0, atol=1e-9)
    np.testing.assert_allclose(turned.score, 100 - straight.score, rtol=0, atol=1e-9)
    np.testing.assert_allclose(turned.sd, straight.sd, rtol=0, atol=1e-9)


@given(BOXES)
def test_roll_up_of_everything_is_the_count_of_one_cell(box: Box) -> None:
    """The sum of all cells is what counting without cells would give."""
    whole = _count(Box(np.zeros_like(box.cells), box.codes))
    rolled = _count(box).roll_up(CELLS, np.array([[True] * 3, [False] * 3, [False] * 3]))
    assert rolled == whole


@given(BOXES, st.integers(0, 30), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_score_limits_contain_the_score(box: Box, silent: int, level: float) -> None:
    """Limits enclose the score within what the silent could make of it; empty cells are open."""
    counts = _count(box)
    scores, people = mean_score(counts), counts.answered + silent
    low, high = score_limits(scores, people, level)
    known = scores.answers > 0
    sums = np.where(known, scores.score, 0.0) * scores.answers
    assert ((low <= scores.score) & (scores.score <= high))[known].all()
    assert (low * people >= sums - 1e-9)[known].all()
    assert (high * people <= sums + 100.0 * silent + 1e-9)[known].all()
    assert (low[~known] == 0).all()
    assert (high[~known] == 100).all()


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.5, 0.95]))
def test_share_limits_contain_the_share_and_mirror(
    count: int, others: int, silent: int, level: float
) -> None:
    """Limits enclose the share, those of the others mirror them, and exact ones are wider."""
    x, n, people = (np.array([value]) for value in (count, count + others, count + others + silent))
    for limits in (hypergeometric_limits, hypergeometric_mid_p_limits, wilson_limits):
        low, high = limits(x, n, people, level)
        mirrored_low, mirrored_high = limits(n - x, n, people, level)
        assert 0 <= low[0] <= high[0] <= 1
        assert n[0] == 0 or low[0] <= count / n[0] <= high[0]
        np.testing.assert_allclose([low, high], [1 - mirrored_high, 1 - mirrored_low], atol=1e-12)
    exact, mid = (
        f(x, n, people, level) for f in (hypergeometric_limits, hypergeometric_mid_p_limits)
    )
    assert exact[0][0] <= mid[0][0]
    assert mid[1][0] <= exact[1][0]
