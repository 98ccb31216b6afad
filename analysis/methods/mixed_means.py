"""Partial pooling of mean scores: small units borrow strength from all the others."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.arrays import FloatArray, IntArray
from analysis.methods.inputs import refuse
from analysis.methods.mixed_blocks import Block
from analysis.methods.ordinal_design import Design, no_effects
from analysis.methods.ordinal_estimability import tied_effects
from analysis.methods.ordinal_predictions import Estimates, combine
from analysis.methods.outcomes import CannotTell

FEWEST_UNITS = 2
WIDEST = (-16.0, 12.0)
"""Range of the logarithm of the variance ratio that is searched; 1e-7 to 160,000."""

CLOSE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class PooledMeans:
    """Mean scores of units, drawn towards the average as far as they are uncertain.

    Attributes
    ----------
    names : tuple of str
        ``mean`` and the effects.
    estimate : FloatArray, shape (effect,)
        Estimates of these.
    covariance : FloatArray, shape (effect, effect)
        Their covariance, variances taken as known.
    sd_units : float
        Standard deviation between units; 0 if the answers show none.
    sd_answers : float
        Standard deviation of answers within a unit.
    log_likelihood : float
        Restricted or full, as asked for.
    units : tuple of str
        Names of the units.
    deviation : FloatArray, shape (unit,)
        Each unit's difference from what the effects give, after pooling.
    conditional_sd : FloatArray, shape (unit,)
        Its standard deviation with the effects held fixed.
    reliability : FloatArray, shape (unit,)
        Share of a unit's raw difference that is believed, 0 to 1.
    prediction_covariance : FloatArray, shape (unit, unit)
        Of the deviations, effects estimated.
    """

    names: tuple[str, ...]
    estimate: FloatArray
    covariance: FloatArray
    sd_units: float
    sd_answers: float
    log_likelihood: float
    units: tuple[str, ...]
    deviation: FloatArray
    conditional_sd: FloatArray
    reliability: FloatArray
    prediction_covariance: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """All that a normal model with unit effects asks of the answers."""

    sizes: FloatArray
    effects: FloatArray
    scores: FloatArray
    effects_squared: FloatArray
    effects_by_scores: FloatArray
    scores_squared: float
    restricted: bool
    degrees: float


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """The best effects for one ratio of variances."""

    deviance: float
    estimate: FloatArray
    inverse: FloatArray
    variance: float
    pull: FloatArray


def pool_means(
    counts: IntArray,
    values: FloatArray,
    units: Block,
    design: Design | None = None,
    *,
    restricted: bool = True,
) -> PooledMeans | CannotTell:
    """Fit mean scores with a random effect for each unit.

    Parameters
    ----------
    counts : IntArray, shape (row, category)
        Answers.
    values : FloatArray, shape (category,)
        Score of each category.
    units : Block
        Unit of each row.
    design : Design, optional
        Effects on the mean besides a constant, such as phases.
    restricted : bool, default True
        Restricted maximum likelihood (REML), else full.

    Returns
    -------
    PooledMeans or CannotTell
        CannotTell with fewer than two units, without spread within units, or if effects cannot be
        told apart. No variance between units is an answer: ``sd_units`` is 0 and all deviations
        are.

    Raises
    ------
    MethodError
        If counts, values, units and design do not fit together.

    Notes
    -----
    A pooled mean is right on average over units, not for each: a small unit that truly differs is
    drawn in as well. Show it beside its own mean, never instead of it.

    References
    ----------
    .. [1] N. M. Laird and J. H. Ware, "Random-effects models for longitudinal data", Biometrics 38
       (1982), 963-974.
    .. [2] D. Bates, M. Maechler, B. Bolker and S. Walker, "Fitting linear mixed-effects models
       using lme4", Journal of Statistical Software 67:1 (2015).
    """
    extra = design or no_effects(counts.shape[0])
    refuse(
        np.array([not counts.shape[0] == extra.rows == units.rows.size]),
        "Counts, units and effects must have the same rows.",
    )
    refuse(np.array([values.shape != counts.shape[1:]]), "Give every category a value.")
    refuse(counts < 0, "A number of answers is below 0. Count the answers again.")
    answered = counts.sum(axis=1) > 0
    tied = tied_effects(Design(extra.names, extra.matrix[answered], {}))
    if tied:
        return CannotTell(f"The answers cannot tell these effects apart: {', '.join(tied)}.")
    centre = float((counts @ values).sum() / max(int(counts.sum()), 1))
    sums = _sums(counts, values - centre, units, extra, restricted=restricted)
    spread = sums.scores_squared - float(
        (sums.scores[sums.sizes > 0] ** 2 / sums.sizes[sums.sizes > 0]).sum()
    )
    if (sums.sizes > 0).sum() < FEWEST_UNITS or spread <= CLOSE * max(sums.scores_squared, 1.0):
        return CannotTell(
            "Pooling needs two units or more, and answers that differ within units. Report the "
            "means as they are."
        )
    ratio = _best_ratio(sums)
    return _pooled(sums, ratio, centre, units.levels, extra.names)


def means_against_average(pooled: PooledMeans) -> Estimates:
    """Give how each unit's pooled mean differs from the average of all units.

    Parameters
    ----------
    pooled : PooledMeans
        Pooled means.

    Returns
    -------
    Estimates
        One for each unit, in points of the score.

    References
    ----------
    .. [1] G. K. Robinson, "That BLUP is a good thing: the estimation of random effects",
       Statistical Science 6 (1991), 15-51.
    """
    count = pooled.deviation.size
    own = Estimates(pooled.deviation, np.eye(count), pooled.prediction_covariance)
    return combine(np.eye(count) - 1 / count, own)


def _sums(
    counts: IntArray, values: FloatArray, units: Block, design: Design, *, restricted: bool
) -> _Sums:
    sizes = counts.sum(axis=1).astype(np.float64)
    scores = counts @ values
    effects = np.hstack([np.ones((sizes.size, 1)), design.matrix])
    weighted = sizes[:, None] * effects
    return _Sums(
        sizes=units.sums(sizes),
        effects=np.stack([units.sums(column) for column in weighted.T], axis=1),
        scores=units.sums(scores),
        effects_squared=effects.T @ weighted,
        effects_by_scores=effects.T @ scores,
        scores_squared=float((counts @ values**2).sum()),
        restricted=restricted,
        degrees=float(sizes.sum()) - (effects.shape[1] if restricted else 0),
    )


def _best_ratio(sums: _Sums) -> float:
    """Find the ratio of the variance between units to that within."""
    found = optimize.minimize_scalar(
        lambda log_ratio: _solved(sums, float(np.exp(log_ratio))).deviance,
        bounds=WIDEST,
        method="bounded",
        options={"xatol": 1e-11},
    )
    best = float(np.exp(found.x))
    return best if _solved(sums, best).deviance < _solved(sums, 0.0).deviance - CLOSE else 0.0


def _solved(sums: _Sums, ratio: float) -> _Solved:
    pull = ratio / (1 + ratio * sums.sizes)
    drawn = pull[:, None] * sums.effects
    left = sums.effects_squared - sums.effects.T @ drawn
    right = sums.effects_by_scores - drawn.T @ sums.scores
    inverse = np.asarray(np.linalg.inv(left))
    estimate = inverse @ right
    squares = sums.scores_squared - float(pull @ sums.scores**2) - float(right @ estimate)
    variance = squares / sums.degrees
    deviance = (
        sums.degrees * (1 + np.log(2 * np.pi * variance)) + np.log1p(ratio * sums.sizes).sum()
    )
    if sums.restricted:
        deviance += np.linalg.slogdet(left)[1]
    return _Solved(float(deviance), estimate, inverse, variance, pull)


def _pooled(
    sums: _Sums, ratio: float, centre: float, units: tuple[str, ...], names: tuple[str, ...]
) -> PooledMeans:
    best = _solved(sums, ratio)
    drawn = best.pull[:, None] * sums.effects
    estimate = best.estimate.copy()
    estimate[0] += centre
    return PooledMeans(
        names=("mean", *names),
        estimate=estimate,
        covariance=best.variance * best.inverse,
        sd_units=float(np.sqrt(ratio * best.variance)),
        sd_answers=float(np.sqrt(best.variance)),
        log_likelihood=-best.deviance / 2,
        units=units,
        deviation=best.pull * (sums.scores - sums.effects @ best.estimate),
        conditional_sd=np.sqrt(best.variance * best.pull),
        reliability=best.pull * sums.sizes,
        prediction_covariance=best.variance * (np.diag(best.pull) + drawn @ best.inverse @ drawn.T),
    )
