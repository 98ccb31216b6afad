"""Reporting groups form a tree; anything else is refused with the group's name."""

import numpy as np
import pytest

from analysis.disclosure.errors import LatticeError
from analysis.disclosure.lattice import Lattice
from tests.builders.lattices import lattice_of


def lattice(parent: tuple[int, ...], rows: list[list[int]]) -> Lattice:
    """Build a lattice from its rows of zeros and ones."""
    ids = tuple(f"g{group}" for group in range(len(parent)))
    return Lattice(ids, ids, parent, np.array(rows, dtype=np.bool_))


def test_knows_children_levels_and_sizes() -> None:
    """Children, depth and sums follow from parents and membership."""
    tree = lattice_of([-1, 0, 1, 0], [0, 1, 1, 1])
    assert tree.children == ((1, 3), (2,), (), ())
    assert tree.levels == (0, 1, 2, 1)
    assert tree.sizes(np.array([1, 10, 100])).tolist() == [111, 11, 10, 100]


@pytest.mark.parametrize(
    ("parent", "rows", "words"),
    [
        ((-1, 0, 0), [[1, 1], [1, 1], [0, 1]], '"g2" shares a cell with a sibling'),
        ((-1, 0), [[1, 0], [1, 1]], '"g1" has cells outside its parent'),
        ((-1, 0), [[1, 1], [0, 0]], '"g1" has no cell'),
        ((-1, -1), [[1, 0], [0, 1]], "root first"),
        ((-1, 1), [[1, 1], [0, 1]], "parents before children"),
        ((0,), [[1]], "root first"),
        ((-1,), [[1], [1]], "number"),
    ],
)
def test_refuses_what_is_no_tree(
    parent: tuple[int, ...], rows: list[list[int]], words: str
) -> None:
    """Overlap, orphans, empty groups and wrong order are named."""
    with pytest.raises(LatticeError, match=words):
        lattice(parent, rows)


def test_refuses_two_groups_with_one_id() -> None:
    """Ids tell groups apart."""
    with pytest.raises(LatticeError, match="share an id"):
        Lattice(("a", "a"), ("A", "A"), (-1, 0), np.array([[1, 1], [0, 1]], dtype=np.bool_))
