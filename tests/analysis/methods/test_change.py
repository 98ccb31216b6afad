"""Changes between waves and the flags they raise."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.arrays import FloatArray, IntArray
from analysis.errors import MethodError
from analysis.methods.change import (
    Contrast,
    Direction,
    Flag,
    FlagArray,
    benjamini_hochberg,
    chance_of_watch,
    change_flags,
    directions,
    expected_chance_flags,
    score_change,
)
from analysis.methods.scores import Scores

VALUES = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
USUAL = np.array([0.07, 0.2, 0.4, 0.23, 0.1])


def scores(score: list[float], sd: list[float], answers: list[int]) -> Scores:
    """Give the scores of some groups."""
    return Scores(np.array(score), np.array(sd), np.array(answers))


def equal(score: list[float], sd: float = 24, answers: int = 40) -> Scores:
    """Give scores of groups with the same spread and size."""
    return scores(score, [sd] * len(score), [answers] * len(score))


def test_contrast_is_welchs() -> None:
    """Difference, p-value, limits and degrees of freedom equal SciPy's Welch test."""
    before, after = scores([62, 40], [24, 10], [20, 35]), scores([50, 41], [28, 30], [13, 60])
    contrast = score_change(before, after)
    welch = stats.ttest_ind_from_stats(
        after.score,
        after.sd,
        after.answers,
        before.score,
        before.sd,
        before.answers,
        equal_var=False,
    )
    np.testing.assert_allclose(contrast.difference, [-12, 1])
    np.testing.assert_allclose(contrast.p_value, welch.pvalue, rtol=1e-10)
    reach = stats.t.isf(0.025, contrast.freedom) * contrast.standard_error
    np.testing.assert_allclose(contrast.high - contrast.difference, reach, rtol=1e-10)
    np.testing.assert_allclose(contrast.difference - contrast.low, reach, rtol=1e-10)


@pytest.mark.parametrize("lacking", [scores([np.nan], [np.nan], [0]), scores([50], [np.nan], [1])])
def test_groups_with_too_few_answers_are_not_tested(lacking: Scores) -> None:
    """Fewer than two answers in a wave give no contrast, no flag and no expected flag."""
    contrast = score_change(lacking, equal([10]))
    assert not contrast.tested[0]
    assert np.isnan(contrast.difference[0])
    assert change_flags(contrast).tolist() == [Flag.NONE]
    assert directions(contrast).tolist() == [Direction.NO_CLEAR_CHANGE]
    assert expected_chance_flags(contrast) == 0


def test_two_waves_of_one_voice_are_not_certain() -> None:
    """Three people who all said 100 and then all 75 are no proof of a change; thirty are."""
    few = score_change(equal([100], 0, 3), equal([75], 0, 3))
    many = score_change(equal([100], 0, 30), equal([75], 0, 30))
    assert few.p_value[0] > 0.2
    assert many.p_value[0] < 0.001


def test_directions_need_a_clear_change() -> None:
    """A change is named better or worse only if p < .05."""
    contrast = score_change(equal([50, 50, 50]), equal([70, 30, 53]))
    assert directions(contrast).tolist() == ["better", "worse", "no clear change"]


def test_benjamini_hochberg_by_hand() -> None:
    """The largest p-value under its rank's share of the rate, and all below it, stand out."""
    p_value = np.array([[0.01, 0.04, 0.5], [0.03, np.nan, 0.2]])
    adjusted, stands_out = benjamini_hochberg(p_value, np.isfinite(p_value), rate=0.1)
    assert stands_out.tolist() == [[True, True, False], [True, False, False]]
    np.testing.assert_allclose(adjusted[0], [0.05, 0.2 / 3, 0.5])
    assert np.isnan(adjusted[1, 1])


def test_benjamini_hochberg_of_nothing() -> None:
    """A wave without contrasts has nothing that stands out."""
    _, stands_out = benjamini_hochberg(np.full(3, np.nan), np.zeros(3, dtype=np.bool_))
    assert not stands_out.any()


def test_missing_p_values_are_refused() -> None:
    """A missing p-value inside the family is an error, not a quiet False."""
    with pytest.raises(MethodError, match="Leave it out"):
        benjamini_hochberg(np.array([0.1, np.nan]), np.ones(2, dtype=np.bool_))


@pytest.mark.parametrize(
    ("after", "answers", "flag"),
    [
        (30.0, 200, Flag.ALERT),  # clear among all, and large
        (49.0, 30, Flag.WATCH),  # p = .04, large, but one of forty
        (52.0, 2000, Flag.NONE),  # certain, but small
        (48.0, 10, Flag.NONE),  # large, but not clear
        (90.0, 200, Flag.NONE),  # improvements are never flagged
    ],
)
def test_flags_in_a_wave_of_forty(after: float, answers: int, flag: Flag) -> None:
    """One group of forty moves; size and certainty together decide the flag."""
    before = equal([61.0 + (after == 49.0)] + [60.0] * 39, answers=answers)
    now = equal([after] + [60.0] * 39, answers=answers)
    assert change_flags(score_change(before, now))[0] == flag


def test_drop_of_exactly_ten_points_counts() -> None:
    """Rounding in the last digit does not turn 10 points into fewer."""
    contrast = score_change(equal([70.1], answers=900), equal([60.1], answers=900))
    assert change_flags(contrast)[0] == Flag.ALERT


def _flags(*flags: Flag) -> FlagArray:
    return np.array(flags, dtype=object)


@pytest.mark.parametrize(
    ("last", "score_now", "flag"),
    [
        (Flag.WATCH, 49.0, Flag.ALERT),  # still down
        (Flag.WATCH, 58.0, Flag.NONE),  # recovered
        (Flag.NONE, 49.0, Flag.NONE),  # slid down in two small steps: no Watch to confirm
        (Flag.ALERT, 49.0, Flag.NONE),  # was reported already
    ],
)
def test_watch_is_confirmed_if_the_drop_lasts(last: Flag, score_now: float, flag: Flag) -> None:
    """A Watch becomes an Alert if the next wave still lies clearly below the wave before it."""
    first, second, third = (equal([score]) for score in (62.0, 50.0, score_now))
    flags = change_flags(
        score_change(second, third),
        earlier=_flags(last),
        since_before=score_change(first, third),
    )
    assert flags.tolist() == [flag]


def test_only_the_family_is_flagged() -> None:
    """Contrasts outside the family raise no flag and do not weigh on the others."""
    contrast = score_change(equal([60, 60]), equal([20, 20]))
    first = np.array([True, False])
    flags = change_flags(
        contrast,
        first,
        _flags(Flag.WATCH, Flag.WATCH),
        score_change(equal([60, 60]), equal([20, 20])),
    )
    assert flags.tolist() == [Flag.ALERT, Flag.NONE]
    assert expected_chance_flags(contrast, first) == pytest.approx(chance_of_watch(contrast)[0])


def test_confirmation_needs_both_halves() -> None:
    """Flags of the last wave without the longer contrast are refused."""
    contrast = score_change(equal([60]), equal([50]))
    with pytest.raises(MethodError, match="Give both, or none"):
        change_flags(contrast, earlier=_flags(Flag.WATCH))


def test_shapes_must_agree() -> None:
    """Waves with other groups cannot be contrasted, nor flags of other groups confirmed."""
    with pytest.raises(MethodError, match="same groups"):
        score_change(equal([60]), equal([60, 50]))
    contrast = score_change(equal([60]), equal([50]))
    with pytest.raises(MethodError, match="do not fit"):
        change_flags(contrast, earlier=_flags(Flag.WATCH, Flag.NONE), since_before=contrast)


@pytest.mark.parametrize(
    ("answers", "chance"), [(5, 0.025), (20, 0.025), (200, 0.00002), (20_000, 0.0)]
)
def test_chance_of_a_flag_falls_with_size(answers: int, chance: float) -> None:
    """Small groups cross the line in 2.5 % of waves by chance, large ones never make 10 points."""
    contrast = score_change(equal([60], answers=answers), equal([60], answers=answers))
    assert chance_of_watch(contrast)[0] == pytest.approx(chance, abs=1e-4)


def test_expected_chance_flags_of_a_usual_wave() -> None:
    """Forty units of 10 to 120 people on eleven constructs raise about ten Watches by chance."""
    answers = _sizes(np.random.default_rng(1))
    wave = Scores(np.full(answers.shape, 60.0), np.full(answers.shape, 24.0), answers)
    assert 9 <= expected_chance_flags(score_change(wave, wave)) <= 11


@pytest.mark.slow
def test_false_alarms_are_rare() -> None:
    """If nothing changes, few waves have an Alert, and Watches come as often as expected."""
    rng = np.random.default_rng(3)
    alerts, watches, expected = 0, 0.0, 0.0
    for _ in range(200):
        answers = _sizes(rng)
        contrast = score_change(_draw(rng, answers), _draw(rng, answers))
        flags = change_flags(contrast)
        alerts += int((flags == Flag.ALERT).any())
        watches += float((flags != Flag.NONE).sum())
        expected += expected_chance_flags(contrast)
    assert alerts / 200 <= 0.10
    assert watches == pytest.approx(expected, rel=0.1)


@pytest.mark.slow
def test_chance_watches_rarely_confirm_themselves() -> None:
    """If nothing changes, about one Watch in five is confirmed, for it shares the first wave."""
    rng = np.random.default_rng(4)
    watched = confirmed = 0
    for _ in range(120):
        answers = _sizes(rng)
        first, second, third = (_draw(rng, answers) for _ in range(3))
        last = change_flags(score_change(first, second))
        now = score_change(second, third)
        # Without the family the wave's own findings stay out, and only confirmations remain.
        calm = replace(now, p_value=np.where(now.tested, 1.0, np.nan))
        flags = change_flags(calm, earlier=last, since_before=score_change(first, third))
        watched += int((last == Flag.WATCH).sum())
        confirmed += int((flags == Flag.ALERT).sum())
    assert 0.1 <= confirmed / watched <= 0.25


def test_contrast_of_mirrored_scores_is_mirrored() -> None:
    """Turning the scale turns the sign of the difference and leaves the p-value."""
    before, after = scores([62], [24], [20]), scores([50], [28], [13])
    straight = score_change(before, after)
    turned = score_change(
        replace(before, score=100 - before.score), replace(after, score=100 - after.score)
    )
    assert turned.difference[0] == -straight.difference[0]
    assert turned.p_value[0] == pytest.approx(straight.p_value[0])
    assert isinstance(turned, Contrast)


def _sizes(rng: np.random.Generator) -> IntArray:
    """Draw answers of 40 units, median 20, to 11 constructs."""
    units = np.exp(rng.normal(np.log(20), 0.6, (40, 1))).clip(10, 120).astype(np.int64)
    return np.broadcast_to(units, (40, 11))


def _draw(rng: np.random.Generator, answers: IntArray) -> Scores:
    table = rng.multinomial(answers, USUAL)
    score: FloatArray = table @ VALUES / answers
    squares = (table * (VALUES - score[..., None]) ** 2).sum(axis=-1)
    return Scores(score, np.sqrt(squares / (answers - 1)), answers)
