"""Random effects over the rows of a model, and their most likely values."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray
from analysis.methods.mixed_blocks import Block, Curvature, curvature
from analysis.methods.ordinal_likelihood import (
    ShiftDerivatives,
    by_shift,
    interval_probabilities,
)
from analysis.methods.ordinal_model import Terrain

MOST_STEPS = 100
MOST_HALVINGS = 30
GAIN_TO_STOP = 1e-20
"""So small because the curvature at the mode enters the likelihood as well."""

ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Random effects over the rows of a model.

    Attributes
    ----------
    ground : Terrain
        Likelihood without random effects.
    blocks : tuple of Block
        Random effects, the largest block first.
    nodes : int
        Nodes of the quadrature; 1 is Laplace's approximation.
    """

    ground: Terrain
    blocks: tuple[Block, ...]
    nodes: int

    @property
    def levels(self) -> list[slice]:
        """Where each block's levels stand.

        Returns
        -------
        list of slice
            In a vector over all levels.
        """
        ends = np.cumsum([len(each.levels) for each in self.blocks])
        return [
            slice(end - len(each.levels), end) for end, each in zip(ends, self.blocks, strict=True)
        ]

    def spread(self, standard: FloatArray, sds: FloatArray) -> FloatArray:
        """Give each row the sum of its random effects.

        Parameters
        ----------
        standard : FloatArray, shape (level,) over all blocks
            Standardised effects.
        sds : FloatArray, shape (block,)
            Standard deviations.

        Returns
        -------
        FloatArray, shape (row,)
            Shifts.
        """
        shift = np.zeros(self.ground.counts.shape[0])
        for each, at, sd in zip(self.blocks, self.levels, sds, strict=True):
            shift += sd * standard[at][each.rows]
        return shift

    def gather(self, numbers: FloatArray, sds: FloatArray) -> FloatArray:
        """Add numbers of rows up by level, times the standard deviations.

        Parameters
        ----------
        numbers : FloatArray, shape (row,)
            Numbers of the rows.
        sds : FloatArray, shape (block,)
            Standard deviations.

        Returns
        -------
        FloatArray, shape (level,) over all blocks
            The transpose of :meth:`spread`.
        """
        return np.concatenate(
            [sd * each.sums(numbers) for each, sd in zip(self.blocks, sds, strict=True)]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """The most likely random effects, given everything else.

    Attributes
    ----------
    standard : FloatArray, shape (level,) over all blocks
        Effects divided by their standard deviations.
    shift : FloatArray, shape (row,)
        Sum of the effects of each row.
    rows : ShiftDerivatives
        Log-likelihood of the rows there.
    shape : Curvature
        Curvature there.
    """

    standard: FloatArray
    shift: FloatArray
    rows: ShiftDerivatives
    shape: Curvature


def find_modes(
    problem: Blocks, cuts: FloatArray, sds: FloatArray, start: FloatArray
) -> Modes | None:
    """Find the most likely random effects by Newton's method.

    Parameters
    ----------
    problem : Blocks
        Model and random effects.
    cuts : FloatArray, shape (row, cut)
        Cuts without random effects.
    sds : FloatArray, shape (block,)
        Standard deviations.
    start : FloatArray, shape (level,) over all blocks
        Where to begin.

    Returns
    -------
    Modes or None
        None if the search does not end at a top.
    """
    here, height = start, _height(problem, cuts, sds, start)
    if height == -np.inf:
        here = np.zeros_like(start)
        height = _height(problem, cuts, sds, here)
    for _ in range(MOST_STEPS):
        shift = problem.spread(here, sds)
        rows = by_shift(problem.ground.curves, problem.ground.counts, cuts - shift[:, None])
        exact = curvature(problem.blocks, sds, -rows.second)
        # Links that are not log-concave can bend upwards far from the mode.
        shape = exact or curvature(problem.blocks, sds, np.maximum(-rows.second, 0.0))
        if shape is None:
            return None
        slope = problem.gather(rows.first, sds) - here
        step = shape.solve(slope)
        if float(slope @ step) <= GAIN_TO_STOP:
            return None if exact is None else Modes(here, shift, rows, exact)
        here, height = _step(problem, cuts, sds, here, step, height)
    return None


def _height(problem: Blocks, cuts: FloatArray, sds: FloatArray, standard: FloatArray) -> float:
    shift = problem.spread(standard, sds)
    probability = interval_probabilities(problem.ground.curves, cuts - shift[:, None])
    counts = problem.ground.counts
    if ((counts > 0) & (probability <= 0)).any():
        return -np.inf
    logs = np.log(np.where(probability > 0, probability, 1.0))
    return float((counts * logs).sum() - standard @ standard / 2)


def _step(
    problem: Blocks,
    cuts: FloatArray,
    sds: FloatArray,
    here: FloatArray,
    step: FloatArray,
    height: float,
) -> tuple[FloatArray, float]:
    floor = height - ROUNDING * (1 + abs(height))
    for _ in range(MOST_HALVINGS):
        there = here + step
        reached = _height(problem, cuts, sds, there)
        if reached >= floor:
            return there, reached
        step = step / 2
    return here, height
