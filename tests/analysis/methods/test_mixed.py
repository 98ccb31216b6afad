"""Cumulative link mixed models and pooled means: gradients, invariances, bounds, coverage."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.arrays import FloatArray, IntArray
from analysis.errors import MethodError
from analysis.methods.mixed import MixedFit, fit_mixed, variance_test
from analysis.methods.mixed_blocks import Block, block, crossed, curvature, leverage
from analysis.methods.mixed_effects import (
    effects_against_average,
    fixed_effects,
    joint_estimates,
    predicted_mixed_shares,
)
from analysis.methods.mixed_likelihood import Marginal, marginal, sensitivity
from analysis.methods.mixed_means import PooledMeans, means_against_average, pool_means
from analysis.methods.mixed_modes import Blocks
from analysis.methods.ordinal import OrdinalFit, fit_ordinal
from analysis.methods.ordinal_design import Design, factors, no_effects, pick
from analysis.methods.ordinal_links import Link
from analysis.methods.ordinal_predictions import combine, delta_limits, predicted_shares
from analysis.methods.outcomes import CannotTell

CUTS = np.array([-2.0, -0.7, 0.6, 2.0])
SCORES = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
TABLES = hnp.arrays(np.int64, (12, 3), elements=st.integers(1, 15))


def draw(attitude: FloatArray, size: int, rng: np.random.Generator) -> IntArray:
    """Draw five-point answers of people with a logistic attitude."""
    below = 1 / (1 + np.exp(-(CUTS - attitude[:, None])))
    ends = np.zeros((attitude.size, 1))
    return rng.multinomial(size, np.diff(np.hstack([ends, below, ends + 1])))


class City:
    """Units that answer in several phases, with effects by chance."""

    def __init__(self, units: int, phases: int) -> None:
        self.unit, self.phase = (
            np.repeat(np.arange(units), phases),
            np.tile(np.arange(phases), units),
        )
        labels = [f"u{at}" for at in self.unit], [f"p{at}" for at in self.phase]
        self.units, self.cells = block("unit", labels[0]), crossed("unit x phase", *labels)
        self.design: Design = factors({"phase": labels[1]})

    def answers(
        self, sds: tuple[float, float], size: int, rng: np.random.Generator
    ) -> tuple[IntArray, FloatArray]:
        """Draw answers, and the effects of the units behind them."""
        effects = rng.normal(0, sds[0], len(self.units.levels))
        noise = rng.normal(0, sds[1], self.unit.size)
        return draw(0.3 * self.phase + effects[self.unit] + noise, size, rng), effects


def fitted(outcome: object) -> MixedFit:
    """Insist on a fit."""
    assert isinstance(outcome, MixedFit), outcome
    return outcome


def reason(outcome: object) -> str:
    """Insist that the answers do not tell."""
    assert isinstance(outcome, CannotTell), outcome
    return outcome.reason


def _problem(link: Link, nodes: int, *names: str) -> tuple[Blocks, FloatArray]:
    city = City(8, 3)
    counts, _ = city.answers((0.7, 0.4), 12, np.random.default_rng(2))
    fixed = fit_ordinal(counts, city.design, link=link)
    assert isinstance(fixed, OrdinalFit)
    all_blocks = {"cells": city.cells, "units": city.units, "crossed": block("p", ["a", "b"] * 12)}
    blocks = tuple(all_blocks[name] for name in names)
    start = np.concatenate([fixed.estimate, np.log([0.8, 0.5, 0.3])[: len(blocks)]])
    return Blocks(fixed.ground, blocks, nodes), start


def _at(problem: Blocks, point: FloatArray) -> Marginal:
    found = marginal(problem, point, np.zeros(sum(len(each.levels) for each in problem.blocks)))
    assert found is not None
    return found


@pytest.mark.parametrize("link", [Link.LOGIT, Link.PROBIT, Link.CLOGLOG, Link.CAUCHIT])
@pytest.mark.parametrize(
    ("nodes", "names"),
    [
        (1, ("units",)),
        (2, ("units",)),
        (7, ("units",)),
        (1, ("cells", "units")),
        (1, ("cells", "units", "crossed")),
    ],
)
def test_gradient_is_exact(link: Link, nodes: int, names: tuple[str, ...]) -> None:
    """The gradient of Laplace and of quadrature agrees with differences of their values."""
    problem, point = _problem(link, nodes, *names)
    here, step = _at(problem, point), 1e-5
    for at in range(point.size):
        moved = np.zeros(point.size)
        moved[at] = step
        rise = _at(problem, point + moved).value - _at(problem, point - moved).value
        assert here.gradient[at] == pytest.approx(rise / (2 * step), abs=2e-6)


def test_modes_move_as_told() -> None:
    """How random effects follow the parameters agrees with differences."""
    problem, point = _problem(Link.LOGIT, 1, "cells", "units")
    fixed, step = problem.ground.cuts.shape[2], 1e-5
    here, sds = _at(problem, point), np.exp(point[fixed:])
    told = sensitivity(problem, problem.ground.place(point[:fixed]), sds, here.modes)
    for at in range(point.size):
        moved = np.zeros(point.size)
        moved[at] = step
        ends = [_effects(problem, point + sign * moved) for sign in (1, -1)]
        np.testing.assert_allclose(told[:, at], (ends[0] - ends[1]) / (2 * step), atol=1e-7)


def _effects(problem: Blocks, point: FloatArray) -> FloatArray:
    sds = np.exp(point[problem.ground.cuts.shape[2] :])
    per_level = np.repeat(sds, [len(each.levels) for each in problem.blocks])
    effects: FloatArray = per_level * _at(problem, point).modes.standard
    return effects


def test_curvature_is_that_of_the_dense_matrix() -> None:
    """Determinant, solution, inverse and leverage equal those of the matrix written out."""
    problem, _ = _problem(Link.LOGIT, 1, "cells", "units", "crossed")
    rng = np.random.default_rng(1)
    sds: FloatArray = np.array([0.8, 0.5, 0.3])
    weights = rng.uniform(1, 9, (problem.ground.counts.shape[0],))
    columns = [
        sd * (each.rows[:, None] == np.arange(len(each.levels)))
        for each, sd in zip(problem.blocks, sds, strict=True)
    ]
    spread = np.hstack(columns)
    dense = np.eye(spread.shape[1]) + spread.T @ (weights[:, None] * spread)
    shape = curvature(problem.blocks, sds, weights)
    assert shape is not None
    inverse = np.linalg.inv(dense)
    assert shape.log_determinant == pytest.approx(np.linalg.slogdet(dense)[1])
    np.testing.assert_allclose(shape.inverse(), inverse, atol=1e-12)
    lever = leverage(problem.blocks, sds, shape)
    np.testing.assert_allclose(lever.levels, np.diagonal(inverse), atol=1e-12)
    by_row = np.einsum("il,lm,im->i", spread, inverse, spread)
    np.testing.assert_allclose(lever.rows, by_row, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(TABLES, st.permutations(range(12)))
def test_order_and_names_of_units_change_nothing(counts: IntArray, order: list[int]) -> None:
    """Units under other names and in another order have the same effects."""
    city = City(6, 2)
    one = fit_mixed(counts, city.design, [city.units])
    names = [f"x{city.unit[at]}" for at in order]
    other = fit_mixed(counts[order], pick(city.design, np.array(order)), [block("unit", names)])
    if isinstance(one, CannotTell) or isinstance(other, CannotTell):
        assert isinstance(one, CannotTell) == isinstance(other, CannotTell)
        return
    assert other.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-6)
    effects = dict(zip(other.blocks[0].levels, other.effects[0], strict=True))
    for level, effect in zip(one.blocks[0].levels, one.effects[0], strict=True):
        assert effects[f"x{level.removeprefix('u')}"] == pytest.approx(effect, abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(TABLES)
def test_splitting_and_mirroring(counts: IntArray) -> None:
    """Rows split in two change nothing; categories mirrored turn every sign."""
    city, half = City(6, 2), counts // 2
    one = fit_mixed(counts, city.design, [city.units])
    twice = np.concatenate([np.arange(12)] * 2)
    labels = [f"u{city.unit[at]}" for at in twice]
    parts = fit_mixed(
        np.vstack([half, counts - half]), pick(city.design, twice), [block("unit", labels)]
    )
    mirrored = fit_mixed(counts[:, ::-1], city.design, [city.units])
    if isinstance(one, CannotTell):
        return
    assert fitted(parts).log_likelihood == pytest.approx(one.log_likelihood, abs=1e-6)
    np.testing.assert_allclose(fitted(parts).effects[0], one.effects[0], atol=1e-4)
    np.testing.assert_allclose(fitted(mirrored).effects[0], -one.effects[0], atol=1e-4)
    np.testing.assert_allclose(fitted(mirrored).sds, one.sds, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(hnp.arrays(np.int64, (8, 3), elements=st.integers(0, 2)), st.sampled_from(list(Link)))
def test_any_counts_give_numbers_or_a_reason(counts: IntArray, link: Link) -> None:
    """Sparse tables give finite numbers or a whole sentence, never nan, never a warning."""
    city = City(4, 2)
    fit = fit_mixed(counts, city.design, [city.units, city.cells], link=link)
    if isinstance(fit, CannotTell):
        assert fit.reason.endswith(".")
        return
    assert np.isfinite(fit.estimate).all()
    assert np.isfinite(fit.covariance).all()
    assert fit.log_likelihood >= fit.fixed.log_likelihood - 1e-6
    assert np.isfinite(effects_against_average(fit, "unit").standard_error).all()


def test_no_variance_falls_back_and_says_so() -> None:
    """Units that answer alike give the model without random effects, with a note."""
    city = City(5, 2)
    counts = np.tile([[4, 6, 5], [3, 6, 6]], (5, 1))
    fit = fitted(fit_mixed(counts, city.design, [city.units, city.cells]))
    plain = fit_ordinal(counts, city.design)
    assert isinstance(plain, OrdinalFit)
    assert fit.is_ordinal_only
    assert fit.at_zero == ("unit", "unit x phase")
    assert "beyond chance" in fit.note
    np.testing.assert_array_equal(fit.estimate, plain.estimate)
    np.testing.assert_array_equal(fit.covariance, plain.covariance)
    assert not effects_against_average(fit, "unit").standard_error.any()
    one = fitted(fit_mixed(counts, city.design, [city.units]))
    assert variance_test(one) == 1


def test_tiny_variance_of_many_answers_is_kept() -> None:
    """A standard deviation of 0.02 is no zero if a hundred million answers show it."""
    city = City(40, 1)
    exact = np.random.default_rng(3).normal(0, 0.02, 40)
    counts = draw(exact, 2_500_000, np.random.default_rng(5))
    fit = fitted(fit_mixed(counts, no_effects(40), [city.units]))
    assert fit.at_zero == ()
    assert fit.sds[0] == pytest.approx(exact.std(), rel=0.05)


def test_variances_and_effects_are_found() -> None:
    """With many answers the effects of units and both standard deviations come out."""
    city, rng = City(60, 4), np.random.default_rng(8)
    counts, effects = city.answers((0.6, 0.3), 400, rng)
    fit = fitted(fit_mixed(counts, city.design, [city.units, city.cells]))
    assert fit.sds[0] == pytest.approx(0.6, abs=0.12)
    assert fit.sds[1] == pytest.approx(0.3, abs=0.05)
    assert np.corrcoef(fit.effects[0], effects)[0, 1] > 0.9
    assert fit.note == ""
    assert fit.largest_gradient < 1e-5


def test_quadrature_confirms_laplace() -> None:
    """With twenty answers a level both integrals give nearly the same."""
    city = City(30, 2)
    counts, _ = city.answers((0.6, 0.0), 20, np.random.default_rng(4))
    near = fitted(fit_mixed(counts, city.design, [city.units]))
    exact = fitted(fit_mixed(counts, city.design, [city.units], nodes=9))
    np.testing.assert_allclose(near.estimate, exact.estimate, atol=0.01)
    finer = fitted(fit_mixed(counts, city.design, [city.units], nodes=15))
    assert exact.log_likelihood == pytest.approx(finer.log_likelihood, abs=1e-6)


def test_empty_units_and_categories_are_left_out() -> None:
    """A unit without answers has no effect; an empty category joins its neighbour."""
    city = City(6, 2)
    counts, _ = city.answers((0.9, 0.0), 30, np.random.default_rng(6))
    counts[:, 1] += counts[:, 2]
    counts[:, 2] = 0
    counts[4:6] = 0
    fit = fitted(fit_mixed(counts, city.design, [city.units]))
    assert fit.blocks[0].levels == ("u0", "u1", "u3", "u4", "u5")
    assert fit.fixed.merged == ((2, 3),)


def test_predictions_of_a_typical_and_of_a_single_unit() -> None:
    """A typical unit stands at the centre; a unit's own shares lie between it and the raw ones."""
    city = City(12, 1)
    counts, _ = city.answers((1.0, 0.0), 25, np.random.default_rng(9))
    fit = fitted(fit_mixed(counts, no_effects(12), [city.units]))
    row = no_effects(1)
    typical = predicted_mixed_shares(fit, row)
    cuts = fit.fixed.ground.curves.below(fit.estimate[:4])
    np.testing.assert_allclose(np.cumsum(typical.value)[:4], cuts, atol=1e-12)
    top = int(np.argmax(fit.effects[0]))
    own = predicted_mixed_shares(fit, row, {"unit": np.array([top])})
    raw = counts[top] / 25
    assert typical.value @ SCORES < own.value @ SCORES < raw @ SCORES
    low, high = delta_limits(own, ends=(0.0, 1.0))
    assert (low <= own.value).all()
    assert (own.value <= high).all()


