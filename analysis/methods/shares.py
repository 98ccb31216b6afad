"""Confidence limits of a share: how many of all people in a unit would give this answer.

A unit is finite and often small. If 20 of 25 answered, only five are unknown, and limits that
ignore this are twice as wide as needed.
"""

import numpy as np
from scipy import special, stats

from analysis.arrays import FloatArray, IntArray
from analysis.methods.inputs import refuse, refuse_level

HALF_OF_OBSERVED = 0.5
ALL_OF_OBSERVED = 1.0


def hypergeometric_mid_p_limits(
    count: IntArray, answered: IntArray, headcount: IntArray, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Give confidence limits of a share in a finite unit, by the mid-P hypergeometric test.

    Parameters
    ----------
    count : IntArray, any shape
        Answers in the category.
    answered : IntArray, broadcastable to ``count``
        Valid answers.
    headcount : IntArray, broadcastable to ``count``
        People in the unit.
    level : float, default 0.95
        Confidence level, a share between 0 and 1 (not a percentage).

    Returns
    -------
    low, high : FloatArray, broadcast shape
        Limits as shares between 0 and 1 that contain ``count / answered``: 0 and 1 without
        answers, the share itself if all answered.

    Raises
    ------
    MethodError
        If not ``0 <= count <= answered <= headcount``.

    Notes
    -----
    The limits to show. They cover the truth 95 % of the time on average over sizes, and can fall
    to 93 % for single ones; they are the narrowest of the methods here. They assume that those
    who did not answer resemble those who did: print them beside the response rate. In small
    units they nearly reveal the count, so round and suppress before printing.

    References
    ----------
    .. [1] H. O. Lancaster, "Significance tests in discrete distributions", JASA 56 (1961),
       223-234.
    .. [2] W. Wang, "Exact optimal confidence intervals for hypergeometric parameters", JASA 110
       (2015), 1491-1499.
    """
    return _limits(count, answered, headcount, level, HALF_OF_OBSERVED)


def hypergeometric_limits(
    count: IntArray, answered: IntArray, headcount: IntArray, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Give guaranteed confidence limits of a share in a finite unit, by the exact test.

    Parameters
    ----------
    count : IntArray, any shape
        Answers in the category.
    answered : IntArray, broadcastable to ``count``
        Valid answers.
    headcount : IntArray, broadcastable to ``count``
        People in the unit.
    level : float, default 0.95
        Confidence level, a share between 0 and 1 (not a percentage).

    Returns
    -------
    low, high : FloatArray, broadcast shape
        Limits as shares between 0 and 1 that contain ``count / answered``: 0 and 1 without
        answers, the share itself if all answered.

    Raises
    ------
    MethodError
        If not ``0 <= count <= answered <= headcount``.

    Notes
    -----
    They cover the truth at least 95 % of the time whatever it is, and mostly 97 %: use them where
    a promise hangs on the limit. The assumption about those who did not answer is the same as for
    :func:`hypergeometric_mid_p_limits`.

    References
    ----------
    .. [1] W. G. Cochran, "Sampling Techniques", 3rd edition, Wiley 1977, section 3.6.
    """
    return _limits(count, answered, headcount, level, ALL_OF_OBSERVED)


def wilson_limits(
    count: IntArray, answered: IntArray, headcount: IntArray | None = None, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Give confidence limits of a share, by Wilson's score method.

    Parameters
    ----------
    count : IntArray, any shape
        Answers in the category.
    answered : IntArray, broadcastable to ``count``
        Valid answers.
    headcount : IntArray, optional, broadcastable to ``count``
        People in the unit. If given, answers count as ``n (N - 1) / (N - n)`` (finite-population
        correction).
    level : float, default 0.95
        Confidence level, a share between 0 and 1 (not a percentage).

    Returns
    -------
    low, high : FloatArray, broadcast shape
        Limits as shares between 0 and 1 that contain ``count / answered``: 0 and 1 without
        answers, the share itself if all answered.

    Raises
    ------
    MethodError
        If not ``0 <= count <= answered``, or there are more answers than people.

    Notes
    -----
    A formula, so quick for any size, and close to mid-P in big units. With few answers and the
    correction the coverage can fall to 88 %.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
       JASA 22 (1927), 209-212.
    """
    refuse_level(level)
    people = answered if headcount is None else headcount
    count, answered, people = _checked(count, answered, people)
    worth = answered.astype(np.float64)
    if headcount is not None:
        silent = people - answered
        worth = np.divide(answered * (people - 1.0), silent, out=worth, where=silent > 0)
    some = worth > 0
    size = np.where(some, worth, 1.0)
    share = count / np.maximum(answered, 1)
    z = float(special.ndtri((1 + level) / 2))
    centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    reach = z / (1 + z**2 / size) * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    if headcount is not None:
        centre, reach = _settled(answered == people, share, centre, reach)
    return _containing(answered, share, centre - reach, centre + reach)


def _settled(
    complete: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    share: FloatArray,
    centre: FloatArray,
    reach: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    return np.where(complete, share, centre), np.where(complete, 0.0, reach)


def _limits(
    count: IntArray, answered: IntArray, headcount: IntArray, level: float, weight: float
) -> tuple[FloatArray, FloatArray]:
    refuse_level(level)
    count, answered, people = _checked(count, answered, headcount)
    # The same few sizes return in a wave, so each case is searched once.
    cases = np.stack([count.ravel(), answered.ravel(), people.ravel()], axis=1)
    unique, back = np.unique(cases, axis=0, return_inverse=True)
    x, n, size = unique.T
    most = _most_people(x, n, size, (1 - level) / 2, weight)
    # "At least K say yes" is "at most N - K say no".
    least = size - _most_people(n - x, n, size, (1 - level) / 2, weight)
    divisor = np.maximum(size, 1)
    low, high = (least / divisor)[back.ravel()], (most / divisor)[back.ravel()]
    share = count / np.maximum(answered, 1)
    return _containing(answered, share, low.reshape(count.shape), high.reshape(count.shape))


def _most_people(
    count: IntArray, answered: IntArray, people: IntArray, tail: float, weight: float
) -> IntArray:
    """Find the largest number of people with this answer that the count does not contradict.

    The probability of so few falls as their number grows: bisection finds the last that passes.
    Wilson's limit is close to it, so looking on both sides of that first spares most steps.
    """
    passes, fails = count.copy(), people - answered + count + 1
    guess = np.rint(people * wilson_limits(count, answered, people, 1 - 2 * tail)[1])
    margin = 2 + people // np.maximum(answered, 1)
    probes = [(guess - margin).astype(np.int64), (guess + margin).astype(np.int64)]
    while (searching := np.flatnonzero(fails - passes > 1)).size:
        lower, upper = passes[searching], fails[searching]
        probe = probes.pop()[searching] if probes else (lower + upper) // 2
        middle = np.clip(probe, lower + 1, upper - 1)
        x, n, size = count[searching], answered[searching], people[searching]
        fewer = stats.hypergeom.cdf(x - 1, size, middle, n)
        chance = fewer + weight * stats.hypergeom.pmf(x, size, middle, n)
        passes[searching] = np.where(chance > tail, middle, lower)
        fails[searching] = np.where(chance > tail, upper, middle)
    return passes


def _containing(
    answered: IntArray, share: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Keep limits within 0 and 1 and around the share, which lies between two whole people."""
    some = answered > 0
    return (
        np.where(some, np.minimum(np.clip(low, 0, 1), share), 0.0),
        np.where(some, np.maximum(np.clip(high, 0, 1), share), 1.0),
    )


def _checked(
    count: IntArray, answered: IntArray, people: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    count, answered, people = np.broadcast_arrays(
        np.asarray(count), np.asarray(answered), np.asarray(people)
    )
    refuse(
        (count < 0) | (count > answered),
        "A count is below 0 or above the number of answers. Count the answers again.",
    )
    refuse(
        answered > people,
        "More answers than people. Correct the head count, or use limits without one.",
    )
    return count, answered, people
