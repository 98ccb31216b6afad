"""Cumulative link models: what holds for any counts, and what is said when they hold too little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize

from analysis.arrays import FloatArray, IntArray
from analysis.errors import MethodError
from analysis.methods.ordinal import OrdinalFit, fit_ordinal
from analysis.methods.ordinal_assumptions import (
    LikelihoodRatio,
    likelihood_ratio,
    proportional_odds_test,
    scale_test,
)
from analysis.methods.ordinal_design import Design, beside, effects, factors, no_effects, pick
from analysis.methods.ordinal_likelihood import by_cuts, by_shift
from analysis.methods.ordinal_limits import profile_limits, wald_limits
from analysis.methods.ordinal_links import Link, distribution
from analysis.methods.ordinal_predictions import (
    combine,
    delta_limits,
    exceedance,
    mean_class,
    predicted_shares,
)
from analysis.methods.ordinal_thresholds import Thresholds, threshold_matrix, threshold_names
from analysis.methods.outcomes import CannotTell

UNITS = ("parks", "water", "night")
PHASES = ("before", "after")
ROWS = [(unit, phase) for unit in UNITS for phase in PHASES]
DESIGN = factors({"phase": [phase for _, phase in ROWS], "unit": [unit for unit, _ in ROWS]})
CUTS = np.array([-2.0, -0.7, 0.6, 2.0])
MIRROR = {
    Link.LOGIT: Link.LOGIT,
    Link.PROBIT: Link.PROBIT,
    Link.CLOGLOG: Link.LOGLOG,
    Link.LOGLOG: Link.CLOGLOG,
}
TABLES = hnp.arrays(np.int64, (len(ROWS), 4), elements=st.integers(1, 40))
ANY_TABLE = hnp.arrays(np.int64, (len(ROWS), 4), elements=st.integers(0, 3))


def fitted(outcome: object) -> OrdinalFit:
    """Insist on a fit."""
    assert isinstance(outcome, OrdinalFit), outcome
    return outcome


def reason(outcome: object) -> str:
    """Insist that the answers do not tell."""
    assert isinstance(outcome, CannotTell), outcome
    return outcome.reason


def draw(attitude: FloatArray, size: int, rng: np.random.Generator) -> IntArray:
    """Draw five-point answers of people with a logistic attitude."""
    below = 1 / (1 + np.exp(-(CUTS - attitude[:, None])))
    ends = np.zeros((attitude.size, 1))
    return rng.multinomial(size, np.diff(np.hstack([ends, below, ends + 1])))


@pytest.mark.parametrize("link", list(Link))
def test_derivatives_of_links(link: Link) -> None:
    """Density, slope and bend are the derivatives they claim to be; the quantile inverts."""
    curves, at, step = distribution(link), np.linspace(-3, 1.8, 25), 1e-5
    for lower, upper in (
        (curves.below, curves.density),
        (curves.density, curves.slope),
        (curves.slope, curves.bend),
    ):
        rise = (lower(at + step) - lower(at - step)) / (2 * step)
        np.testing.assert_allclose(upper(at), rise, rtol=0, atol=1e-9)
    np.testing.assert_allclose(curves.quantile(curves.below(at)), at, rtol=0, atol=1e-9)
    np.testing.assert_allclose(curves.below(at) + curves.above(at), 1, rtol=0, atol=1e-15)


@pytest.mark.parametrize("link", list(Link))
def test_derivatives_of_the_likelihood(link: Link) -> None:
    """Derivatives by cuts and by a shift agree with differences, up to the third."""
    curves, step = distribution(link), 1e-5
    counts = np.array([[3.0, 0.0, 2.0, 5.0], [1.0, 4.0, 2.0, 0.0]])
    cuts = np.array([[-1.0, 0.2, 1.1], [-2.0, -0.5, 0.4]])
    here, shift = by_cuts(curves, counts, cuts), by_shift(curves, counts, cuts)
    assert here is not None
    assert shift.value.sum() == pytest.approx(here.value)
    for cut in range(3):
        moved = np.zeros(3)
        moved[cut] = step
        up, down = by_cuts(curves, counts, cuts + moved), by_cuts(curves, counts, cuts - moved)
        assert up is not None
        assert down is not None
        slope = (up.gradient - down.gradient) / (2 * step)
        assert here.gradient[:, cut].sum() == pytest.approx((up.value - down.value) / (2 * step))
        np.testing.assert_allclose(here.own[:, cut], slope[:, cut], rtol=1e-6, atol=1e-8)
        if cut:
            np.testing.assert_allclose(
                here.next[:, cut - 1], slope[:, cut - 1], rtol=1e-6, atol=1e-8
            )
        ends = [by_shift(curves, counts, cuts + sign * moved).second for sign in (1, -1)]
        change = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(shift.second_by_cut[:, cut], change, rtol=1e-5, atol=1e-7)
    up_shift, down_shift = (by_shift(curves, counts, cuts - sign * step) for sign in (1, -1))
    rise = (up_shift.first - down_shift.first) / (2 * step)
    np.testing.assert_allclose(shift.second, rise, rtol=1e-6, atol=1e-8)


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_splitting_rows_changes_nothing(counts: IntArray) -> None:
    """Counts split over two rows of the same pattern give the same fit."""
    half = counts // 2
    whole = fitted(fit_ordinal(counts, DESIGN))
    twice = np.concatenate([np.arange(len(ROWS))] * 2)
    parts = fitted(fit_ordinal(np.vstack([half, counts - half]), pick(DESIGN, twice)))
    np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=0, atol=1e-8)
    np.testing.assert_allclose(parts.covariance, whole.covariance, rtol=1e-6, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(TABLES, st.permutations(range(len(ROWS))))
def test_order_and_names_of_units_change_nothing(counts: IntArray, order: list[int]) -> None:
    """Units in another order, hence against another unit, give the same phase effect and shares."""
    labels = [ROWS[at] for at in order]
    other = factors({"phase": [p for _, p in labels], "unit": [f"u{u}" for u, _ in labels]})
    one, two = fitted(fit_ordinal(counts, DESIGN)), fitted(fit_ordinal(counts[order], other))
    assert two.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-8)
    sign = 1 if labels[0][1] == ROWS[0][1] else -1
    effect = one.estimate[one.names.index(DESIGN.names[0])]
    assert sign * two.estimate[3] == pytest.approx(effect, abs=1e-7)
    shares = predicted_shares(one, DESIGN).value.reshape(-1, 4)[order]
    np.testing.assert_allclose(predicted_shares(two, other).value, shares.ravel(), atol=1e-7)


@settings(max_examples=25, deadline=None)
@given(TABLES, st.sampled_from(sorted(MIRROR)))
def test_mirrored_categories_flip_signs(counts: IntArray, link: Link) -> None:
    """Reading the scale from the other end turns every sign and nothing else."""
    one = fitted(fit_ordinal(counts, DESIGN, link=link))
    two = fitted(fit_ordinal(counts[:, ::-1], DESIGN, link=MIRROR[link]))
    assert two.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-8)
    np.testing.assert_allclose(two.estimate[:3], -one.estimate[2::-1], rtol=0, atol=1e-7)
    np.testing.assert_allclose(two.estimate[3:], -one.estimate[3:], rtol=0, atol=1e-7)
    np.testing.assert_allclose(two.standard_error[3:], one.standard_error[3:], atol=1e-7)


@settings(max_examples=60, deadline=None)
@given(ANY_TABLE, st.sampled_from(list(Link)))
def test_any_counts_give_numbers_or_a_reason(counts: IntArray, link: Link) -> None:
    """Sparse, empty and separated tables give finite numbers or a whole sentence, never nan."""
    fit = fit_ordinal(counts, DESIGN, link=link)
    if isinstance(fit, CannotTell):
        assert fit.reason.endswith(".")
        return
    assert np.isfinite(fit.estimate).all()
    assert (fit.standard_error > 0).all()
    shares = predicted_shares(fit, fit.model.location).value.reshape(-1, len(fit.categories))
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=0, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(TABLES)
def test_limits_contain_the_estimate(counts: IntArray) -> None:
    """Profile limits lie around the estimate and near Wald's when answers are many."""
    fit = fitted(fit_ordinal(counts * 50, DESIGN))
    low, high = profile_limits(fit, fit.names)
    assert (low < fit.estimate).all()
    assert (fit.estimate < high).all()
    for one, other in zip((low, high), wald_limits(fit), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=0.3 * fit.standard_error.max())


