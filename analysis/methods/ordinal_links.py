"""Links of cumulative models: distributions of the latent attitude behind the answers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from analysis.arrays import FloatArray

HIGHEST_EXPONENT = 6.5
"""exp(-exp(6.5)) is 1e-289: beyond, a probability is nothing a computer can hold."""

Curve = Callable[[FloatArray], FloatArray]


class Link(StrEnum):
    """How shares become a scale without ends.

    Logit reads as odds and is the choice unless there is a reason; probit assumes a normal
    attitude; cloglog and loglog are lopsided; cauchit allows for far outliers.
    """

    LOGIT = "logit"
    PROBIT = "probit"
    CLOGLOG = "cloglog"
    LOGLOG = "loglog"
    CAUCHIT = "cauchit"


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution function with all that Newton's method and Laplace's ask of it.

    Attributes
    ----------
    below, above : Curve
        Probability below and above a point, each exact in its own tail.
    density, slope, bend : Curve
        First, second and third derivative of ``below``.
    quantile : Curve
        Inverse of ``below``.
    """

    below: Curve
    above: Curve
    density: Curve
    slope: Curve
    bend: Curve
    quantile: Curve


def distribution(link: Link) -> Distribution:
    """Give the distribution that belongs to a link.

    Parameters
    ----------
    link : Link
        Link of the model.

    Returns
    -------
    Distribution
        With its derivatives.

    References
    ----------
    .. [1] A. Agresti, "Analysis of Ordinal Categorical Data", 2nd edition, Wiley 2010, chapter 5.
    """
    return _DISTRIBUTIONS[link]


def _logistic_density(x: FloatArray) -> FloatArray:
    return np.asarray(special.expit(x) * special.expit(-x))


def _logistic_slope(x: FloatArray) -> FloatArray:
    return -_logistic_density(x) * np.tanh(x / 2)


def _logistic_bend(x: FloatArray) -> FloatArray:
    density = _logistic_density(x)
    return density * (np.tanh(x / 2) ** 2 - 2 * density)


def _normal_density(x: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-x * x / 2) / np.sqrt(2 * np.pi))


def _power(x: FloatArray) -> FloatArray:
    return np.asarray(np.exp(np.minimum(x, HIGHEST_EXPONENT)))


def _extreme_density(x: FloatArray) -> FloatArray:
    power = _power(x)
    return power * np.exp(-power)


def _extreme_slope(x: FloatArray) -> FloatArray:
    return _extreme_density(x) * (1 - _power(x))


def _extreme_bend(x: FloatArray) -> FloatArray:
    power = _power(x)
    return _extreme_density(x) * (1 - 3 * power + power**2)


def _extreme_below(x: FloatArray) -> FloatArray:
    return -np.expm1(-_power(x))


def _extreme_above(x: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-_power(x)))


def _cauchy_below(x: FloatArray) -> FloatArray:
    # The angle seen from the far side keeps its digits where the share is tiny.
    return np.asarray(np.arctan2(1.0, -x) / np.pi)


_DISTRIBUTIONS = {
    Link.LOGIT: Distribution(
        below=special.expit,
        above=lambda x: np.asarray(special.expit(-x)),
        density=_logistic_density,
        slope=_logistic_slope,
        bend=_logistic_bend,
        quantile=special.logit,
    ),
    Link.PROBIT: Distribution(
        below=special.ndtr,
        above=lambda x: np.asarray(special.ndtr(-x)),
        density=_normal_density,
        slope=lambda x: -x * _normal_density(x),
        bend=lambda x: (x * x - 1) * _normal_density(x),
        quantile=special.ndtri,
    ),
    Link.CLOGLOG: Distribution(
        below=_extreme_below,
        above=_extreme_above,
        density=_extreme_density,
        slope=_extreme_slope,
        bend=_extreme_bend,
        quantile=lambda p: np.asarray(np.log(-np.log1p(-p))),
    ),
    Link.LOGLOG: Distribution(
        below=lambda x: _extreme_above(-x),
        above=lambda x: _extreme_below(-x),
        density=lambda x: _extreme_density(-x),
        slope=lambda x: -_extreme_slope(-x),
        bend=lambda x: _extreme_bend(-x),
        quantile=lambda p: np.asarray(-np.log(-np.log(p))),
    ),
    Link.CAUCHIT: Distribution(
        below=_cauchy_below,
        above=lambda x: _cauchy_below(-x),
        density=lambda x: 1 / (np.pi * (1 + x * x)),
        slope=lambda x: -2 * x / (np.pi * (1 + x * x) ** 2),
        bend=lambda x: (6 * x * x - 2) / (np.pi * (1 + x * x) ** 3),
        quantile=lambda p: np.asarray(np.tan(np.pi * (p - 0.5))),
    ),
}
