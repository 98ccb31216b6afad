"""Makes small trees of reporting groups, by hand and at random."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from analysis.disclosure.lattice import Lattice


def lattice_of(parents: Sequence[int], own_cells: Sequence[int]) -> Lattice:
    """Build a lattice from each group's parent and the number of cells only it covers."""
    count = len(parents)
    membership = np.zeros((count, sum(own_cells)), dtype=np.bool_)
    column = 0
    for group, cells in enumerate(own_cells):
        above = group
        while above >= 0:
            membership[above, column : column + cells] = True
            above = parents[above]
        column += cells
    ids = tuple(f"g{group}" for group in range(count))
    return Lattice(ids, tuple(f"Group {each}" for each in ids), tuple(parents), membership)


@st.composite
def lattices(draw: st.DrawFn, max_groups: int = 8) -> Lattice:
    """Draw a tree of groups; a group without children always has a cell of its own."""
    count = draw(st.integers(1, max_groups))
    parents = [-1] + [draw(st.integers(0, group - 1)) for group in range(1, count)]
    inner = set(parents)
    own = [draw(st.integers(0 if group in inner else 1, 2)) for group in range(count)]
    return lattice_of(parents, own)
