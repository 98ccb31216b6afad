"""Read a mapping file; every unknown word, wrong type and contradiction is told at once."""

import dataclasses
import datetime
import re
import tomllib
import types
import typing
from difflib import get_close_matches
from pathlib import Path

import msgspec

from backend.external.errors import MappingError, Problem
from backend.external.mapping import SurveyMapping
from backend.external.mapping_check import mapping_problems

LARGEST_MAPPING = 1024**2
PATH_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
TYPE_NAMES = {"int": "a whole number", "str": 'text in "quotes"', "bool": "true or false",
              "array": "a [list]", "object": "a [section]", "date": "a date like 2026-03-31",
              "float": "a number"}  # fmt: skip


def read_mapping(path: Path) -> SurveyMapping:
    """Read and check a mapping file, or raise `MappingError` with all that is wrong."""
    return parse_mapping(_text(path), path.name)


def parse_mapping(text: str, name: str) -> SurveyMapping:
    """Turn the text of a mapping file into a checked mapping."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what = f"this is not valid TOML: {error}."
        raise MappingError(
            [Problem(name, what, 'Texts need "quotes", lists [brackets].')]
        ) from None
    unknown = list(_unknown_keys(raw, SurveyMapping, ""))
    if unknown:
        raise MappingError(unknown)
    try:
        mapping = msgspec.convert(
            raw, SurveyMapping, builtin_types=(datetime.datetime, datetime.date, datetime.time)
        )
    except msgspec.ValidationError as error:
        raise MappingError([_type_problem(str(error), raw, name)]) from None
    problems = mapping_problems(mapping)
    if problems:
        raise MappingError(problems)
    return mapping


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_MAPPING:
            what = "is larger than 1 MB, so it is not a mapping file."
            raise MappingError([Problem(path.name, what, "Name the .toml file.")])
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        mend = "Make one with: canvass analyse FILE --init"
        raise MappingError([Problem(path.name, "there is no such mapping file.", mend)]) from None
    except UnicodeDecodeError:
        what = "is not UTF-8 text."
        raise MappingError([Problem(path.name, what, "Name the .toml file.")]) from None
    except OSError as error:
        what = f"cannot be read ({error.strerror})."
        raise MappingError([Problem(path.name, what, "Check its rights.")]) from None


def _unknown_keys(raw: object, wanted: object, where: str) -> typing.Iterator[Problem]:
    """Walk the file beside the dataclasses; TOML readers pass over words they do not know."""
    if isinstance(raw, list):
        inner = typing.get_args(wanted)[:1]
        for number, entry in enumerate(raw, start=1):
            yield from _unknown_keys(entry, inner[0] if inner else None, f"{where} number {number}")
        return
    if not (
        isinstance(raw, dict) and isinstance(wanted, type) and dataclasses.is_dataclass(wanted)
    ):
        return
    known = typing.get_type_hints(wanted)
    for key, value in raw.items():
        place = f"{where} {key}".strip()
        if key not in known:
            near = get_close_matches(key, known, n=1)
            mend = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
            yield Problem(f"[{where or 'top'}]", f'"{key}" is not a known word.', mend)
        elif not isinstance(known[key], types.UnionType):
            yield from _unknown_keys(value, known[key], place)


def _type_problem(message: str, raw: dict[str, object], name: str) -> Problem:
    """Turn msgspec's "Expected `int`, got `str` - at `$.item[2].direction`" into our words."""
    what, _, path = message.partition(" - at ")
    steps = PATH_STEP.findall(path.strip("`"))
    words = [key or f"number {int(number) + 1}" for key, number in steps if number != "..."]
    place = f"{name}, {' '.join(words)}" if words else name
    missing = re.search(r"missing required field `(\w+)`", what)
    if missing:
        return Problem(place, f'"{missing[1]}" is missing.', "Add it.")
    types_ = re.search(r"Expected `([^`]+)`, got `([^`]+)`", what)
    if types_:
        wanted, got = (_type_name(spelled) for spelled in types_.groups())
        return Problem(place, f"needs {wanted}, but has {got}.", "Change it.")
    return Problem(place, f"{what}.", f"It has: {_value_at(raw, steps)}.")


def _type_name(spelled: str) -> str:
    return " or ".join(TYPE_NAMES.get(part.strip(), part.strip()) for part in spelled.split("|"))


def _value_at(raw: object, steps: list[tuple[str, str]]) -> object:
    for key, number in steps:
        if key and isinstance(raw, dict):
            raw = raw.get(key)
        elif number.isdigit() and isinstance(raw, list):
            raw = raw[int(number)]
    return raw
