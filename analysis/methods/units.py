"""What units have in common and in which they differ: agreement, reliability, lowest fifth."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.methods.inputs import refuse
from analysis.methods.ordinal_predictions import Estimates
from analysis.methods.outcomes import CannotTell

FEWEST_UNITS = 2
DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class UnitReliability:
    """How much units differ, and how well their means tell them apart.

    Attributes
    ----------
    icc1 : float
        Share of the variance of single answers that lies between units; can be below 0.
    icc2 : float
        Reliability of the mean of a unit of average size.
    units : int
        Units with answers.
    average_size : float
        Answers per unit.
    """

    icc1: float
    icc2: float
    units: int
    average_size: float


def unit_reliability(counts: IntArray, values: FloatArray) -> UnitReliability | CannotTell:
    """Give ICC(1) and ICC(2) from the analysis of variance between units.

    Parameters
    ----------
    counts : IntArray, shape (unit, category)
        Answers.
    values : FloatArray, shape (category,)
        Score of each category.

    Returns
    -------
    UnitReliability or CannotTell
        CannotTell with fewer than two units, one answer each, or no spread at all.

    Raises
    ------
    MethodError
        If a count is below 0 or a value is missing.

    Notes
    -----
    ICC(2) below about .7 says that unit means are mostly noise: do not rank them. Sizes that differ
    a lot make both a rough summary; :func:`pool_means` gives the reliability of each unit.

    References
    ----------
    .. [1] P. D. Bliese, "Within-group agreement, non-independence, and reliability", in K. J. Klein
       and S. W. J. Kozlowski (eds), "Multilevel Theory, Research, and Methods in Organizations",
       Jossey-Bass 2000, 349-381.
    """
    _refuse_odd(counts, values)
    table = counts[counts.sum(axis=1) > 0]
    sizes = table.sum(axis=1)
    units, answers = table.shape[0], int(sizes.sum())
    if units < FEWEST_UNITS or answers <= units:
        return CannotTell(
            f"{units} units with {answers} answers do not tell how units differ. Two units, one of "
            "them with two answers, are the least."
        )
    means = table @ values / sizes
    between = float(sizes @ (means - sizes @ means / answers) ** 2) / (units - 1)
    within = float((table * (values - means[:, None]) ** 2).sum()) / (answers - units)
    if between <= 0:
        return CannotTell("The units have the same mean, so nothing tells them apart.")
    size = answers / units
    icc1 = (between - within) / (between + (size - 1) * within)
    return UnitReliability(icc1, (between - within) / between, units, size)


def chance_variance(values: FloatArray) -> float:
    """Give the variance of answers ticked at random, each category as often.

    Parameters
    ----------
    values : FloatArray, shape (category,)
        Score of each category.

    Returns
    -------
    float
        2 for the values 1 to 5.

    References
    ----------
    .. [1] L. R. James, R. G. Demaree and G. Wolf, "Estimating within-group interrater reliability
       with and without response bias", Journal of Applied Psychology 69 (1984), 85-98.
    """
    return float(np.var(values))


def agreement_within(
    counts: IntArray, values: FloatArray, chance: float | None = None
) -> FloatArray:
    """Give r_wg(j): how far the people of a unit agree on several items of one construct.

    Parameters
    ----------
    counts : IntArray, shape (unit, item, category)
        Answers.
    values : FloatArray, shape (category,)
        Score of each category.
    chance : float, optional
        Variance that counts as no agreement; by default :func:`chance_variance`.

    Returns
    -------
    FloatArray, shape (unit,)
        From 0 (no more than by chance) to 1 (all alike); nan if an item has fewer than two answers.

    Raises
    ------
    MethodError
        If a count is below 0, a value is missing or the chance variance is not above 0.

    Notes
    -----
    It rises with the number of items even if agreement on each stays the same, and depends on what
    is taken for chance. Use it to ask whether a mean may stand for the unit, not to compare units.

    References
    ----------
    .. [1] L. R. James, R. G. Demaree and G. Wolf, "Estimating within-group interrater reliability
       with and without response bias", Journal of Applied Psychology 69 (1984), 85-98.
    """
    _refuse_odd(counts, values)
    by_chance = chance_variance(values) if chance is None else chance
    refuse(
        np.array([not by_chance > 0]),
        "The variance by chance must be above 0. Give the categories different values.",
    )
    answers = counts.sum(axis=2)
    enough = (answers > 1).all(axis=1)
    means = (counts @ values) / np.maximum(answers, 1)
    squares = (counts * (values - means[:, :, None]) ** 2).sum(axis=2)
    spread = (squares / np.maximum(answers - 1, 1)).mean(axis=1) / by_chance
    gained = counts.shape[1] * np.maximum(1 - spread, 0.0)
    agreement: FloatArray = gained / (gained + spread)
    return np.where(enough, agreement, np.nan)


def lowest_fifth_probability(
    units: Estimates, rng: np.random.Generator, draws: int = DRAWS
) -> FloatArray:
    """Give the probability of each unit to be among the lowest fifth, in place of ranks.

    Parameters
    ----------
    units : Estimates
        One estimate for each unit, with their covariances; such as
        :func:`effects_against_average`.
    rng : numpy.random.Generator
        Source of random numbers; the same seed gives the same probabilities.
    draws : int, default 20000
        Draws; the error of a probability is below .004 with the default.

    Returns
    -------
    FloatArray, shape (unit,)
        Probabilities; they add up to the number of units that make a fifth, at least one.

    Raises
    ------
    MethodError
        If there are fewer than two units or no draws.

    Notes
    -----
    A rank looks certain and is not: of forty units that do not differ, one is always last. If no
    probability is above about one half, say that the lowest units cannot be named.

    References
    ----------
    .. [1] H. Goldstein and D. J. Spiegelhalter, "League tables and their limitations", JRSS A 159
       (1996), 385-443.
    """
    count = units.value.size
    refuse(
        np.array([count < FEWEST_UNITS or draws < 1]),
        "A lowest fifth needs two units or more, and at least one draw.",
    )
    covariance = units.jacobian @ units.covariance @ units.jacobian.T
    bends, axes = np.linalg.eigh((covariance + covariance.T) / 2)
    root = axes * np.sqrt(np.maximum(bends, 0.0))
    drawn = units.value + rng.standard_normal((draws, count)) @ root.T
    # Units without any difference share the last places by lot.
    rounding = np.finfo(np.float64).eps * max(float(np.abs(drawn).max()), 1.0)
    drawn = drawn + rounding * rng.standard_normal((draws, count))
    fifth = max(1, round(count / 5))
    lowest = np.argpartition(drawn, fifth - 1, axis=1)[:, :fifth]
    return np.asarray(np.bincount(lowest.ravel(), minlength=count) / draws)


def _refuse_odd(counts: IntArray, values: FloatArray) -> None:
    refuse(counts < 0, "A number of answers is below 0. Count the answers again.")
    fits = values.shape == counts.shape[-1:] and bool(np.isfinite(values).all())
    refuse(np.array([not fits]), "Give every category a value; leave choices out.")
