"""Cumulative link models agree with R 4.2.2, ordinal 2022.11-16 and emmeans 1.8.4-1."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.arrays import FloatArray
from analysis.methods.ordinal import OrdinalFit, fit_ordinal
from analysis.methods.ordinal_assumptions import (
    LikelihoodRatio,
    likelihood_ratio,
    proportional_odds_test,
    scale_test,
)
from analysis.methods.ordinal_design import beside, effects
from analysis.methods.ordinal_likelihood import interval_probabilities
from analysis.methods.ordinal_limits import profile_limits, wald_limits
from analysis.methods.ordinal_links import Link, distribution
from analysis.methods.ordinal_predictions import (
    Estimates,
    combine,
    delta_limits,
    exceedance,
    mean_class,
    predicted_shares,
)
from analysis.methods.ordinal_thresholds import Thresholds
from tests.reference.clm_cases import Table, expected, numbers, table, wine

WINE = expected("03_clm_wine")
HOUSING = expected("04_clm_housing")
R_INFINITY = 1e5
"""clm takes this for the outer ends of the scale, where a Cauchy variable still has 3e-6."""


def fitted(outcome: object) -> OrdinalFit:
    """Insist on a fit."""
    assert isinstance(outcome, OrdinalFit), outcome
    return outcome


def agrees(fit: OrdinalFit, result: dict[str, Any]) -> None:
    """Compare estimates, covariance and likelihood at the tolerance of the case."""
    np.testing.assert_allclose(fit.estimate, numbers(result["coef"]), rtol=0, atol=1e-7)
    np.testing.assert_allclose(fit.standard_error, numbers(result["se"]), rtol=0, atol=1e-7)
    np.testing.assert_allclose(fit.covariance, result["vcov"]["values"], rtol=0, atol=1e-7)
    assert fit.log_likelihood == pytest.approx(result["logLik"], rel=1e-9)


def tasting() -> Table:
    """Give the wine ratings by temperature and contact."""
    return wine("temp", "contact")


def housing() -> Table:
    """Give the housing satisfaction."""
    names = ("Infl", "Type", "Cont")
    return table("04_clm_housing", "Sat", ("Low", "Medium", "High"), names, "Freq")


@pytest.mark.parametrize("link", [Link.LOGIT, Link.PROBIT, Link.CLOGLOG, Link.LOGLOG])
def test_links(link: Link) -> None:
    """Each link gives R's estimates."""
    data = tasting()
    fit = fitted(fit_ordinal(data.counts, data.design("temp", "contact"), link=link))
    agrees(fit, WINE["links"][link])


def test_cauchit_lies_above_r_by_what_r_leaves_out() -> None:
    """R ends the scale at 1e5; with that tail given back its likelihood is ours there."""
    data, result = tasting(), WINE["links"]["cauchit"]
    fit = fitted(fit_ordinal(data.counts, data.design("temp", "contact"), link=Link.CAUCHIT))
    np.testing.assert_allclose(fit.estimate, numbers(result["coef"]), rtol=0, atol=2e-4)
    np.testing.assert_allclose(fit.standard_error, numbers(result["se"]), rtol=0, atol=2e-4)
    cuts = fit.ground.place(numbers(result["coef"]))
    shares = interval_probabilities(distribution(Link.CAUCHIT), cuts)
    shares[:, [0, -1]] -= stats.cauchy.sf(R_INFINITY)
    assert (data.counts * np.log(shares)).sum() == pytest.approx(result["logLik"], rel=1e-9)
    assert fit.log_likelihood > result["logLik"]


@pytest.mark.parametrize("thresholds", [Thresholds.SYMMETRIC, Thresholds.EQUIDISTANT])
def test_structured_thresholds(thresholds: Thresholds) -> None:
    """Symmetric and equidistant thresholds have R's parameters."""
    data = tasting()
    fit = fitted(fit_ordinal(data.counts, data.design("temp", "contact"), thresholds=thresholds))
    agrees(fit, WINE[f"threshold_{thresholds}"])


def test_effects_by_threshold_and_on_the_spread() -> None:
    """Partial proportional odds and scale effects agree."""
    data = tasting()
    warm, contact = data.design("temp"), data.design("contact")
    agrees(fitted(fit_ordinal(data.counts, warm, nominal=contact)), WINE["nominal_contact"])
    agrees(fitted(fit_ordinal(data.counts, warm, scale=contact)), WINE["scale_contact"])


def test_limits() -> None:
    """Profile limits agree to R's interpolation, Wald limits exactly."""
    data = tasting()
    fit = fitted(fit_ordinal(data.counts, data.design("temp", "contact")))
    profile = np.stack(profile_limits(fit, fit.names[-2:]), axis=1)
    np.testing.assert_allclose(profile, WINE["ci_profile"]["values"], rtol=0, atol=1e-4)
    wald = np.stack(wald_limits(fit), axis=1)
    np.testing.assert_allclose(wald, WINE["ci_wald"]["values"], rtol=0, atol=1e-7)


@pytest.mark.parametrize(("kind", "bound"), [("nominal_test", 1e-7), ("scale_test", 1e-9)])
def test_assumptions(kind: str, bound: float) -> None:
    """Both tests agree term by term, also where an effect by threshold is infinite."""
    data, result = tasting(), WINE[kind]
    fit = fitted(fit_ordinal(data.counts, data.design("temp", "contact")))
    found = proportional_odds_test(fit) if kind == "nominal_test" else scale_test(fit)
    for at, ratio in enumerate(found, start=1):
        assert isinstance(ratio, LikelihoodRatio)
        assert ratio.term == result["terms"][at]
        assert ratio.log_likelihood == pytest.approx(result["logLik"][at], abs=bound)
        assert ratio.degrees == result["df"][at]
        assert ratio.p_value == pytest.approx(result["p"][at], abs=bound)


