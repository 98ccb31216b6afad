"""Limits of shares agree with R 4.2.2 (golden case 18) and with statsmodels."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.arrays import FloatArray, IntArray
from analysis.methods.shares import hypergeometric_limits, wilson_limits

GOLDEN = Path(__file__).parent / "golden" / "18_proportion_intervals" / "expected.json"
CASES = json.loads(GOLDEN.read_text(encoding="utf-8"))
TOLERANCE = 1e-10

Limits = Callable[[IntArray, IntArray, IntArray], tuple[FloatArray, FloatArray]]


def _column(name: str) -> IntArray:
    return np.array([case[name] for case in CASES], dtype=np.int64)


@pytest.mark.parametrize(
    ("expected", "limits"),
    [
        ("wilson", lambda x, n, _: wilson_limits(x, n)),
        ("wilson_fpc", wilson_limits),
        ("hypergeometric_exact", hypergeometric_limits),
    ],
)
def test_limits_agree_with_r(expected: str, limits: Limits) -> None:
    """Every case of the grid agrees with R to ten decimals."""
    low, high = limits(_column("x"), _column("n"), _column("N"))
    wanted = np.array([case[expected] for case in CASES])
    np.testing.assert_allclose(np.stack([low, high], axis=1), wanted, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_agrees_with_statsmodels(level: float) -> None:
    """Wilson's limits agree with statsmodels at other levels too."""
    x, n = _column("x"), _column("n")
    wanted = proportion_confint(x, n, alpha=1 - level, method="wilson")
    np.testing.assert_allclose(wilson_limits(x, n, level=level), wanted, rtol=0, atol=TOLERANCE)
