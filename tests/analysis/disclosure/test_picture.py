"""Score, limits and shares read together give nobody away."""

from dataclasses import dataclass

import numpy as np
import pytest

from analysis.arrays import IntArray
from analysis.counts import ConstructRule, Counts
from analysis.disclosure.picture import band_values, implied_spread, shown_spread
from analysis.disclosure.policy import Policy
from analysis.disclosure.values import CoarseNumbers, coarse_numbers
from analysis.estimates import estimate
from analysis.series import Series, construct_series, item_series
from tests.builders.tables import all_tables

FIVE = item_series("five", 5, 1, (3, 4), (2,), (0, 1))
MIRRORED = item_series("mirrored", 5, -1, (3, 4), (2,), (0, 1))
FOUR = item_series("four", 4, 1, (2, 3), (), (0, 1))
THREE = item_series("three", 3, 1, (2,), (1,), (0,))
TWO = item_series("two", 2, 1, (1,), (), (0,))


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Every way a group can answer, and which of them look the same in a release."""

    tables: IntArray
    picture: IntArray
    numbers: CoarseNumbers

    @property
    def alike(self) -> IntArray:
        """How many ways of answering look like each picture."""
        return np.bincount(self.picture).astype(np.int64)


def counts_of(series: Series, tables: IntArray) -> Counts:
    """Take each table for a group."""
    nobody = np.zeros((len(tables), 1), dtype=np.int64)
    names = tuple(map(str, range(len(tables))))
    return Counts(names, (series,), tables[:, None], nobody, nobody, tables.sum(axis=1))


def coarsened(
    series: Series, tables: IntArray, people: int, *, with_shares: bool = True
) -> CoarseNumbers:
    """Coarsen groups that answered like this."""
    shown = np.full((len(tables), 1), with_shares)
    estimates = estimate(counts_of(series, tables))
    return coarse_numbers(estimates, (series,), np.full(len(tables), people), shown, Policy())


def pictures(series: Series, answers: int, people: int, *, with_shares: bool = True) -> Pictures:
    """Coarsen every possible group of so many answers."""
    tables = all_tables(answers, series.size)
    numbers = coarsened(series, tables, people, with_shares=with_shares)
    scores, shares = numbers.scores, numbers.shares
    columns = [
        numbers.answers, scores.score, scores.at_low, scores.at_high, numbers.low, numbers.high,
        numbers.spread,
    ]  # fmt: skip
    if with_shares:
        for part in (shares.share, shares.low, shares.high, shares.capped):
            columns += list(np.moveaxis(np.rint(part * 100), 2, 0))
    seen = np.concatenate(columns, axis=1).astype(np.int64)
    _, picture = np.unique(seen, axis=0, return_inverse=True)
    return Pictures(tables, picture.ravel().astype(np.int64), numbers)


@pytest.mark.parametrize(
    ("series", "answers", "people"),
    [
        (FIVE, 20, 20), (FIVE, 20, 36), (FIVE, 21, 30), (FIVE, 22, 22), (FIVE, 23, 40),
        (FIVE, 25, 60), (FIVE, 31, 60), (MIRRORED, 20, 30), (FOUR, 20, 40), (FOUR, 33, 40),
        (THREE, 20, 40), (THREE, 33, 40), (TWO, 20, 40), (TWO, 33, 40),
    ],
)  # fmt: skip
def test_behind_a_cap_nobody_and_somebody_remain_possible(
    series: Series, answers: int, people: int
) -> None:
    """Even who knows the exact number of answers cannot tell 0 from more under any cap."""
    seen = pictures(series, answers, people)
    bands = (series.favourable, series.neutral, series.unfavourable)
    for band, categories in enumerate(bands):
        capped = seen.numbers.shares.capped[:, 0, band]
        people_in_band = seen.tables[:, list(categories)].sum(axis=1)
        for secret in (people_in_band == 0, people_in_band == answers):
            assert not set(seen.picture[capped & secret]) - set(seen.picture[~secret])
        low = capped & (seen.numbers.shares.share[:, 0, band] < 0.5)
        some = set(seen.picture[low & (people_in_band > 0)])
        assert some <= set(seen.picture[people_in_band == 0])


@pytest.mark.parametrize(
    ("series", "answers", "with_shares"),
    [
        (FIVE, 10, False), (FIVE, 12, False), (FIVE, 19, False), (FIVE, 20, True),
        (FIVE, 22, True), (FIVE, 27, True), (FOUR, 20, True), (MIRRORED, 20, True),
    ],
)  # fmt: skip
def test_several_ways_to_answer_look_the_same(
    series: Series, answers: int, with_shares: bool
) -> None:
    """No picture of score, limits and shares belongs to fewer than three tables of answers."""
    seen = pictures(series, answers, answers + 8, with_shares=with_shares)
    assert seen.alike.min() >= 3


def test_limits_do_not_tell_how_alike_people_answered() -> None:
    """Groups with the same score, answers and shares have the same limits."""
    alike = [[0, 0, 10, 0, 0], [1, 1, 6, 1, 1], [5, 0, 0, 0, 5]]
    numbers = coarsened(FIVE, np.array(alike), 30, with_shares=False)
    assert (
        len(
            {
                (int(low), int(high))
                for low, high in zip(numbers.low[:, 0], numbers.high[:, 0], strict=True)
            }
        )
        == 1
    )


def test_limits_are_a_function_of_what_is_published() -> None:
    """Over every group of twenty, the same score, answers and shares give the same limits."""
    numbers = pictures(FIVE, 20, 36).numbers
    scores, shares = numbers.scores, numbers.shares
    columns = (scores.score, *np.moveaxis(shares.share, 2, 0), *np.moveaxis(shares.capped, 2, 0))
    shown = [tuple(row) for row in np.concatenate(columns, axis=1).tolist()]
    limits = {(*row, low, high) for row, low, high in zip(
        shown, numbers.low[:, 0].tolist(), numbers.high[:, 0].tolist(), strict=True
    )}  # fmt: skip
    assert len(limits) == len(set(shown))


def test_an_ordinary_score_stays_where_it_is() -> None:
    """A score is moved only at the edge of what its shares allow."""
    numbers = coarsened(FIVE, np.array([[2, 4, 6, 12, 6], [1, 2, 5, 16, 16]]), 90)
    assert numbers.scores.score[:, 0].tolist() == [63, 78]


SHAPES = {
    "flat": (0.2, 0.2, 0.2, 0.2, 0.2),
    "high": (0.05, 0.10, 0.20, 0.40, 0.25),
    "nearly all": (0.01, 0.02, 0.02, 0.05, 0.90),
    "one voice": (0, 0, 0, 1, 0),
    "one in twenty against": (0.05, 0, 0, 0.95, 0),
    "two humps": (0.35, 0.12, 0.06, 0.12, 0.35),
    "two poles": (0.5, 0, 0, 0, 0.5),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(
    ("people", "answers"), [(16, 10), (40, 18), (30, 20), (60, 25), (200, 100), (800, 500)]
)
def test_limits_hold_the_mean_of_the_group(
    shape: tuple[float, ...], people: int, answers: int
) -> None:
    """At least 94 of 100 limits contain the mean of all people, however they are spread."""
    rng = np.random.default_rng([people, answers])
    groups = rng.multinomial(people, shape, 1500)
    tables = np.stack([rng.multivariate_hypergeometric(group, answers) for group in groups])
    numbers = coarsened(FIVE, tables, people, with_shares=answers >= 20)
    means = groups @ np.array(FIVE.values) / people
    held = (numbers.low[:, 0] <= means) & (means <= numbers.high[:, 0])
    assert held.mean() >= 0.94


@pytest.mark.parametrize("favourable", [8, 30, 60])
def test_the_own_spread_of_a_large_group_leaves_many_ways_to_answer(favourable: int) -> None:
    """With 120 answers and nothing capped, no picture belongs to fewer than three tables."""
    rest = 120 - favourable
    tables = np.array(
        [
            (low - lowest, lowest, rest - low, favourable - top, top)
            for low in range(rest + 1)
            for lowest in range(low + 1)
            for top in range(favourable + 1)
        ]
    )
    numbers = coarsened(FIVE, tables, 200)
    shown = ~numbers.shares.capped[:, 0].any(axis=-1)
    columns = (numbers.scores.score, numbers.spread, numbers.low, numbers.high)
    percent = np.rint(100 * numbers.shares.share[:, 0]).astype(np.int64)
    seen = np.concatenate((*columns, percent), axis=1)[shown]
    assert np.unique(seen, axis=0, return_counts=True)[1].min() >= 3


def test_the_own_spread_does_not_enter_below_a_hundred_answers() -> None:
    """Groups alike in score and shares publish one spread below 100 answers, and two above."""
    shares, score = np.array([[[0.5, 0.2, 0.3]]]), np.array([[60.0]])
    for answers, spreads in ((95, 1), (200, 2)):
        found = {
            int(shown_spread(np.array([[sd]]), score, shares, np.array([[answers]]),
                             band_values([FIVE]))[0, 0])
            for sd in (28.0, 40.0)
        }  # fmt: skip
        assert len(found) == spreads


def test_the_spread_of_yes_and_no_follows_from_the_score() -> None:
    """With two options the score is the share, and nothing else is needed."""
    spread = implied_spread(np.array([[20.0]]), np.full((1, 1, 3), np.nan), band_values([TWO]))
    np.testing.assert_allclose(spread, 40)


def test_constructs_have_room_too() -> None:
    """The finer grid of a construct is treated like any scale."""
    members = (item_series("a", 5, 1, (3, 4), (2,), (0, 1)), MIRRORED)
    series = construct_series(ConstructRule("c", ("a", "mirrored"), 2), members)
    tables = np.zeros((2, series.size), dtype=np.int64)
    tables[0, series.size - 1], tables[0, series.size // 2 + 1] = 16, 4
    tables[1, series.size - 3], tables[1, series.size // 2 + 1] = 16, 4
    numbers = coarsened(series, tables, 30)
    assert numbers.scores.score[0, 0] < 92
    assert (numbers.low < numbers.scores.score).all()
