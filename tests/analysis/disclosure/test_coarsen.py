"""Counts and scores become coarse enough to publish, in one place."""

from collections.abc import Sequence

import numpy as np
import pytest

from analysis.disclosure.coarsen import (
    coarse_scores,
    coarse_share,
    guarded_scores,
    nearest,
    round_counts,
    round_down,
    round_up,
)
from analysis.methods.scores import Scores


def scores_of(answers: Sequence[float]) -> Scores:
    """Give the exact score of one group from its people's scores."""
    values = np.array(answers)
    return Scores(
        np.array([values.mean()]), np.array([values.std(ddof=1)]), np.array([values.size])
    )


@pytest.mark.parametrize(
    ("exact", "people", "rounded"),
    [(10, 40, 10), (12, 40, 10), (13, 40, 15), (13, 13, 10), (15, 15, 15), (2, 40, 0), (3, 4, 0)],
)
def test_counts_round_to_five_but_not_above_the_head_count(
    exact: int, people: int, rounded: int
) -> None:
    """The nearest five, except where that would say that everybody answered."""
    assert round_counts(np.array(exact), np.array(people), 5) == rounded


def test_one_voice_looks_like_four_apart() -> None:
    """A unanimous group has the limits of one in which four people stand a step away."""
    people = np.array([30])
    unanimous = coarse_scores(guarded_scores(scores_of([75] * 10), 0.05), people, 0.05)
    divided = coarse_scores(
        guarded_scores(scores_of([75] * 6 + [50, 50, 100, 100]), 0.05), people, 0.05
    )
    assert unanimous.score == divided.score == 75
    assert abs(unanimous.low - divided.low) <= 1
    assert abs(unanimous.high - divided.high) <= 1


def test_an_ordinary_spread_stays_as_it_is() -> None:
    """Guarding changes nothing for a group that answers as groups do."""
    exact = scores_of([0, 25, 50, 50, 75, 75, 75, 100, 100, 25])
    guarded = guarded_scores(exact, 0.05)
    np.testing.assert_array_equal(guarded.sd, exact.sd)
    np.testing.assert_array_equal(guarded.score, exact.score)


@pytest.mark.parametrize("ends", [[100] * 20, [100] * 19 + [75], [100] * 16 + [75] * 4])
def test_scores_beyond_a_cap_look_the_same(ends: list[float]) -> None:
    """From 95 to 100 the shown score, its limits and its spread are the same."""
    reference = guarded_scores(scores_of([100] * 16 + [75] * 4), 0.05)
    guarded = guarded_scores(scores_of(ends), 0.05)
    assert (guarded.score[0], guarded.sd[0]) == (reference.score[0], reference.sd[0])
    coarse = coarse_scores(guarded, np.array([60]), 0.05)
    assert (coarse.score[0], coarse.high[0], coarse.capped[0]) == (95, 100, True)
    assert coarse.low[0] < 95


def test_the_lower_cap_mirrors_the_upper_one() -> None:
    """A score of 0 shows as 5 with limits from 0."""
    coarse = coarse_scores(guarded_scores(scores_of([0] * 20), 0.05), np.array([60]), 0.05)
    assert (coarse.score[0], coarse.low[0], coarse.capped[0]) == (5, 0, True)


def test_limits_keep_a_point_of_distance_even_if_all_answered() -> None:
    """A group that answered completely has no sampling error, and shows limits all the same."""
    coarse = coarse_scores(
        guarded_scores(scores_of([50, 75, 25, 100, 50] * 4), 0.05), np.array([20]), 0.05
    )
    assert coarse.low[0] <= coarse.score[0] - 1
    assert coarse.high[0] >= coarse.score[0] + 1


def test_a_share_alone_keeps_within_the_caps() -> None:
    """Whole percent, 5 to 95."""
    exact = np.array([0.0, 0.031, 0.337, 0.96, 1.0])
    assert coarse_share(exact, 0.05).tolist() == [0.05, 0.05, 0.34, 0.95, 0.95]


def test_rounding_is_what_a_reader_expects() -> None:
    """Halves go up, floating-point hairs do not count, nothing is nothing."""
    assert nearest(np.array([0.5, 1.5, 2.4])).tolist() == [1, 2, 2]
    assert round_down(np.array([0.29 * 100, 28.9, np.nan])).tolist() == [29, 28, 0]
    assert round_up(np.array([0.55 * 100, 28.1, np.nan])).tolist() == [55, 29, 0]
