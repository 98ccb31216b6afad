"""What is kept after shredding: nothing about few people, all about published groups."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arrays import CodeArray
from analysis.counts import Counts, count_answers, item_series
from analysis.disclosure.inputs import ReleaseInputs
from analysis.disclosure.policy import Policy
from analysis.disclosure.release import Published, ReleasedSeries, WaveInfo, make_release
from analysis.disclosure.results import Release
from analysis.disclosure.retention import kept_counts, kept_pairs
from analysis.pairs import count_pairs
from tests.builders.lattices import lattice_of

K = 10
SERIES = tuple(item_series(name, 5, 1, (3, 4), (2,), (0, 1)) for name in ("a", "b", "hidden"))
# A city of two departments, with two and three cells.
LATTICE = lattice_of([-1, 0, 0, 1, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1, 1, 1])
CELLS = LATTICE.membership.shape[1]


def _wave(ballots: list[int], seed: int) -> tuple[Counts, CodeArray]:
    rng = np.random.default_rng(seed)
    cells = np.repeat(np.arange(CELLS), ballots)
    codes = rng.choice([0, 1, 2, 3, 4, 250, 251, 252], size=(cells.size, 3)).astype(np.uint8)
    names = [f"c{place}" for place in range(CELLS)]
    return count_answers(names, SERIES, (), cells, codes), codes


def _release(counts: Counts) -> Release:
    return make_release(
        ReleaseInputs(
            organisation="o", rollout="r", tool="t", tool_description="d",
            wave=WaveInfo(id="w", number=1, name="w", form="f", opened=date(2025, 3, 3),
                          closed=date(2025, 3, 14)),
            instrument="i", instrument_hash="1", agreement_hash="2", assurance="C",
            canvass_version="0", policy=Policy(), lattice=LATTICE,
            headcounts=np.maximum(counts.ballots, 12), counts=counts,
            series=tuple(
                ReleasedSeries(id=name, item=name, wording="always", construct=None, core=True,
                               kind="item", comparable=True)
                for name in ("a", "b")
            ),
        )
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    ballots=st.lists(st.integers(0, 45), min_size=CELLS, max_size=CELLS),
    seed=st.integers(0, 2**32 - 1),
)
def test_kept_counts_tell_about_k_people_or_nobody(ballots: list[int], seed: int) -> None:
    """Every table kept has no answer or k, published groups add up as before, twice is once."""
    counts, _ = _wave(ballots, seed)
    release = _release(counts)
    kept = kept_counts(counts, release)
    assert ((kept.answered == 0) | (kept.answered >= K)).all()
    assert kept.ballots.tolist() == counts.ballots.tolist()
    cells = {group.id: [counts.cells.index(c) for c in group.cells] for group in release.groups}
    for result in release.results:
        if isinstance(result.value, Published):
            rows, column = cells[result.group], counts.index(result.series)
            for before, after in ((counts.table, kept.table), (counts.skipped, kept.skipped),
                                  (counts.dont_know, kept.dont_know)):  # fmt: skip
                assert np.array_equal(before[rows, column].sum(0), after[rows, column].sum(0))
    assert kept_counts(kept, release) == kept


def test_a_series_that_is_not_released_keeps_its_total_only() -> None:
    """What no page shows per group is kept for the wave as a whole, if enough people answered."""
    counts, _ = _wave([20, 1, 15, 3, 30], 1)
    kept = kept_counts(counts, _release(counts))
    column = counts.index("hidden")
    assert kept.table[0, column].tolist() == counts.table[:, column].sum(0).tolist()
    assert not kept.table[1:, column].any()
    few, _ = _wave([2, 1, 0, 3, 1], 1)
    assert not kept_counts(few, _release(few)).table.any()


def test_pairs_of_few_people_are_dropped() -> None:
    """A pair of questions that fewer than k people answered both keeps no table."""
    _, codes = _wave([20, 1, 15, 3, 30], 1)
    codes[9:, 2] = 252
    pairs = count_pairs(SERIES, codes)
    kept = kept_pairs(pairs, K)
    assert pairs.table[0, 2].any()
    assert not kept.table[0, 2].any()
    assert not kept.table[2].any()
    assert np.array_equal(kept.table[0, 1], pairs.table[0, 1])
