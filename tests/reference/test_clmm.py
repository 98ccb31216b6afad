"""Cumulative link mixed models agree with R 4.2.2, ordinal 2022.11-16, where R is exact."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from analysis.arrays import BoolArray, FloatArray
from analysis.methods.mixed import MixedFit, fit_mixed, variance_test
from analysis.methods.mixed_blocks import Block, block
from analysis.methods.ordinal_links import Link
from tests.reference.clm_cases import Table, expected, numbers, table, wine

WINE = expected("05_clmm_wine")
LECTURES = expected("07_clmm_insteval")
NAMES = ("service", "studage", "dept")
STEP = 1e-4


def fitted(outcome: object) -> MixedFit:
    """Insist on a fit."""
    assert isinstance(outcome, MixedFit), outcome
    return outcome


def tasting(link: Link = Link.LOGIT, nodes: int = 1) -> MixedFit:
    """Fit the wine ratings with an effect for each judge."""
    data = wine("temp", "contact", "judge")
    judges = block("judge", data.labels["judge"])
    design = data.design("temp", "contact")
    return fitted(fit_mixed(data.counts, design, [judges], link=link, nodes=nodes))


def lectures() -> Table:
    """Give the ratings of lectures."""
    return table("07_clmm_insteval", "y", ("1", "2", "3", "4", "5"), NAMES, "Freq")


@pytest.mark.parametrize(
    ("case", "link", "nodes", "likelihood"),
    [
        ("laplace", Link.LOGIT, 1, 1e-9),
        # clmm's modes are a little off here; the next test shows that ours is the maximum.
        ("laplace_probit", Link.PROBIT, 1, 5e-8),
        ("nAGQ5", Link.LOGIT, 5, 1e-9),
        ("nAGQ7", Link.LOGIT, 7, 1e-9),
        ("nAGQ10", Link.LOGIT, 10, 1e-9),
        ("nAGQ20", Link.LOGIT, 20, 1e-9),
    ],
)
def test_judges(case: str, link: Link, nodes: int, likelihood: float) -> None:
    """Estimates, standard deviation, modes and their variances agree for both integrals."""
    fit, result = tasting(link, nodes), WINE[case]
    assert fit.log_likelihood == pytest.approx(result["logLik"], rel=likelihood)
    np.testing.assert_allclose(fit.estimate[:-1], numbers(result["coef"]), rtol=0, atol=2e-5)
    np.testing.assert_allclose(fit.sds, numbers(result["sd"]), rtol=0, atol=2e-5)
    np.testing.assert_allclose(fit.effects[0], numbers(result["ranef"]), rtol=0, atol=2e-5)
    variances = fit.conditional_variances[0]
    np.testing.assert_allclose(variances, numbers(result["cond_var"]), rtol=0, atol=2e-5)
    # R differences its own optimum, which it reaches to 1e-5 only.
    np.testing.assert_allclose(fit.standard_error, numbers(result["se"]), rtol=0, atol=1e-2)
    assert fit.largest_gradient < 1e-7


@pytest.mark.parametrize("link", list(Link))
def test_integral_is_what_it_says(link: Link) -> None:
    """Laplace and quadrature equal integrals computed judge by judge with SciPy."""
    near, exact = tasting(link), tasting(link, nodes=20)
    assert near.log_likelihood == pytest.approx(_integrated(near, laplace=True), abs=1e-6)
    # Cauchy tails give an integrand with shoulders, which twenty nodes do not quite follow.
    bound = 1e-4 if link is Link.CAUCHIT else 1e-6
    assert exact.log_likelihood == pytest.approx(_integrated(exact, laplace=False), abs=bound)


def _integrated(fit: MixedFit, *, laplace: bool) -> float:
    judges = fit.blocks[0]
    return sum(
        _of_one(partial(_height, fit, judges.rows == level), laplace=laplace)
        for level in range(len(judges.levels))
    )


def _height(fit: MixedFit, rows: BoolArray, standard: float) -> float:
    ground = fit.fixed.ground
    cuts = ground.place(fit.estimate[:-1])[rows] - fit.sds[0] * standard
    ends = np.zeros((cuts.shape[0], 1))
    shares = np.diff(np.hstack([ends, ground.curves.below(cuts), ends + 1]), axis=1)
    given = ground.counts[rows]
    logs = np.log(np.where(given > 0, np.maximum(shares, 1e-300), 1.0))
    return float((given * logs).sum() + stats.norm.logpdf(standard))


def _of_one(height: Callable[[float], float], *, laplace: bool) -> float:
    if not laplace:
        area = integrate.quad(lambda v: np.exp(height(v)), -9, 9, limit=200)[0]
        return float(np.log(area))
    top = optimize.minimize_scalar(lambda v: -height(v), tol=1e-12).x
    bend = (height(top + STEP) - 2 * height(top) + height(top - STEP)) / STEP**2
    return float(height(top) + np.log(2 * np.pi) / 2 - np.log(-bend) / 2)


def test_variance_of_judges() -> None:
    """The test of the variance halves the chi-square probability."""
    assert variance_test(tasting()) == pytest.approx(WINE["lr_random"]["p_half"], rel=1e-6)


def test_bottles_add_nothing_to_judges() -> None:
    """Of two crossed factors the one R gives 5e-6 comes out as 0 and is named."""
    data, result = wine("temp", "contact", "judge", "bottle"), WINE["two_crossed"]
    blocks = [block(name, data.labels[name]) for name in ("judge", "bottle")]
    fit = fitted(fit_mixed(data.counts, data.design("temp", "contact"), blocks))
    assert fit.log_likelihood == pytest.approx(result["logLik"], rel=1e-9)
    np.testing.assert_allclose(fit.estimate[:-1], numbers(result["coef"]), rtol=0, atol=5e-5)
    np.testing.assert_allclose(fit.sds, numbers(result["sd"]), rtol=0, atol=2e-5)
    assert fit.at_zero == ("bottle",)
    assert "bottle" in fit.note


def _ordered(blocks: Block, named: dict[str, float]) -> FloatArray:
    return np.array([named[level] for level in blocks.levels])


def test_departments() -> None:
    """14 departments of 73,421 ratings agree with clmm2 and lie no lower than clmm."""
    data, result = lectures(), LECTURES["clmm2_laplace"]
    departments = block("dept", data.labels["dept"])
    fit = fitted(fit_mixed(data.counts, data.design("service", "studage"), [departments]))
    for log_likelihood in (result["logLik"], LECTURES["clmm_rows"]["logLik"]):
        assert fit.log_likelihood >= log_likelihood - 1e-3
        assert fit.log_likelihood == pytest.approx(log_likelihood, rel=1e-6)
    wanted = np.concatenate([numbers(result["thresholds"]), numbers(result["beta"])])
    np.testing.assert_allclose(fit.estimate[:-1], wanted, rtol=0, atol=1e-5)
    assert fit.sds[0] == pytest.approx(result["sd"], abs=1e-5)
    modes = _ordered(fit.blocks[0], result["ranef"])
    np.testing.assert_allclose(fit.effects[0], modes, rtol=0, atol=1e-5)
    variances = dict(zip(result["ranef"], result["cond_var"], strict=True))
    wanted = _ordered(fit.blocks[0], variances)
    np.testing.assert_allclose(fit.conditional_variances[0], wanted, rtol=0, atol=1e-6)
    np.testing.assert_allclose(fit.standard_error, numbers(result["se"]), rtol=0, atol=1e-4)


def test_quadrature_of_large_groups_is_finite() -> None:
    """Adaptive quadrature holds with thousands of ratings a department, where clmm overflows."""
    data = lectures()
    departments = block("dept", data.labels["dept"])
    design = data.design("service", "studage")
    fit = fitted(fit_mixed(data.counts, design, [departments], nodes=10))
    assert fit.log_likelihood == pytest.approx(LECTURES["clmm2_laplace"]["logLik"], abs=0.01)
    assert fit.sds[0] == pytest.approx(LECTURES["clmm2_laplace"]["sd"], abs=1e-4)
