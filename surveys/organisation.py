"""Who is reported together: cells large enough to publish, and the groups above them.

A cell is what a ballot carries; cells never overlap and together hold everybody. Small crews are
merged before a wave opens, so that nobody finds out afterwards that their unit has no result.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from surveys.errors import OrganisationError
from surveys.units import Unit, UnitTree, unit_tree

__all__ = [
    "Cell",
    "Group",
    "OrganisationError",
    "Unit",
    "UnitTree",
    "cell_positions",
    "reporting_cells",
    "reporting_groups",
    "unit_tree",
]


@dataclass(frozen=True, slots=True)
class Cell:
    """People reported as one: the units where they work, and the unit the cell hangs under.

    The id is that of the unit which the cell equals, or several joined by "+".
    """

    id: str
    name: str
    parent: str | None
    units: tuple[str, ...]
    headcount: int


@dataclass(frozen=True, slots=True)
class Group:
    """A cell, or several together: what a result may be about; level 0 is the organisation."""

    id: str
    name: str
    parent: str | None
    cells: tuple[int, ...]
    headcount: int
    level: int


@dataclass(frozen=True, slots=True, order=True)
class _Part:
    """Units taken together while merging; without parts of its own it becomes a cell."""

    headcount: int
    units: tuple[str, ...]
    parts: tuple["_Part", ...] = ()


def reporting_cells(tree: UnitTree, minimum: int = 10, wanted: int = 26) -> tuple[Cell, ...]:
    """Merge small units into cells of at least `minimum` people, and of `wanted` where possible.

    Under each unit the two smallest of its small sub-units are merged until none is small. If all
    become one, the unit itself is the cell, and may be merged in turn one level up. A unit below
    `minimum` whose siblings are all divided into cells joins the smallest cell of the smallest one.
    The result depends on ids and head counts only, not on the order in which units are given.
    """
    whole = _part(tree, tree.root, minimum, max(minimum, wanted))
    if whole.headcount < minimum:
        raise OrganisationError(
            f'"{tree.unit(tree.root).name}" has {whole.headcount} people; results need at least'
            f" {minimum}. Ask a larger organisation, or talk to each other instead."
        )
    return tuple(_cell(tree, part) for part in _cells_of(whole))


def cell_positions(cells: Sequence[Cell]) -> dict[str, int]:
    """Tell for each unit where people work the position of its cell."""
    return {unit: position for position, cell in enumerate(cells) for unit in cell.units}


def reporting_groups(tree: UnitTree, cells: Sequence[Cell]) -> tuple[Group, ...]:
    """List everything a result may be about, parents before children, each set of people once.

    A unit that shares a cell with a small neighbour is named together with it.
    """
    sets = _sets_of_cells(tree, cells)
    above = {inside: _smallest_above(inside, sets) for inside in sets}
    groups: list[Group] = []

    def add(inside: frozenset[int], parent: str | None, level: int) -> None:
        units = [unit for position in inside for unit in cells[position].units]
        headcount = sum(cells[position].headcount for position in inside)
        id_, name = _joint_name(tree, units)
        groups.append(Group(id_, name, parent, tuple(sorted(inside)), headcount, level))
        for part in sorted((part for part in sets if above[part] == inside), key=min):
            add(part, id_, level + 1)

    add(frozenset(range(len(cells))), None, 0)
    return tuple(groups)


def _part(tree: UnitTree, unit: str, minimum: int, wanted: int) -> _Part:
    below = tree.children(unit)
    if not below:
        return _Part(tree.headcount(unit), (unit,))
    parts = _merged([_part(tree, child, minimum, wanted) for child in below], minimum, wanted)
    if len(parts) == 1:
        return parts[0]
    return _Part(tree.headcount(unit), tree.leaves_under(unit), parts)


def _merged(parts: Iterable[_Part], minimum: int, wanted: int) -> tuple[_Part, ...]:
    ordered = sorted(parts)
    whole = [part for part in ordered if not part.parts]
    divided = [part for part in ordered if part.parts]
    while len(whole) > 1 and whole[0].headcount < wanted:
        whole = sorted([_joined(whole[0], whole[1]), *whole[2:]])
    if whole and divided and whole[0].headcount < minimum:
        divided[0] = _joined(divided[0], whole.pop(0))
    return tuple(sorted([*whole, *divided], key=lambda part: part.units))


def _joined(host: _Part, small: _Part) -> _Part:
    """Put a small part into another; if that one is divided, into its smallest cell."""
    parts = sorted(host.parts)
    if parts:
        parts[0] = _joined(parts[0], small)
    return _Part(
        host.headcount + small.headcount,
        tuple(sorted((*host.units, *small.units))),
        tuple(sorted(parts, key=lambda part: part.units)),
    )


def _cells_of(part: _Part) -> Iterator[_Part]:
    if not part.parts:
        yield part
    for inner in part.parts:
        yield from _cells_of(inner)


def _cell(tree: UnitTree, part: _Part) -> Cell:
    id_, name = _joint_name(tree, part.units)
    lines = [tree.ancestors(unit) for unit in _cover(tree, tree.root, frozenset(part.units))]
    shared = (above for above in lines[0] if all(above in line for line in lines))
    return Cell(id_, name, next(shared, None), part.units, part.headcount)


def _joint_name(tree: UnitTree, units: Iterable[str]) -> tuple[str, str]:
    members = [tree.unit(unit) for unit in _cover(tree, tree.root, frozenset(units))]
    return "+".join(unit.id for unit in members), " + ".join(unit.name for unit in members)


def _cover(tree: UnitTree, unit: str, people_of: frozenset[str]) -> Iterator[str]:
    """List the uppermost units that lie wholly in this set of places of work."""
    here = people_of.intersection(tree.leaves_under(unit))
    if len(here) == len(tree.leaves_under(unit)):
        yield unit
    elif here:
        for child in tree.children(unit):
            yield from _cover(tree, child, here)


def _sets_of_cells(tree: UnitTree, cells: Sequence[Cell]) -> set[frozenset[int]]:
    """For each unit the cells with people of it; guests of those cells come along."""
    positions = cell_positions(cells)
    return {
        frozenset(positions[leaf] for leaf in tree.leaves_under(unit.id)) for unit in tree.units
    }


def _smallest_above(
    inside: frozenset[int], sets: Iterable[frozenset[int]]
) -> frozenset[int] | None:
    return min((other for other in sets if inside < other), key=len, default=None)
