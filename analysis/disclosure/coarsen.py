"""Where exact counts and scores become the coarse ones a release shows; shares: `bands.py`.

Limits are computed with a spread that cannot tell how alike people answered, and then rounded
outwards. A capped score is replaced by the bound before anything is computed from it, so 95 and
100 look the same in scores, limits, contrasts and flags.
"""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.methods.scores import Scores, score_limits

STEP_OF_SCALE = 25.0
"""Points between neighbouring options of a five-point scale."""

PEOPLE_APART = 4
"""However alike a group answered, its limits are those of a group in which this many differ."""

HAIR = 1e-9
"""What floating point may add to a whole number."""


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


def guarded_scores(scores: Scores, cap: float) -> Scores:
    """Make scores safe to compute limits and contrasts from.

    Parameters
    ----------
    scores : Scores, any shape
        Exact scores.
    cap : float
        Share cut off at either end.

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
    at_low, at_high = _beyond(scores.score, cap)
    apart = np.maximum(cap * (1 - cap), PEOPLE_APART / np.maximum(scores.answers, PEOPLE_APART))
    widest = 100 * np.sqrt(cap * (1 - cap))
    return Scores(
        score=np.select([at_low, at_high], [100 * cap, 100 * (1 - cap)], scores.score),
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


def coarse_scores(scores: Scores, headcounts: IntArray, cap: float) -> CoarseScores:
    """Round scores to whole points and limits outwards; cap what is nearly unanimous.

    Parameters
    ----------
    scores : Scores, any shape
        Scores from :func:`guarded_scores`.
    headcounts : IntArray, broadcastable to the scores
        People in the group: limits describe those in post now.
    cap : float
        Share cut off at either end.

    Returns
    -------
    CoarseScores
        Whole numbers; limits lie at least one point from the score, and beside a capped score
        reach to the end of the scale.
    """
    low, high = score_limits(scores, headcounts)
    rounded = nearest(scores.score)
    at_low, at_high = _beyond(scores.score, cap)
    return CoarseScores(
        score=rounded,
        low=np.where(at_low, 0, np.minimum(round_down(low), rounded - 1)).clip(0, 100),
        high=np.where(at_high, 100, np.maximum(round_up(high), rounded + 1)).clip(0, 100),
        capped=at_low | at_high,
    )


def _beyond(score: FloatArray, cap: float) -> tuple[BoolArray, BoolArray]:
    rounded, known = nearest(score), np.isfinite(score)
    return (rounded <= 100 * cap) & known, (rounded >= 100 * (1 - cap)) & known


def coarse_share(share: FloatArray, cap: float) -> FloatArray:
    """Round a share that stands alone to whole percent within the caps.

    Parameters
    ----------
    share : FloatArray, any shape
        Exact shares; nan where there is nobody.
    cap : float
        Share cut off at either end.

    Returns
    -------
    FloatArray, shape of ``share``
        Shares; a bound means "this or beyond".
    """
    clipped: FloatArray = (nearest(100 * share) / 100).clip(cap, 1 - cap)
    return clipped


def nearest(values: FloatArray) -> IntArray:
    """Round halves up: NumPy rounds them to even, which readers of a table do not expect.

    Parameters
    ----------
    values : FloatArray, any shape
        Numbers; nan counts as 0.

    Returns
    -------
    IntArray, shape of ``values``
        Whole numbers.
    """
    return round_down(values + 0.5)


def round_down(values: FloatArray) -> IntArray:
    """Round down, but not for a hair: 0.29 * 100 is 28.999 999 999 999 996.

    Parameters
    ----------
    values : FloatArray, any shape
        Numbers; nan counts as 0.

    Returns
    -------
    IntArray, shape of ``values``
        Whole numbers.
    """
    return np.floor(np.nan_to_num(values) + HAIR).astype(np.int64)


def round_up(values: FloatArray) -> IntArray:
    """Round up, but not for a hair.

    Parameters
    ----------
    values : FloatArray, any shape
        Numbers; nan counts as 0.

    Returns
    -------
    IntArray, shape of ``values``
        Whole numbers.
    """
    return np.ceil(np.nan_to_num(values) - HAIR).astype(np.int64)
