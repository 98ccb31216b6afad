"""Confidence limits of the effects of a cumulative link model."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy import special, stats

from analysis.arrays import FloatArray
from analysis.errors import MethodError
from analysis.methods.inputs import refuse_level
from analysis.methods.ordinal import OrdinalFit
from analysis.methods.ordinal_model import Terrain
from analysis.methods.ordinal_newton import Hilltop, climb

NEAR = 1e-8
MOST_TRIES = 40
FAR = 60.0
"""Standard errors after which a likelihood that is still high has no limit on that side."""


def wald_limits(fit: OrdinalFit, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Give limits of all parameters from their standard errors.

    Parameters
    ----------
    fit : OrdinalFit
        Fitted model.
    level : float, default 0.95
        Confidence level, a share between 0 and 1 (not a percentage).

    Returns
    -------
    low, high : FloatArray, shape (parameter,)
        Estimate and so many standard errors to either side.

    Raises
    ------
    MethodError
        If the level is no share.

    Notes
    -----
    Good from about 25 answers per group on; with fewer, or effects beyond 3 on the logit scale,
    :func:`profile_limits` is the better one.

    References
    ----------
    .. [1] A. Agresti, "Analysis of Ordinal Categorical Data", 2nd edition, Wiley 2010, section 3.3.
    """
    refuse_level(level)
    reach = float(special.ndtri((1 + level) / 2)) * fit.standard_error
    return fit.estimate - reach, fit.estimate + reach


def profile_limits(
    fit: OrdinalFit, names: Sequence[str], level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Give limits between which the likelihood ratio test would not reject a value.

    Parameters
    ----------
    fit : OrdinalFit
        Fitted model.
    names : sequence of str
        Parameters wanted.
    level : float, default 0.95
        Confidence level, a share between 0 and 1 (not a percentage).

    Returns
    -------
    low, high : FloatArray, shape (name,)
        Limits; infinite where the answers set none.

    Raises
    ------
    MethodError
        If a name is no parameter of the fit, or the level no share.

    Notes
    -----
    Found by Newton's method on the signed root of the deviance, so they are exact rather than
    interpolated.

    References
    ----------
    .. [1] D. J. Venzon and S. H. Moolgavkar, "A method for computing profile-likelihood-based
       confidence intervals", Applied Statistics 37 (1988), 87-94.
    """
    refuse_level(level)
    unknown = [name for name in names if name not in fit.names]
    if unknown:
        raise MethodError(f'No parameter "{unknown[0]}". There are: {", ".join(fit.names)}.')
    wanted = float(stats.chi2.ppf(level, 1)) ** 0.5
    which = [fit.names.index(name) for name in names]
    low = np.array([_reach(fit, each, -wanted) for each in which])
    return low, np.array([_reach(fit, each, wanted) for each in which])


def _reach(fit: OrdinalFit, which: int, wanted: float) -> float:
    """Find the value at which the signed root of the deviance is as wanted."""
    centre, error = float(fit.estimate[which]), float(fit.standard_error[which])
    others = np.delete(fit.estimate, which)
    # The other parameters follow the one held along the ridge of the likelihood.
    ridge = np.delete(fit.covariance[:, which], which) / fit.covariance[which, which]
    inner, outer = centre, np.sign(wanted) * np.inf
    value = centre + wanted * error
    for _ in range(MOST_TRIES):
        held = _held(fit.ground, which, value, others + ridge * (value - centre))
        if held is None:
            outer, value = value, (value + inner) / 2
            continue
        root, slope = _signed_root(fit, held, value - centre, which)
        if abs(root - wanted) < NEAR:
            return value
        if abs(root) < abs(wanted):
            inner = value
        else:
            outer = value
        step = value - (root - wanted) / slope if slope > 0 else np.inf
        value = _between(step, inner, outer, centre + 2 * (value - centre))
        if abs(value - centre) > FAR * error:
            break
    return float(np.sign(wanted) * np.inf)


def _between(step: float, inner: float, outer: float, further: float) -> float:
    low, high = min(inner, outer), max(inner, outer)
    if low < step < high and abs(step - inner) <= 2 * abs(further - inner):
        return step
    return (inner + outer) / 2 if np.isfinite(outer) else further


def _signed_root(fit: OrdinalFit, held: Hilltop, moved: float, which: int) -> tuple[float, float]:
    deviance = max(2 * (fit.log_likelihood - held.value), 0.0)
    root = float(np.sign(moved) * np.sqrt(deviance))
    slope = -float(held.gradient[which]) / root if root else 0.0
    return root, slope


def _held(ground: Terrain, which: int, value: float, start: FloatArray) -> Hilltop | None:
    """Give the highest point where one parameter has a given value."""
    ended = climb(partial(_slice, ground, which, value), start)
    return ground(np.insert(ended.top.at, which, value)) if ended is not None else None


def _slice(ground: Terrain, which: int, value: float, others: FloatArray) -> Hilltop | None:
    whole = ground(np.insert(others, which, value))
    if whole is None:
        return None
    return Hilltop(
        others,
        whole.value,
        np.delete(whole.gradient, which),
        np.delete(np.delete(whole.hessian, which, 0), which, 1),
    )
