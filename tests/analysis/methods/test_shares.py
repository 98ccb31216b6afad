"""Limits of shares in finite units."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analysis.arrays import FloatArray, IntArray
from analysis.errors import MethodError
from analysis.methods.shares import (
    hypergeometric_limits,
    hypergeometric_mid_p_limits,
    wilson_limits,
)

Limits = Callable[[IntArray, IntArray, IntArray], tuple[FloatArray, FloatArray]]
FINITE: list[Limits] = [hypergeometric_limits, hypergeometric_mid_p_limits, wilson_limits]


def ints(*values: int) -> IntArray:
    """Give whole numbers as an array."""
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize("limits", FINITE)
@pytest.mark.parametrize(
    ("count", "answered", "headcount", "expected"),
    [
        (0, 0, 20, (0, 1)),
        (0, 0, 0, (0, 1)),
        (7, 20, 20, (0.35, 0.35)),
        (0, 20, 20, (0, 0)),
        (1, 1, 1, (1, 1)),
    ],
)
def test_limits_at_the_ends_of_what_can_be_known(
    limits: Limits, count: int, answered: int, headcount: int, expected: tuple[float, float]
) -> None:
    """Without answers anything is possible; if all answered nothing is uncertain."""
    low, high = limits(ints(count), ints(answered), ints(headcount))
    assert (low[0], high[0]) == pytest.approx(expected)


@pytest.mark.parametrize("limits", FINITE)
def test_unanimous_answers_leave_room_for_the_silent(limits: Limits) -> None:
    """If nobody of 10 in 20 said yes the limit below is 0 and the one above is not."""
    low, high = limits(ints(0, 10), ints(10, 10), ints(20, 20))
    assert low[0] == 0
    assert high[1] == 1
    assert 0.05 < high[0] < 0.3
    assert low[1] == pytest.approx(1 - high[0])


@pytest.mark.parametrize("limits", FINITE)
def test_limits_contain_the_share_even_if_one_person_is_silent(limits: Limits) -> None:
    """One answer of 40 among 41 is a share no whole number of people has; limits enclose it."""
    low, high = limits(ints(1), ints(40), ints(41))
    assert low[0] <= 1 / 40 <= high[0]


@pytest.mark.parametrize(
    ("limits", "weight"), [(hypergeometric_limits, 1.0), (hypergeometric_mid_p_limits, 0.5)]
)
def test_search_finds_what_trying_every_number_finds(limits: Limits, weight: float) -> None:
    """The limits are the first and last number of people that passes the test."""
    for people, answered in [(12, 5), (40, 23), (103, 11), (250, 200)]:
        for count in range(0, answered + 1, 3):
            every = np.arange(count, people - answered + count + 1)
            observed = weight * stats.hypergeom.pmf(count, people, every, answered)
            few = stats.hypergeom.cdf(count - 1, people, every, answered) + observed
            many = stats.hypergeom.sf(count, people, every, answered) + observed
            passing = every[(few > 0.025) & (many > 0.025)]
            low, high = limits(ints(count), ints(answered), ints(people))
            assert low[0] == min(passing[0] / people, count / answered)
            assert high[0] == max(passing[-1] / people, count / answered)


@pytest.mark.parametrize(
    ("people", "answered", "mean", "least"),
    [
        (10, 6, 0.986, 0.952),
        (25, 15, 0.971, 0.949),
        (25, 20, 0.977, 0.954),
        (100, 60, 0.955, 0.928),
    ],
)
def test_mid_p_covers_as_documented(people: int, answered: int, mean: float, least: float) -> None:
    """Exact enumeration over true shares from .1 to .9 gives the documented coverage."""
    coverage = _coverage(hypergeometric_mid_p_limits, people, answered)
    assert coverage.mean() == pytest.approx(mean, abs=6e-4)
    assert coverage.min() == pytest.approx(least, abs=6e-4)


@pytest.mark.parametrize(("people", "answered"), [(10, 6), (25, 15), (37, 30), (100, 40)])
def test_exact_limits_always_cover(people: int, answered: int) -> None:
    """The guaranteed limits cover each true share at least 95 % of the time."""
    assert _coverage(hypergeometric_limits, people, answered).min() >= 0.95


def test_limits_of_a_large_city() -> None:
    """With 100,000 people mid-P and the corrected Wilson limits are alike."""
    count, answered, people = ints(0, 300, 30_000, 60_000), ints(60_000), ints(100_000)
    exact = hypergeometric_mid_p_limits(count, answered, people)
    np.testing.assert_allclose(exact, wilson_limits(count, answered, people), rtol=0, atol=5e-5)


def test_axes_are_broadcast() -> None:
    """One head count per group serves all series and all three shares."""
    low, high = hypergeometric_mid_p_limits(
        np.ones((2, 3, 3), dtype=np.int64), ints(10, 12, 14)[:, None], ints(20)
    )
    assert low.shape == high.shape == (2, 3, 3)


@pytest.mark.parametrize("limits", FINITE)
@pytest.mark.parametrize(
    ("count", "answered", "people", "message"),
    [
        (5, 4, 10, "above the number of answers"),
        (-1, 4, 10, "below 0"),
        (2, 11, 10, "Correct the head count"),
    ],
)
def test_impossible_numbers_are_refused(
    limits: Limits, count: int, answered: int, people: int, message: str
) -> None:
    """Counts that cannot be are refused with position and remedy."""
    with pytest.raises(MethodError, match=message):
        limits(ints(0, count), ints(0, answered), ints(0, people))


@pytest.mark.parametrize("level", [0, 1, 95])
def test_level_is_a_share(level: float) -> None:
    """A level in percent is refused."""
    with pytest.raises(MethodError, match=r"write 0\.95"):
        wilson_limits(ints(1), ints(2), level=level)


def _coverage(limits: Limits, people: int, answered: int) -> FloatArray:
    """Give the probability, for each true number of people, that the limits contain it."""
    true = np.arange(int(np.ceil(0.1 * people)), int(0.9 * people) + 1)[:, None]
    count = np.arange(answered + 1)
    low, high = limits(count, ints(answered), ints(people))
    covers = (low <= true / people + 1e-12) & (true / people - 1e-12 <= high)
    coverage: FloatArray = (stats.hypergeom.pmf(count, people, true, answered) * covers).sum(axis=1)
    return coverage
