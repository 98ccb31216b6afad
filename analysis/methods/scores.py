"""Mean scores from 0 to 100 out of counts, and how far they can be trusted."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.arrays import FloatArray, IntArray
from analysis.counts import Counts
from analysis.methods.inputs import refuse, refuse_level
from analysis.series import Series, SeriesKind

TOP_SCORE = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Mean scores with their spread; all arrays have the same shape.

    Attributes
    ----------
    score : FloatArray
        Mean, 0 to 100; nan without answers, and for a choice, which has no score.
    sd : FloatArray
        Standard deviation with divisor n - 1; nan with fewer than two answers.
    answers : IntArray
        Valid answers.
    """

    score: FloatArray
    sd: FloatArray
    answers: IntArray


def mean_score(counts: Counts) -> Scores:
    """Give mean score, standard deviation and number of answers of each cell and series.

    Parameters
    ----------
    counts : Counts
        Counts of cells, or of groups after roll-up.

    Returns
    -------
    Scores, shape (cell, series)
        With nan where there is no score.

    Notes
    -----
    The mean treats the steps between options as equal. Two groups with the same mean can be
    split quite differently: show the shares beside it.

    References
    ----------
    .. [1] G. Norman, "Likert scales, levels of measurement and the 'laws' of statistics",
       Advances in Health Sciences Education 15 (2010), 625-632.
    """
    answers = counts.answered
    score, sd = np.full(answers.shape, np.nan), np.full(answers.shape, np.nan)
    for column, series in enumerate(counts.series):
        if series.kind is not SeriesKind.CHOICE:
            table = counts.table[:, column, : series.size]
            score[:, column], sd[:, column] = _moments(table, series)
    return Scores(score, sd, answers)


def score_limits(
    scores: Scores, headcount: IntArray | None = None, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Give confidence limits of mean scores, by Student's t with two cautionary answers.

    Parameters
    ----------
    scores : Scores, any shape
        Mean, standard deviation and answers. With one answer the deviation is not used.
    headcount : IntArray, optional, broadcastable to the scores
        People in the group. If given, the limits are for the mean of these people (finite
        population), else for the process that made the answers.
    level : float, default 0.95
        Confidence level, a share between 0 and 1 (not a percentage).

    Returns
    -------
    low, high : FloatArray, shape of the scores
        Limits between 0 and 100 that contain the score; 0 and 100 without answers.

    Raises
    ------
    MethodError
        If there are more answers than people, or a score or deviation is out of range.

    Notes
    -----
    The t interval has no width if all gave the same answer, and is too narrow if nearly all did.
    Mean and deviation of the people who did *not* answer are therefore taken as if two more had
    answered, one at each end of the scale: Agresti and Coull's remedy for shares, carried over to
    scores. Those who did answer enter as they are, so the limits close in on the score as the
    answers become complete. With many answers this is the t interval with the usual
    finite-population factor ``sqrt((N - n) / N)``; ``docs/methods/shares.md`` has the coverage.

    Limits with ``headcount`` assume that those who did not answer resemble those who did. Print
    them beside the response rate.

    References
    ----------
    .. [1] W. G. Cochran, "Sampling Techniques", 3rd edition, Wiley 1977, section 2.8.
    .. [2] A. Agresti and B. A. Coull, "Approximate is better than 'exact' for interval estimation
       of binomial proportions", The American Statistician 52 (1998), 119-126.
    """
    refuse_level(level)
    _refuse_impossible(scores)
    known = scores.answers > 0
    score, answers = np.where(known, scores.score, TOP_SCORE / 2), scores.answers.astype(float)
    spread = cautious_variance(scores)
    centre = (answers * score + TOP_SCORE) / (answers + 2)
    critical = special.stdtrit(answers + 1, (1 + level) / 2)
    silent, unseen = _silent_share(scores.answers, headcount)
    reach = critical * np.sqrt(spread * (1 / (answers + 2) + unseen))
    # What the silent ones think lies on the scale as well.
    low = (1 - silent) * score + silent * np.maximum(centre - reach, 0)
    high = (1 - silent) * score + silent * np.minimum(centre + reach, TOP_SCORE)
    return (
        np.where(known, np.minimum(low, score), 0.0),
        np.where(known, np.maximum(high, score), TOP_SCORE),
    )


def cautious_variance(scores: Scores) -> FloatArray:
    """Give the variance as if two more had answered, one at each end of the scale.

    Parameters
    ----------
    scores : Scores, any shape
        Mean, standard deviation and answers.

    Returns
    -------
    FloatArray, shape of the scores
        Always above 0, also if all gave the same answer.

    Notes
    -----
    It overstates the variance of few answers on purpose: limits of answers that differ as usual
    (standard deviation 24) become wider by a tenth with 20 and by a hundredth with 200 answers.

    References
    ----------
    .. [1] A. Agresti and B. A. Coull, "Approximate is better than 'exact' for interval estimation
       of binomial proportions", The American Statistician 52 (1998), 119-126.
    """
    answers = scores.answers.astype(float)
    score = np.where(scores.answers > 0, scores.score, TOP_SCORE / 2)
    squares = np.where(scores.answers > 1, (answers - 1) * scores.sd**2, 0.0)
    centre = (answers * score + TOP_SCORE) / (answers + 2)
    squares = squares + answers * (score - centre) ** 2 + centre**2 + (TOP_SCORE - centre) ** 2
    variance: FloatArray = squares / (answers + 1)
    return variance


def _moments(table: IntArray, series: Series) -> tuple[FloatArray, FloatArray]:
    answers, values = table.sum(axis=1), np.array(series.values)
    empty = np.full(answers.shape, np.nan)
    score = np.divide(table @ values, answers, out=empty.copy(), where=answers > 0)
    from_mean = np.where(answers > 0, values[:, None] - score, 0.0)
    squares = np.einsum("gc,cg->g", table, from_mean**2)
    variance = np.divide(squares, answers - 1, out=empty.copy(), where=answers > 1)
    # Rounding must not turn one voice into a tiny spread.
    return score, np.where((table > 0).sum(axis=1) == 1, 0.0 * variance, np.sqrt(variance))


def _silent_share(answers: IntArray, headcount: IntArray | None) -> tuple[FloatArray, FloatArray]:
    """Give the share of the group that did not answer, and the variance factor of their mean."""
    if headcount is None:
        return np.ones(answers.shape), np.zeros(answers.shape)
    people = np.broadcast_to(np.asarray(headcount), answers.shape)
    refuse(
        answers > people,
        "More answers than people. Correct the head count, or leave it out if it is unknown.",
    )
    silent = people - answers
    share = np.divide(silent, people, out=np.zeros(answers.shape), where=people > 0)
    return share, np.divide(1.0, silent, out=np.zeros(answers.shape), where=silent > 0)


def _refuse_impossible(scores: Scores) -> None:
    answers, known = scores.answers, scores.answers > 0
    refuse(answers < 0, "A number of answers is below 0. Count the answers again.")
    refuse(
        known & ~((scores.score >= 0) & (scores.score <= TOP_SCORE)),
        "A mean score of given answers is missing or outside 0 to 100. Rescale it, and leave "
        "choices out.",
    )
    refuse(
        (answers > 1) & ~((scores.sd >= 0) & (scores.sd <= TOP_SCORE)),
        "A standard deviation of two or more answers is missing or outside 0 to 100. Rescale it.",
    )