def test_profile_limits_are_where_the_test_rejects() -> None:
    """Held at a 90 % limit, the parameter costs exactly the critical deviance."""
    counts = np.array([[8, 3, 1], [2, 4, 6]])
    fit = fitted(fit_ordinal(counts, effects(("x",), np.array([[0.0], [1.0]]))))
    low, high = profile_limits(fit, ("x",), level=0.9)
    for value in (low[0], high[0]):
        found = optimize.minimize(_cost, fit.estimate[:2], (fit, value), method="BFGS")
        assert 2 * (fit.log_likelihood + found.fun) == pytest.approx(2.7055, abs=1e-4)


def _cost(cuts: FloatArray, fit: OrdinalFit, held: float) -> float:
    here = fit.ground(np.array([*cuts, held]))
    return np.inf if here is None else -here.value


def test_limits_are_infinite_where_answers_set_none() -> None:
    """Where even an infinite effect is not refuted, the limit says so."""
    counts = np.array([[1, 2, 3, 4], [0, 1, 3, 6], [0, 2, 4, 4]])
    groups = factors({"group": ["a", "b", "c"]})
    even, tails = Thresholds.EQUIDISTANT, Link.CAUCHIT
    fit = fitted(fit_ordinal(counts, no_effects(3), nominal=groups, link=tails, thresholds=even))
    low, high = profile_limits(fit, ("threshold.1:group=b",))
    assert (low[0], high[0]) == (-np.inf, np.inf)


