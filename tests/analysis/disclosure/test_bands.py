"""No two of three published shares give the third away."""

from collections import defaultdict

import numpy as np
import pytest

from analysis.arrays import BoolArray, FloatArray
from analysis.disclosure.bands import CoarseShares, coarse_shares

ALL = np.ones(3, dtype=np.bool_)
YES_NO = np.array([True, False, True])


def shown(counts: list[int], people: int = 4000, possible: BoolArray = ALL) -> CoarseShares:
    """Coarsen one group's favourable, neutral and unfavourable answers."""
    exact: FloatArray = np.array(counts) / sum(counts)
    answers = np.array(sum(counts) // 5 * 5)
    return coarse_shares(exact, answers, np.array(people), possible, 0.05)


@pytest.mark.parametrize(
    ("counts", "shares", "capped"),
    [
        ([50, 30, 20], [0.50, 0.30, 0.20], [False, False, False]),
        ([333, 333, 334], [0.33, 0.33, 0.33], [False, False, False]),
        ([80, 20, 0], [0.80, 0.18, 0.05], [False, False, True]),
        ([80, 16, 4], [0.80, 0.18, 0.05], [False, False, True]),
        ([80, 0, 20], [0.80, 0.05, 0.18], [False, True, False]),
        ([2, 68, 30], [0.05, 0.68, 0.30], [True, False, False]),
        ([90, 10, 0], [0.90, 0.10, 0.10], [True, True, True]),
        ([100, 0, 0], [0.90, 0.10, 0.10], [True, True, True]),
        ([3, 94, 3], [0.10, 0.90, 0.10], [True, True, True]),
        ([0, 0, 100], [0.10, 0.10, 0.90], [True, True, True]),
    ],
)
def test_caps_leave_one_share_exact(
    counts: list[int], shares: list[float], capped: list[bool]
) -> None:
    """One share under the cap keeps one other exact; nearly all in one band keeps none."""
    result = shown(counts)
    np.testing.assert_allclose(result.share, shares)
    assert result.capped.tolist() == capped


@pytest.mark.parametrize("answers", [20, 23, 25, 30, 37, 40, 45])
def test_no_exact_small_band_can_be_told(answers: int) -> None:
    """Even who knows the exact number of answers finds 0 and more both possible under a cap."""
    ways = [
        (good, middle, answers - good - middle)
        for good in range(answers + 1)
        for middle in range(answers + 1 - good)
    ]
    rounded = np.full(len(ways), answers // 5 * 5)
    result = coarse_shares(np.array(ways) / answers, rounded, rounded + 40, ALL, 0.05)
    seen = np.concatenate([result.share, result.low, result.high, result.capped], axis=1)
    behind: dict[bytes, set[tuple[int, int, int]]] = defaultdict(set)
    for counts, row in zip(ways, seen, strict=True):
        behind[row.tobytes()].add(counts)
    for alike in behind.values():
        for band in range(3):
            numbers = {counts[band] for counts in alike}
            assert len(numbers) > 1 or numbers.isdisjoint({0, answers})


def test_yes_and_no_keep_their_percent() -> None:
    """A question without a neutral option shows both shares, and no neutral one."""
    result = shown([70, 0, 30], possible=YES_NO)
    np.testing.assert_allclose(result.share, [0.70, 0, 0.30])
    assert not result.capped.any()
    assert (result.low[1], result.high[1]) == (0, 0)


def test_yes_and_no_are_capped_together() -> None:
    """Where nearly everybody says yes, neither share says how nearly."""
    everybody, nearly = shown([100, 0, 0], possible=YES_NO), shown([96, 0, 4], possible=YES_NO)
    np.testing.assert_allclose(everybody.share, [0.95, 0, 0.05])
    assert everybody.capped.tolist() == [True, False, True]
    for field in ("share", "low", "high", "capped"):
        np.testing.assert_array_equal(getattr(everybody, field), getattr(nearly, field))


def test_limits_contain_what_is_shown_and_what_it_stands_for() -> None:
    """Limits hold the shown share and, beside a cap, every exact share shown the same."""
    for counts in ([50, 30, 20], [80, 16, 4], [80, 20, 0], [7, 90, 3], [99, 1, 0]):
        result = shown(counts)
        exact = np.array(counts) / sum(counts)
        assert (result.low <= result.share).all()
        assert (result.share <= result.high).all()
        assert (result.low <= exact + 0.005).all()
        assert (exact <= result.high + 0.005).all()
        assert ((result.low >= 0) & (result.high <= 1)).all()


def test_limits_narrow_as_more_people_answer() -> None:
    """The finite group counts: the same share of the same answers is surer in a smaller group."""
    large, small = shown([50, 30, 20], people=4000), shown([50, 30, 20], people=110)
    assert ((small.high - small.low) < (large.high - large.low)).all()


def test_a_group_without_answers_does_no_harm() -> None:
    """Groups that will be withheld anyway pass through the arrays without an error."""
    nothing = coarse_shares(np.full((1, 3), np.nan), np.array([0]), np.array([3]), ALL, 0.05)
    assert np.isfinite(nothing.share).all()
