"""When each unit gets the tool: phases, start dates, and time since a unit's own start."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from surveys.errors import RolloutError, raise_if_any
from surveys.organisation import UnitTree

__all__ = [
    "Phase",
    "RolloutError",
    "RolloutPlan",
    "Start",
    "event_weeks",
    "first_use",
    "phase_on",
    "rollout_plan",
]


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a rollout; `in_use` tells whether people work with the tool in it."""

    id: str
    name: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class Start:
    """The day on which a unit, with everything under it, enters a phase."""

    unit: str
    phase: str
    on: date


@dataclass(frozen=True, slots=True)
class RolloutPlan:
    """One tool being introduced: its phases in order, and who enters them when."""

    id: str
    tool: str
    description: str
    phases: tuple[Phase, ...]
    starts: tuple[Start, ...]


def rollout_plan(
    id: str,  # noqa: A002 - named like the field it fills
    tool: str,
    description: str,
    phases: Iterable[Phase],
    starts: Iterable[Start],
    tree: UnitTree,
) -> RolloutPlan:
    """Make a plan; raises one `RolloutError` that lists every contradiction in it."""
    plan = RolloutPlan(id, tool, description, tuple(phases), tuple(starts))
    raise_if_any([*_wrong_words(plan), *_wrong_starts(plan, tree)], RolloutError)
    raise_if_any(list(_wrong_order(plan, tree)), RolloutError)
    return plan


def phase_on(plan: RolloutPlan, tree: UnitTree, unit_id: str, day: date) -> Phase | None:
    """Give the phase a unit is in on that day, or `None` before its first one."""
    begun = [phase for phase, start in _dates(plan, tree, unit_id) if start <= day]
    return begun[-1] if begun else None


def first_use(plan: RolloutPlan, tree: UnitTree, unit_id: str) -> date | None:
    """Give the day on which people in the unit start to work with the tool, if one is planned."""
    days = (start for phase, start in _dates(plan, tree, unit_id) if phase.in_use)
    return next(days, None)


def event_weeks(plan: RolloutPlan, tree: UnitTree, unit_id: str, day: date) -> int | None:
    """Count full weeks since the unit's first use; -1 is the week before it."""
    start = first_use(plan, tree, unit_id)
    return None if start is None else (day - start).days // 7


def _dates(plan: RolloutPlan, tree: UnitTree, unit_id: str) -> list[tuple[Phase, date]]:
    """List the phases of a unit with their dates; for each the nearest unit's date counts."""
    given = {(start.unit, start.phase): start.on for start in plan.starts}
    line = [unit_id, *tree.ancestors(unit_id)]
    nearest = (
        (phase, next((given[unit, phase.id] for unit in line if (unit, phase.id) in given), None))
        for phase in plan.phases
    )
    return [(phase, day) for phase, day in nearest if day is not None]


def _wrong_words(plan: RolloutPlan) -> Iterator[str]:
    if not plan.tool.strip():
        yield f'Rollout "{plan.id}": no tool. Write the name that employees know it by.'
    if not plan.phases:
        yield f'Rollout "{plan.id}": no phases. Add at least one.'
    ids = [phase.id for phase in plan.phases]
    for twice in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield f'Phase "{twice}": the id is used twice. Give each phase its own.'


def _wrong_starts(plan: RolloutPlan, tree: UnitTree) -> Iterator[str]:
    phases = {phase.id for phase in plan.phases}
    units = {unit.id for unit in tree.units}
    seen: set[tuple[str, str]] = set()
    for start in plan.starts:
        where = f'Start of "{start.phase}" in unit "{start.unit}"'
        if start.unit not in units:
            yield f"{where}: no such unit. Mend the name, or add the unit."
        if start.phase not in phases:
            yield f"{where}: no such phase. Mend the name, or add the phase."
        if (start.unit, start.phase) in seen:
            yield f"{where}: given twice. Keep one date."
        seen.add((start.unit, start.phase))


def _wrong_order(plan: RolloutPlan, tree: UnitTree) -> Iterator[str]:
    for unit in tree.units:
        for (earlier, begun), (later, begins) in pairwise(_dates(plan, tree, unit.id)):
            if begins <= begun:
                yield (
                    f'Unit "{unit.id}": phase "{later.id}" starts on {begins}, but "{earlier.id}",'
                    f" which comes before it, on {begun}. Mend one of the dates."
                )
