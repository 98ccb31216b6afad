"""Count the coded rows of each wave, after which the rows are not needed any more."""

from collections.abc import Sequence

import numpy as np

from analysis.counts import ConstructRule, Counts, Series, count_answers, item_series
from backend.external.mapping import ItemEntry, ItemKind, SurveyMapping
from backend.external.mapping_check import construct_name, item_name
from backend.external.percentages import IntArray, is_aggregated
from backend.external.rows import SKIPPED, CodedRows
from backend.external.scales import answer_scale


def series_of(item: ItemEntry) -> Series:
    """Give the series in which an item is counted."""
    scale = answer_scale(item)
    # Percentages were turned round, where needed, when they became people
    direction = 1 if item.kind is ItemKind.PERCENT else item.direction
    return item_series(
        item_name(item),
        scale.size,
        direction,
        scale.favourable,
        scale.neutral,
        scale.unfavourable,
    )


def construct_rules(mapping: SurveyMapping) -> tuple[ConstructRule, ...]:
    """Give the constructs that are means of several items; half of the items must be answered."""
    members: dict[str, list[str]] = {}
    for item in mapping.item:
        members.setdefault(construct_name(item), []).append(item_name(item))
    several = {name: items for name, items in members.items() if len(items) > 1}
    if is_aggregated(mapping):
        # A mean for each person needs persons
        return ()
    return tuple(
        ConstructRule(id=name, members=tuple(items), at_least=(len(items) + 1) // 2)
        for name, items in several.items()
    )


def count_waves(
    rows: CodedRows, mapping: SurveyMapping, cells: Sequence[str], cell_of_unit: IntArray
) -> tuple[Counts, ...]:
    """Count every wave on the same cells."""
    count = _count_units if is_aggregated(mapping) else _count_people
    return tuple(
        count(rows, mapping, tuple(cells), cell_of_unit, rows.wave == wave)
        for wave in range(len(mapping.wave))
    )


def _count_people(
    rows: CodedRows,
    mapping: SurveyMapping,
    cells: tuple[str, ...],
    cell_of_unit: IntArray,
    chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> Counts:
    """Count people; a row without any answer is someone who did not take part."""
    took_part = chosen & (rows.codes != SKIPPED).any(axis=1)
    return count_answers(
        cells,
        tuple(series_of(item) for item in mapping.item),
        construct_rules(mapping),
        cell_of_unit[rows.unit[took_part]],
        rows.codes[took_part],
    )


def _count_units(
    rows: CodedRows,
    mapping: SurveyMapping,
    cells: tuple[str, ...],
    cell_of_unit: IntArray,
    chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> Counts:
    """Add up the people behind the percentages: favourable ones and the others."""
    series = tuple(series_of(item) for item in mapping.item)
    cell = cell_of_unit[rows.unit[chosen]]
    favourable, answers = rows.favourable[chosen], rows.answers[chosen]
    table = np.zeros((len(cells), len(series), 2), np.int64)
    np.add.at(table, cell, np.stack([answers - favourable, favourable], axis=2))
    ballots = np.zeros(len(cells), np.int64)
    np.add.at(ballots, cell, answers.max(axis=1))
    none = np.zeros((len(cells), len(series)), np.int64)
    return Counts(
        cells=cells, series=series, table=table, dont_know=none, skipped=none.copy(),
        ballots=ballots,
    )  # fmt: skip
