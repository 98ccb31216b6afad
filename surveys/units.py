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
    """Units that are known to form one tree, walked by id; build it with `unit_tree`."""

    units: tuple[Unit, ...]
    _by_id: Mapping[str, Unit] = field(repr=False, compare=False)
    _children: Mapping[str | None, tuple[str, ...]] = field(repr=False, compare=False)
    _leaves: Mapping[str, tuple[str, ...]] = field(repr=False, compare=False)

    @property
    def root(self) -> str:
        """The whole organisation."""
        return self._children[None][0]

    @property
    def leaves(self) -> tuple[str, ...]:
        """The units without sub-units: where people work."""
        return self.leaves_under(self.root)

    def unit(self, unit_id: str) -> Unit:
        """Give the unit with that id."""
        if unit_id not in self._by_id:
            raise OrganisationError(f'No unit "{unit_id}". Choose one of the units of the tree.')
        return self._by_id[unit_id]

    def children(self, unit_id: str) -> tuple[str, ...]:
        """List the units directly under this one, by id."""
        return self._children.get(self.unit(unit_id).id, ())

    def ancestors(self, unit_id: str) -> tuple[str, ...]:
        """List the units above this one, nearest first."""
        parent = self.unit(unit_id).parent
        return () if parent is None else (parent, *self.ancestors(parent))

    def headcount(self, unit_id: str) -> int:
        """Count the people in this unit and everything under it."""
        return sum(self.unit(leaf).headcount for leaf in self.leaves_under(unit_id))

    def leaves_under(self, unit_id: str) -> tuple[str, ...]:
        """List where people of this unit work; a unit without sub-units gives itself."""
        return self._leaves[self.unit(unit_id).id]


def unit_tree(units: Iterable[Unit]) -> UnitTree:
    """Build the tree; raises one `OrganisationError` that lists everything wrong with it."""
    given = tuple(sorted(units, key=lambda unit: unit.id))
    by_id = {unit.id: unit for unit in given}
    children: dict[str | None, tuple[str, ...]] = {}
    for unit in given:
        children[unit.parent] = (*children.get(unit.parent, ()), unit.id)
    raise_if_any(list(_problems(given, by_id, children)), OrganisationError)
    return UnitTree(given, by_id, children, _leaves(children))


def _leaves(children: Mapping[str | None, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    leaves: dict[str, tuple[str, ...]] = {}

    def collect(unit_id: str) -> tuple[str, ...]:
        below = children.get(unit_id, ())
        inner = tuple(leaf for child in below for leaf in collect(child))
        leaves[unit_id] = inner if below else (unit_id,)
        return leaves[unit_id]

    collect(children[None][0])
    return leaves


def _problems(
    units: tuple[Unit, ...],
    by_id: Mapping[str, Unit],
    children: Mapping[str | None, tuple[str, ...]],
) -> Iterator[str]:
    roots = list(children.get(None, ()))
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
    unit: Unit, by_id: Mapping[str, Unit], children: Mapping[str | None, tuple[str, ...]]
) -> Iterator[str]:
    where = f'Unit "{unit.id}"'
    below = list(children.get(unit.id, ()))
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
