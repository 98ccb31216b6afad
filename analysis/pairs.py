"""Which answers go together: one table per pair of items, for the whole wave only.

Pairs are sufficient for correlations, reliability and drivers. They are never counted per cell,
where they would tell much about few people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import CodeArray, IntArray
from analysis.codes import item_reader
from analysis.errors import CodesError, CountsError
from analysis.series import Series, SeriesKind

BALLOTS_AT_ONCE = 1 << 14
"""Keeps the 0/1 table of a part within tens of megabytes, and its sums exact in 32 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """How many ballots gave each pair of answers to each pair of items.

    Attributes
    ----------
    series : tuple of Series
        Items only.
    table : IntArray, shape (series, series, category, category)
        Ballots that answered both; ``table[i, j, a, b] == table[j, i, b, a]``. On the diagonal
        stand the answers to one item.
    """

    series: tuple[Series, ...]
    table: IntArray

    def __post_init__(self) -> None:
        """Refuse a table that does not fit its items."""
        categories = max((each.size for each in self.series), default=0)
        shape = (len(self.series), len(self.series), categories, categories)
        if self.table.shape != shape:
            raise CountsError(
                f"Pairs of {len(self.series)} items need a table of shape {shape}, not "
                f"{self.table.shape}. Make them with count_pairs."
            )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Pairs)
            and self.series == other.series
            and np.array_equal(self.table, other.table)
        )

    __hash__ = None  # type: ignore[assignment] # arrays can change

    def __add__(self, other: "Pairs") -> "Pairs":
        if self.series != other.series:
            raise CountsError(
                "Pairs of different items do not add up. Count both parts with the same series."
            )
        return Pairs(self.series, self.table + other.table)


def count_pairs(series: Sequence[Series], codes: CodeArray) -> Pairs:
    """Count how often each two answers were given together; counts of parts add up.

    Parameters
    ----------
    series : sequence of Series
        One per column of ``codes``; only items are paired.
    codes : CodeArray, shape (ballot, series)
        Category position as printed, or 250 don't know, 251 skipped, 252 not asked.

    Returns
    -------
    Pairs
        Of the items, in their order; don't know, skipped and not asked are left out pair by pair.

    Raises
    ------
    CodesError
        If a code is unknown or the columns do not fit the series.

    Notes
    -----
    Leaving out missing answers pair by pair lets each pair rest on other people. The correlations
    of many such tables may contradict each other where much is missing.
    """
    if codes.ndim != 2 or codes.shape[1] != len(series):  # noqa: PLR2004 - axes
        raise CodesError(
            f"{len(series)} series need codes of shape (ballots, {len(series)}), not {codes.shape}."
        )
    items = [(column, each) for column, each in enumerate(series) if _is_item(each)]
    categories = max((each.size for _, each in items), default=0)
    width = len(items) * categories
    table = np.zeros((width, width), dtype=np.int64)
    for start in range(0, codes.shape[0], BALLOTS_AT_ONCE):
        part = codes[start : start + BALLOTS_AT_ONCE]
        for column, each in items:
            item_reader(each, column).tally(np.zeros(len(part), dtype=np.int64), part, 1)
        given = part[:, [column for column, _ in items], None] == np.arange(categories)
        ones = given.reshape(len(part), width).astype(np.float32)
        table += (ones.T @ ones).astype(np.int64)
    shape = (len(items), categories, len(items), categories)
    return Pairs(tuple(each for _, each in items), table.reshape(shape).transpose(0, 2, 1, 3))


def _is_item(series: Series) -> bool:
    return series.kind is SeriesKind.ITEM