def test_models_are_compared_by_likelihood_ratio() -> None:
    """The test of contact agrees with R's anova."""
    data, result = tasting(), WINE["lr_temp_vs_tempcontact"]
    wide = fitted(fit_ordinal(data.counts, data.design("temp", "contact")))
    ratio = likelihood_ratio(fitted(fit_ordinal(data.counts, data.design("temp"))), wide)
    assert ratio.degrees == result["df"]
    assert ratio.statistic == pytest.approx(result["LR"])
    assert ratio.p_value == pytest.approx(result["p"])


def _compare(found: Estimates, rows: list[dict[str, Any]], name: str) -> None:
    def column(field: str) -> FloatArray:
        return np.array([row[field] for row in rows])

    low, high = delta_limits(found)
    np.testing.assert_allclose(found.value, column(name), rtol=0, atol=1e-7)
    np.testing.assert_allclose(found.standard_error, column("SE"), rtol=0, atol=1e-7)
    np.testing.assert_allclose(low, column("asymp.LCL"), rtol=0, atol=1e-7)
    np.testing.assert_allclose(high, column("asymp.UCL"), rtol=0, atol=1e-7)


def test_predictions() -> None:
    """Shares, mean class and exceedance, averaged over contact, agree with emmeans."""
    data = tasting()
    design = data.design("temp", "contact")
    fit = fitted(fit_ordinal(data.counts, design))
    shares = predicted_shares(fit, design)
    both = np.array([[label == temp for label in data.labels["temp"]] for temp in ("cold", "warm")])
    average = 0.5 * both.astype(np.float64)
    _compare(combine(np.asarray(np.kron(average, np.eye(5))), shares), WINE["emmeans_prob"], "prob")
    means = combine(average, mean_class(shares, np.arange(1.0, 6.0)))
    _compare(means, WINE["emmeans_mean_class"], "mean.class")
    above = combine(np.asarray(np.kron(average, np.eye(4))), exceedance(shares, 5))
    _compare(above, WINE["emmeans_exceedance"], "exc.prob")


def test_counts_of_housing() -> None:
    """A weighted table agrees with clm, and with polr as far as that goes."""
    data = housing()
    fit = fitted(fit_ordinal(data.counts, data.design("Infl", "Type", "Cont")))
    agrees(fit, HOUSING["clm"])
    polr = np.concatenate([numbers(HOUSING["polr"]["zeta"]), numbers(HOUSING["polr"]["coef"])])
    np.testing.assert_allclose(fit.estimate, polr, rtol=0, atol=1e-3)
    shares = predicted_shares(fit, data.design("Infl", "Type", "Cont")).value.reshape(-1, 3)
    for row in HOUSING["predicted"]:
        patterns = zip(*(data.labels[name] for name in ("Infl", "Type", "Cont")), strict=True)
        at = list(patterns).index((row["Infl"], row["Type"], row["Cont"]))
        wanted = [row[level] for level in ("Low", "Medium", "High")]
        np.testing.assert_allclose(shares[at], wanted, rtol=0, atol=1e-7)


def test_partial_proportional_odds_of_housing() -> None:
    """Effects by threshold and their test agree on a table of counts."""
    data = housing()
    location = data.design("Infl", "Type")
    fit = fitted(fit_ordinal(data.counts, location, nominal=data.design("Cont")))
    agrees(fit, HOUSING["clm_nominal_cont"])
    plain = fitted(fit_ordinal(data.counts, data.design("Infl", "Type", "Cont")))
    for at, ratio in enumerate(proportional_odds_test(plain), start=1):
        assert isinstance(ratio, LikelihoodRatio)
        assert ratio.statistic == pytest.approx(HOUSING["nominal_test"]["LRT"][at], abs=1e-7)
        assert ratio.p_value == pytest.approx(HOUSING["nominal_test"]["p"][at], abs=1e-7)


def test_interactions_of_housing() -> None:
    """Products of effects agree, and so does their test."""
    data, result = housing(), HOUSING["clm_interaction"]
    main = data.design("Infl", "Type", "Cont")
    column = {name: main.matrix[:, at] for at, name in enumerate(main.names)}
    names = [
        f"Infl={one}:Type={other}"
        for other in ("Apartment", "Atrium", "Terrace")
        for one in ("Medium", "High")
    ]
    products = [np.prod([column[part] for part in name.split(":")], axis=0) for name in names]
    wide = beside(main, effects(names, np.stack(products, axis=1)))
    fit = fitted(fit_ordinal(data.counts, wide))
    agrees(fit, result)
    ratio = likelihood_ratio(fitted(fit_ordinal(data.counts, main)), fit)
    assert ratio.p_value == pytest.approx(HOUSING["lr_interaction"]["p"], abs=1e-7)


def test_counts_of_lectures() -> None:
    """73,421 ratings in 14 departments agree as counts with R on rows."""
    names = ("service", "studage", "dept")
    data = table("07_clmm_insteval", "y", ("1", "2", "3", "4", "5"), names, "Freq")
    fit = fitted(fit_ordinal(data.counts, data.design(*names)))
    wanted = expected("07_clmm_insteval")["clm_fixed_dept"]
    assert fit.log_likelihood == pytest.approx(wanted["logLik"], rel=1e-9)
    by_name = dict(zip(fit.names, fit.estimate, strict=True))
    for name, value in wanted["coef"].items():
        ours = name if "|" in name else _ours(name)
        assert by_name[ours] == pytest.approx(value, abs=1e-7)


def _ours(name: str) -> str:
    for factor in ("service", "studage", "dept"):
        if name.startswith(factor):
            return f"{factor}={name.removeprefix(factor)}"
    raise AssertionError(name)