def test_unknown_parameter_is_refused() -> None:
    """A name that is no parameter raises an error that lists those there are."""
    fit = fitted(fit_ordinal(np.array([[8, 3, 1], [2, 4, 6]]), no_effects(2)))
    with pytest.raises(MethodError, match=r"1\|2, 2\|3"):
        profile_limits(fit, ("age",))


def test_perfect_separation_is_named() -> None:
    """A unit that ticked only the top category has no finite estimate, and is named."""
    counts = np.array([[5, 5, 5], [3, 6, 5], [5, 6, 4], [2, 5, 5], [0, 0, 9], [0, 0, 9]])
    said = reason(fit_ordinal(counts, DESIGN))
    assert "unit=night" in said
    assert "phase" not in said.split(".")[0]


@pytest.mark.parametrize("counts", [np.zeros((6, 4)), np.eye(4)[[1] * 6] * 3])
def test_nothing_to_compare(counts: FloatArray) -> None:
    """No answers, or answers in one category only, are no model."""
    assert "Nothing can be compared" in reason(fit_ordinal(counts.astype(np.int64), DESIGN))


def test_unit_seen_in_one_phase_only() -> None:
    """Its own effect of the phase cannot be told, and its name is in the reason."""
    interaction = effects(("night after",), np.array([[0], [0], [0], [0], [0], [1.0]]))
    counts = np.full((6, 4), 5)
    counts[5] = 0
    assert "night after" in reason(fit_ordinal(counts, beside(DESIGN, interaction)))
    assert isinstance(fit_ordinal(counts, DESIGN), OrdinalFit)


def test_location_and_spread_of_two_categories_cannot_be_told_apart() -> None:
    """One share per group does not tell both where a group stands and how spread it is."""
    counts, group = np.array([[5, 9], [8, 3]]), effects(("group",), np.array([[0.0], [1.0]]))
    assert "group" in reason(fit_ordinal(counts, group, scale=group))


