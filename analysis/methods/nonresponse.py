"""How many answered, and what those who did not would have to think to change the picture."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.methods.inputs import refuse

TOP_SCORE = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class TippingPoint:
    """The mean score at which non-respondents would move a score past a line.

    Attributes
    ----------
    needed : FloatArray
        Mean score non-respondents would have to hold; below 0 or above 100 if no answers of
        theirs could do it, nan where there is no score or nobody left to ask.
    reversible : BoolArray
        Whether that mean is possible, so that the result could be another had all answered.
    """

    needed: FloatArray
    reversible: BoolArray


def response_rate(ballots: IntArray, invited: IntArray) -> FloatArray:
    """Give the share of those invited who sent a ballot, complete or not.

    Parameters
    ----------
    ballots : IntArray, any shape
        Ballots counted.
    invited : IntArray, shape of ``ballots``
        People in the frame.

    Returns
    -------
    FloatArray, shape of ``ballots``
        Shares between 0 and 1; nan where nobody was invited.

    Raises
    ------
    MethodError
        If a group has more ballots than people, or a number is negative.

    Notes
    -----
    This is AAPOR's RR2 for a census in which everybody is known to be eligible. A high rate is
    no proof of good data: what matters is whether those who kept silent think otherwise.

    References
    ----------
    .. [1] American Association for Public Opinion Research, "Standard Definitions: Final
       Dispositions of Case Codes and Outcome Rates for Surveys", 10th edition, 2023.
    """
    ballots, invited = np.broadcast_arrays(np.asarray(ballots), np.asarray(invited))
    refuse(
        (ballots < 0) | (ballots > invited),
        "More ballots than people invited, or fewer than none. Correct the head count of the "
        "group, or look for ballots that were cast twice.",
    )
    rate: FloatArray = np.full(ballots.shape, np.nan)
    np.divide(ballots, invited, out=rate, where=invited > 0)
    return rate


def tipping_point(score: FloatArray, rate: FloatArray, threshold: float) -> TippingPoint:
    """Give the mean score of non-respondents at which all together would reach a line.

    Parameters
    ----------
    score : FloatArray, any shape
        Mean score of those who answered, 0 to 100; nan where there is none.
    rate : FloatArray, shape of ``score``
        Share of the group that answered *this* question, 0 to 1; nan where nobody was invited.
    threshold : float
        The line, 0 to 100, such as the minimum of a gate.

    Returns
    -------
    TippingPoint
        ``(threshold - rate * score) / (1 - rate)`` and whether it is possible.

    Raises
    ------
    MethodError
        If a score, rate or threshold is out of range.

    Notes
    -----
    It says what would be needed, not how likely that is. It misleads if read as a prediction of
    what the silent ones think.

    References
    ----------
    .. [1] X. Yan, S. Lee and N. Li, "Missing data handling methods in medical device clinical
       trials", Journal of Biopharmaceutical Statistics 19 (2009), 1085-1098 (tipping-point
       analysis).
    """
    score, rate = np.broadcast_arrays(np.asarray(score, float), np.asarray(rate, float))
    refuse((score < 0) | (score > TOP_SCORE), "A score lies outside 0 to 100. Rescale it.")
    refuse((rate < 0) | (rate > 1), "A response rate lies outside 0 to 1. Divide percent by 100.")
    refuse(
        np.asarray(not 0 <= threshold <= TOP_SCORE), "The line lies outside 0 to 100. Give a score."
    )
    open_question = np.isfinite(score) & (rate < 1)
    needed = np.divide(
        threshold - rate * score, 1 - rate, out=np.full(score.shape, np.nan), where=open_question
    )
    return TippingPoint(needed, open_question & (needed >= 0) & (needed <= TOP_SCORE))
