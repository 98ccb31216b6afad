"""What holds for every release, tried on random trees, head counts and answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arrays import CodeArray, FloatArray, IntArray
from analysis.counts import ConstructRule, Counts, count_answers, item_series
from analysis.disclosure.lattice import Lattice
from analysis.disclosure.release import (
    Participation,
    Published,
    Release,
    ReleasedSeries,
    ReleaseInputs,
    Shares,
    Suppressed,
    encode_release,
    make_release,
)
from tests.builders.lattices import lattices
from tests.builders.release import build_inputs
from tests.builders.rowspace import isolated_sets

K_SCORES, K_SHARES, K_RATES = 10, 20, 10
DONT_KNOW, SKIPPED, NOT_ASKED = 250, 251, 252
SERIES = (
    ("sv1", "always"),
    ("sv2", "always"),
    ("us1.expect", "expect"),
    ("us1.experience", "experience"),
)
PAIR = ConstructRule("surveillance", ("sv1", "sv2"), 2)
"""A mean of two items: whoever skips one of them is in one item's total alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """A random wave: its tree, its people, and every single ballot."""

    lattice: Lattice
    headcounts: IntArray
    cells: IntArray
    codes: CodeArray

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the cells."""
        return tuple(f"c{cell}" for cell in range(len(self.headcounts)))

    @property
    def counts(self) -> Counts:
        """What the count makes of the ballots."""
        series = [item_series(name, 5, 1, (3, 4), (2,), (0, 1)) for name, _ in SERIES]
        return count_answers(self.names, series, (PAIR,), self.cells, self.codes)


@st.composite
def waves(draw: st.DrawFn) -> Wave:
    """Draw a small tree, crews of very unequal size, and answers with gaps of every kind."""
    lattice = draw(lattices(max_groups=5))
    cells = lattice.membership.shape[1]
    people = draw(st.lists(st.integers(1, 30), min_size=cells, max_size=cells))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    response = draw(st.sampled_from([0.3, 0.7, 1.0]))
    users: FloatArray = rng.random((cells,))
    where = np.repeat(np.arange(cells), people)
    where = where[rng.random(where.size) < response]
    uses = rng.random(where.size) < users[where]
    columns = []
    for _, wording in SERIES:
        answers = rng.choice([0, 1, 2, 3, 4, DONT_KNOW, SKIPPED], where.size, p=_odds(rng))
        asked = {"always": np.ones_like(uses), "expect": ~uses, "experience": uses}[wording]
        columns.append(np.where(asked, answers, NOT_ASKED))
    return Wave(lattice, np.array(people), where, np.stack(columns, axis=1).astype(np.uint8))


KINDS = ("both", "first", "second")
WEIGHTS = {
    "sv1": {"both": (1.0, 0.0), "first": (1.0, 0.0), "second": (0.0, 0.0)},
    "sv2": {"both": (0.0, 1.0), "first": (0.0, 0.0), "second": (0.0, 1.0)},
    PAIR.id: {"both": (0.5, 0.5), "first": (0.0, 0.0), "second": (0.0, 0.0)},
}
"""How much a person who answered both items, or one, adds of each answer to each total."""


@st.composite
def pair_waves(draw: st.DrawFn) -> Wave:
    """Draw a small tree in which nearly everybody answers both items of a construct."""
    lattice = draw(lattices(max_groups=4))
    cells = lattice.membership.shape[1]
    people = draw(st.lists(st.integers(1, 40), min_size=cells, max_size=cells))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    silent = rng.choice([0.0, 0.05, 0.3, 0.6], (cells, len(SERIES)))
    where = np.repeat(np.arange(cells), people)
    answers = rng.integers(0, 5, (where.size, len(SERIES)))
    codes = np.where(rng.random(answers.shape) < silent[where], SKIPPED, answers)
    return Wave(lattice, np.array(people), where, codes.astype(np.uint8))


def _odds(rng: np.random.Generator) -> Sequence[float]:
    """Give odds of the seven answers; at times nearly everybody agrees."""
    odds: list[float] = rng.dirichlet([float(rng.choice([0.1, 1.0, 5.0]))] * 7).tolist()
    return odds


def inputs_of(wave: Wave) -> ReleaseInputs:
    """Gather what a release of a random wave is made from."""
    series = tuple(
        ReleasedSeries(
            id=name, item=name.split(".")[0], wording=wording, construct=None, core=True,
            kind="item", comparable=wording == "always",
        )
        for name, wording in SERIES
    )  # fmt: skip
    series += (
        ReleasedSeries(
            id=PAIR.id, item=PAIR.id, wording="always", construct=PAIR.id, core=False,
            kind="construct", comparable=True,
        ),
    )  # fmt: skip
    return replace(
        build_inputs(), lattice=wave.lattice, headcounts=wave.headcounts, groups=(), gates=(),
        series=series, counts=wave.counts,
    )  # fmt: skip


def release_of(wave: Wave) -> Release:
    """Release a random wave."""
    return make_release(inputs_of(wave))


def layers(release: Release, wave: Wave) -> Iterator[tuple[set[str], IntArray, int]]:
    """Read from a release which groups show what, with exact sizes per cell and thresholds."""
    counts = wave.counts
    for column, (series, _) in enumerate(SERIES):
        values = {
            result.group: result.value
            for result in release.results
            if result.series == series and isinstance(result.value, Published)
        }
        answered = counts.answered[:, column]
        yield set(values), answered, K_SCORES
        shares = {group for group, value in values.items() if isinstance(value.shares, Shares)}
        yield shares, answered, K_SHARES
        unsure = {group for group, value in values.items() if value.dont_know is not None}
        yield unsure, answered + counts.dont_know[:, column], K_SHARES
    rates = {each.group for each in release.participation if isinstance(each, Participation)}
    yield rates, wave.headcounts, K_RATES


def pattern(release: Release) -> list[tuple[object, ...]]:
    """Give what is shown and what is withheld why, without any number."""
    return [
        (
            result.group,
            result.series,
            _why(result.value),
            _why(result.value.shares) if isinstance(result.value, Published) else None,
            isinstance(result.value, Published) and result.value.dont_know is None,
        )
        for result in release.results
    ]


def _why(value: Published | Shares | Suppressed) -> str:
    return value.reason.value if isinstance(value, Suppressed) else "shown"


@given(waves())
@settings(max_examples=60, deadline=None)
def test_no_suppressed_number_can_be_computed_back(wave: Wave) -> None:
    """Exact linear algebra on all shown groups isolates no set of one to k-1 people."""
    release = release_of(wave)
    cells = {group.id: set(group.cells) for group in release.groups}
    for shown, sizes, k in layers(release, wave):
        rows = [[name in cells[group] for name in wave.names] for group in sorted(shown)]
        assert not list(isolated_sets(rows, sizes.tolist(), k))


@given(waves())
@settings(max_examples=60, deadline=None)
def test_a_group_below_the_threshold_never_appears(wave: Wave) -> None:
    """Whatever was answered, every shown number rests on at least k people."""
    release = release_of(wave)
    cells = {group.id: set(group.cells) for group in release.groups}
    for shown, sizes, k in layers(release, wave):
        for group in shown:
            inside = [name in cells[group] for name in wave.names]
            assert sizes[inside].sum() >= k


@given(pair_waves())
@settings(max_examples=150, deadline=None)
def test_a_construct_less_its_items_concerns_nobody_or_enough(wave: Wave) -> None:
    """No combination of a construct's and its items' totals is about one to k-1 people."""
    release = release_of(wave)
    cells = {group.id: set(group.cells) for group in release.groups}
    kinds = [(cell, kind) for cell in range(len(wave.headcounts)) for kind in KINDS]
    sizes = [_people(wave, cell, kind) for cell, kind in kinds]
    rows = []
    for result in release.results:
        weights = WEIGHTS.get(result.series)
        if weights is not None and isinstance(result.value, Published):
            inside = [wave.names[cell] in cells[result.group] for cell, _ in kinds]
            rows.append(
                [
                    weights[kind][item] * here
                    for (_, kind), here in zip(kinds, inside, strict=True)
                    for item in (0, 1)
                ]
            )
    assert not list(
        _small_supports(np.array(rows).reshape(len(rows), 2 * len(kinds)), sizes, K_SCORES)
    )


def _people(wave: Wave, cell: int, kind: str) -> int:
    """Count the people of a cell who answered both items, or one of them only."""
    first, second = (wave.codes[wave.cells == cell, item] < DONT_KNOW for item in (0, 1))
    answered = {"both": first & second, "first": first & ~second, "second": ~first & second}
    return int(answered[kind].sum())


def _small_supports(rows: FloatArray, sizes: Sequence[int], k: int) -> Iterator[tuple[int, ...]]:
    """Find sets of one to k-1 people about whom some combination of rows is, and nobody else."""
    filled = [place for place, size in enumerate(sizes) if size > 0]
    small = [place for place in filled if sizes[place] < k]
    for count in range(1, len(small) + 1):
        for chosen in combinations(small, count):
            if sum(sizes[place] for place in chosen) < k:
                others = [
                    2 * each + item for each in filled if each not in chosen for item in (0, 1)
                ]
                own = [2 * each + item for each in chosen for item in (0, 1)]
                left, whole = rows[:, others], rows[:, others + own]
                if np.linalg.matrix_rank(left) < np.linalg.matrix_rank(whole):
                    yield chosen


def _rank(rows: FloatArray, places: Sequence[int]) -> int:
    columns = [2 * place + item for place in places for item in (0, 1)]
    return int(np.linalg.matrix_rank(rows[:, columns])) if columns and len(rows) else 0


@given(waves(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_what_is_shown_does_not_depend_on_what_was_answered(wave: Wave, seed: int) -> None:
    """Exchange all valid answers for others: the same numbers are shown and withheld."""
    rng = np.random.default_rng(seed)
    valid = wave.codes < DONT_KNOW
    other = np.where(valid, rng.integers(0, 5, wave.codes.shape), wave.codes).astype(np.uint8)
    assert pattern(release_of(wave)) == pattern(release_of(replace(wave, codes=other)))


@given(waves(), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_the_order_of_ballots_does_not_matter(wave: Wave, seed: int) -> None:
    """Shuffled ballots give the same bytes."""
    order = np.random.default_rng(seed).permutation(wave.cells.size)
    shuffled = replace(wave, cells=wave.cells[order], codes=wave.codes[order])
    assert encode_release(release_of(wave)) == encode_release(release_of(shuffled))


@given(waves(), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_the_order_of_cells_does_not_matter(wave: Wave, seed: int) -> None:
    """Cells listed in another order give the same results."""
    order = np.random.default_rng(seed).permutation(len(wave.headcounts))
    counts = wave.counts
    lattice = wave.lattice
    moved = replace(
        inputs_of(wave),
        headcounts=wave.headcounts[order],
        lattice=Lattice(
            lattice.ids, lattice.names, lattice.parent, lattice.membership[:, order]
        ),
        counts=Counts(
            tuple(counts.cells[cell] for cell in order), counts.series, counts.table[order],
            counts.dont_know[order], counts.skipped[order], counts.ballots[order],
            None if counts.joint is None else counts.joint[order],
        ),
    )  # fmt: skip
    first, second = release_of(wave), make_release(moved)
    assert first.results == second.results
    assert first.participation == second.participation


@given(waves())
@settings(max_examples=60, deadline=None)
def test_everything_shown_is_coarse_and_consistent(wave: Wave) -> None:
    """Counts are multiples of five, scores and shares lie within caps and their limits."""
    for result in release_of(wave).results:
        value = result.value
        if isinstance(value, Published):
            assert value.answers % 5 == 0
            assert 5 <= value.score <= 95
            assert 0 <= value.low < value.score < value.high <= 100
            if isinstance(value.shares, Shares):
                parts = (value.shares.favourable, value.shares.neutral, value.shares.unfavourable)
                for part in parts:
                    assert 0.05 <= part.share <= 0.95
                    assert 0 <= part.low <= part.share <= part.high <= 1
                if not any(part.capped for part in parts):
                    assert abs(sum(part.share for part in parts) - 1) < 0.016
