"""Constructs beside their items: what subtracting one from the other would say, and about whom.

A construct's score is the mean over people of the mean of their answered items. The items' totals
minus the construct's therefore concern those alone who answered some of the items but not all, and
an item's total in a department minus the construct's in its crews those outside the crews. Here a
construct is withheld until no such difference concerns a few. `docs/methods/disclosure.md`,
section 5, has the argument.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, IntArray
from analysis.disclosure.lattice import Lattice


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """A construct and its items.

    Attributes
    ----------
    construct : int
        Position of its series.
    members : tuple of int
        Positions of those of its items that are released.
    complete, partial : IntArray, shape (cell,), optional
        People who answered all items of the construct, and who answered some of them only; None
        where that is not known.
    """

    construct: int
    members: tuple[int, ...]
    complete: IntArray | None
    partial: IntArray | None


def withhold_constructs(
    lattice: Lattice, shown: BoolArray, answered: IntArray, family: Family, k: int
) -> BoolArray:
    """Choose the groups that show a construct, given those that show its items.

    Parameters
    ----------
    lattice : Lattice
        The groups.
    shown : BoolArray, shape (group, series)
        Groups that show each series, sound series by series.
    answered : IntArray, shape (cell, series)
        Valid answers.
    family : Family
        The construct and its items.
    k : int
        Threshold.

    Returns
    -------
    BoolArray, shape (group,)
        Groups that may show the construct, a part of those that did. Call cells that the same
        groups cover, in the construct and in every item, *thin* if some answered there, but fewer
        than ``k`` all items. Then each residue of the construct has 0 or at least ``k`` people
        outside thin cells who answered some items only, and not 0 if it has thin cells; and each
        residue of an item that touches the construct has 0 or at least ``k`` answers in thin
        cells and outside the construct.

    Notes
    -----
    Withholds the smallest group at fault, and looks again: at worst the construct is withheld
    everywhere, which is sound. Only sizes enter, never what was answered.
    """
    keep = shown[:, family.construct].copy()
    if not family.members or not keep.any():
        return keep
    if family.complete is None or family.partial is None:
        return np.zeros_like(keep)
    size = lattice.sizes(answered[:, family.construct])
    # A group in which everybody answered all items hides nobody: it is joined last.
    size = size + np.where(lattice.sizes(family.partial) == 0, size.max(), 0)
    while True:
        fault = next(_faults(lattice, shown, keep, answered, family, k), None)
        if fault is None:
            return keep
        keep[_to_withhold(lattice, keep, fault, size)] = False


def _to_withhold(lattice: Lattice, keep: BoolArray, fault: BoolArray, size: IntArray) -> int:
    """Join cells at fault with the smallest group next to them; if there is none, give them up."""
    cover = np.flatnonzero(keep & lattice.membership[:, fault].any(axis=1))
    own = cover[size[cover].argmin()]
    outside = (lattice.membership & ~lattice.membership[own]).any(axis=1)
    within = np.flatnonzero(keep & ~outside)
    within = within[within != own]
    return int(within[size[within].argmin()] if within.size else own)


def _faults(
    lattice: Lattice,
    shown: BoolArray,
    keep: BoolArray,
    answered: IntArray,
    family: Family,
    k: int,
) -> Iterator[BoolArray]:
    """Find sets of cells that make the shown groups unsafe; each touches a shown construct."""
    if family.complete is None or family.partial is None or not keep.any():
        return
    items = [lattice.membership[shown[:, member]] for member in family.members]
    construct = lattice.membership[keep]
    inside: BoolArray = np.asarray(construct.any(axis=0))
    thin = np.zeros_like(inside)
    for cells in _alike(np.vstack([construct, *items])):
        complete, partial = family.complete[cells].sum(), family.partial[cells].sum()
        thin |= cells & inside & (complete + partial > 0) & (complete < k)
    for cells in _alike(construct):
        some = family.partial[cells & ~thin].sum()
        if inside[cells].any() and some < k and (some > 0 or thin[cells].any()):
            yield cells
    for member, item in zip(family.members, items, strict=True):
        for cells in _alike(item):
            rest = answered[cells & (thin | ~inside), member].sum()
            if item[:, cells].any() and (inside & cells).any() and 0 < rest < k:
                yield cells & inside


def _alike(groups: BoolArray) -> Iterator[BoolArray]:
    """Give the sets of cells that the same groups cover."""
    _, place = np.unique(groups, axis=1, return_inverse=True)
    place = place.ravel()
    for each in range(int(place.max(initial=-1)) + 1):
        yield np.asarray(place == each)
