"""Thresholds between neighbouring categories, free or tied to each other."""

from enum import StrEnum
from itertools import pairwise

import numpy as np

from analysis.arrays import FloatArray
from analysis.errors import MethodError

FEWEST_CATEGORIES = {"flexible": 2, "symmetric": 3, "equidistant": 3}


class Thresholds(StrEnum):
    """How thresholds hang together.

    Flexible: each is free. Symmetric: mirrored around the middle. Equidistant: one step between
    all neighbours.
    """

    FLEXIBLE = "flexible"
    SYMMETRIC = "symmetric"
    EQUIDISTANT = "equidistant"


def threshold_matrix(thresholds: Thresholds, categories: int) -> FloatArray:
    """Give the matrix that makes thresholds out of their free parameters.

    Parameters
    ----------
    thresholds : Thresholds
        Structure.
    categories : int
        Number of categories.

    Returns
    -------
    FloatArray, shape (categories - 1, parameter)
        Thresholds are this matrix times the parameters named by :func:`threshold_names`.

    Raises
    ------
    MethodError
        If there are too few categories for the structure.

    References
    ----------
    .. [1] R. H. B. Christensen, "Cumulative link models for ordinal regression with the R package
       ordinal", 2018, section 2.3.
    """
    fewest = FEWEST_CATEGORIES[thresholds]
    if categories < fewest:
        raise MethodError(
            f"{thresholds.capitalize()} thresholds need {fewest} categories or more, not "
            f"{categories}. Use flexible thresholds."
        )
    cuts = categories - 1
    if thresholds is Thresholds.FLEXIBLE:
        return np.eye(cuts)
    if thresholds is Thresholds.EQUIDISTANT:
        return np.stack([np.ones(cuts), np.arange(cuts, dtype=np.float64)], axis=1)
    return _mirrored(cuts)


def threshold_names(thresholds: Thresholds, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Name the free parameters of the thresholds.

    Parameters
    ----------
    thresholds : Thresholds
        Structure.
    labels : tuple of str
        Names of the categories, lowest first.

    Returns
    -------
    tuple of str
        One name for each column of :func:`threshold_matrix`.
    """
    if thresholds is Thresholds.FLEXIBLE:
        return tuple(f"{low}|{high}" for low, high in pairwise(labels))
    if thresholds is Thresholds.EQUIDISTANT:
        return ("threshold.1", "spacing")
    middle, pairs = _middle(len(labels) - 1)
    central = ("central",) if middle == 1 else ("central.1", "central.2")
    return central + tuple(f"spacing.{number + 1}" for number in range(pairs))


def _middle(cuts: int) -> tuple[int, int]:
    middle = 2 - cuts % 2
    return middle, (cuts - middle) // 2


def _mirrored(cuts: int) -> FloatArray:
    middle, pairs = _middle(cuts)
    matrix = np.zeros((cuts, middle + pairs))
    matrix[: cuts // 2, 0] = 1
    matrix[cuts // 2 :, middle - 1] = 1
    for pair in range(pairs):
        matrix[pairs - 1 - pair, middle + pair] = -1
        matrix[cuts - pairs + pair, middle + pair] = 1
    return matrix
