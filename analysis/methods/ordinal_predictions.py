"""From effects on a latent scale back to shares, means and their contrasts."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.arrays import FloatArray
from analysis.errors import MethodError
from analysis.methods.inputs import refuse_level
from analysis.methods.ordinal import OrdinalFit
from analysis.methods.ordinal_design import Design, no_effects
from analysis.methods.ordinal_likelihood import interval_probabilities
from analysis.methods.ordinal_links import Distribution
from analysis.methods.ordinal_model import Terrain, cut_design


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Numbers made of the same estimated parameters, so that they may be set against each other.

    Attributes
    ----------
    value : FloatArray, shape (number,)
        Estimates.
    jacobian : FloatArray, shape (number, parameter)
        How each depends on the parameters.
    covariance : FloatArray, shape (parameter, parameter)
        Of the parameters.
    """

    value: FloatArray
    jacobian: FloatArray
    covariance: FloatArray

    @property
    def standard_error(self) -> FloatArray:
        """Standard errors by the delta method.

        Returns
        -------
        FloatArray, shape (number,)
            Square roots of the variances.
        """
        variance = np.einsum("np,np->n", self.jacobian @ self.covariance, self.jacobian)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def combine(weights: FloatArray, estimates: Estimates) -> Estimates:
    """Add estimates up with weights: averages, differences, any contrast.

    Parameters
    ----------
    weights : FloatArray, shape (combination, number)
        Weights; a difference has 1 and -1.
    estimates : Estimates
        What to combine.

    Returns
    -------
    Estimates
        One for each row of the weights.

    Raises
    ------
    MethodError
        If there is not one weight for every estimate.

    References
    ----------
    .. [1] A. Agresti, "Categorical Data Analysis", 3rd edition, Wiley 2013, section 16.1.
    """
    table = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    if table.shape[1] != estimates.value.size:
        raise MethodError(
            f"{estimates.value.size} estimates need as many weights, not {table.shape[1]}."
        )
    return Estimates(table @ estimates.value, table @ estimates.jacobian, estimates.covariance)


def delta_limits(
    estimates: Estimates, level: float = 0.95, ends: tuple[float, float] = (-np.inf, np.inf)
) -> tuple[FloatArray, FloatArray]:
    """Give confidence limits by the delta method.

    Parameters
    ----------
    estimates : Estimates
        What to limit.
    level : float, default 0.95
        Confidence level, a share between 0 and 1 (not a percentage).
    ends : tuple of float, optional
        Lowest and highest possible value, such as 0 and 1 for shares.

    Returns
    -------
    low, high : FloatArray, shape (number,)
        Limits, cut off at the ends.

    Raises
    ------
    MethodError
        If the level is no share.

    Notes
    -----
    Symmetric around the estimate, so poor for shares below about .05 or above .95.

    References
    ----------
    .. [1] A. Agresti, "Categorical Data Analysis", 3rd edition, Wiley 2013, section 16.1.
    """
    refuse_level(level)
    reach = float(special.ndtri((1 + level) / 2)) * estimates.standard_error
    low = np.clip(estimates.value - reach, *ends)
    return low, np.clip(estimates.value + reach, *ends)


def predicted_shares(
    fit: OrdinalFit, location: Design, nominal: Design | None = None, scale: Design | None = None
) -> Estimates:
    """Give the share of each category that the model expects.

    Parameters
    ----------
    fit : OrdinalFit
        Fitted model.
    location : Design
        Rows to predict, with the effects of the fit in the same order.
    nominal, scale : Design, optional
        The same for effects by threshold and on the spread; as in the fit.

    Returns
    -------
    Estimates
        ``(row, category)``, row by row; categories as merged in the fit.

    Raises
    ------
    MethodError
        If the effects are not those of the fit.

    References
    ----------
    .. [1] R. V. Lenth, "emmeans: Estimated marginal means", R package, mode "prob".
    """
    rows = location.rows
    asked = (location, nominal or no_effects(rows), scale or no_effects(rows))
    fitted = (fit.model.location, fit.model.nominal, fit.model.scale)
    for one, other in zip(asked, fitted, strict=True):
        if one.names != other.names or one.rows != rows:
            raise MethodError(
                "Predictions need the effects of the fit in the same order: "
                f"{', '.join(other.names) or 'none'}; not {', '.join(one.names) or 'none'}."
            )
    categories = len(fit.categories)
    ground = Terrain(
        curves=fit.ground.curves,
        counts=np.zeros((rows, categories)),
        cuts=cut_design(fit.model.thresholds, categories, asked[1], location),
        offset=np.zeros((rows, categories - 1)),
        scale=asked[2].matrix,
        names=fit.names,
    )
    cuts = ground.place(fit.estimate)
    slopes = ground.slopes(fit.estimate, cuts)
    return shares_at(ground.curves, cuts, slopes, fit.covariance)


def shares_at(
    curves: Distribution, cuts: FloatArray, slopes: FloatArray, covariance: FloatArray
) -> Estimates:
    """Give shares from cuts and how these depend on the parameters.

    Parameters
    ----------
    curves : Distribution
        Distribution of the latent attitude.
    cuts : FloatArray, shape (row, cut)
        Where categories end.
    slopes : FloatArray, shape (row, cut, parameter)
        Derivatives of the cuts.
    covariance : FloatArray, shape (parameter, parameter)
        Of the parameters.

    Returns
    -------
    Estimates
        ``(row, category)``, row by row.
    """
    moved = curves.density(cuts)[:, :, None] * slopes
    ends = np.zeros((cuts.shape[0], 1, slopes.shape[2]))
    jacobian = np.diff(np.concatenate([ends, moved, ends], axis=1), axis=1)
    shares = interval_probabilities(curves, cuts)
    return Estimates(shares.ravel(), jacobian.reshape(-1, slopes.shape[2]), covariance)


def mean_class(shares: Estimates, values: FloatArray) -> Estimates:
    """Give the mean value of the answers that the model expects.

    Parameters
    ----------
    shares : Estimates
        From :func:`predicted_shares`.
    values : FloatArray, shape (category,)
        Value of each category as merged: 1 to 5, or scores from 0 to 100.

    Returns
    -------
    Estimates
        One for each row.

    Raises
    ------
    MethodError
        If there is not one value for each category.

    References
    ----------
    .. [1] R. V. Lenth, "emmeans: Estimated marginal means", R package, mode "mean.class".
    """
    return combine(_by_row(shares, np.atleast_2d(values)), shares)


def exceedance(shares: Estimates, categories: int) -> Estimates:
    """Give the share of answers above each threshold.

    Parameters
    ----------
    shares : Estimates
        From :func:`predicted_shares`.
    categories : int
        Categories as merged.

    Returns
    -------
    Estimates
        ``(row, threshold)``, row by row.

    Raises
    ------
    MethodError
        If the shares are not of so many categories.

    References
    ----------
    .. [1] R. V. Lenth, "emmeans: Estimated marginal means", R package, mode "exc.prob".
    """
    return combine(_by_row(shares, np.triu(np.ones((categories, categories)))[1:]), shares)


def _by_row(shares: Estimates, weights: FloatArray) -> FloatArray:
    rows, rest = divmod(shares.value.size, weights.shape[1])
    if rest:
        raise MethodError(
            f"{shares.value.size} shares do not fall into rows of {weights.shape[1]} categories. "
            "Give one value for each category as merged in the fit."
        )
    return np.asarray(np.kron(np.eye(rows), weights))
