"""Everything a release needs to know about a wave, as arrays of groups by series.

These numbers are exact and not for publication: `analysis.disclosure` decides what may be shown
and how coarsely.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.counts import Counts
from analysis.methods.scores import Scores, mean_score
from analysis.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Exact results of one wave.

    Attributes
    ----------
    scores : Scores, shape (group, series)
        Mean scores, their spread, and answers.
    shares : FloatArray, shape (group, series, 3)
        Favourable, neutral and unfavourable shares of the valid answers; nan without answers.
    bands : BoolArray, shape (series, 3)
        Whether the series has categories in that band at all.
    dont_know : FloatArray, shape (group, series)
        Don't-knows among those who answered or said they do not know; nan without such people.
    """

    scores: Scores
    shares: FloatArray
    bands: BoolArray
    dont_know: FloatArray


def estimate(counts: Counts) -> Estimates:
    """Estimate scores, shares and don't-know shares of every group on every series.

    Parameters
    ----------
    counts : Counts
        Counts per group, from :meth:`Counts.roll_up`.

    Returns
    -------
    Estimates
        Exact numbers, with nan where there are no answers. Limits are not among them: they are
        computed from shown scores and shown shares, in ``analysis.disclosure.values``.
    """
    return Estimates(
        scores=mean_score(counts),
        shares=band_shares(counts),
        bands=np.array([[len(each) > 0 for each in _bands(series)] for series in counts.series]),
        dont_know=_ratio(counts.dont_know, counts.dont_know + counts.answered),
    )


def band_shares(counts: Counts) -> FloatArray:
    """Give the shares of favourable, neutral and unfavourable answers.

    Parameters
    ----------
    counts : Counts
        Counts of cells or groups.

    Returns
    -------
    FloatArray, shape (cell, series, 3)
        Shares of the valid answers; nan without answers.
    """
    bands = np.zeros((*counts.answered.shape, 3), dtype=np.int64)
    for column, series in enumerate(counts.series):
        for band, categories in enumerate(_bands(series)):
            bands[:, column, band] = counts.table[:, column, list(categories)].sum(axis=1)
    return _ratio(bands, np.broadcast_to(counts.answered[..., None], bands.shape))


def regroup(counts: Counts, groups: Sequence[Sequence[str]], series: Sequence[str]) -> Counts:
    """Roll a wave up to given groups and series, to set it beside another wave.

    Parameters
    ----------
    counts : Counts
        Counts per cell.
    groups : sequence of sequence of str
        The cells each group consists of; cells the wave did not have count nothing.
    series : sequence of str
        Ids of series the wave has.

    Returns
    -------
    Counts
        Counts of the groups, named by position.

    Raises
    ------
    SeriesError
        If a series was not counted.
    """
    position = {cell: column for column, cell in enumerate(counts.cells)}
    membership = np.zeros((len(groups), len(counts.cells)), dtype=np.bool_)
    for row, cells in enumerate(groups):
        membership[row, [position[cell] for cell in cells if cell in position]] = True
    names = [str(row) for row in range(len(groups))]
    return choose_series(counts, series).roll_up(names, membership)


def choose_series(counts: Counts, series: Sequence[str]) -> Counts:
    """Keep some series of some counts, in the order asked for.

    Parameters
    ----------
    counts : Counts
        Counts of cells or groups.
    series : sequence of str
        Ids of the series to keep.

    Returns
    -------
    Counts
        The same counts of these series alone.

    Raises
    ------
    SeriesError
        If a series was not counted.
    """
    columns = [counts.index(each) for each in series]
    kept = tuple(counts.series[column] for column in columns)
    size = max((each.size for each in kept), default=0)
    return Counts(
        counts.cells,
        kept,
        counts.table[:, columns, :size],
        counts.dont_know[:, columns],
        counts.skipped[:, columns],
        counts.ballots,
        None if counts.joint is None else counts.joint[:, columns],
    )


def _bands(series: Series) -> tuple[tuple[int, ...], ...]:
    return series.favourable, series.neutral, series.unfavourable


def _ratio(part: IntArray, whole: IntArray) -> FloatArray:
    ratio = np.full(part.shape, np.nan)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio
