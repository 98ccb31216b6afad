"""Mean scores and their limits."""

import numpy as np
import pytest
from scipy import stats

from analysis.arrays import FloatArray, IntArray
from analysis.counts import Counts, count_answers
from analysis.errors import MethodError
from analysis.methods.scores import Scores, cautious_variance, mean_score, score_limits
from analysis.series import choice_series, item_series

VALUES = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
SHAPES = {
    "flat": (0.2, 0.2, 0.2, 0.2, 0.2),
    "middle": (0.05, 0.2, 0.4, 0.25, 0.1),
    "high": (0.01, 0.04, 0.1, 0.35, 0.5),
    "nearly all": (0.0, 0.0, 0.03, 0.07, 0.9),
    "one voice": (0.0, 0.0, 0.0, 0.0, 1.0),
    "one in twenty against": (0.05, 0.0, 0.0, 0.0, 0.95),
    "one in fifty against": (0.02, 0.0, 0.0, 0.0, 0.98),
    "two humps": (0.45, 0.05, 0.0, 0.05, 0.45),
}
SIZES = [
    (10, 6),
    (20, 12),
    (20, 18),
    (40, 12),
    (40, 30),
    (100, 20),
    (100, 60),
    (400, 60),
    (400, 240),
]


def count(*answers: int) -> Counts:
    """Count answers to one five-point item in one cell, and to a choice beside it."""
    series = (item_series("i", 5, 1, (3, 4), (2,), (0, 1)), choice_series("where", 5))
    codes = np.array([answers, answers], dtype=np.uint8).T
    return count_answers(("cell",), series, (), np.zeros(len(answers), dtype=np.int64), codes)


def one(score: float, sd: float, answers: int) -> Scores:
    """Give the score of a single group."""
    return Scores(np.array([score]), np.array([sd]), np.array([answers]))


@pytest.mark.parametrize("answers", [(0, 4), (1, 1, 2, 4, 4, 3), (0, 0, 0, 4)])
def test_moments_are_those_of_the_people(answers: tuple[int, ...]) -> None:
    """Mean and standard deviation from counts equal those over single answers."""
    scores, people = mean_score(count(*answers)), VALUES[list(answers)]
    assert scores.score[0, 0] == pytest.approx(people.mean())
    assert scores.sd[0, 0] == pytest.approx(people.std(ddof=1))
    assert scores.answers[0, 0] == len(answers)


def test_what_has_no_score_is_nan() -> None:
    """No answers give no mean, one answer gives no deviation, a choice gives neither."""
    empty, single = mean_score(count()), mean_score(count(3))
    assert np.isnan(empty.score).all()
    assert (single.score[0, 0], np.isnan(single.sd[0, 0])) == (75, True)
    assert np.isnan(single.score[0, 1])


def test_one_voice_has_no_spread_at_all() -> None:
    """Equal answers have a deviation of exactly 0, whatever the score of the option."""
    thirds = item_series("i", 4, 1, (2, 3), (), (0, 1))
    codes = np.full((7, 1), 1, dtype=np.uint8)
    counts = count_answers(("cell",), (thirds,), (), np.zeros(7, dtype=np.int64), codes)
    assert mean_score(counts).sd[0, 0] == 0


def test_many_answers_give_the_textbook_interval() -> None:
    """With 600 answers of 1000 people the limits are Student's with sqrt((N - n) / N)."""
    low, high = score_limits(one(62, 24, 600), np.array([1000]))
    reach = stats.t.isf(0.025, 599) * 24 / np.sqrt(600) * np.sqrt(0.4)
    assert low[0] == pytest.approx(62 - reach, abs=0.1)
    assert high[0] == pytest.approx(62 + reach, abs=0.1)


def test_few_equal_answers_are_not_certainty() -> None:
    """Ten people of a hundred with one voice leave room; like the rule of three, about .3."""
    low, high = score_limits(one(100, 0, 10))
    assert 65 < low[0] < 80
    assert high[0] == 100


def test_all_answers_are_certainty() -> None:
    """If everybody answered, the mean of these people is known."""
    low, high = score_limits(one(37.5, 30, 12), np.array([12]))
    assert (low[0], high[0]) == (37.5, 37.5)


def test_one_silent_person_moves_the_mean_by_their_share_at_most() -> None:
    """With one of 20 silent the limits stay within what that one could do."""
    low, high = score_limits(one(60, 25, 19), np.array([20]))
    assert 57 <= low[0] < 60 < high[0] <= 62


def test_nothing_known_leaves_the_whole_scale() -> None:
    """Without answers the limits are 0 and 100."""
    low, high = score_limits(one(np.nan, np.nan, 0), np.array([30]))
    assert (low[0], high[0]) == (0, 100)


def test_single_answer_has_limits() -> None:
    """One answer has no deviation and still gets wide limits around it."""
    low, high = score_limits(one(75, np.nan, 1))
    assert 0 <= low[0] < 25
    assert high[0] == 100


@pytest.mark.parametrize(("answers", "excess"), [(20, 1.32), (50, 1.12), (200, 1.03)])
def test_caution_fades_with_answers(answers: int, excess: float) -> None:
    """The variance is overstated by a third at 20 answers and 3 % at 200."""
    variance = cautious_variance(one(60, 24, answers))[0]
    assert variance / 24**2 == pytest.approx(excess, abs=0.02)


@pytest.mark.parametrize(
    ("scores", "headcount", "message"),
    [
        (one(50, 20, 12), 10, "Correct the head count"),
        (one(-1, 20, 12), 20, "outside 0 to 100"),
        (one(np.nan, 20, 12), 20, "missing or outside"),
        (one(50, np.nan, 12), 20, "standard deviation"),
        (one(50, 20, -1), 20, "below 0"),
    ],
)
def test_impossible_scores_are_refused(scores: Scores, headcount: int, message: str) -> None:
    """Scores that cannot be are refused with a remedy."""
    with pytest.raises(MethodError, match=message):
        score_limits(scores, np.array([headcount]))


@pytest.mark.slow
def test_limits_cover_finite_units() -> None:
    """In units of 10 to 400 the limits cover 95 % on average and never less than 90 %."""
    rng = np.random.default_rng(11)
    coverage = np.array([_finite(rng, shape, *size) for shape in SHAPES.values() for size in SIZES])
    assert coverage.mean() >= 0.95
    assert coverage.min() >= 0.895


@pytest.mark.slow
@pytest.mark.parametrize("answers", [5, 10, 20, 50, 200])
def test_limits_cover_the_process(answers: int) -> None:
    """Without a head count the limits cover the mean of the process 94 % of the time or more."""
    rng = np.random.default_rng(12)
    for shape in SHAPES.values():
        table = rng.multinomial(answers, shape, size=4000)
        assert _share_covering(table, None, float(np.array(shape) @ VALUES)) >= 0.935


def _finite(rng: np.random.Generator, shape: tuple[float, ...], people: int, answers: int) -> float:
    unit = _people(shape, people)
    table = rng.multivariate_hypergeometric(unit, answers, size=4000)
    return _share_covering(table, np.array(people), float(unit @ VALUES / people))


def _people(shape: tuple[float, ...], people: int) -> IntArray:
    """Give the unit of this size that comes closest to a shape."""
    exact = np.array(shape) * people
    unit: IntArray = np.floor(exact).astype(np.int64)
    unit[np.argsort(unit - exact)[: people - unit.sum()]] += 1
    return unit


def _share_covering(table: IntArray, headcount: IntArray | None, truth: float) -> float:
    answers = table.sum(axis=1)
    score: FloatArray = table @ VALUES / answers
    squares = (table * (VALUES - score[:, None]) ** 2).sum(axis=1)
    scores = Scores(score, np.sqrt(squares / (answers - 1)), answers)
    low, high = score_limits(scores, headcount)
    return float(((low <= truth + 1e-9) & (truth - 1e-9 <= high)).mean())
