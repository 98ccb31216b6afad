"""Counts and scores become coarse enough to publish, in one place."""

import numpy as np
import pytest

from analysis.arrays import IntArray
from analysis.disclosure.coarsen import (
    CoarseScores,
    coarse_limits,
    coarse_scores,
    coarse_share,
    fewest_answers,
    nearest,
    round_counts,
    round_down,
    round_up,
)


def shown(score: float, answers: int = 20, cap: float = 0.05) -> CoarseScores:
    """Round the score of one group."""
    return coarse_scores(np.array([score]), np.array([answers]), cap)


def limits(score: float, spread: float, answers: int, people: int) -> tuple[IntArray, IntArray]:
    """Give the limits beside the score of one group."""
    return coarse_limits(shown(score), np.array([spread]), np.array([answers]), np.array([people]))


@pytest.mark.parametrize(
    ("exact", "people", "rounded"),
    [(10, 40, 10), (12, 40, 10), (13, 40, 15), (13, 13, 10), (15, 15, 15), (2, 40, 0), (3, 4, 0)],
)
def test_counts_round_to_five_but_not_above_the_head_count(
    exact: int, people: int, rounded: int
) -> None:
    """The nearest five, except where that would say that everybody answered."""
    assert round_counts(np.array(exact), np.array(people), 5) == rounded


@pytest.mark.parametrize(("rounded", "fewest"), [(10, 8), (15, 13), (0, 0)])
def test_limits_count_on_the_fewest_answers(rounded: int, fewest: int) -> None:
    """Ten answers may be eight: limits must not pretend to more."""
    assert fewest_answers(np.array(rounded), 5) == fewest


@pytest.mark.parametrize("score", [94.6, 96, 100])
def test_scores_beyond_a_cap_look_the_same(score: float) -> None:
    """From 95 to 100 the shown score and its limits are the same."""
    assert (shown(score).score[0], shown(score).at_high[0]) == (95, True)
    low, high = limits(score, 20, 18, 60)
    assert (low[0], high[0]) == tuple(each[0] for each in limits(100, 20, 18, 60))
    assert low[0] < 95
    assert high[0] == 100


def test_the_lower_cap_mirrors_the_upper_one() -> None:
    """A score of 0 shows as 5 with limits from 0."""
    assert (shown(0).score[0], shown(0).at_low[0]) == (5, True)
    assert limits(0, 20, 18, 60)[0] == 0


@pytest.mark.parametrize(("answers", "score"), [(10, 95), (25, 98), (100, 99)])
def test_few_answers_are_capped_earlier(answers: int, score: int) -> None:
    """Whatever was agreed, two steps of one person from the end is the end."""
    assert shown(100, answers, cap=0.01).score[0] == score


def test_limits_keep_a_point_of_distance_even_if_all_answered() -> None:
    """A group that answered completely has no sampling error, and shows limits all the same."""
    low, high = limits(60, 25, 20, 20)
    assert low[0] <= 59
    assert high[0] >= 61


def test_a_share_alone_keeps_within_the_caps() -> None:
    """Whole percent, 5 to 95."""
    exact = np.array([0.0, 0.031, 0.337, 0.96, 1.0])
    assert coarse_share(exact, 0.05).tolist() == [0.05, 0.05, 0.34, 0.95, 0.95]


def test_rounding_is_what_a_reader_expects() -> None:
    """Halves go up, floating-point hairs do not count, nothing is nothing."""
    assert nearest(np.array([0.5, 1.5, 2.4])).tolist() == [1, 2, 2]
    assert round_down(np.array([0.29 * 100, 28.9, np.nan])).tolist() == [29, 28, 0]
    assert round_up(np.array([0.55 * 100, 28.1, np.nan])).tolist() == [55, 29, 0]
