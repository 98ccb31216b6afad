"""Complementary suppression is safe, and withholds no more than it must."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arrays import BoolArray, IntArray
from analysis.disclosure.lattice import Lattice
from analysis.disclosure.suppression import choose_shown
from tests.builders.lattices import lattice_of, lattices
from tests.builders.rowspace import isolated_sets


def shown_groups(lattice: Lattice, per_cell: list[int], k: int = 10) -> set[str]:
    """Solve one series with every group allowed; names what is shown."""
    sizes = lattice.sizes(np.array(per_cell, dtype=np.int64))[:, None]
    shown = choose_shown(lattice, sizes, np.ones(sizes.shape, dtype=np.bool_), k)
    return {name for name, keep in zip(lattice.ids, shown[:, 0], strict=True) if keep}


@pytest.mark.parametrize(
    ("per_cell", "shown"),
    [
        ([24, 30, 40], {"g0", "g1", "g2", "g3"}),
        ([24, 9, 40], {"g0", "g3"}),
        ([9, 8, 40], {"g0", "g3"}),
        ([4, 5, 40], {"g0"}),
        ([24, 0, 40], {"g0", "g1", "g3"}),
        ([3, 3, 3], set()),
        ([0, 0, 0], set()),
        ([4, 4, 4], {"g0"}),
    ],
    ids=["all", "next smallest", "two small", "largest too", "empty", "none", "void", "parent"],
)
def test_withholds_what_a_sibling_would_give_away(per_cell: list[int], shown: set[str]) -> None:
    """With one small sibling, the cheapest other one is withheld; an empty one needs no help."""
    assert shown_groups(lattice_of([-1, 0, 0, 0], [0, 1, 1, 1]), per_cell) == shown


def test_keeps_the_department_rather_than_the_crew() -> None:
    """Where either could be withheld, the smaller group below goes, not the larger one above."""
    lattice = lattice_of([-1, 0, 0, 1, 1], [0, 0, 1, 1, 1])
    assert shown_groups(lattice, [50, 6, 12]) == {"g0", "g1", "g2"}


def test_cells_outside_all_children_count() -> None:
    """People placed directly in a unit are protected like a subgroup of their own."""
    assert shown_groups(lattice_of([-1, 0, 0], [1, 1, 1]), [3, 20, 30]) == {"g0", "g2"}


def test_never_shows_what_is_not_allowed() -> None:
    """A group withheld elsewhere stays withheld, and its siblings are solved around it."""
    lattice = lattice_of([-1, 0, 0], [0, 1, 1])
    sizes = lattice.sizes(np.array([20, 30]))[:, None]
    allowed = np.array([[True], [False], [True]])
    assert choose_shown(lattice, sizes, allowed, 10)[:, 0].tolist() == [True, False, True]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Lattice, IntArray, BoolArray, int]:
    """Draw a small tree with answers per cell, groups that may be shown, and a threshold."""
    lattice = draw(lattices(max_groups=7))
    count = lattice.membership.shape[1]
    per_cell = draw(st.lists(st.integers(0, 14), min_size=count, max_size=count))
    allowed = draw(st.lists(st.booleans(), min_size=len(lattice.ids), max_size=len(lattice.ids)))
    return lattice, np.array(per_cell), np.array(allowed)[:, None], draw(st.integers(1, 12))


def withheld_cost(shown: BoolArray, sizes: IntArray) -> tuple[int, int]:
    """Count the answers and the groups that are withheld."""
    return int(sizes[~shown].sum()), int((~shown).sum())


@given(problems())
@settings(max_examples=150, deadline=None)
def test_is_the_cheapest_safe_choice(problem: tuple[Lattice, IntArray, BoolArray, int]) -> None:
    """No safe choice at all, by trying every one, withholds fewer answers or groups."""
    lattice, per_cell, allowed, k = problem
    sizes = lattice.sizes(per_cell)
    chosen = choose_shown(lattice, sizes[:, None], allowed, k)[:, 0]
    best = min(
        withheld_cost(np.array(choice), sizes)
        for choice in product((False, True), repeat=len(sizes))
        if not (np.array(choice) & ~(allowed[:, 0] & (sizes >= k))).any()
        and _residues_hold(lattice, np.array(choice), per_cell, k)
    )
    assert withheld_cost(chosen, sizes) == best


@given(problems())
@settings(max_examples=200, deadline=None)
def test_nothing_small_is_in_the_row_space(
    problem: tuple[Lattice, IntArray, BoolArray, int],
) -> None:
    """Exact linear algebra finds no combination of shown totals about 1 to k-1 people."""
    lattice, per_cell, allowed, k = problem
    shown = choose_shown(lattice, lattice.sizes(per_cell)[:, None], allowed, k)[:, 0]
    rows = lattice.membership[shown].tolist()
    assert not list(isolated_sets(rows, per_cell.tolist(), k))


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_residue_rule_is_exactly_the_linear_algebra(
    problem: tuple[Lattice, IntArray, BoolArray, int],
) -> None:
    """A set of groups has only sound residues if and only if nothing small can be computed."""
    lattice, per_cell, allowed, k = problem
    shown = allowed[:, 0] & (lattice.sizes(per_cell) >= k)
    rows = lattice.membership[shown].tolist()
    exposed = list(isolated_sets(rows, per_cell.tolist(), k))
    assert _residues_hold(lattice, shown, per_cell, k) == (not exposed)


@given(problems(), st.lists(st.integers(0, 14), min_size=1, max_size=3))
@settings(max_examples=50, deadline=None)
def test_series_are_solved_apart(
    problem: tuple[Lattice, IntArray, BoolArray, int], factors: list[int]
) -> None:
    """Solving several series at once gives for each what it gives alone."""
    lattice, per_cell, allowed, k = problem
    sizes = lattice.sizes(np.outer(per_cell, factors))
    together = choose_shown(lattice, sizes, np.repeat(allowed, len(factors), axis=1), k)
    for column in range(len(factors)):
        alone = choose_shown(lattice, sizes[:, [column]], allowed, k)
        np.testing.assert_array_equal(together[:, [column]], alone)


def _residues_hold(lattice: Lattice, shown: BoolArray, per_cell: IntArray, k: int) -> bool:
    """Tell whether each shown group minus the shown groups below it has 0 or at least k."""
    for group in np.flatnonzero(shown):
        cells = lattice.membership[group].copy()
        for other in np.flatnonzero(shown):
            inside = not (lattice.membership[other] & ~lattice.membership[group]).any()
            if other > group and inside:
                cells &= ~lattice.membership[other]
        if 0 < per_cell[cells].sum() < k:
            return False
    return True
