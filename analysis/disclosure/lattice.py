"""The fixed set of groups results may be shown for: nested, over reporting cells."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, IntArray
from analysis.disclosure.errors import LatticeError


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """A tree of groups; each is a set of cells inside its parent's, apart from its siblings'.

    Attributes
    ----------
    ids : tuple of str
        Group ids, parents before children.
    names : tuple of str
        What people call the groups.
    parent : tuple of int
        Position of each group's parent; -1 for the root, which comes first.
    membership : BoolArray, shape (group, cell)
        Which cells a group consists of.

    Raises
    ------
    LatticeError
        If the groups are not such a tree; the message names the groups.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    parent: tuple[int, ...]
    membership: BoolArray

    def __post_init__(self) -> None:
        problems = _problems(self)
        if problems:
            raise LatticeError("Reporting groups: " + " ".join(problems))

    @property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Positions of each group's children.

        Returns
        -------
        tuple of tuple of int
            One per group.
        """
        below: list[list[int]] = [[] for _ in self.ids]
        for group, parent in enumerate(self.parent):
            if parent >= 0:
                below[parent].append(group)
        return tuple(tuple(each) for each in below)

    @property
    def levels(self) -> tuple[int, ...]:
        """Steps from the root to each group.

        Returns
        -------
        tuple of int
            One per group; 0 for the root.
        """
        levels: list[int] = []
        for parent in self.parent:
            levels.append(0 if parent < 0 else levels[parent] + 1)
        return tuple(levels)

    def sizes(self, per_cell: IntArray) -> IntArray:
        """Add up a cell quantity over each group.

        Parameters
        ----------
        per_cell : IntArray, shape (cell,) or (cell, series)
            People, ballots or answers in each cell.

        Returns
        -------
        IntArray, shape (group,) or (group, series)
            The same quantity for each group.
        """
        totals: IntArray = self.membership.astype(np.int64) @ per_cell
        return totals


def _problems(lattice: Lattice) -> list[str]:
    count = len(lattice.ids)
    lengths = {len(lattice.names), len(lattice.parent), lattice.membership.shape[0]}
    if count == 0 or lengths != {count}:
        return [f"{count} ids, but names, parents and membership rows number {sorted(lengths)}."]
    problems = []
    if len(set(lattice.ids)) < count:
        problems.append("two groups share an id.")
    if lattice.parent[0] != -1 or any(
        not 0 <= parent < group for group, parent in enumerate(lattice.parent) if group > 0
    ):
        return [*problems, "list the root first, with parent -1, and parents before children."]
    return problems + _nesting_problems(lattice)


def _nesting_problems(lattice: Lattice) -> list[str]:
    problems = []
    covered = np.zeros_like(lattice.membership)
    for group, parent in enumerate(lattice.parent):
        cells = lattice.membership[group]
        if not cells.any():
            problems.append(f'group "{lattice.ids[group]}" has no cell.')
        if parent < 0:
            continue
        if (cells & ~lattice.membership[parent]).any():
            problems.append(f'group "{lattice.ids[group]}" has cells outside its parent.')
        if (cells & covered[parent]).any():
            problems.append(f'group "{lattice.ids[group]}" shares a cell with a sibling.')
        covered[parent] |= cells
    return problems
