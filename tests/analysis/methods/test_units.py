"""Agreement and reliability of units, and the lowest fifth in place of ranks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.arrays import IntArray
from analysis.errors import MethodError
from analysis.methods.ordinal_predictions import Estimates
from analysis.methods.outcomes import CannotTell
from analysis.methods.units import (
    UnitReliability,
    agreement_within,
    chance_variance,
    lowest_fifth_probability,
    unit_reliability,
)

VALUES = np.arange(1.0, 6.0)


def estimates(*values: float, sd: float) -> Estimates:
    """Give independent estimates of one standard error."""
    count = len(values)
    return Estimates(np.array(values), np.eye(count), sd**2 * np.eye(count))


def reliability(counts: IntArray) -> UnitReliability:
    """Insist on a reliability."""
    found = unit_reliability(counts, VALUES)
    assert isinstance(found, UnitReliability)
    return found


def test_units_that_agree_within_and_differ_between() -> None:
    """Units of one mind each, but not the same, are told apart perfectly."""
    found = reliability(np.array([[5, 0, 0, 0, 0], [0, 0, 0, 0, 5], [0, 0, 5, 0, 0]]))
    assert (found.icc1, found.icc2) == (1, 1)


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.int64, (5, 5), elements=st.integers(0, 9)), st.permutations(range(5)))
def test_reliability_of_any_units(counts: IntArray, order: list[int]) -> None:
    """Order, empty units and the end of the scale do not matter; ICCs stay within bounds."""
    found = unit_reliability(counts, VALUES)
    other = unit_reliability(np.vstack([counts[order], np.zeros((1, 5), dtype=np.int64)]), VALUES)
    mirrored = unit_reliability(counts[:, ::-1], VALUES)
    if isinstance(found, CannotTell):
        assert isinstance(other, CannotTell)
        return
    assert found.icc1 <= 1 + 1e-12
    for each in (other, mirrored):
        assert isinstance(each, UnitReliability)
        assert each.icc1 == pytest.approx(found.icc1, abs=1e-9)
        assert each.units == found.units


@pytest.mark.parametrize(
    "counts", [[[0, 3, 4, 0, 0]], [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], [[1, 2, 1, 0, 0]] * 2]
)
def test_reliability_that_cannot_be_told(counts: list[list[int]]) -> None:
    """One unit, single answers and equal means give a reason."""
    assert isinstance(unit_reliability(np.array(counts), VALUES), CannotTell)


def test_agreement_runs_from_chance_to_unanimity() -> None:
    """Ticking at random is no agreement, one voice is full, a split is none rather than less."""
    flat, split, voice = [20] * 5, [50, 0, 0, 0, 50], [0, 0, 0, 100, 0]
    counts = np.array([[flat, flat], [split, split], [voice, voice], [[1, 0, 0, 0, 0], voice]])
    found = agreement_within(counts, VALUES)
    assert found[0] == pytest.approx(0, abs=0.02)
    assert (found[1], found[2]) == (0, 1)
    assert np.isnan(found[3])
    assert chance_variance(VALUES) == 2


def test_agreement_rises_with_items() -> None:
    """The same agreement on each item counts for more on more items (Spearman and Brown)."""
    item = [2, 8, 20, 8, 2]
    one, four = (agreement_within(np.array([[item] * n]), VALUES)[0] for n in (1, 4))
    assert four == pytest.approx(4 * one / (1 + 3 * one))


def test_lowest_fifth_of_units_that_do_not_differ() -> None:
    """Equal units have equal chances, also if there is no uncertainty at all."""
    for sd in (0.0, 1.0):
        found = lowest_fifth_probability(estimates(*[0.0] * 10, sd=sd), np.random.default_rng(1))
        np.testing.assert_allclose(found, 0.2, atol=0.015)


def test_lowest_fifth_of_units_that_differ() -> None:
    """A unit far below is certain to be in it; the same seed gives the same probabilities."""
    units = estimates(-9.0, 0.0, 0.1, 0.2, 0.3, sd=0.5)
    found = lowest_fifth_probability(units, np.random.default_rng(1))
    assert found[0] == 1
    assert found.sum() == pytest.approx(1)
    np.testing.assert_array_equal(found, lowest_fifth_probability(units, np.random.default_rng(1)))


def test_correlated_errors_are_kept() -> None:
    """An error that all units share moves no one into the lowest fifth."""
    shared = Estimates(np.array([0.0, 0.1, 0.2, 0.3, 0.4]), np.ones((5, 1)), np.array([[4.0]]))
    found = lowest_fifth_probability(shared, np.random.default_rng(1))
    np.testing.assert_array_equal(found, [1, 0, 0, 0, 0])


def test_what_cannot_be_right_is_refused() -> None:
    """Negative counts, missing values, no chance variance and single units are errors."""
    rng = np.random.default_rng(1)
    with pytest.raises(MethodError, match="below 0"):
        unit_reliability(np.array([[-1, 2]]), VALUES[:2])
    with pytest.raises(MethodError, match="a value"):
        unit_reliability(np.array([[1, 2]]), VALUES)
    with pytest.raises(MethodError, match="above 0"):
        agreement_within(np.ones((1, 1, 2), dtype=np.int64), np.array([3.0, 3.0]))
    with pytest.raises(MethodError, match="two units"):
        lowest_fifth_probability(estimates(1.0, sd=1.0), rng)
