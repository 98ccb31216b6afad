"""Check every row of the survey file and code it: unit, wave and answer as small numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backend.external.errors import DataError, Problem
from backend.external.mapping import Code, ItemEntry, ItemKind, SurveyMapping
from backend.external.mapping_check import item_name
from backend.external.percentages import code_percentages, is_aggregated, repeated_units
from backend.external.scales import category_positions, score_position
from backend.external.table import Table, cell_text, quoted, rows_text, short

DONT_KNOW = 250
SKIPPED = 251
UNKNOWN = -1

IntArray = NDArray[np.int64]
UnitPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodedRows:
    """The rows as numbers: nothing here names a person, and it is forgotten after the count."""

    units: tuple[UnitPath, ...]
    unit: IntArray
    wave: IntArray
    codes: NDArray[np.uint8]
    """Shape (row, item): category position, don't know or skipped. Empty for percentages."""
    favourable: IntArray
    """Shape (row, item): people who answered favourably, where a row is a whole unit."""
    answers: IntArray
    """Shape (row, item): people who answered, where a row is a whole unit."""


def code_rows(table: Table, mapping: SurveyMapping) -> CodedRows:
    """Code all rows, or raise `DataError` with every problem in the file."""
    absent = list(_absent_columns(table, mapping))
    if absent:
        raise DataError(absent)
    problems: list[Problem] = []
    units, unit = _code_units(table, mapping, problems)
    wave = _code_waves(table, mapping, problems)
    items = [_code_item(table, mapping, item, problems) for item in mapping.item]
    if is_aggregated(mapping):
        problems.extend(repeated_units(table, mapping, unit, wave))
    favourable, answers = code_percentages(table, mapping, problems)
    if problems:
        raise DataError(problems)
    codes = np.column_stack(items)
    return CodedRows(units, unit, wave, codes, favourable, answers)


def _absent_columns(table: Table, mapping: SurveyMapping) -> Iterator[Problem]:
    wanted = [(f"[unit] columns {position}", name)
              for position, name in enumerate(mapping.unit.columns, start=1)]  # fmt: skip
    wanted.append(("wave_column", mapping.wave_column))
    for item in mapping.item:
        wanted.append((f'[[item]] "{item_name(item)}" column', item.column))
        wanted.append((f'[[item]] "{item_name(item)}" answers_column', item.answers_column))
    for where, name in wanted:
        if name and name not in table.columns:
            near = get_close_matches(name, table.columns, n=1)
            few = quoted(list(table.columns[:12]))
            mend = f'Did you mean "{near[0]}"?' if near else f"The file has {few}."
            yield Problem(where, f'the file has no column "{name}".', mend)


def _code_units(
    table: Table, mapping: SurveyMapping, problems: list[Problem]
) -> tuple[tuple[UnitPath, ...], IntArray]:
    columns = list(mapping.unit.columns)
    if not columns:
        return ((),), np.zeros(len(table.frame), np.int64)
    for column in columns:
        empty = table.frame.index[table.frame[column] == ""].tolist()
        if empty:
            mend = "Write the unit there, or remove these rows."
            problems.append(Problem(f'Unit "{column}"', f"is empty in {rows_text(empty)}.", mend))
    paths = list(table.frame[columns].itertuples(index=False, name=None))
    units = tuple(sorted(set(paths), key=_by_number))
    position = {path: index for index, path in enumerate(units)}
    return units, np.array([position[path] for path in paths], np.int64)


def _by_number(path: UnitPath) -> tuple[tuple[int, int, str], ...]:
    """Sort 4 before 104, as people do."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in path)


def _code_waves(table: Table, mapping: SurveyMapping, problems: list[Problem]) -> IntArray:
    if not mapping.wave_column:
        return np.zeros(len(table.frame), np.int64)
    listed = [cell_text(wave.value) for wave in mapping.wave]
    labels = table.labels.get(mapping.wave_column, {})
    position = {label: listed.index(code) for code, label in labels.items() if code in listed}
    position |= {text: index for index, text in enumerate(listed)}
    cells = table.frame[mapping.wave_column]
    waves = _by_value(cells, position.get)
    for text in cells[waves < 0].unique():
        rows = cells.index[cells == text].tolist()
        what = f"{short(text)} in {rows_text(rows)} is no listed wave."
        mend = "Add a [[wave]] with this value, or correct the rows."
        problems.append(Problem(f'Wave "{mapping.wave_column}"', what, mend))
    for index in sorted(set(range(len(listed))) - set(waves.tolist())):
        what = f'no row has the value "{listed[index]}".'
        where = f'[[wave]] "{mapping.wave[index].name}"'
        problems.append(Problem(where, what, "Remove this wave or correct its value."))
    return waves


def _code_item(
    table: Table, mapping: SurveyMapping, item: ItemEntry, problems: list[Problem]
) -> NDArray[np.uint8]:
    cells = table.frame[item.column]
    if item.kind is ItemKind.PERCENT:
        return np.zeros(len(cells), np.uint8)
    labels = table.labels.get(item.column, {})
    special = _special_codes(mapping, item, labels)
    if item.kind is ItemKind.CATEGORIES:
        known = category_positions(item, labels)
        coded = _by_value(cells, lambda text: special.get(text, known.get(text)))
        mend = f"Add it to values, missing or dont_know; known: {quoted(list(known))}."
    else:
        coded = _by_value(cells, lambda text: special.get(text, score_position(item, text)))
        step = f" in steps of 1/{item.steps}" if item.steps > 1 else ""
        mend = f"A score goes from {item.minimum:g} to {item.maximum:g}{step}."
    for text in cells[coded < 0].unique():
        rows = cells.index[cells == text].tolist()
        what = f"{short(text)} in {rows_text(rows)} is not on the answer scale."
        problems.append(Problem(f'Item "{item_name(item)}"', what, mend))
    return np.where(coded < 0, SKIPPED, coded).astype(np.uint8)


def _special_codes(
    mapping: SurveyMapping, item: ItemEntry, labels: Mapping[str, str]
) -> dict[str, int]:
    """Give the texts that mean no answer or don't know; a listed category always wins."""

    def texts(codes: Sequence[Code]) -> Iterator[str]:
        for code in codes:
            yield cell_text(code)
            yield labels.get(cell_text(code), cell_text(code))
            yield from (each for each, label in labels.items() if label == cell_text(code))

    listed = {cell_text(value) for value in item.values}
    special = dict.fromkeys(texts((*mapping.file.missing, *item.missing)), SKIPPED)
    special |= dict.fromkeys(texts((*mapping.file.dont_know, *item.dont_know)), DONT_KNOW)
    return {text: code for text, code in special.items() if text not in listed} | {"": SKIPPED}


def _by_value(
    cells: "pd.Series[str]",
    position: Callable[[str], int | None],
) -> IntArray:
    """Look each distinct text up once, however many rows have it."""
    codes, distinct = pd.factorize(cells)
    found = [position(str(text)) for text in distinct]
    return np.array([UNKNOWN if at is None else at for at in found], np.int64)[codes]