def test_zero_variance_predicts_as_the_plain_model() -> None:
    """Without variance, shares and their errors are those of the model without units."""
    city = City(5, 2)
    counts = np.tile([[4, 6, 5], [3, 6, 6]], (5, 1))
    fit, plain = fit_mixed(counts, city.design, [city.units]), fit_ordinal(counts, city.design)
    assert isinstance(plain, OrdinalFit)
    mixed, simple = (
        predicted_mixed_shares(fitted(fit), city.design),
        predicted_shares(plain, city.design),
    )
    np.testing.assert_allclose(mixed.value, simple.value)
    np.testing.assert_allclose(mixed.standard_error, simple.standard_error)


def test_what_cannot_be_told() -> None:
    """One unit, blocks that group rows alike and one category are named."""
    city, phase = City(1, 4), City(4, 1)
    counts, _ = city.answers((0.0, 0.0), 30, np.random.default_rng(1))
    assert "Only one unit" in reason(fit_mixed(counts, no_effects(4), [city.units]))
    alike = fit_mixed(counts, no_effects(4), [phase.units, phase.cells])
    assert "one phase only" in reason(alike)
    flat = np.zeros_like(counts)
    flat[:, 2] = 9
    assert "Nothing can be compared" in reason(fit_mixed(flat, no_effects(4), [phase.units]))


