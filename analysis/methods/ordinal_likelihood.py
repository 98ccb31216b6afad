"""Likelihood of counts in the intervals between cuts, with its derivatives."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray
from analysis.methods.ordinal_links import Curve, Distribution

SMALLEST = 1e-150
"""Least probability of an answer whose square a computer can still divide by."""


@dataclass(frozen=True, slots=True, eq=False)
class CutDerivatives:
    """Log-likelihood of every row and its derivatives by the cuts of that row.

    Attributes
    ----------
    value : float
        Log-likelihood of all rows.
    gradient : FloatArray, shape (row, cut)
        First derivatives.
    own : FloatArray, shape (row, cut)
        Second derivatives by the same cut twice.
    next : FloatArray, shape (row, cut - 1)
        Second derivatives by a cut and its upper neighbour; all others are 0.
    """

    value: float
    gradient: FloatArray
    own: FloatArray
    next: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ShiftDerivatives:
    """Log-likelihood of every row and its derivatives by a common shift of the attitude.

    Attributes
    ----------
    value : FloatArray, shape (row,)
        Log-likelihood; minus infinity where an answer became impossible.
    first, second : FloatArray, shape (row,)
        Derivatives by the shift.
    second_by_cut : FloatArray, shape (row, cut)
        Derivative of ``second`` by each cut; its negative sum is the third derivative.
    """

    value: FloatArray
    first: FloatArray
    second: FloatArray
    second_by_cut: FloatArray


def interval_probabilities(curves: Distribution, cuts: FloatArray) -> FloatArray:
    """Give the probability of each category.

    Parameters
    ----------
    curves : Distribution
        Distribution of the latent attitude.
    cuts : FloatArray, shape (..., cut)
        Where categories end, in units of the latent scale.

    Returns
    -------
    FloatArray, shape (..., cut + 1)
        Exact in both tails; 0 or below where cuts cross.
    """
    below = _with_ends(curves.below(cuts), 0.0, 1.0)
    above = _with_ends(curves.above(cuts), 1.0, 0.0)
    high = _with_ends(cuts, -np.inf, np.inf)[..., :-1] > 0
    return np.where(high, above[..., :-1] - above[..., 1:], below[..., 1:] - below[..., :-1])


def in_order(cuts: FloatArray) -> bool:
    """Say whether cuts rise in every row.

    Parameters
    ----------
    cuts : FloatArray, shape (row, cut)
        Where categories end.

    Returns
    -------
    bool
        True if no two cross or touch.
    """
    return bool((np.diff(cuts, axis=1) > 0).all())


def by_cuts(curves: Distribution, counts: FloatArray, cuts: FloatArray) -> CutDerivatives | None:
    """Give the log-likelihood and its derivatives by the cuts.

    Parameters
    ----------
    curves : Distribution
        Distribution of the latent attitude.
    counts : FloatArray, shape (row, category)
        Answers.
    cuts : FloatArray, shape (row, cut)
        Where categories end.

    Returns
    -------
    CutDerivatives or None
        None if cuts cross, or an answer that was given is next to impossible.
    """
    probability = interval_probabilities(curves, cuts)
    given = counts > 0
    if not in_order(cuts) or not (probability[given] > SMALLEST).all():
        return None
    probability = np.where(given, probability, 1.0)
    density, slope = curves.density(cuts), curves.slope(cuts)
    ratio = counts / probability
    fall = ratio / probability
    rise = ratio[:, :-1] - ratio[:, 1:]
    return CutDerivatives(
        value=float((counts * np.log(probability)).sum()),
        gradient=density * rise,
        own=slope * rise - density**2 * (fall[:, :-1] + fall[:, 1:]),
        next=density[:, :-1] * density[:, 1:] * fall[:, 1:-1],
    )


def by_shift(
    curves: Distribution, counts: FloatArray, cuts: FloatArray, *, third: bool = True
) -> ShiftDerivatives:
    """Give the log-likelihood and its derivatives if everyone of a row moves up by the same.

    Parameters
    ----------
    curves : Distribution
        Distribution of the latent attitude.
    counts : FloatArray, shape (row, category)
        Answers.
    cuts : FloatArray, shape (row, cut)
        Where categories end, seen from the people of the row.
    third : bool, default True
        Whether to give ``second_by_cut`` as well; else it is empty.

    Returns
    -------
    ShiftDerivatives
        At shift 0. Rows with an impossible answer have value minus infinity and derivatives 0.
    """
    probability = interval_probabilities(curves, cuts)
    given = counts > 0
    impossible = np.any(given & (probability <= 0), axis=1, keepdims=True)
    safe = np.where(probability > 0, probability, 1.0)
    weights = np.where(impossible, 0.0, counts)
    density, slope = _ends(curves.density, cuts), _ends(curves.slope, cuts)
    first = -np.diff(density) / safe
    second = np.diff(slope) / safe
    value = np.where(impossible[:, 0], -np.inf, (weights * np.log(safe)).sum(axis=1))
    change = np.empty((0, cuts.shape[1]))
    if third:
        bend = _ends(curves.bend, cuts)
        by_upper = _change(density[:, 1:], slope[:, 1:], bend[:, 1:], safe, first, second)
        by_lower = -_change(density[:, :-1], slope[:, :-1], bend[:, :-1], safe, first, second)
        change = (weights * by_upper)[:, :-1] + (weights * by_lower)[:, 1:]
    return ShiftDerivatives(
        value=value,
        first=(weights * first).sum(axis=1),
        second=(weights * (second - first**2)).sum(axis=1),
        second_by_cut=change,
    )


def times_curvature(derivatives: CutDerivatives, cut_changes: FloatArray) -> FloatArray:
    """Multiply the second derivatives by the cuts with changes of the cuts.

    Parameters
    ----------
    derivatives : CutDerivatives
        Second derivatives.
    cut_changes : FloatArray, shape (row, cut, change)
        Changes of the cuts.

    Returns
    -------
    FloatArray, shape (row, cut, change)
        Change of the gradient by the cuts.
    """
    product = derivatives.own[:, :, None] * cut_changes
    product[:, :-1] += derivatives.next[:, :, None] * cut_changes[:, 1:]
    product[:, 1:] += derivatives.next[:, :, None] * cut_changes[:, :-1]
    return product


def _change(
    density: FloatArray,
    slope: FloatArray,
    bend: FloatArray,
    probability: FloatArray,
    first: FloatArray,
    second: FloatArray,
) -> FloatArray:
    """Differentiate ``second - first**2`` of a category by its upper cut."""
    relative = density / probability
    of_second = bend / probability - second * relative
    of_first = -slope / probability - first * relative
    return of_second - 2 * first * of_first


def _ends(curve: Curve, cuts: FloatArray) -> FloatArray:
    return _with_ends(curve(cuts), 0.0, 0.0)


def _with_ends(inner: FloatArray, low: float, high: float) -> FloatArray:
    shape = (*inner.shape[:-1], 1)
    return np.concatenate([np.full(shape, low), inner, np.full(shape, high)], axis=-1)
