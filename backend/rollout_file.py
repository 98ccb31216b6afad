"""A rollout as one TOML file: organisation, units, phases, agreement and planned waves."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from backend.errors import CanvassError
from backend.store.rollouts import Rollout, save_rollout
from backend.store.waves import plan_wave
from surveys.agreement import Agreement, problems
from surveys.instrument import load_default_instrument
from surveys.organisation import Unit, UnitTree, unit_tree
from surveys.rollout import Phase, RolloutPlan, Start, rollout_plan


class RolloutFileError(CanvassError):
    """A rollout file that cannot be read as one."""


class PlannedWave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wave as the file plans it."""

    number: int
    name: str
    form: str
    opens_on: date
    closes_on: date


class _UnitEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    parent: str | None = None
    headcount: int = 0


class _PhaseEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    in_use: bool = False


class _StartEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit: str
    phase: str
    on: date


class _RolloutEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    tool: str
    description: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organisation: str
    rollout: _RolloutEntry
    agreement: Agreement
    unit: tuple[_UnitEntry, ...]
    phase: tuple[_PhaseEntry, ...]
    start: tuple[_StartEntry, ...]
    wave: tuple[PlannedWave, ...] = ()
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class RolloutFile:
    """What a rollout file says, checked."""

    organisation: str
    plan: RolloutPlan
    tree: UnitTree
    agreement: Agreement
    languages: tuple[str, ...]
    waves: tuple[PlannedWave, ...]


def read_rollout_file(path: Path) -> RolloutFile:
    """Read and check a rollout file; raises with the place and the remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise RolloutFileError(f"{path}: cannot be read ({problem.strerror}).") from problem
    except UnicodeDecodeError as problem:
        raise RolloutFileError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from problem
    return parse_rollout_file(text, str(path))


def parse_rollout_file(text: str, source: str) -> RolloutFile:
    """Parse the text of a rollout file; `source` names it in messages."""
    try:
        entries = msgspec.convert(tomllib.loads(text), _File)
    except tomllib.TOMLDecodeError as problem:
        raise RolloutFileError(f"{source}: not valid TOML: {problem}.") from problem
    except msgspec.ValidationError as problem:
        raise RolloutFileError(f"{source}: {_in_words(str(problem))}") from problem
    tree = unit_tree(Unit(u.id, u.name, u.parent, u.headcount) for u in entries.unit)
    plan = rollout_plan(
        id=entries.rollout.id,
        tool=entries.rollout.tool,
        description=entries.rollout.description,
        phases=tuple(Phase(p.id, p.name, p.in_use) for p in entries.phase),
        starts=tuple(Start(s.unit, s.phase, s.on) for s in entries.start),
        tree=tree,
    )
    return RolloutFile(
        entries.organisation, plan, tree, entries.agreement, entries.languages, entries.wave
    )


async def store_rollout(loaded: RolloutFile) -> None:
    """Keep a loaded rollout and its planned waves; refuses an agreement that cannot hold."""
    wrong = problems(loaded.agreement, load_default_instrument())
    if wrong:
        raise RolloutFileError("The agreement cannot hold:\n" + "\n".join(f"- {p}" for p in wrong))
    await save_rollout(
        Rollout(
            id=loaded.plan.id,
            organisation=loaded.organisation,
            plan=loaded.plan,
            tree=loaded.tree,
            agreement=loaded.agreement,
            signatures=(),
            languages=loaded.languages,
        )
    )
    for wave in loaded.waves:
        await plan_wave(
            loaded.plan.id, wave.number, wave.name, wave.form, wave.opens_on, wave.closes_on
        )


def _in_words(message: str) -> str:
    """Turn msgspec's ``$.unit[3].headcount`` into ``unit 4, headcount``."""
    problem, _, place = message.partition(" - at `$")
    steps = re.findall(r"\.(\w+)|\[(\d+)\]", place)
    words = ", ".join(name or f"entry {int(index) + 1}" for name, index in steps)
    return f"{words or 'top level'}: {problem.replace('`', '')}."