def test_empty_categories_are_merged_and_reported() -> None:
    """Categories nobody chose join a neighbour; the others keep their estimates."""
    counts = np.array([[4, 0, 6, 5, 0], [2, 0, 4, 9, 0]])
    design = effects(("x",), np.array([[0.0], [1.0]]))
    fit = fitted(fit_ordinal(counts, design))
    assert fit.categories == ((0,), (1, 2), (3, 4))
    assert fit.merged == ((1, 2), (3, 4))
    assert fit.names == ("1|2+3", "2+3|4+5", "x")
    plain = fitted(fit_ordinal(counts[:, [0, 2, 3]], design))
    np.testing.assert_array_equal(fit.estimate, plain.estimate)


@pytest.mark.parametrize(
    ("thresholds", "categories", "names"),
    [
        (Thresholds.SYMMETRIC, 4, ("central", "spacing.1")),
        (Thresholds.SYMMETRIC, 6, ("central", "spacing.1", "spacing.2")),
        (Thresholds.SYMMETRIC, 7, ("central.1", "central.2", "spacing.1", "spacing.2")),
        (Thresholds.EQUIDISTANT, 6, ("threshold.1", "spacing")),
    ],
)
def test_structured_thresholds(
    thresholds: Thresholds, categories: int, names: tuple[str, ...]
) -> None:
    """Thresholds of the structure are reproduced exactly by as many parameters as named."""
    matrix = threshold_matrix(thresholds, categories)
    labels = tuple(str(at) for at in range(categories))
    assert threshold_names(thresholds, labels) == names
    even = np.arange(categories - 1) - (categories - 2) / 2
    solved, left, *_ = np.linalg.lstsq(matrix, even, rcond=None)
    assert matrix.shape == (categories - 1, len(names))
    np.testing.assert_allclose(matrix @ solved, even, atol=1e-12)
    assert (left < 1e-20).all()


def test_structured_thresholds_need_three_categories() -> None:
    """Two categories have one threshold, which has no structure."""
    with pytest.raises(MethodError, match="flexible"):
        fit_ordinal(np.array([[3, 4]]), no_effects(1), thresholds=Thresholds.EQUIDISTANT)


def test_true_effects_are_found() -> None:
    """With a million answers effects and thresholds are found to two decimals, in five steps."""
    rng = np.random.default_rng(4)
    phases, units = np.tile(np.arange(5), 30), np.repeat(np.arange(30), 5)
    of_unit = rng.normal(0, 0.6, 30)
    counts = draw(0.2 * phases + of_unit[units], 6667, rng)
    design = factors({"phase": [str(p) for p in phases], "unit": [str(u) for u in units]})
    fit = fitted(fit_ordinal(counts, design))
    assert fit.steps <= 6
    np.testing.assert_allclose(fit.estimate[4:8], 0.2 * np.arange(1, 5), atol=0.02)
    np.testing.assert_allclose(fit.estimate[8:], of_unit[1:] - of_unit[0], atol=0.06)


def test_effect_that_differs_by_threshold_is_found_out() -> None:
    """A phase that moves only the top of the scale fails the test; one that moves all passes."""
    before = np.array([200, 300, 300, 200])
    top_only = np.stack([before, np.array([200, 300, 100, 400])])
    design = effects(("phase",), np.array([[0.0], [1.0]]))
    (ratio,) = proportional_odds_test(fitted(fit_ordinal(top_only, design)))
    assert isinstance(ratio, LikelihoodRatio)
    assert ratio.p_value < 1e-6
    (same,) = proportional_odds_test(fitted(fit_ordinal(np.stack([before, before]), design)))
    assert isinstance(same, LikelihoodRatio)
    assert same.p_value == pytest.approx(1)


def test_effect_on_the_spread_is_found_out() -> None:
    """A group of one mind differs in spread, not in location."""
    counts = np.array([[300, 200, 200, 300], [100, 400, 400, 100]])
    design = effects(("group",), np.array([[0.0], [1.0]]))
    (ratio,) = scale_test(fitted(fit_ordinal(counts, design)))
    assert isinstance(ratio, LikelihoodRatio)
    assert ratio.p_value < 1e-6


