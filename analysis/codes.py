"""Where an answer code, or the codes of a construct's members, is counted.

Every series has its places: its categories, then don't know, skipped, not asked and unknown. A
code turns into a place by table look-up, so a million ballots take a fraction of a second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import CodeArray, IntArray
from analysis.errors import CodesError, SeriesError
from analysis.series import ConstructRule, Series, common_step, construct_series, score_points

DONT_KNOW = 250
SKIPPED = 251
NOT_ASKED = 252
CODES = 256
"""Codes a byte can hold."""

EXTRA_PLACES = 4
"""Don't know, skipped, not asked, unknown: in this order after the categories."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Gives each ballot its place in one series.

    Attributes
    ----------
    series : Series
        What is read.
    columns : tuple of int
        Columns of the codes it depends on.
    weights : IntArray, shape (column, code)
        What a code adds to the ballot's state.
    places : IntArray, shape (state,)
        Place of each state.
    """

    series: Series
    columns: tuple[int, ...]
    weights: IntArray
    places: IntArray

    def tally(self, cell_index: IntArray, codes: CodeArray, cells: int) -> IntArray:
        """Count ballots per cell and place.

        Parameters
        ----------
        cell_index : IntArray, shape (ballot,)
            Position of each ballot's cell.
        codes : CodeArray, shape (ballot, series)
            Answers as they lie in the ballots.
        cells : int
            Number of cells.

        Returns
        -------
        IntArray, shape (cell, place)
            Ballots.

        Raises
        ------
        CodesError
            If an answer is neither a category nor one of the three other codes.
        """
        state = np.zeros(cell_index.size, dtype=np.int64)
        for column, weights in zip(self.columns, self.weights, strict=True):
            state += weights[codes[:, column]]
        width = self.series.size + EXTRA_PLACES
        flat = np.bincount(cell_index * width + self.places[state], minlength=cells * width)
        tally: IntArray = flat.astype(np.int64).reshape(cells, width)
        if tally[:, -1].any():
            raise CodesError(_unknown(self.series, codes[:, self.columns[0]]))
        return tally


def item_reader(series: Series, column: int) -> Reader:
    """Read an item or a choice from its column.

    Parameters
    ----------
    series : Series
        The item or choice.
    column : int
        Its column in the codes.

    Returns
    -------
    Reader
        Which refuses unknown codes.
    """
    places = np.full(CODES, series.size + 3, dtype=np.int64)
    places[: series.size] = np.arange(series.size)
    places[[DONT_KNOW, SKIPPED, NOT_ASKED]] = series.size + np.arange(3)
    return Reader(series, (column,), np.arange(CODES, dtype=np.int64)[None], places)


def construct_reader(rule: ConstructRule, counted: Sequence[Series]) -> Reader:
    """Read the person score of a construct from its members' columns.

    Parameters
    ----------
    rule : ConstructRule
        Members and the least number of answers.
    counted : sequence of Series
        All series, one per column of the codes.

    Returns
    -------
    Reader
        Whose state packs the sum of steps and the numbers of answers, don't-knows and skips.

    Raises
    ------
    SeriesError
        If a member is not counted or is not an ordered item.
    """
    column_of = {series.id: column for column, series in enumerate(counted)}
    lacking = [member for member in rule.members if member not in column_of]
    if lacking:
        raise SeriesError(
            f'Construct "{rule.id}" names {", ".join(lacking)}, which the wave does not count. '
            "Take it out of the members, or count it."
        )
    columns = tuple(column_of[member] for member in rule.members)
    members = [counted[column] for column in columns]
    series = construct_series(rule, members)
    weights = np.stack([_weights(member, members) for member in members])
    return Reader(series, columns, weights, _places(rule, series, members))


def _weights(member: Series, members: Sequence[Series]) -> IntArray:
    steps, unit = common_step(members), _units(members)
    weights = np.zeros(CODES, dtype=np.int64)
    # Scores are whole numbers of steps; the float only carries them here.
    weights[: member.size] = unit[0] + np.rint(np.array(member.values) * steps / 100).astype(int)
    weights[[DONT_KNOW, SKIPPED]] = unit[1:]
    return weights


def _units(members: Sequence[Series]) -> tuple[int, int, int]:
    """Give what one answer, one don't-know and one skip add to the state."""
    answer = len(members) * common_step(members) + 1
    base = len(members) + 1
    return answer, answer * base, answer * base**2


def _places(rule: ConstructRule, series: Series, members: Sequence[Series]) -> IntArray:
    answer, dont_know, skip = _units(members)
    place_of = {value: place for place, value in enumerate(series.values)}
    category = {
        key: place_of[float(100 * point)] for key, point in score_points(rule, members).items()
    }
    places = np.full(skip * (len(members) + 1), series.size + 2, dtype=np.int64)
    for answers, unknown, skips in _states(len(members)):
        start = answers * answer + unknown * dont_know + skips * skip
        totals = np.arange(answers * common_step(members) + 1)
        places[start + totals] = _without_score(rule, series.size, (answers, unknown, skips))
        if answers >= rule.at_least:
            places[start + totals] = [category[answers, int(total)] for total in totals]
    return places


def _without_score(rule: ConstructRule, size: int, state: tuple[int, int, int]) -> int:
    answers, unknown, skips = state
    if answers + unknown >= rule.at_least:
        return size
    return size + 1 if answers + unknown + skips >= rule.at_least else size + 2


def _states(members: int) -> Iterator[tuple[int, int, int]]:
    for answers in range(members + 1):
        for unknown in range(members + 1 - answers):
            for skips in range(members + 1 - answers - unknown):
                yield answers, unknown, skips


def _unknown(series: Series, codes: CodeArray) -> str:
    known = [*range(series.size), DONT_KNOW, SKIPPED, NOT_ASKED]
    code = codes[~np.isin(codes, known)][0]
    return (
        f'Series "{series.id}": a ballot holds code {code}. Known are 0 to {series.size - 1}, '
        f"{DONT_KNOW} don't know, {SKIPPED} skipped and {NOT_ASKED} not asked. Count the ballots "
        "with the instrument version of their wave."
    )