def test_what_cannot_be_right_is_refused() -> None:
    """Wrong blocks, names, levels and nodes raise errors that say how to mend them."""
    city = City(5, 2)
    counts, _ = city.answers((0.9, 0.5), 30, np.random.default_rng(1))
    fit = partial(fit_mixed, counts, city.design)
    with pytest.raises(MethodError, match="needs random effects"):
        fit([])
    with pytest.raises(MethodError, match="share a name"):
        fit([city.units, city.units])
    with pytest.raises(MethodError, match="one block"):
        fit([city.units, city.cells], nodes=5)
    with pytest.raises(MethodError, match="rows"):
        fit([Block("unit", ("a", "b"), np.array([0, 1]))])
    both = fitted(fit([city.units, city.cells]))
    with pytest.raises(MethodError, match="one block"):
        variance_test(both)
    with pytest.raises(MethodError, match="No random effects"):
        effects_against_average(both, "team")
    with pytest.raises(MethodError, match="same order"):
        predicted_mixed_shares(both, no_effects(1))
    with pytest.raises(MethodError, match="needs a level"):
        predicted_mixed_shares(both, city.design, {"unit": np.full(10, 7)})


def test_joint_covariance_holds_both_parts() -> None:
    """Effects keep their covariance; a unit's own variance is above the conditional one."""
    city = City(12, 2)
    counts, _ = city.answers((0.8, 0.0), 25, np.random.default_rng(7))
    fit = fitted(fit_mixed(counts, city.design, [city.units]))
    joint, count = joint_estimates(fit), fit.fixed.estimate.size
    fixed = fixed_effects(fit)
    np.testing.assert_array_equal(joint.covariance[:count, :count], fixed.covariance)
    assert (np.linalg.eigvalsh(joint.covariance) > 0).all()
    own = np.diagonal(joint.covariance)[count:]
    assert (own > fit.conditional_variances[0]).all()
    against = effects_against_average(fit, "unit")
    assert against.value.sum() == pytest.approx(0, abs=1e-12)


