"""What a table of counts allows to be fitted: rows, categories, effects that can be told apart."""

import numpy as np

from analysis.arrays import IntArray
from analysis.methods.ordinal_design import pick
from analysis.methods.ordinal_estimability import tied_effects
from analysis.methods.ordinal_model import OrdinalModel
from analysis.methods.ordinal_thresholds import FEWEST_CATEGORIES, Thresholds
from analysis.methods.outcomes import CannotTell

Categories = tuple[tuple[int, ...], ...]
"""Positions of the categories that are fitted as one."""


def prepare(model: OrdinalModel) -> tuple[OrdinalModel, Categories] | CannotTell:
    """Leave out empty rows, merge empty categories and see whether effects can be told apart.

    Parameters
    ----------
    model : OrdinalModel
        As asked for.

    Returns
    -------
    tuple of OrdinalModel and tuple of tuple of int, or CannotTell
        What can be fitted, and the positions of the categories that are one now.
    """
    rows = np.flatnonzero(model.counts.sum(axis=1))
    chosen = np.flatnonzero(model.counts.sum(axis=0))
    if chosen.size < FEWEST_CATEGORIES[Thresholds.FLEXIBLE]:
        said = f"all answers are in category {chosen[0] + 1}" if chosen.size else "nobody answered"
        return CannotTell(
            f"Nothing can be compared, for {said}. Report the counts, or wait for more answers."
        )
    categories = merged_categories(model.counts.sum(axis=0), model.thresholds)
    counts = np.stack([model.counts[:, list(each)].sum(axis=1) for each in categories], axis=1)
    ready = OrdinalModel(
        counts[rows],
        pick(model.location, rows),
        pick(model.nominal, rows),
        pick(model.scale, rows),
        model.link,
        model.thresholds,
    )
    names = tied_effects(ready.location, ready.nominal) or tied_effects(ready.scale)
    return tied(names) if names else (ready, categories)


def merged_categories(totals: IntArray, thresholds: Thresholds) -> Categories:
    """Join every empty category with the next higher one that was chosen.

    Parameters
    ----------
    totals : IntArray, shape (category,)
        Answers in each category.
    thresholds : Thresholds
        Only flexible thresholds need the merging.

    Returns
    -------
    tuple of tuple of int
        Positions that become one category; the last ones join downwards.
    """
    if thresholds is not Thresholds.FLEXIBLE:
        return tuple((at,) for at in range(totals.size))
    joined: list[tuple[int, ...]] = []
    waiting: tuple[int, ...] = ()
    for at, total in enumerate(totals):
        waiting = (*waiting, at)
        if total > 0:
            joined.append(waiting)
            waiting = ()
    if waiting:
        joined[-1] += waiting
    return tuple(joined)


def labels(categories: Categories) -> tuple[str, ...]:
    """Name categories from 1 up; merged ones by all their numbers.

    Parameters
    ----------
    categories : tuple of tuple of int
        Positions that are one category.

    Returns
    -------
    tuple of str
        Such as ``1``, ``2+3``.
    """
    return tuple("+".join(str(at + 1) for at in each) for each in categories)


def tied(names: tuple[str, ...]) -> CannotTell:
    """Say that effects cannot be told apart.

    Parameters
    ----------
    names : tuple of str
        Names of the effects.

    Returns
    -------
    CannotTell
        With the reason.
    """
    return CannotTell(
        f"The answers cannot tell these effects apart: {listed(names)}. A unit seen in one "
        "phase only, or a phase seen in one unit only, does this. Leave one of them out."
    )


def listed(names: tuple[str, ...], most: int = 6) -> str:
    """List names, the first few if there are many.

    Parameters
    ----------
    names : tuple of str
        Names.
    most : int, default 6
        How many to list.

    Returns
    -------
    str
        Part of a sentence.
    """
    shown = ", ".join(names[:most])
    if len(names) <= most:
        return shown
    return f"{shown} and {len(names) - most} more (or the one they are compared with)"
