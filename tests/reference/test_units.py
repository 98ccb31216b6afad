"""Agreement and partial pooling of units agree with multilevel 2.7 and lme4 1.1-31."""

from typing import Any

import numpy as np
import pytest

from analysis.arrays import FloatArray, IntArray
from analysis.methods.mixed_blocks import Block, block
from analysis.methods.mixed_means import PooledMeans, pool_means
from analysis.methods.ordinal_design import effects
from analysis.methods.units import UnitReliability, agreement_within, unit_reliability
from tests.reference.clm_cases import expected, numbers, records

CASE = "16_units_shrinkage"
RESULT = expected(CASE)
ITEMS = [f"LEAD{number:02}" for number in range(1, 12)]


def soldiers() -> tuple[IntArray, FloatArray, Block, dict[str, FloatArray]]:
    """Give one row of counts for each soldier: well-being, unit, covariates."""
    rows = records(CASE, "bh1996.csv")
    values, at = np.unique([float(row["WBEING"]) for row in rows], return_inverse=True)
    counts = np.zeros((len(rows), values.size), dtype=np.int64)
    counts[np.arange(len(rows)), at] = 1
    covariates = {
        name: np.array([float(row[name]) for row in rows]) for name in ("HRS", "LEAD", "COHES")
    }
    return counts, values, block("unit", [row["GRP"] for row in rows]), covariates


def pooled(outcome: object) -> PooledMeans:
    """Insist on a fit."""
    assert isinstance(outcome, PooledMeans), outcome
    return outcome


def _by_unit(counts: IntArray, units: Block) -> IntArray:
    table = np.zeros((len(units.levels), counts.shape[1]), dtype=np.int64)
    np.add.at(table, units.rows, counts)
    return table


def _ordered(units: Block, named: dict[str, float]) -> FloatArray:
    return np.array([named[level] for level in units.levels])


def test_reliability_of_units() -> None:
    """ICC(1) and ICC(2) agree with multilevel."""
    counts, values, units, _ = soldiers()
    found = unit_reliability(_by_unit(counts, units), values)
    assert isinstance(found, UnitReliability)
    assert found.icc1 == pytest.approx(RESULT["ICC1"], abs=1e-8)
    assert found.icc2 == pytest.approx(RESULT["ICC2"], abs=1e-8)
    assert found.units == 99


def test_agreement_on_leadership() -> None:
    """r_wg(j) of eleven items agrees in all 49 companies."""
    rows = records(CASE, "lq2002.csv")
    companies = block("company", [row["COMPID"] for row in rows])
    counts = np.zeros((len(companies.levels), len(ITEMS), 5), dtype=np.int64)
    for company, row in zip(companies.rows, rows, strict=True):
        for at, item in enumerate(ITEMS):
            counts[company, at, int(row[item]) - 1] += 1
    found = agreement_within(counts, np.arange(1.0, 6.0))
    wanted = {row["grpid"]: row["rwg.j"] for row in RESULT["rwgj_lq2002"]}
    np.testing.assert_allclose(found, _ordered(companies, wanted), rtol=0, atol=1e-8)


def _compare(fit: PooledMeans, result: dict[str, Any]) -> None:
    np.testing.assert_allclose(fit.estimate, numbers(result["fixef"]), rtol=0, atol=1e-5)
    errors = np.sqrt(np.diagonal(fit.covariance))
    np.testing.assert_allclose(errors, numbers(result["se"]), rtol=0, atol=1e-5)
    assert fit.sd_units == pytest.approx(result["sd_group"], abs=1e-5)
    assert fit.sd_answers == pytest.approx(result["sd_resid"], abs=1e-5)
    assert fit.log_likelihood == pytest.approx(result["logLik"], abs=1e-5)


def test_variance_components() -> None:
    """REML, full likelihood and a model with covariates agree with lmer."""
    counts, values, units, covariates = soldiers()
    design = effects(list(covariates), np.stack(list(covariates.values()), axis=1))
    _compare(pooled(pool_means(counts, values, units)), RESULT["lmer_null_REML"])
    full = pool_means(counts, values, units, restricted=False)
    _compare(pooled(full), RESULT["lmer_null_ML"])
    _compare(pooled(pool_means(counts, values, units, design)), RESULT["lmer_covariates"])


def test_pooled_means() -> None:
    """Deviations, their standard deviations and reliabilities agree with lmer."""
    counts, values, units, _ = soldiers()
    fit = pooled(pool_means(_by_unit(counts, units), values, block("unit", units.levels)))
    reliability = {row["GRP"]: row["rel"] for row in RESULT["unit_reliability"]}
    for found, wanted in (
        (fit.deviation, RESULT["blup"]),
        (fit.conditional_sd, RESULT["blup_sd"]),
        (fit.reliability, reliability),
    ):
        np.testing.assert_allclose(found, _ordered(units, wanted), rtol=0, atol=1e-5)
