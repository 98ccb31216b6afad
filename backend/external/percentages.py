"""Rows that are whole units with percentages, turned back into numbers of people."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backend.external.errors import Problem
from backend.external.mapping import ItemEntry, ItemKind, SurveyMapping
from backend.external.mapping_check import item_name
from backend.external.table import Table, cell_text, quoted, rows_text, short

MOST_PEOPLE = 10_000_000
PERCENT = 100

IntArray = NDArray[np.int64]


def is_aggregated(mapping: SurveyMapping) -> bool:
    """Tell whether a row stands for a whole unit instead of a person."""
    return any(item.kind is ItemKind.PERCENT for item in mapping.item)


def code_percentages(
    table: Table, mapping: SurveyMapping, problems: list[Problem]
) -> tuple[IntArray, IntArray]:
    """Turn percentages back into people: the nearest whole number who answered favourably."""
    shape = (len(table.frame), len(mapping.item)) if is_aggregated(mapping) else (0, 0)
    favourable, answers = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for index, item in enumerate(mapping.item if is_aggregated(mapping) else ()):
        share = _numbers(table, mapping, item, item.column, problems)
        people = (
            _numbers(table, mapping, item, item.answers_column, problems)
            if item.answers_column
            else np.full(len(table.frame), float(item.answers))
        )
        asked = np.where(np.isnan(share) | np.isnan(people), 0, people)
        answers[:, index] = np.rint(asked)
        mirrored = PERCENT - share if item.direction < 0 else share
        favourable[:, index] = np.floor(np.nan_to_num(mirrored) / PERCENT * answers[:, index] + 0.5)
    return favourable, answers


def _numbers(
    table: Table, mapping: SurveyMapping, item: ItemEntry, column: str, problems: list[Problem]
) -> NDArray[np.float64]:
    """Give a column as numbers, noting each value that is no percentage or number of people."""
    cells = table.frame[column]
    missing = {cell_text(code) for code in (*mapping.file.missing, *item.missing)} | {""}
    most = PERCENT if column == item.column else MOST_PEOPLE
    numbers = pd.to_numeric(cells.where(~cells.isin(missing)), errors="coerce").to_numpy(float)
    given = ~cells.isin(missing).to_numpy()
    wrong = given & ~((numbers >= 0) & (numbers <= most))
    if most == MOST_PEOPLE:
        wrong |= given & (numbers != np.rint(numbers))
    wanted = "a percentage from 0 to 100" if most == PERCENT else "a whole number of people"
    for text in cells[wrong].unique():
        rows = cells.index[(cells == text).to_numpy()].tolist()
        what = f"{short(text)} in {rows_text(rows)} is not {wanted}."
        where = f'Item "{item_name(item)}", column "{column}"'
        problems.append(Problem(where, what, "Correct it or list it under missing."))
    return numbers


def repeated_units(
    table: Table, mapping: SurveyMapping, unit: IntArray, wave: IntArray
) -> Iterator[Problem]:
    """Give the units that have more than one row in a wave, which would count people twice."""
    pairs = pd.Series(list(zip(unit.tolist(), wave.tolist(), strict=True)), index=table.frame.index)
    for pair in pairs[pairs.duplicated()].unique():
        rows = pairs.index[pairs == pair].tolist()
        what = f"{rows_text(rows)} give the same unit and wave."
        yield Problem(f"Unit {quoted(list(mapping.unit.columns))}", what, "Keep one row for each.")
