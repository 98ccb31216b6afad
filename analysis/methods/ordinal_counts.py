"""From the counts of waves to the tables that ordinal models fit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.counts import Counts
from analysis.errors import MethodError
from analysis.series import SeriesKind


@dataclass(frozen=True, slots=True, eq=False)
class OrderedCounts:
    """Answers to one series in several waves, lowest score first.

    Attributes
    ----------
    table : IntArray, shape (row, category)
        Answers; wave by wave, in each the cells in their order.
    scores : FloatArray, shape (category,)
        Score of each category, rising.
    cells : tuple of str
        Cell of each row.
    waves : tuple of int
        Position of each row's wave among those given.
    """

    table: IntArray
    scores: FloatArray
    cells: tuple[str, ...]
    waves: tuple[int, ...]


def ordered_counts(waves: Sequence[Counts], series_id: str) -> OrderedCounts:
    """Stack the answers to one series, so that higher categories are more favourable.

    Parameters
    ----------
    waves : sequence of Counts
        Counts of the waves in which the series was asked; at least one.
    series_id : str
        Id of an item or construct.

    Returns
    -------
    OrderedCounts
        One row for each wave and cell, also those without answers.

    Raises
    ------
    MethodError
        If the series is a choice, or has other scores in another wave.
    SeriesError
        If a wave did not ask the series.
    """
    if not waves:
        raise MethodError("No wave was given. Give the counts of one or more.")
    asked = [wave.series[wave.index(series_id)] for wave in waves]
    if any(each.kind is SeriesKind.CHOICE for each in asked):
        raise MethodError(f'"{series_id}" is a choice and has no order. Report its shares.')
    if len({each.values for each in asked}) != 1:
        raise MethodError(
            f'"{series_id}" was asked on different scales. Compare waves with the same scale.'
        )
    values = np.array(asked[0].values)
    order = np.argsort(values, kind="stable")
    tables = [wave.table[:, wave.index(series_id), : values.size][:, order] for wave in waves]
    return OrderedCounts(
        table=np.concatenate(tables),
        scores=values[order],
        cells=tuple(cell for wave in waves for cell in wave.cells),
        waves=tuple(at for at, wave in enumerate(waves) for _ in wave.cells),
    )
