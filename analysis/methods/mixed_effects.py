"""Statements about single units of a mixed model, with limits that hold.

The variance of a unit's effect with everything else held fixed leaves out that thresholds and
effects were estimated from the same answers: such limits covered .87 to .92 in our simulation.
Against the average of all units they cover .94 to .95.
"""

from collections.abc import Mapping

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.errors import MethodError
from analysis.methods.mixed import MixedFit
from analysis.methods.ordinal_design import Design, no_effects
from analysis.methods.ordinal_model import cut_design
from analysis.methods.ordinal_predictions import Estimates, combine, shares_at


def joint_estimates(fit: MixedFit) -> Estimates:
    """Give thresholds, effects and all random effects with their joint covariance.

    Parameters
    ----------
    fit : MixedFit
        Fitted model.

    Returns
    -------
    Estimates
        Thresholds and effects, then the levels of every block in order. The covariance is that of
        estimate minus truth, parameters and random effects both unknown.

    Notes
    -----
    ``Cov(u - u_hat) = H^-1 + J V J'`` with the curvature ``H`` of the random effects, their slopes
    ``J`` by the parameters, and the covariance ``V`` of these. It leaves out that the shape of a
    unit's distribution is skewed when answers are few.

    References
    ----------
    .. [1] R. J. Kass and D. Steffey, "Approximate Bayesian inference in conditionally independent
       hierarchical models", JASA 84 (1989), 717-726.
    """
    count = fit.fixed.estimate.size
    value = np.concatenate([fit.estimate[:count], *fit.effects])
    across = fit.covariance[:count] @ fit.effect_slopes.T
    covariance = np.block(
        [[fit.covariance[:count, :count], across], [across.T, fit.effect_covariance]]
    )
    return Estimates(value, np.eye(value.size), covariance)


def effects_against_average(fit: MixedFit, name: str) -> Estimates:
    """Give how each level of a block differs from the average of all its levels.

    Parameters
    ----------
    fit : MixedFit
        Fitted model.
    name : str
        Name of the block.

    Returns
    -------
    Estimates
        One for each level, on the scale of the link; high = higher categories.

    Raises
    ------
    MethodError
        If there is no such block.

    Notes
    -----
    Estimates of small units are drawn towards the average: of two units with the same answers the
    one with fewer shows the smaller difference, and rightly so.

    References
    ----------
    .. [1] G. K. Robinson, "That BLUP is a good thing: the estimation of random effects",
       Statistical Science 6 (1991), 15-51.
    """
    joint = joint_estimates(fit)
    first, levels = _where(fit, name)
    weights = np.zeros((levels, joint.value.size))
    weights[:, first : first + levels] = np.eye(levels) - 1 / levels
    return combine(weights, joint)


def fixed_effects(fit: MixedFit) -> Estimates:
    """Give thresholds and effects, ready for contrasts.

    Parameters
    ----------
    fit : MixedFit
        Fitted model.

    Returns
    -------
    Estimates
        In the order of the names of the fit.
    """
    count = fit.fixed.estimate.size
    return Estimates(fit.estimate[:count], np.eye(count), fit.covariance[:count, :count])


def predicted_mixed_shares(
    fit: MixedFit, location: Design, levels: Mapping[str, IntArray] | None = None
) -> Estimates:
    """Give the shares that the model expects in a typical unit, or in given ones.

    Parameters
    ----------
    fit : MixedFit
        Fitted model.
    location : Design
        Rows to predict, with the effects of the fit in the same order.
    levels : Mapping of str to IntArray, shape (row,), optional
        For each block named, the level of every row; blocks left out are at their centre, which
        is a typical unit.

    Returns
    -------
    Estimates
        ``(row, category)``, row by row; categories as merged in the fit.

    Raises
    ------
    MethodError
        If effects, blocks or levels are not those of the fit.

    Notes
    -----
    The share in a typical unit is not the average share over units, which lies a little nearer to
    the middle.

    References
    ----------
    .. [1] R. V. Lenth, "emmeans: Estimated marginal means", R package, mode "prob".
    """
    model = fit.fixed.model
    if location.names != model.location.names:
        wanted, given = (", ".join(each.names) or "none" for each in (model.location, location))
        raise MethodError(
            f"Predictions need the effects of the fit in the same order: {wanted}; not {given}."
        )
    categories, rows = len(fit.fixed.categories), location.rows
    design = cut_design(model.thresholds, categories, no_effects(rows), location)
    chosen = _chosen(fit, rows, levels or {})
    slopes = np.concatenate(
        [design, np.broadcast_to(-chosen[:, None, :], (rows, categories - 1, chosen.shape[1]))],
        axis=2,
    )
    joint = joint_estimates(fit)
    return shares_at(fit.fixed.ground.curves, slopes @ joint.value, slopes, joint.covariance)


def _chosen(fit: MixedFit, rows: int, levels: Mapping[str, IntArray]) -> FloatArray:
    count = fit.fixed.estimate.size
    chosen = np.zeros((rows, sum(each.size for each in fit.effects)))
    for name, places in levels.items():
        first, size = _where(fit, name)
        if places.shape != (rows,) or places.min(initial=0) < 0 or places.max(initial=0) >= size:
            raise MethodError(f'Every row needs a level of "{name}" from 0 to {size - 1}.')
        chosen[np.arange(rows), first - count + places] = 1
    return chosen


def _where(fit: MixedFit, name: str) -> tuple[int, int]:
    first = fit.fixed.estimate.size
    for each in fit.blocks:
        if each.name == name:
            return first, len(each.levels)
        first += len(each.levels)
    names = ", ".join(each.name for each in fit.blocks)
    raise MethodError(f'No random effects are named "{name}". There are: {names}.')
