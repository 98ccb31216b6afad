"""How many people each unit has in each wave, from wherever the mapping says."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from backend.external.errors import DataError, Problem
from backend.external.mapping import HeadcountSection, SurveyMapping
from backend.external.percentages import IntArray, is_aggregated
from backend.external.reading import read_table
from backend.external.rows import CodedRows, UnitPath
from backend.external.table import Table, cell_text, quoted, rows_text
from backend.external.unit_names import unit_id

UnitWave = tuple[UnitPath, int]


def people_per_unit(
    rows: CodedRows, mapping: SurveyMapping, folder: Path
) -> tuple[tuple[UnitPath, ...], IntArray]:
    """Give all units, and their head counts with shape (unit, wave); raises `DataError`.

    Units in which nobody answered are there too, if the mapping states their head count.
    """
    seen = people_seen(rows, mapping)
    section = mapping.headcount
    if section.from_rows:
        return rows.units, seen
    if section.each:
        return rows.units, np.where(seen > 0, np.maximum(section.each, 0), 0)
    stated = _from_file(section, mapping, folder) if section.file else _inline(section, mapping)
    units = (*rows.units, *sorted({path for path, _ in stated} - set(rows.units)))
    people = np.array(
        [[stated.get((path, wave), 0) for wave in range(len(mapping.wave))] for path in units],
        np.int64,
    )
    return units, people


def headcount_problems(
    rows: CodedRows, units: tuple[UnitPath, ...], people: IntArray, mapping: SurveyMapping
) -> Iterator[Problem]:
    """Give each unit of which more people answered than it is said to have."""
    seen = np.zeros_like(people)
    seen[: len(rows.units)] = people_seen(rows, mapping)
    for unit, wave in np.argwhere(seen > people).tolist():
        where = f'Head count of "{unit_id(units[unit])}", wave "{mapping.wave[wave].name}"'
        if people[unit, wave]:
            what = (
                f"{seen[unit, wave]} people are in the file, but {people[unit, wave]} are stated."
            )
            yield Problem(where, what, "Correct the head count or the rows.")
        else:
            what = f"{seen[unit, wave]} people are in the file, but no head count is stated."
            yield Problem(where, what, "State it under [headcount].")


def people_seen(rows: CodedRows, mapping: SurveyMapping) -> IntArray:
    """Count the people in the file, shape (unit, wave), also those who left all questions empty."""
    seen = np.zeros((len(rows.units), len(mapping.wave)), np.int64)
    each = rows.answers.max(axis=1) if is_aggregated(mapping) else np.ones_like(rows.unit)
    np.add.at(seen, (rows.unit, rows.wave), each)
    return seen


def _inline(section: HeadcountSection, mapping: SurveyMapping) -> dict[UnitWave, int]:
    problems: list[Problem] = []
    stated: dict[UnitWave, int] = {}
    for entry in section.unit:
        path = tuple(cell_text(part) for part in entry.unit)
        where = f"[[headcount.unit]] {quoted(path)}"
        waves = _waves_of(cell_text(entry.wave), mapping)
        if not waves:
            what = f'"{cell_text(entry.wave)}" is no listed wave.'
            problems.append(Problem(where, what, "Use a value of a [[wave]]."))
        if any((path, wave) in stated for wave in waves):
            problems.append(Problem(where, "is stated twice.", "Keep one of them."))
        stated |= {(path, wave): entry.people for wave in waves}
    if problems:
        raise DataError(problems)
    return stated


def _from_file(
    section: HeadcountSection, mapping: SurveyMapping, folder: Path
) -> dict[UnitWave, int]:
    """Read a table with the unit columns, the people, and perhaps the wave."""
    table = read_table(folder / section.file)
    wanted = [*mapping.unit.columns, section.column]
    absent = [name for name in wanted if name not in table.columns]
    if absent:
        what = f"there is no column {quoted(absent)}."
        mend = f"It needs {quoted(wanted)}; it has {quoted(table.columns)}."
        raise DataError([Problem(f"[headcount] file {section.file}", what, mend)])
    problems: list[Problem] = []
    stated: dict[UnitWave, int] = {}
    for row, path, wave, people in _head_count_rows(table, section, mapping):
        where = f"{section.file}, {rows_text([row])}"
        waves = _waves_of(wave, mapping)
        if not people.isdecimal() or int(people) < 1:
            problems.append(Problem(where, f'"{people}" is no number of people.', "Correct it."))
        elif any((path, index) in stated for index in waves):
            problems.append(Problem(where, f"{quoted(path)} is there twice.", "Remove one."))
        else:
            # A wave the survey file does not have is of no concern here
            stated |= {(path, index): int(people) for index in waves}
    if problems:
        raise DataError(problems)
    return stated


def _head_count_rows(
    table: Table, section: HeadcountSection, mapping: SurveyMapping
) -> Iterator[tuple[int, UnitPath, str, str]]:
    by_wave = mapping.wave_column in table.columns
    columns: Mapping[str, list[str]] = {name: table.frame[name].tolist() for name in table.columns}
    for position, row in enumerate(table.frame.index.tolist()):
        path = tuple(columns[name][position] for name in mapping.unit.columns)
        wave = columns[mapping.wave_column][position] if by_wave else ""
        yield row, path, wave, columns[section.column][position]


def _waves_of(value: str, mapping: SurveyMapping) -> list[int]:
    return [
        index for index, wave in enumerate(mapping.wave) if value in ("", cell_text(wave.value))
    ]
