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
    """Units reported as one, and the unit they hang under."""

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
            f'"{tree.root.name}" has {whole.headcount} people; results need at least {minimum}.'
            " Ask a larger organisation, or talk to each other instead."
        )
    return tuple(_cell(tree, part.units, part.headcount) for part in _cells_of(whole))


def cell_positions(tree: UnitTree, cells: Sequence[Cell]) -> dict[str, int]:
    """Tell for each unit where people work which cell they belong to."""
    return {
        leaf.id: position
        for position, cell in enumerate(cells)
        for unit in cell.units
        for leaf in tree.leaves_under(unit)
    }


def reporting_groups(tree: UnitTree, cells: Sequence[Cell]) -> tuple[Group, ...]:
    """List everything a result may be about, parents before children, each set of cells once.

    A unit that shares a cell with a small outsider is named together with it.
    """
    names = _named_sets(tree, cells)
    parents = {cells_in: _smallest_above(cells_in, names) for cells_in in names}
    top = next(cells_in for cells_in, above in parents.items() if above is None)
    groups: list[Group] = []

    def add(cells_in: frozenset[int], parent: str | None, level: int) -> None:
        id_, name = names[cells_in]
        headcount = sum(cells[position].headcount for position in cells_in)
        groups.append(Group(id_, name, parent, tuple(sorted(cells_in)), headcount, level))
        below = [inner for inner, above in parents.items() if above == cells_in]
        for inner in sorted(below, key=lambda inner: names[inner]):
            add(inner, id_, level + 1)

    add(top, None, 0)
    return tuple(groups)


def _part(tree: UnitTree, unit: Unit, minimum: int, wanted: int) -> _Part:
    below = tree.children(unit.id)
    if not below:
        return _Part(unit.headcount, (unit.id,))
    parts = _merged([_part(tree, child, minimum, wanted) for child in below], minimum, wanted)
    divided = parts if len(parts) > 1 else parts[0].parts
    return _Part(sum(part.headcount for part in parts), (unit.id,), divided)


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
    inner = (_joined(parts[0], small), *parts[1:]) if parts else ()
    units = tuple(sorted((*host.units, *small.units)))
    in_order = tuple(sorted(inner, key=lambda part: part.units))
    return _Part(host.headcount + small.headcount, units, in_order)


def _cells_of(part: _Part) -> Iterator[_Part]:
    if not part.parts:
        yield part
    for inner in part.parts:
        yield from _cells_of(inner)


def _cell(tree: UnitTree, units: tuple[str, ...], headcount: int) -> Cell:
    id_, name = _joint_name(tree, units)
    lines = [[above.id for above in tree.ancestors(unit)] for unit in units]
    shared = (above for above in lines[0] if all(above in line for line in lines))
    return Cell(id_, name, next(shared, None), units, headcount)


def _joint_name(tree: UnitTree, units: Iterable[str]) -> tuple[str, str]:
    members = [tree.unit(unit) for unit in units]
    return "+".join(unit.id for unit in members), " + ".join(unit.name for unit in members)


def _named_sets(tree: UnitTree, cells: Sequence[Cell]) -> dict[frozenset[int], tuple[str, str]]:
    """Name each set of cells that a unit touches; of nested units with the same set, the outer."""
    positions = cell_positions(tree, cells)
    named = {frozenset([place]): (cell.id, cell.name) for place, cell in enumerate(cells)}
    for unit in _outer_first(tree, tree.root):
        touched = frozenset(positions[leaf.id] for leaf in tree.leaves_under(unit.id))
        if touched not in named:
            guests = _guests(tree, unit, [cells[place] for place in touched])
            named[touched] = _joint_name(tree, [unit.id, *guests])
    return named


def _guests(tree: UnitTree, unit: Unit, cells: Iterable[Cell]) -> list[str]:
    members = (member for cell in cells for member in cell.units)
    return sorted(
        member
        for member in members
        if unit.id not in {member, *(above.id for above in tree.ancestors(member))}
    )


def _outer_first(tree: UnitTree, unit: Unit) -> Iterator[Unit]:
    yield unit
    for child in tree.children(unit.id):
        yield from _outer_first(tree, child)


def _smallest_above(
    cells_in: frozenset[int], sets: Iterable[frozenset[int]]
) -> frozenset[int] | None:
    return min((other for other in sets if cells_in < other), key=len, default=None)
