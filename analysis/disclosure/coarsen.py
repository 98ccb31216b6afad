"""Where exact counts and scores become the coarse ones a release shows; shares: `bands.py`.

Limits are a function of the shown score, the shown answers and a spread that shown numbers imply
(`picture.py`); nothing exact enters them. A capped score is replaced by the bound before anything
is computed from it, so 95 and 100 look the same in scores, limits, contrasts and flags.
"""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.methods.scores import Scores, score_limits

STEPS_FROM_END = 50.0
"""Two steps of a five-point scale, in points: nearer to an end a mean of few says who is there."""

HALF_A_POINT = 0.5
"""What rounding may have done to a score."""

NOT_MOVED = (np.zeros(()), np.zeros(()))
"""For scores that are shown where they are."""

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


def fewest_answers(rounded: IntArray, step: int) -> IntArray:
    """Give the fewest answers that are shown as a rounded number.

    Parameters
    ----------
    rounded : IntArray, any shape
        Rounded answers.
    step : int
        Rounding step.

    Returns
    -------
    IntArray, shape of ``rounded``
        Whole numbers, not below 0.
    """
    return np.maximum(rounded - step // 2, 0)


@dataclass(frozen=True, slots=True, eq=False)
class CoarseScores:
    """Scores in whole points, and which of them stand for a bound; all of the same shape."""

    score: IntArray
    at_low: BoolArray
    at_high: BoolArray


def coarse_scores(scores: FloatArray, answers: IntArray, cap: float) -> CoarseScores:
    """Round scores to whole points; cap what is nearly unanimous.

    Parameters
    ----------
    scores : FloatArray, any shape
        Mean scores.
    answers : IntArray, shape of ``scores``
        Rounded answers.
    cap : float
        Share cut off at either end; never less than two steps of one person.

    Returns
    -------
    CoarseScores
        Whole numbers; at or beyond a bound the bound, marked as capped.
    """
    bound = np.maximum(100 * cap, STEPS_FROM_END / np.maximum(answers, 1))
    rounded, known = nearest(scores), np.isfinite(scores)
    at_low, at_high = (rounded <= bound) & known, (rounded >= 100 - bound) & known
    shown = np.select([at_low, at_high], [nearest(bound), nearest(100 - bound)], rounded)
    return CoarseScores(shown, at_low, at_high)


def coarse_limits(
    shown: CoarseScores,
    spread: FloatArray,
    answers: IntArray,
    headcounts: IntArray,
    beyond: tuple[FloatArray, FloatArray] = NOT_MOVED,
) -> tuple[IntArray, IntArray]:
    """Give limits of shown scores, from shown numbers alone.

    Parameters
    ----------
    shown : CoarseScores, any shape
        Scores from :func:`coarse_scores`.
    spread : FloatArray, shape of the scores
        Standard deviation that shown numbers imply.
    answers : IntArray, shape of the scores
        The fewest answers that round to those shown.
    headcounts : IntArray, broadcastable to the scores
        People in the group: limits describe those in post now.
    beyond : tuple of FloatArray, broadcastable to the scores
        Points by which the mean may lie below and above the shown score because it was moved.

    Returns
    -------
    low, high : IntArray, shape of the scores
        Whole points, outwards, with half a point for the rounding of the score and at least one
        point from it; beside a capped score they reach to the end of the scale.
    """
    low, high = score_limits(Scores(shown.score.astype(float), spread, answers), headcounts)
    lower = np.minimum(round_down(low - HALF_A_POINT - beyond[0]), shown.score - 1)
    upper = np.maximum(round_up(high + HALF_A_POINT + beyond[1]), shown.score + 1)
    return (
        np.where(shown.at_low, 0, lower).clip(0, 100),
        np.where(shown.at_high, 100, upper).clip(0, 100),
    )


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
