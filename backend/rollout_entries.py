"""The tables and keys of a rollout file, and what to say when one of them is wrong."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

import msgspec

from backend.errors import CanvassError
from surveys.agreement import Agreement, Gate, SecondKey


class RolloutFileError(CanvassError):
    """A rollout file that cannot be read as one."""


class PlannedWave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wave as the file plans it."""

    number: int
    name: str
    form: str
    opens_on: date
    closes_on: date


class UnitEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One unit; ``headcount`` counts the people placed directly in it."""

    id: str
    name: str
    parent: str | None = None
    headcount: int = 0


class PhaseEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phase of the rollout."""

    id: str
    name: str
    in_use: bool = False


class StartEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day on which a unit enters a phase."""

    unit: str
    phase: str
    on: date


class RolloutEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tool that is introduced."""

    id: str
    tool: str
    description: str


class Entries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole rollout file as it was written."""

    organisation: str
    rollout: RolloutEntry
    agreement: Agreement
    unit: tuple[UnitEntry, ...]
    phase: tuple[PhaseEntry, ...]
    start: tuple[StartEntry, ...]
    wave: tuple[PlannedWave, ...] = ()
    languages: tuple[str, ...] = ("en",)


_SHAPES: Mapping[str, type] = {
    "rollout": RolloutEntry,
    "agreement": Agreement,
    "unit": UnitEntry,
    "phase": PhaseEntry,
    "start": StartEntry,
    "wave": PlannedWave,
}
_KINDS = {
    "int": "a whole number",
    "float": "a decimal number",
    "str": "text in quotes",
    "bool": "true or false",
    "date": "a date like 2026-03-31, without quotes",
    "datetime": "a date with a time",
    "array": "a list",
    "object": "a table",
}


def read_entries(text: str, source: str) -> Entries:
    """Read the text of a rollout file; every unknown key is named at once."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RolloutFileError(_not_toml(str(problem), text, source)) from problem
    refuse(source, list(_unknown_keys(document)))
    try:
        return msgspec.convert(document, Entries)
    except msgspec.ValidationError as problem:
        raise RolloutFileError(f"{source}: {_in_words(str(problem), document)}") from problem


def refuse(source: str, problems: list[str]) -> None:
    """Raise one error that lists every problem, if there is one."""
    if len(problems) == 1:
        raise RolloutFileError(f"{source}: {problems[0]}")
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise RolloutFileError(f"{source}: {len(problems)} problems\n{listed}")


def _not_toml(problem: str, text: str, source: str) -> str:
    found = re.search(r" \(at line (\d+), column \d+\)", problem)
    if found is None:
        return f"{source}: not valid TOML: {problem}."
    line = text.splitlines()[int(found[1]) - 1].strip()
    return (
        f"{source}, line {found[1]}: `{line}` is not valid TOML ({problem[: found.start()]}). "
        "Dates are written like 2026-03-31, texts stand in quotes."
    )


def _unknown_keys(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown("top level", document, Entries)
    for name, shape in _SHAPES.items():
        entries = document.get(name)
        for place, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            yield from _unknown(_label(name, place, entry), entry, shape)
    agreed = document.get("agreement")
    gates = agreed.get("gates") if isinstance(agreed, dict) else None
    for place, gate in enumerate(gates if isinstance(gates, list) else []):
        yield from _unknown(f"agreement, gate {place + 1}", gate, Gate)


def _unknown(where: str, entry: object, shape: type) -> Iterator[str]:
    # Agreement and Gate are plain dataclasses, for which msgspec would pass over a typo.
    known = list(shape.__annotations__)
    for key in entry if isinstance(entry, dict) else ():
        if key not in known:
            close = get_close_matches(key, known, 1)
            meant = f"Did you mean `{close[0]}`?" if close else f"Known are: {', '.join(known)}."
            yield f"{where}: there is no key `{key}`. {meant}"


def _label(name: str, place: int, entry: object) -> str:
    if name in {"rollout", "agreement"}:
        return name
    id_ = entry.get("id") if isinstance(entry, dict) else None
    return f'{name} "{id_}"' if isinstance(id_, str) else f"{name}, entry {place + 1}"


def _in_words(message: str, document: Mapping[str, Any]) -> str:
    """Turn msgspec's ``$.unit[3].headcount`` into ``unit "cranes", headcount``."""
    problem, _, path = message.partition(" - at `$")
    found = re.match(r"\.(\w+)\[(\d+)\]", path)
    if found is None:
        words = re.findall(r"(\w+)", path)
    else:
        place = int(found[2])
        label = _label(found[1], place, document[found[1]][place])
        words = [label, *re.findall(r"(\w+)", path[found.end() :])]
    return f"{', '.join(words) or 'top level'}: {_problem(problem)}"


def _problem(problem: str) -> str:
    if found := re.fullmatch(r"Object missing required field `(\w+)`", problem):
        return f"the key `{found[1]}` is missing. Add it."
    if found := re.fullmatch(r"Expected `(.+)`, got `(.+)`", problem):
        wanted, given = (_kind(name) for name in found.groups())
        return f"must be {wanted}, not {given}."
    if problem == "Invalid RFC3339 encoded date":
        return "is no date. Write it like 2026-03-31, without quotes."
    if found := re.fullmatch(r"Invalid enum value '(.*)'", problem):
        return f'"{found[1]}" is not known. Choose one of: {", ".join(SecondKey)}.'
    return f"{problem.replace('`', '')}."


def _kind(names: str) -> str:
    return " or ".join(_KINDS.get(name, name) for name in names.split(" | ") if name != "null")
