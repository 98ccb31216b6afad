"""The answers of a wave as counts, which is all that remains of the ballots.

Unit x question x category counts are sufficient for scores, shares, their limits and contrasts
between waves: none of these ever needs a person's row again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, CodeArray, FloatArray, IntArray
from analysis.codes import DONT_KNOW, Reader, construct_reader, item_reader
from analysis.errors import CodesError, CountsError, SeriesError
from analysis.series import (
    ConstructRule,
    Series,
    SeriesKind,
    choice_series,
    construct_series,
    item_series,
)

__all__ = [
    "BoolArray",
    "ConstructRule",
    "Counts",
    "FloatArray",
    "IntArray",
    "Series",
    "SeriesKind",
    "choice_series",
    "construct_series",
    "count_answers",
    "item_series",
]

BALLOTS_AT_ONCE = 1 << 17
"""Enough to spread the cost of a step, few enough to stay in a few megabytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How many ballots of each cell gave each answer.

    Attributes
    ----------
    cells : tuple of str
        Cell ids; groups' ids after :meth:`roll_up`.
    series : tuple of Series
        What was counted: items and choices first, then constructs.
    table : IntArray, shape (cell, series, category)
        Ballots; series with fewer categories than the longest are padded with 0.
    dont_know : IntArray, shape (cell, series)
        Ballots that said "don't know / does not apply". For a construct: ballots without a score
        that would have one had their don't-knows been answers.
    skipped : IntArray, shape (cell, series)
        Ballots that were asked and gave no answer; for a construct, those left without a score
        for this reason.
    ballots : IntArray, shape (cell,)
        Ballots counted, whatever they contain.
    joint : IntArray, shape (cell, series, 2), optional
        For a construct, the ballots that answered all of its members, and those that answered
        some of them only; 0 for items. None if that was not counted: then no construct can be
        released beside its items.
    """

    cells: tuple[str, ...]
    series: tuple[Series, ...]
    table: IntArray
    dont_know: IntArray
    skipped: IntArray
    ballots: IntArray
    joint: IntArray | None = None

    def __post_init__(self) -> None:
        """Refuse tables that do not fit their names."""
        shape = (len(self.cells), len(self.series))
        categories = max((each.size for each in self.series), default=0)
        fits = (
            self.table.shape == (*shape, categories)
            and self.dont_know.shape == self.skipped.shape == shape
            and self.ballots.shape == shape[:1]
            and (self.joint is None or self.joint.shape == (*shape, 2))
        )
        if not fits:
            raise CountsError(
                f"Counts of {shape[0]} cells and {shape[1]} series need a table of shape "
                f"{(*shape, categories)}, not {self.table.shape}. Make them with count_answers."
            )
        if min(map(_least, (self.table, self.dont_know, self.skipped, self.ballots))) < 0:
            raise CountsError("A count is below 0. Make counts with count_answers.")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Counts)
            and self.cells == other.cells
            and self.series == other.series
            and np.array_equal(self.table, other.table)
            and np.array_equal(self.dont_know, other.dont_know)
            and np.array_equal(self.skipped, other.skipped)
            and np.array_equal(self.ballots, other.ballots)
            and (self.joint is None) == (other.joint is None)
            and (
                self.joint is None or other.joint is None or np.array_equal(self.joint, other.joint)
            )
        )

    __hash__ = None  # type: ignore[assignment] # arrays can change

    def __add__(self, other: "Counts") -> "Counts":
        if self.cells != other.cells or self.series != other.series:
            raise CountsError(
                "Counts of different cells or series do not add up. Count both parts with the "
                "same cells, series and constructs."
            )
        return Counts(
            self.cells,
            self.series,
            self.table + other.table,
            self.dont_know + other.dont_know,
            self.skipped + other.skipped,
            self.ballots + other.ballots,
            None if self.joint is None or other.joint is None else self.joint + other.joint,
        )

    @property
    def answered(self) -> IntArray:
        """Valid answers.

        Returns
        -------
        IntArray, shape (cell, series)
            Ballots with a category, or a score for a construct.
        """
        answered: IntArray = self.table.sum(axis=2)
        return answered

    def index(self, series_id: str) -> int:
        """Find the position of a series.

        Parameters
        ----------
        series_id : str
            Id of the series.

        Returns
        -------
        int
            Position on the series axis.

        Raises
        ------
        SeriesError
            If the series was not counted.
        """
        for position, series in enumerate(self.series):
            if series.id == series_id:
                return position
        raise SeriesError(
            f'No series "{series_id}" was counted. Counted are: '
            f"{', '.join(series.id for series in self.series)}."
        )

    def roll_up(self, names: Sequence[str], membership: BoolArray) -> "Counts":
        """Add cells up to groups.

        Parameters
        ----------
        names : sequence of str
            Ids of the groups.
        membership : BoolArray, shape (group, cell)
            Which cells belong to which group; groups may overlap.

        Returns
        -------
        Counts
            With the groups in place of the cells.

        Raises
        ------
        CountsError
            If the membership does not fit names and cells.
        """
        if membership.shape != (len(names), len(self.cells)):
            raise CountsError(
                f"{len(names)} groups over {len(self.cells)} cells need a membership of shape "
                f"{(len(names), len(self.cells))}, not {membership.shape}."
            )
        return Counts(
            tuple(names),
            self.series,
            _sums(membership, self.table),
            _sums(membership, self.dont_know),
            _sums(membership, self.skipped),
            _sums(membership, self.ballots),
            None if self.joint is None else _sums(membership, self.joint),
        )


def count_answers(
    cells: Sequence[str],
    series: Sequence[Series],
    constructs: Sequence[ConstructRule],
    cell_index: IntArray,
    codes: CodeArray,
) -> Counts:
    """Count the answers of opened ballots; counts of parts add up to the count of the whole.

    Parameters
    ----------
    cells : sequence of str
        Ids of all cells of the wave.
    series : sequence of Series
        Items and choices, one per column of ``codes``.
    constructs : sequence of ConstructRule
        Constructs to count besides; may be empty.
    cell_index : IntArray, shape (ballot,)
        Position of each ballot's cell in ``cells``.
    codes : CodeArray, shape (ballot, series)
        Category position as printed, or 250 don't know, 251 skipped, 252 not asked.

    Returns
    -------
    Counts
        Of the items and choices, followed by the constructs.

    Raises
    ------
    CodesError
        If a code or a cell position is unknown; nothing is counted then.
    SeriesError
        If a construct names a series that is not counted.

    Notes
    -----
    A person's construct score exists if at least ``at_least`` members were answered. People who
    leave out what they dislike lift such a score; read it beside the don't-know share.
    """
    if codes.ndim != 2 or codes.shape != (cell_index.size, len(series)):  # noqa: PLR2004 - axes
        raise CodesError(
            f"{cell_index.size} ballots of {len(series)} series need codes of shape "
            f"{(cell_index.size, len(series))}, not {codes.shape}."
        )
    if cell_index.size and not 0 <= cell_index.min() <= cell_index.max() < len(cells):
        raise CodesError(
            f"A ballot comes from cell {cell_index.min()} or {cell_index.max()}, but the wave has "
            f"the cells 0 to {len(cells) - 1}. Count it with the cells of its own wave."
        )
    readers = [item_reader(each, column) for column, each in enumerate(series)]
    readers += [construct_reader(rule, series) for rule in constructs]
    tallies = [_tally(reader, cell_index, codes, len(cells)) for reader in readers]
    ballots = np.bincount(cell_index, minlength=len(cells)).astype(np.int64)
    joint = np.zeros((len(cells), len(readers), 2), dtype=np.int64)
    for column, reader in enumerate(readers):
        joint[:, column] = _joint(reader, cell_index, codes, len(cells))
    return _gather(tuple(cells), readers, tallies, ballots, joint)


def _joint(reader: Reader, cell_index: IntArray, codes: CodeArray, cells: int) -> IntArray:
    """Count who answered all members of a construct, and who answered some of them only."""
    counted = np.zeros((cells, 2), dtype=np.int64)
    if len(reader.columns) == 1:
        return counted
    answered = np.zeros(cell_index.size, dtype=np.int64)
    for column in reader.columns:
        answered += codes[:, column] < DONT_KNOW
    every = answered == len(reader.columns)
    for place, people in enumerate((every, (answered > 0) & ~every)):
        counted[:, place] = np.bincount(cell_index[people], minlength=cells)
    return counted


def _tally(reader: Reader, cell_index: IntArray, codes: CodeArray, cells: int) -> IntArray:
    total = reader.tally(cell_index[:0], codes[:0], cells)
    for start in range(0, cell_index.size, BALLOTS_AT_ONCE):
        part = slice(start, start + BALLOTS_AT_ONCE)
        total += reader.tally(cell_index[part], codes[part], cells)
    return total


def _gather(
    cells: tuple[str, ...],
    readers: Sequence[Reader],
    tallies: Sequence[IntArray],
    ballots: IntArray,
    joint: IntArray,
) -> Counts:
    shape = (len(cells), len(readers))
    sizes = [reader.series.size for reader in readers]
    table = np.zeros((*shape, max(sizes, default=0)), dtype=np.int64)
    dont_know, skipped = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for column, (size, tally) in enumerate(zip(sizes, tallies, strict=True)):
        table[:, column, :size] = tally[:, :size]
        dont_know[:, column] = tally[:, size]
        skipped[:, column] = tally[:, size + 1]
    return Counts(
        cells, tuple(reader.series for reader in readers), table, dont_know, skipped, ballots, joint
    )


def _sums(membership: BoolArray, counts: IntArray) -> IntArray:
    # BLAS multiplies floats only; they hold whole numbers exactly up to 9e15, beyond any headcount.
    flat = counts.reshape(counts.shape[0], -1).astype(np.float64)
    sums = membership.astype(np.float64) @ flat
    return sums.astype(np.int64).reshape(membership.shape[0], *counts.shape[1:])


def _least(counts: IntArray) -> int:
    return int(counts.min(initial=0))
