"""Tests of what a cumulative link model takes for granted, by likelihood ratio."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from analysis.errors import MethodError
from analysis.methods.ordinal import OrdinalFit, fit_model
from analysis.methods.ordinal_design import Design, beside, only
from analysis.methods.ordinal_likelihood import interval_probabilities
from analysis.methods.ordinal_model import OrdinalModel, start, terrain
from analysis.methods.ordinal_newton import climb
from analysis.methods.outcomes import CannotTell

FULL = "all terms"
TWO = 2
BARRIER = 1e-9
"""Answers lent to categories nobody chose, so that a likelihood without a top comes close to it."""


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A comparison of a model with a wider one.

    Attributes
    ----------
    term : str
        What the wider model lets go free.
    log_likelihood : float
        Of the wider model.
    statistic : float
        Twice the gain of log-likelihood.
    degrees : int
        Parameters gained.
    p_value : float
        By the chi-square distribution.
    at_bound : bool
        Whether the wider model fits best with an infinite effect; its p-value is rough then.
    """

    term: str
    log_likelihood: float
    statistic: float
    degrees: int
    p_value: float
    at_bound: bool


def likelihood_ratio(narrow: OrdinalFit, wide: OrdinalFit, term: str = FULL) -> LikelihoodRatio:
    """Test a model against a wider one that contains it.

    Parameters
    ----------
    narrow, wide : OrdinalFit
        Fits of the same answers; the first is a special case of the second.
    term : str, optional
        What the wider model adds.

    Returns
    -------
    LikelihoodRatio
        With the chi-square p-value.

    Raises
    ------
    MethodError
        If the fits are of different answers, or the second is not wider.

    References
    ----------
    .. [1] S. S. Wilks, "The large-sample distribution of the likelihood ratio for testing composite
       hypotheses", Annals of Mathematical Statistics 9 (1938), 60-62.
    """
    if not np.array_equal(narrow.model.counts.sum(axis=0), wide.model.counts.sum(axis=0)):
        raise MethodError("Models can be compared on the same answers only. Fit both to the same.")
    degrees = len(wide.names) - len(narrow.names)
    return _compared(narrow, wide.log_likelihood, degrees, term, at_bound=False)


def proportional_odds_test(fit: OrdinalFit) -> tuple[LikelihoodRatio | CannotTell, ...]:
    """Test, term by term, whether effects move all thresholds alike.

    Parameters
    ----------
    fit : OrdinalFit
        Fitted model.

    Returns
    -------
    tuple of LikelihoodRatio or CannotTell
        One for each term of the location design, in its order.

    Notes
    -----
    A small p-value says that one number does not describe the term: report shares category by
    category instead. With many answers tiny departures are found; look at the shares before
    dropping the model. With fewer than ten answers per threshold and level the p-value is rough.

    References
    ----------
    .. [1] B. Peterson and F. E. Harrell, "Partial proportional odds models for ordinal response
       variables", Applied Statistics 39 (1990), 205-217.
    """
    model = fit.model
    if len(fit.categories) == TWO:
        one = CannotTell("Two categories have one threshold, so effects on it cannot differ.")
        return tuple(one for _ in model.location.terms)
    return tuple(_test(fit, term, _let_differ(model, term)) for term in model.location.terms)


def scale_test(fit: OrdinalFit) -> tuple[LikelihoodRatio | CannotTell, ...]:
    """Test, term by term, whether attitudes are spread alike.

    Parameters
    ----------
    fit : OrdinalFit
        Fitted model.

    Returns
    -------
    tuple of LikelihoodRatio or CannotTell
        One for each term of the location design, in its order.

    Notes
    -----
    A small p-value says that a group is more, or less, of one mind than the others.

    References
    ----------
    .. [1] P. McCullagh, "Regression models for ordinal data", JRSS B 42 (1980), section 6.1.
    """
    return tuple(
        _test(fit, term, _let_spread(fit.model, term))
        for term in fit.model.location.terms
        if term not in fit.model.scale.terms
    )


def _let_differ(model: OrdinalModel, term: str) -> OrdinalModel:
    columns = model.location.terms[term]
    rest = [at for at in range(len(model.location.names)) if at not in columns]
    freed = only(model.location, columns)
    nominal = beside(model.nominal, freed)
    return replace(model, location=only(model.location, rest), nominal=nominal)


def _let_spread(model: OrdinalModel, term: str) -> OrdinalModel:
    freed: Design = only(model.location, model.location.terms[term])
    return replace(model, scale=beside(model.scale, freed))


def _test(fit: OrdinalFit, term: str, wider: OrdinalModel) -> LikelihoodRatio | CannotTell:
    fitted = fit_model(wider)
    if isinstance(fitted, OrdinalFit):
        return likelihood_ratio(fit, fitted, term)
    # Infinite effects do not hinder the test: the likelihood still has a least upper bound.
    bound = _least_upper_bound(wider)
    if bound is None:
        return CannotTell(f'Whether "{term}" needs more freedom: {fitted.reason}')
    names = terrain(wider, tuple("" for _ in range(wider.counts.shape[1]))).names
    return _compared(fit, bound, len(names) - len(fit.names), term, at_bound=True)


def _least_upper_bound(model: OrdinalModel) -> float | None:
    ground = terrain(model, tuple(str(at) for at in range(model.counts.shape[1])))
    lent = replace(ground, counts=np.where(ground.counts > 0, ground.counts, BARRIER))
    ended = climb(lent, start(model, ground))
    if ended is None or not ended.arrived:
        return None
    probability = interval_probabilities(ground.curves, ground.place(ended.top.at))
    return float((ground.counts * np.log(probability)).sum())


def _compared(
    narrow: OrdinalFit, log_likelihood: float, degrees: int, term: str, *, at_bound: bool
) -> LikelihoodRatio:
    if degrees < 1:
        raise MethodError("The second model has no more parameters than the first. Swap them.")
    statistic = max(2 * (log_likelihood - narrow.log_likelihood), 0.0)
    p_value = float(stats.chi2.sf(statistic, degrees))
    return LikelihoodRatio(term, log_likelihood, statistic, degrees, p_value, at_bound)
