"""Guess what each column of a survey file is: unit, wave, question, or nothing we need."""

import re
from dataclasses import dataclass
from enum import StrEnum

from backend.external.guess_scale import ScaleGuess, guess_scale, is_percentage
from backend.external.guess_words import (
    BACKGROUND_WORDS,
    IDENTIFIER_WORDS,
    MISSING_TEXTS,
    PEOPLE_WORDS,
    UNIT_WORDS,
    WAVE_WORDS,
)
from backend.external.mapping import ItemKind
from backend.external.table import Table

MOST_WAVES = 24
MOST_TEXTS = 40
MOSTLY_UNIQUE = 0.9
FEW_ROWS = 20
LEVELS = 3
LONGEST_NAME = 3
WORDS = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])")


class Role(StrEnum):
    """What a column is for."""

    UNIT = "unit"
    WAVE = "wave"
    ITEM = "question"
    PEOPLE = "number of people"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column was taken for, and why."""

    name: str
    role: Role
    reason: str
    values: tuple[str, ...] = ()
    scale: ScaleGuess | None = None


def guess_columns(table: Table) -> tuple[ColumnGuess, ...]:
    """Guess the role of every column, in the order of the file."""
    guesses = tuple(_guess(table, name) for name in table.columns)
    guesses = _one_wave_column(guesses)
    units = sorted((g for g in guesses if g.role is Role.UNIT), key=_level)
    surplus = {guess.name for guess in units[LEVELS:]}
    guesses = tuple(_left_out(g, "more unit levels than needed") if g.name in surplus else g
                    for g in guesses)  # fmt: skip
    return _percentages(table, guesses) if _rows_are_units(table, guesses) else guesses


def unit_columns(guesses: tuple[ColumnGuess, ...]) -> list[str]:
    """Give the unit columns from the largest level down."""
    return [g.name for g in sorted((g for g in guesses if g.role is Role.UNIT), key=_level)]


def name_words(name: str) -> set[str]:
    """Cut "trustInBoss_2" into its words, in small letters; a letter counts only on its own."""
    words = {word.casefold() for word in WORDS.findall(name)}
    return {word for word in words if len(word) > 1} | {name.casefold()}


def _guess(table: Table, name: str) -> ColumnGuess:
    cells = table.frame[name]
    values = tuple(value for value in cells.unique().tolist() if value not in ("", *MISSING_TEXTS))
    # A heading that is a whole question may mention a team or a time without being one
    words = name_words(name) if len(WORDS.findall(name)) <= LONGEST_NAME else set()
    numeric = all(value.lstrip("+-").replace(".", "", 1).isdecimal() for value in values)
    if not values:
        return ColumnGuess(name, Role.LEFT_OUT, "is empty")
    if words & WAVE_WORDS and len(values) <= MOST_WAVES:
        return ColumnGuess(name, Role.WAVE, f"its name; {len(values)} values", values)
    if words & set(UNIT_WORDS) and (cells != "").all():
        return ColumnGuess(name, Role.UNIT, f"its name; {len(values)} values", values)
    if words & PEOPLE_WORDS and numeric:
        return ColumnGuess(name, Role.PEOPLE, "its name", values)
    if words & BACKGROUND_WORDS:
        return ColumnGuess(name, Role.LEFT_OUT, "background of a person: it could identify", values)
    if words & IDENTIFIER_WORDS:
        return ColumnGuess(name, Role.LEFT_OUT, "identifies a person or a moment", values)
    scale = guess_scale(values, table.labels.get(name, {}))
    if scale is not None and (numeric or scale.kind is ItemKind.CATEGORIES):
        return ColumnGuess(name, Role.ITEM, scale.reason, values, scale)
    if len(values) >= MOSTLY_UNIQUE * len(table.frame) > FEW_ROWS:
        return ColumnGuess(name, Role.LEFT_OUT, "nearly every row differs", values)
    if not numeric and 1 < len(values) <= MOST_TEXTS and (cells != "").all():
        return ColumnGuess(name, Role.UNIT, f"text with {len(values)} values", values)
    return ColumnGuess(name, Role.LEFT_OUT, "no answer scale was recognised", values)


def _one_wave_column(guesses: tuple[ColumnGuess, ...]) -> tuple[ColumnGuess, ...]:
    waves = [guess for guess in guesses if guess.role is Role.WAVE]
    return tuple(
        _left_out(guess, "a second wave column") if guess in waves[1:] else guess
        for guess in guesses
    )


def _rows_are_units(table: Table, guesses: tuple[ColumnGuess, ...]) -> bool:
    """Tell whether each unit and wave has one row, so that a row cannot be a person."""
    keys = [g.name for g in guesses if g.role in (Role.UNIT, Role.WAVE)]
    has_unit = any(g.role is Role.UNIT for g in guesses)
    return has_unit and len(table.frame) > 1 and not table.frame.duplicated(subset=keys).any()


def _percentages(table: Table, guesses: tuple[ColumnGuess, ...]) -> tuple[ColumnGuess, ...]:
    def as_percentage(guess: ColumnGuess) -> ColumnGuess:
        if guess.role is Role.UNIT and guess.reason.startswith("text") and unit_named:
            return _left_out(guess, "each unit has one row already")
        if guess.role is not Role.ITEM and guess.reason != "nearly every row differs":
            return guess
        if not is_percentage(guess.values):
            return _left_out(guess, "no percentages")
        scale = ScaleGuess(ItemKind.PERCENT, "percentages, one row for each unit")
        return ColumnGuess(guess.name, Role.ITEM, scale.reason, guess.values, scale)

    unit_named = any(g.role is Role.UNIT and g.reason.startswith("its name") for g in guesses)
    return tuple(as_percentage(guess) for guess in guesses) if len(table.frame) else guesses


def _left_out(guess: ColumnGuess, reason: str) -> ColumnGuess:
    return ColumnGuess(guess.name, Role.LEFT_OUT, reason, guess.values)


def _level(guess: ColumnGuess) -> tuple[int, int]:
    ranks = [UNIT_WORDS.index(word) for word in name_words(guess.name) if word in UNIT_WORDS]
    return (min(ranks, default=len(UNIT_WORDS)), len(guess.values))
