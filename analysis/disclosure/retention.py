"""What is kept of a released wave once its ballots are destroyed: nothing about few people.

The counts of a cell with one ballot are that person's sheet of answers. Later waves need earlier
counts only to say how a *published* score has changed, so each series keeps one table for every
residue of its published groups (see `suppression.py`), and those hold at least k answers.
"""

import numpy as np

from analysis.arrays import IntArray
from analysis.counts import Counts
from analysis.disclosure.results import Published, Release
from analysis.pairs import Pairs

OUTSIDE = -1
"""Stands for cells without any published group."""


def kept_counts(counts: Counts, release: Release) -> Counts:
    """Fold the counts of a released wave until no table tells about fewer than k answers.

    Parameters
    ----------
    counts : Counts
        Counts per cell, from which the release was made.
    release : Release
        The release.

    Returns
    -------
    Counts
        The same cells, series and ballots. Series by series, the cells of a published group that
        belong to no smaller published group are added up and stand in the first of them; cells
        without a published group hold nothing. Every published group still adds up to exactly
        what it was. A series that is not released keeps the total of the wave, if it has k
        answers.

    Notes
    -----
    The release was made only after the check that every residue has no answer or at least k.
    Folding a second time changes nothing.
    """
    column_of = [_owners(counts, release, column) for column in range(len(counts.series))]
    table, dont_know, skipped = (
        np.stack(
            [_folded(part[:, column], owners) for column, owners in enumerate(column_of)], axis=1
        )
        for part in (counts.table, counts.dont_know, counts.skipped)
    )
    return Counts(counts.cells, counts.series, table, dont_know, skipped, counts.ballots)


def kept_pairs(pairs: Pairs, k: int) -> Pairs:
    """Drop the tables of pairs of questions that fewer than k people answered both.

    Parameters
    ----------
    pairs : Pairs
        Pairs of a released wave.
    k : int
        Threshold.

    Returns
    -------
    Pairs
        The same items; the tables dropped hold zeros.
    """
    enough = pairs.table.sum(axis=(2, 3), keepdims=True) >= k
    return Pairs(pairs.series, np.where(enough, pairs.table, 0))


def _owners(counts: Counts, release: Release, column: int) -> IntArray:
    """Tell for each cell the smallest published group it belongs to."""
    series = counts.series[column].id
    owners = np.full(len(counts.cells), OUTSIDE, dtype=np.int64)
    if all(each.id != series for each in release.series):
        enough = counts.answered[:, column].sum() >= release.policy.k_scores
        return np.zeros_like(owners) if enough else owners
    shown = {
        result.group
        for result in release.results
        if result.series == series and isinstance(result.value, Published)
    }
    # Parents come before children, so the last one written is the smallest.
    for position, group in enumerate(release.groups):
        if group.id in shown:
            owners[np.isin(counts.cells, group.cells)] = position
    return owners


def _folded(part: IntArray, owners: IntArray) -> IntArray:
    folded = np.zeros_like(part)
    for owner in np.unique(owners[owners != OUTSIDE]):
        cells = np.flatnonzero(owners == owner)
        folded[cells[0]] = part[cells].sum(axis=0)
    return folded
