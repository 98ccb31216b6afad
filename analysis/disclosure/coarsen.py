"""The one place where exact numbers become the coarse ones a release shows.

Every limit is either computed from coarse numbers, or from exact ones with a spread that cannot
tell how alike people answered, and then rounded outwards. A capped number shows the bound and
limits that depend on public sizes only, so 0 % and 5 % look the same.
"""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.methods.scores import Scores, score_limits
from analysis.methods.shares import hypergeometric_mid_p_limits

STEP_OF_SCALE = 25.0
"""Points between neighbouring options of a five-point scale."""

PEOPLE_APART = 4
"""However alike a group answered, its limits are those of a group in which this many differ."""

COARSE_STEP = 5
"""Percentage points to which shares are rounded beside a capped one."""


def round_counts(exact: IntArray, headcounts: IntArray, step: int) -> IntArray:
    """Round numbers of people to a step, but never above the people there are.

    Parameters
    ----------
    exact : IntArray, any shape
        Answers or ballots.
    headcounts : IntArray, broadcastable to ``exact``
        People in the group. Without this bound, 15 of 13 would give away that all 13 answered.
    step : int
        Rounding step.

    Returns
    -------
    IntArray, shape of ``exact``
        Multiples of ``step``.
    """
    nearest = (exact + step // 2) // step * step
    return np.minimum(nearest, headcounts // step * step)


def guarded_scores(scores: Scores, cap: tuple[float, float]) -> Scores:
    """Make scores safe to compute limits and contrasts from.

    Parameters
    ----------
    scores : Scores, any shape
        Exact scores.
    cap : tuple of float
        Lower and upper cap of shares.

    Returns
    -------
    Scores
        The same answers. A mean that will be shown as a cap becomes the cap, with the spread of
        a group at both ends of the scale; any other spread becomes at least that of a group in
        which four people, and at least a capped share of it, stand one step of a five-point
        scale away.

    Notes
    -----
    A group that answered with one voice has no spread, and an interval without width would say
    so. With usual answers (standard deviation about 24) nothing is changed.
    """
    floor, ceiling = 100 * cap[0], 100 * cap[1]
    at_low, at_high = _beyond(scores.score, cap)
    apart = np.maximum(cap[0] * cap[1], PEOPLE_APART / np.maximum(scores.answers, PEOPLE_APART))
    widest = 100 * np.sqrt(cap[0] * cap[1])
    return Scores(
        score=np.select([at_low, at_high], [floor, ceiling], scores.score),
        sd=np.where(at_low | at_high, widest, np.fmax(scores.sd, STEP_OF_SCALE * np.sqrt(apart))),
        answers=scores.answers,
    )


@dataclass(frozen=True, slots=True, eq=False)
class CoarseScores:
    """Scores and limits in whole points; all arrays have the same shape."""

    score: IntArray
    low: IntArray
    high: IntArray
    capped: BoolArray


def coarse_scores(scores: Scores, headcounts: IntArray, cap: tuple[float, float]) -> CoarseScores:
    """Round scores to whole points and limits outwards; cap what is nearly unanimous.

    Parameters
    ----------
    scores : Scores, any shape
        Scores from :func:`guarded_scores`.
    headcounts : IntArray, broadcastable to the scores
        People in the group: limits describe those in post now.
    cap : tuple of float
        Lower and upper cap, as shares.

    Returns
    -------
    CoarseScores
        Whole numbers; limits lie at least one point from the score, and beside a capped score
        reach to the end of the scale.
    """
    low, high = score_limits(scores, headcounts)
    rounded = _nearest(scores.score)
    at_low, at_high = _beyond(scores.score, cap)
    return CoarseScores(
        score=rounded,
        low=np.where(at_low, 0, np.minimum(_down(low), rounded - 1)).clip(0, 100),
        high=np.where(at_high, 100, np.maximum(_up(high), rounded + 1)).clip(0, 100),
        capped=at_low | at_high,
    )


def _beyond(score: FloatArray, cap: tuple[float, float]) -> tuple[BoolArray, BoolArray]:
    rounded, known = _nearest(score), np.isfinite(score)
    return (rounded <= round(100 * cap[0])) & known, (rounded >= round(100 * cap[1])) & known


def cap_limits(
    answers: IntArray, headcounts: IntArray, cap: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Give the inner limits of shares shown as capped: how far "5 % or fewer" may reach.

    Parameters
    ----------
    answers : IntArray, any shape
        Rounded answers.
    headcounts : IntArray, broadcastable to ``answers``
        People in the group.
    cap : tuple of float
        Lower and upper cap.

    Returns
    -------
    upper, lower : FloatArray, shape of ``answers``
        Upper limit of a share at the lower cap; lower limit of a share at the upper cap.
    """
    people = np.broadcast_to(headcounts, answers.shape)
    _, upper = hypergeometric_mid_p_limits(_count_up(cap[0], answers), answers, people)
    lower, _ = hypergeometric_mid_p_limits(_count_down(cap[1], answers), answers, people)
    return np.maximum(upper, cap[0]), np.minimum(lower, cap[1])


@dataclass(frozen=True, slots=True, eq=False)
class CoarseShares:
    """Shares and limits in whole percent, as shares; last axis: favourable, neutral, not."""

    share: FloatArray
    low: FloatArray
    high: FloatArray
    capped: BoolArray


def coarse_shares(
    shares: FloatArray,
    answers: IntArray,
    headcounts: IntArray,
    possible: BoolArray,
    cap: tuple[float, float],
) -> CoarseShares:
    """Round three shares that make a whole, so that none gives another away.

    Parameters
    ----------
    shares : FloatArray, shape (..., 3)
        Exact shares that add up to 1.
    answers : IntArray, shape (...)
        Rounded answers.
    headcounts : IntArray, broadcastable to ``answers``
        People in the group.
    possible : BoolArray, broadcastable to ``shares``
        False for a band without categories (yes and no have no neutral); its 0 is no secret.
    cap : tuple of float
        Lower and upper cap.

    Returns
    -------
    CoarseShares
        Whole percent, capped; limits come from the coarse share and the rounded answers alone.

    Notes
    -----
    100 % minus two exact shares is the third, cap or not. Beside a capped share the other two
    are therefore rounded to five percentage points, halves down, and kept from 10 to 90 %; then
    every value under the cap, 0 included, agrees with what is shown. Their limits hold for each
    share that would be shown the same.
    """
    floor, ceiling = round(100 * cap[0]), round(100 * cap[1])
    percent = _nearest(100 * shares)
    capped = ((percent <= floor) | (percent >= ceiling)) & possible
    # Two bands mirror each other: capped together, and neither tells about a third.
    beside = capped.any(axis=-1, keepdims=True) & possible.all(axis=-1, keepdims=True)
    coarse = beside & ~capped
    stepped = _step_half_down(100 * shares).clip(floor + COARSE_STEP, ceiling - COARSE_STEP)
    shown = np.where(coarse, stepped, percent.clip(floor, ceiling))
    low, high = _share_limits(shown, coarse, answers[..., None], headcounts[..., None], cap)
    return CoarseShares(
        share=np.where(possible, shown / 100, 0),
        low=np.where(possible, low / 100, 0),
        high=np.where(possible, high / 100, 0),
        capped=capped,
    )


def coarse_share(share: FloatArray, cap: tuple[float, float]) -> FloatArray:
    """Round a share that stands alone to whole percent within the caps.

    Parameters
    ----------
    share : FloatArray, any shape
        Exact shares; nan where there is nobody.
    cap : tuple of float
        Lower and upper cap.

    Returns
    -------
    FloatArray, shape of ``share``
        Shares; a bound means "this or beyond".
    """
    clipped: FloatArray = (_nearest(100 * share) / 100).clip(*cap)
    return clipped


def _share_limits(
    shown: IntArray,
    coarse: BoolArray,
    answers: IntArray,
    headcounts: IntArray,
    cap: tuple[float, float],
) -> tuple[IntArray, IntArray]:
    answers = np.broadcast_to(answers, shown.shape)
    people = np.broadcast_to(headcounts, shown.shape)
    floor, ceiling = round(100 * cap[0]), round(100 * cap[1])
    # A stepped share stands for at most a whole step on either side (5 to 12.5 % show as 10 %).
    least = np.where(coarse, _count_down(shown / 100 - 0.05, answers), _count(shown, answers))
    most = np.where(coarse, _count_up(shown / 100 + 0.05, answers), _count(shown, answers))
    low = _down(100 * hypergeometric_mid_p_limits(least, answers, people)[0])
    high = _up(100 * hypergeometric_mid_p_limits(most, answers, people)[1])
    reach_up, reach_down = cap_limits(answers, people, cap)
    is_low, is_high = shown <= floor, shown >= ceiling
    return (
        np.select([is_low, is_high], [0, _down(100 * reach_down)], np.minimum(low, shown)),
        np.select([is_low, is_high], [_up(100 * reach_up), 100], np.maximum(high, shown)),
    )


def _count(percent: IntArray, answers: IntArray) -> IntArray:
    return _nearest(percent * answers / 100)


def _count_down(share: FloatArray | float, answers: IntArray) -> IntArray:
    people: FloatArray = np.asarray(share * answers, dtype=np.float64)
    return _down(people).clip(0, answers)


def _count_up(share: FloatArray | float, answers: IntArray) -> IntArray:
    people: FloatArray = np.asarray(share * answers, dtype=np.float64)
    return _up(people).clip(0, answers)


def _step_half_down(percent: FloatArray) -> IntArray:
    return COARSE_STEP * _up(percent / COARSE_STEP - 0.5)


def _nearest(values: FloatArray) -> IntArray:
    # Python and NumPy round halves to even; readers of a table expect them to go up.
    return _down(values + 0.5)


def _down(values: FloatArray) -> IntArray:
    # 0.29 * 100 is 28.999...: a hair is not a percent. Cells without answers are nan.
    return np.floor(np.nan_to_num(values) + 1e-9).astype(np.int64)


def _up(values: FloatArray) -> IntArray:
    return np.ceil(np.nan_to_num(values) - 1e-9).astype(np.int64)