def test_pooled_means_draw_in_what_is_uncertain() -> None:
    """A small unit is drawn in further than a large one with the same answers."""
    counts = np.array([[1, 1, 2, 4, 2], [40, 90, 50, 15, 5], [10, 10, 20, 40, 20], [5, 5, 9, 4, 2]])
    counts = np.vstack([counts, 10 * counts[:1]])
    fit = pool_means(counts, SCORES, block("unit", ["a", "b", "c", "d", "e"]))
    assert isinstance(fit, PooledMeans)
    small, large = fit.deviation[0], fit.deviation[4]
    assert 0 < small < large
    assert fit.reliability[0] < fit.reliability[4] < 1
    low, high = delta_limits(means_against_average(fit))
    assert (low < high).all()


def test_pooled_means_without_variance_between_units() -> None:
    """Units with the same answers have no deviation, and their common mean is the mean."""
    counts = np.tile([[1, 2, 4, 2, 1]], (4, 1))
    fit = pool_means(counts, SCORES, block("unit", ["a", "b", "c", "d"]))
    assert isinstance(fit, PooledMeans)
    assert fit.sd_units == 0
    assert not fit.deviation.any()
    assert fit.estimate[0] == pytest.approx(50)


def test_pooling_needs_units_and_spread() -> None:
    """One unit, no answers or no spread within units is no basis; wrong rows are refused."""
    alike = np.array([[0, 3, 0], [0, 0, 4]])
    two, values = block("unit", ["a", "b"]), np.array([0.0, 50.0, 100.0])
    assert "Pooling needs" in reason(pool_means(alike, values, two))
    assert "Pooling needs" in reason(pool_means(0 * alike, values, two))
    one = block("unit", ["a", "a"])
    assert "Pooling needs" in reason(pool_means(np.array([[1, 2, 1], [2, 2, 2]]), values, one))
    same = factors({"phase": ["x", "y"], "site": ["x", "y"]})
    assert "apart" in reason(pool_means(np.array([[1, 2, 1], [2, 2, 2]]), values, two, same))
    with pytest.raises(MethodError, match="same rows"):
        pool_means(alike, values, block("unit", ["a", "b", "c"]))
    with pytest.raises(MethodError, match="a value"):
        pool_means(alike, values[:2], two)


