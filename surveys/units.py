"""The tree of units: departments and sites, and how many people work in each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from surveys.errors import OrganisationError, raise_if_any


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or site; only units without sub-units have people placed on them directly."""

    id: str
    name: str
    parent: str | None
    headcount: int


@dataclass(frozen=True, slots=True)
class UnitTree:
    """Units that are known to form one tree; build it with `unit_tree`."""

    units: tuple[Unit, ...]
    _by_id: Mapping[str, Unit] = field(repr=False, compare=False)
    _children: Mapping[str | None, tuple[Unit, ...]] = field(repr=False, compare=False)

    @property
    def root(self) -> Unit:
        """The whole organisation."""
        return self._children[None][0]

    @property
    def leaves(self) -> tuple[Unit, ...]:
        """The units without sub-units: where people work."""
        return tuple(unit for unit in self.units if unit.id not in self._children)

    def unit(self, unit_id: str) -> Unit:
        """Give the unit with that id."""
        if unit_id not in self._by_id:
            raise OrganisationError(f'No unit "{unit_id}". Choose one of the units of the tree.')
        return self._by_id[unit_id]

    def children(self, unit_id: str) -> tuple[Unit, ...]:
        """List the units directly under this one, by id."""
        return self._children.get(self.unit(unit_id).id, ())

    def ancestors(self, unit_id: str) -> tuple[Unit, ...]:
        """List the units above this one, nearest first."""
        parent = self.unit(unit_id).parent
        return () if parent is None else (self.unit(parent), *self.ancestors(parent))

    def headcount(self, unit_id: str) -> int:
        """Count the people in this unit and everything under it."""
        below = sum(self.headcount(child.id) for child in self.children(unit_id))
        return self.unit(unit_id).headcount + below

    def leaves_under(self, unit_id: str) -> tuple[Unit, ...]:
        """List the units without sub-units in this part of the tree; a leaf gives itself."""
        below = self.children(unit_id)
        if not below:
            return (self.unit(unit_id),)
        return tuple(leaf for child in below for leaf in self.leaves_under(child.id))


def unit_tree(units: Iterable[Unit]) -> UnitTree:
    """Build the tree; raises one `OrganisationError` that lists everything wrong with it."""
    given = tuple(sorted(units, key=lambda unit: unit.id))
    by_id = {unit.id: unit for unit in given}
    children: dict[str | None, tuple[Unit, ...]] = {}
    for unit in given:
        children[unit.parent] = (*children.get(unit.parent, ()), unit)
    raise_if_any(list(_problems(given, by_id, children)), OrganisationError)
    return UnitTree(given, by_id, children)


def _problems(
    units: tuple[Unit, ...],
    by_id: Mapping[str, Unit],
    children: Mapping[str | None, tuple[Unit, ...]],
) -> Iterator[str]:
    roots = [unit.id for unit in children.get(None, ())]
    if len(roots) != 1:
        yield (
            f"{len(roots)} units without a parent {roots}. Exactly one, the whole organisation,"
            " stands at the top."
        )
    for unit in units:
        yield from _unit_problems(unit, by_id, children)
    ids = [unit.id for unit in units]
    for twice in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield f'Unit "{twice}": the id is used twice. Give each unit its own.'


def _unit_problems(
    unit: Unit, by_id: Mapping[str, Unit], children: Mapping[str | None, tuple[Unit, ...]]
) -> Iterator[str]:
    where = f'Unit "{unit.id}"'
    below = [child.id for child in children.get(unit.id, ())]
    if not unit.id or "+" in unit.id:
        yield f'{where}: ids must not be empty or contain "+", which joins merged units.'
    if not unit.name.strip():
        yield f"{where}: no name. Write the name that people in it use."
    if unit.parent is not None and unit.parent not in by_id:
        yield f'{where}: its parent "{unit.parent}" is no unit. Add it, or mend the name.'
    if unit.headcount < 0 or (not below and unit.headcount == 0):
        yield f"{where}: {unit.headcount} people. Give the number who work there, or remove it."
    if below and unit.headcount:
        yield (
            f"{where}: {unit.headcount} people are placed on it directly, but it has sub-units"
            f" {below}. Add a sub-unit for them, such as its office."
        )
    if _is_in_cycle(unit, by_id):
        yield f"{where}: is its own ancestor. Mend one of the parents on the way."


def _is_in_cycle(unit: Unit, by_id: Mapping[str, Unit]) -> bool:
    seen = {unit.id}
    above = by_id.get(unit.parent or "")
    while above is not None and above.id not in seen:
        seen.add(above.id)
        above = by_id.get(above.parent or "")
    return above is not None and above.id == unit.id
