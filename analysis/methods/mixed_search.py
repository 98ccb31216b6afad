"""The search for the top of a likelihood whose gradient is known and whose curvature is not."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from analysis.arrays import FloatArray
from analysis.methods.mixed_likelihood import Marginal, marginal
from analysis.methods.mixed_modes import Blocks
from analysis.methods.ordinal_newton import Hilltop, uphill

MOST_STEPS = 60
MOST_HALVINGS = 25
WIDEST_STEP = 1.5
"""Largest step of a logarithm of a standard deviation."""

SUSPECT_LOG_SD = float(np.log(0.05))
NEXT_TO_ZERO = float(np.log(1e-4))
GAIN_TO_SETTLE = 1e-5
GAIN_TO_STOP = 1e-15
DIFFERENCE = 1e-4
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where a search ended.

    Attributes
    ----------
    marginal_at : FloatArray, shape (parameter + block,)
        Parameters and logarithms of standard deviations.
    marginal : Marginal
        Likelihood there.
    covariance : FloatArray, shape (parameter + block, parameter + block)
        Inverse information; empty if a variance vanished.
    vanished : int or None
        Block whose variance goes to 0, if one does.
    """

    marginal_at: FloatArray
    marginal: Marginal
    covariance: FloatArray
    vanished: int | None


def search(problem: Blocks, start: FloatArray) -> Found | None:
    """Find the top of the integrated likelihood.

    Parameters
    ----------
    problem : Blocks
        Model and random effects.
    start : FloatArray, shape (parameter + block,)
        Where to begin.

    Returns
    -------
    Found or None
        None if no top is reached.

    Notes
    -----
    Quasi-Newton steps (BFGS) with the exact gradient; then Newton's steps with a Hessian by
    differences of that gradient, until it is as small as rounding lets it be.

    References
    ----------
    .. [1] J. Nocedal and S. J. Wright, "Numerical Optimization", 2nd edition, Springer 2006,
       chapter 6.
    """
    levels = sum(len(each.levels) for each in problem.blocks)
    here = marginal(problem, start, np.zeros(levels))
    if here is None:
        return None
    fixed, at = problem.ground.cuts.shape[2], start
    hessian = _hessian(problem, at, here, sides=(1,))
    settled, last_gain = False, np.inf
    for _ in range(MOST_STEPS):
        if hessian is None:
            return None
        step = _shortened(uphill(Hilltop(at, here.value, here.gradient, hessian)), fixed)
        gain = float(here.gradient @ step) / 2
        if settled and gain <= GAIN_TO_STOP:
            return _finished(at, here, hessian)
        moved = _move(problem, at, here, step)
        if moved is None:
            return _finished(at, here, hessian) if settled else None
        there, reached = moved
        vanished = _vanished(problem, there, reached)
        if vanished is not None:
            return Found(there, reached, np.zeros((0, 0)), vanished)
        slow = settled and gain > last_gain / 10
        if slow or (not settled and gain <= GAIN_TO_SETTLE):
            settled, hessian = True, _hessian(problem, there, reached, sides=(1, -1))
        elif not settled:
            hessian = _updated(hessian, there - at, reached.gradient - here.gradient)
        at, here, last_gain = there, reached, gain
    return None


def _vanished(problem: Blocks, at: FloatArray, here: Marginal) -> int | None:
    """Find a block whose variance the likelihood wants to shrink, here and next to 0."""
    fixed = problem.ground.cuts.shape[2]
    small = (at[fixed:] < SUSPECT_LOG_SD) & (here.gradient[fixed:] < 0)
    for which in np.flatnonzero(small):
        closer = at.copy()
        closer[fixed + which] = min(NEXT_TO_ZERO, at[fixed + which])
        there = marginal(problem, closer, here.modes.standard)
        if there is not None and there.gradient[fixed + which] <= 0:
            return int(which)
    return None


def _finished(at: FloatArray, here: Marginal, hessian: FloatArray) -> Found | None:
    try:
        factor = linalg.cho_factor(-hessian)
    except linalg.LinAlgError:
        return None
    covariance = np.asarray(linalg.cho_solve(factor, np.eye(at.size)))
    return Found(at, here, (covariance + covariance.T) / 2, None)


def _move(
    problem: Blocks, at: FloatArray, here: Marginal, step: FloatArray
) -> tuple[FloatArray, Marginal] | None:
    floor = here.value - ROUNDING * (1 + abs(here.value))
    for _ in range(MOST_HALVINGS):
        there = at + step
        reached = marginal(problem, there, here.modes.standard)
        if reached is not None and reached.value >= floor:
            return there, reached
        step = step / 2
    return None


def _shortened(step: FloatArray, fixed: int) -> FloatArray:
    longest = float(np.abs(step[fixed:]).max())
    return step * min(1.0, WIDEST_STEP / longest) if longest > 0 else step


def _updated(hessian: FloatArray, moved: FloatArray, change: FloatArray) -> FloatArray:
    """Mend the Hessian by what the gradient did along the last step (BFGS)."""
    bends, axes = np.linalg.eigh(hessian)
    # A hollow is taken for a hill as steep, so that steps keep leading upwards.
    hessian = -(axes * np.abs(bends)) @ axes.T
    along = float(moved @ change)
    bent = hessian @ moved
    curve = float(moved @ bent)
    if along >= 0 or curve >= 0:
        return hessian
    mended: FloatArray = hessian - np.outer(bent, bent) / curve + np.outer(change, change) / along
    return mended


def _hessian(
    problem: Blocks, at: FloatArray, here: Marginal, sides: tuple[int, ...]
) -> FloatArray | None:
    """Differentiate the gradient, roughly to one side or well to both."""
    rows = []
    for column in range(at.size):
        change = here.gradient * (sum(sides) / DIFFERENCE)
        for side in sides:
            there = at.copy()
            there[column] += side * DIFFERENCE
            reached = marginal(problem, there, here.modes.standard)
            if reached is None:
                return None
            change = change - reached.gradient * (side / DIFFERENCE)
        rows.append(-change / len(sides))
    square = np.stack(rows)
    return (square + square.T) / 2