def test_two_categories_cannot_tell_about_thresholds() -> None:
    """With one threshold there is nothing to differ."""
    fit = fitted(fit_ordinal(np.array([[5, 9], [8, 3]]), effects(("x",), np.array([[0.0], [1]]))))
    assert all(isinstance(each, CannotTell) for each in proportional_odds_test(fit))


def test_models_of_other_answers_cannot_be_compared() -> None:
    """A likelihood ratio across different answers is refused, as is one without a wider model."""
    one = fitted(fit_ordinal(np.array([[8, 3, 1], [2, 4, 6]]), no_effects(2)))
    other = fitted(fit_ordinal(np.array([[8, 3, 1], [2, 4, 7]]), no_effects(2)))
    with pytest.raises(MethodError, match="same answers"):
        likelihood_ratio(one, other)
    with pytest.raises(MethodError, match="no more parameters"):
        likelihood_ratio(one, one)


def test_saturated_predictions_are_the_shares() -> None:
    """A model with all freedom gives back shares, with their binomial standard errors."""
    counts = np.array([[8, 3, 9], [2, 12, 6]])
    group = effects(("group",), np.array([[0.0], [1.0]]))
    fit = fitted(fit_ordinal(counts, no_effects(2), nominal=group))
    shares = predicted_shares(fit, no_effects(2), group)
    observed = counts / 20
    np.testing.assert_allclose(shares.value, observed.ravel(), atol=1e-9)
    binomial = np.sqrt(observed * (1 - observed) / 20)
    np.testing.assert_allclose(shares.standard_error, binomial.ravel(), atol=1e-9)
    means = mean_class(shares, np.array([0.0, 50.0, 100.0]))
    np.testing.assert_allclose(means.value, observed @ [0, 50, 100])
    shift = combine(np.array([[-1.0, 1.0]]), means)
    low, high = delta_limits(shift)
    assert shift.value[0] == pytest.approx(7.5)
    assert low[0] < 7.5 < high[0]
    above = exceedance(shares, 3).value
    np.testing.assert_allclose(above, [0.6, 0.45, 0.9, 0.3], atol=1e-9)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fit_ordinal(np.array([[1, -1]]), no_effects(1)), "below 0"),
        (lambda: fit_ordinal(np.array([[1, 2]]), no_effects(2)), "as many rows"),
        (lambda: fit_ordinal(np.array([[1], [2]]), no_effects(2)), "two or more categories"),
        (lambda: effects(("x",), np.array([[np.nan]])), "missing or infinite"),
        (lambda: effects(("x", "x"), np.zeros((1, 2))), "same name"),
        (lambda: factors({"a": ["x"], "b": ["y", "z"]}), "same length"),
        (lambda: beside(no_effects(1), no_effects(2)), "same rows"),
        (lambda: Design(("x",), np.zeros((2, 1)), {"t": (3,)}), "not there"),
    ],
)
def test_what_cannot_be_right_is_refused(call: object, said: str) -> None:
    """Wrong input raises an error that says how to mend it."""
    assert callable(call)
    with pytest.raises(MethodError, match=said):
        call()


@pytest.mark.slow
def test_coverage_of_effects() -> None:
    """95 % limits of a phase effect in one unit cover 93 to 97 % with 25 answers a phase."""
    rng, design = np.random.default_rng(11), effects(("phase",), np.array([[0.0], [1.0]]))
    wald, profile, runs = 0, 0, 1000
    for _ in range(runs):
        fit = fitted(fit_ordinal(draw(np.array([0.0, 0.7]), 25, rng), design))
        low, high = wald_limits(fit)
        wald += bool(low[-1] <= 0.7 <= high[-1])
        low, high = profile_limits(fit, ("phase",))
        profile += bool(low[0] <= 0.7 <= high[0])
    assert 0.93 <= wald / runs <= 0.97
    assert 0.93 <= profile / runs <= 0.97