@pytest.mark.slow
def test_coverage_with_noise_by_unit_and_phase() -> None:
    """Limits of phase contrasts and of units against the average cover 93 to 97 %."""
    city, rng, runs = City(30, 3), np.random.default_rng(17), 120
    inside: dict[str, list[bool]] = {"phase": [], "plain": [], "unit": []}
    for _ in range(runs):
        counts, effects = city.answers((0.5, 0.3), 25, rng)
        fit = fitted(fit_mixed(counts, city.design, [city.units, city.cells]))
        fixed = fixed_effects(fit)
        contrasts = np.zeros((3, fixed.value.size))
        contrasts[:, 4:6] = [[1, 0], [0, 1], [-1, 1]]
        truth = np.array([0.3, 0.6, 0.3])
        low, high = delta_limits(combine(contrasts, fixed))
        inside["phase"] += ((low <= truth) & (truth <= high)).tolist()
        plain = np.sqrt(np.diagonal(fit.fixed.covariance))[4:6]
        off = np.abs(fit.fixed.estimate[4:6] - truth[:2])
        inside["plain"] += (off <= 1.96 * plain).tolist()
        low, high = delta_limits(effects_against_average(fit, "unit"))
        truth = effects - effects.mean()
        inside["unit"] += ((low <= truth) & (truth <= high)).tolist()
    cover = {name: float(np.mean(each)) for name, each in inside.items()}
    assert 0.93 <= cover["phase"] <= 0.97, cover
    assert 0.93 <= cover["unit"] <= 0.97, cover
    assert cover["plain"] < 0.92, cover
