"""Newton's method uphill, for likelihoods that are known with their curvature."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from analysis.arrays import FloatArray

MOST_STEPS = 80
MOST_HALVINGS = 40
GAIN_TO_STOP = 1e-12
"""Expected gain of log-likelihood after which one more step leaves nothing to gain."""

ROUNDING = 1e-14
"""Relative loss of height that a sum of many logarithms can feign."""

LEAST_CURVATURE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Hilltop:
    """Where the climb stands.

    Attributes
    ----------
    at : FloatArray, shape (parameter,)
        Parameters.
    value : float
        Height.
    gradient : FloatArray, shape (parameter,)
        First derivatives.
    hessian : FloatArray, shape (parameter, parameter)
        Second derivatives.
    """

    at: FloatArray
    value: float
    gradient: FloatArray
    hessian: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Climb:
    """How a climb ended.

    Attributes
    ----------
    top : Hilltop
        Highest point reached.
    steps : int
        Steps taken.
    arrived : bool
        Whether nothing more was to be gained, as far as the curvature tells.
    """

    top: Hilltop
    steps: int
    arrived: bool


Landscape = Callable[[FloatArray], Hilltop | None]
"""Gives height and curvature at a point, or None where the point is not allowed."""


def climb(landscape: Landscape, start: FloatArray, most_steps: int = MOST_STEPS) -> Climb | None:
    """Climb to a maximum by Newton's method with step halving.

    Parameters
    ----------
    landscape : Landscape
        What to climb.
    start : FloatArray, shape (parameter,)
        Where to begin.
    most_steps : int, default 80
        Steps after which to give up.

    Returns
    -------
    Climb or None
        None if the start is not allowed.

    References
    ----------
    .. [1] J. Nocedal and S. J. Wright, "Numerical Optimization", 2nd edition, Springer 2006,
       chapter 3.
    """
    here = landscape(start)
    if here is None:
        return None
    for step in range(most_steps):
        direction = uphill(here)
        gain = float(here.gradient @ direction) / 2
        there = _move(landscape, here, direction)
        if there is None or gain <= GAIN_TO_STOP:
            return Climb(there or here, step + 1, gain <= GAIN_TO_STOP)
        here = there
    return Climb(here, most_steps, arrived=False)


def uphill(here: Hilltop) -> FloatArray:
    """Give Newton's step, or a cautious one where the curvature points the wrong way.

    Parameters
    ----------
    here : Hilltop
        Where the climb stands.

    Returns
    -------
    FloatArray, shape (parameter,)
        A step along which the height rises.
    """
    if here.at.size == 0:
        return np.zeros(0)
    try:
        factor = linalg.cho_factor(-here.hessian)
        return np.asarray(linalg.cho_solve(factor, here.gradient))
    except linalg.LinAlgError:
        bends, axes = linalg.eigh(-here.hessian)
        floor = LEAST_CURVATURE * max(1.0, float(np.abs(bends).max()))
        return np.asarray(axes @ ((axes.T @ here.gradient) / np.maximum(np.abs(bends), floor)))


def _move(landscape: Landscape, here: Hilltop, direction: FloatArray) -> Hilltop | None:
    size, floor = 1.0, here.value - ROUNDING * (1 + abs(here.value))
    for _ in range(MOST_HALVINGS):
        there = landscape(here.at + size * direction)
        if there is not None and there.value >= floor:
            return there
        size /= 2
    return None
