"""Likelihood of counts with random effects, integrated by Laplace or adaptive quadrature.

Both give the exact gradient of the approximation they use: effects, modes and curvature move
together, and one adjoint solve carries all of that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.arrays import FloatArray
from analysis.methods.mixed_blocks import leverage
from analysis.methods.mixed_modes import Blocks, Modes, find_modes
from analysis.methods.ordinal_likelihood import (
    by_cuts,
    by_shift,
    in_order,
    interval_probabilities,
    times_curvature,
)


@dataclass(frozen=True, slots=True, eq=False)
class Marginal:
    """The integrated log-likelihood at one point.

    Attributes
    ----------
    value : float
        Log-likelihood.
    gradient : FloatArray, shape (parameter + block,)
        By thresholds and effects, then by the logarithms of the standard deviations.
    modes : Modes
        Of the random effects.
    """

    value: float
    gradient: FloatArray
    modes: Modes


def marginal(problem: Blocks, at: FloatArray, start: FloatArray) -> Marginal | None:
    """Integrate the random effects out.

    Parameters
    ----------
    problem : Blocks
        Model and random effects.
    at : FloatArray, shape (parameter + block,)
        Thresholds and effects, then logarithms of the standard deviations.
    start : FloatArray, shape (level,) over all blocks
        Where to look for the modes.

    Returns
    -------
    Marginal or None
        None where thresholds cross or no mode is found.

    References
    ----------
    .. [1] J. C. Pinheiro and D. M. Bates, "Approximations to the log-likelihood function in the
       nonlinear mixed-effects model", JCGS 4 (1995), 12-35.
    .. [2] K. Kristensen, A. Nielsen, C. W. Berg, H. Skaug and B. M. Bell, "TMB: automatic
       differentiation and Laplace approximation", Journal of Statistical Software 70:5 (2016).
    """
    fixed = problem.ground.cuts.shape[2]
    cuts, sds = problem.ground.place(at[:fixed]), np.exp(at[fixed:])
    if not in_order(cuts):
        return None
    modes = find_modes(problem, cuts, sds, start)
    if modes is None:
        return None
    if problem.nodes == 1:
        return _laplace(problem, cuts, sds, modes)
    return _quadrature(problem, cuts, sds, modes)


def _laplace(problem: Blocks, cuts: FloatArray, sds: FloatArray, modes: Modes) -> Marginal | None:
    inside = by_cuts(problem.ground.curves, problem.ground.counts, cuts - modes.shift[:, None])
    if inside is None:
        return None
    standard = modes.standard
    value = inside.value - standard @ standard / 2 - modes.shape.log_determinant / 2
    direct = np.array([standard[at] @ standard[at] for at in problem.levels])
    half = np.full(standard.size, -0.5)
    gradient = _chain(problem, cuts, sds, modes, inside.gradient, direct, 0 * half, half)
    return None if gradient is None else Marginal(float(value), gradient, modes)


def _quadrature(
    problem: Blocks, cuts: FloatArray, sds: FloatArray, modes: Modes
) -> Marginal | None:
    """Adapt nodes to each level's mode and curvature; for one block only."""
    (block,), (sd,) = problem.blocks, sds
    points, weights = special.roots_hermitenorm(problem.nodes)
    width = 1 / np.sqrt(modes.shape.first)
    at_nodes = modes.standard + width * points[:, None]
    rows = [
        by_shift(
            problem.ground.curves,
            problem.ground.counts,
            cuts - sd * node[block.rows][:, None],
            third=False,
        )
        for node in at_nodes
    ]
    heights = np.stack([block.sums(each.value) for each in rows]) - at_nodes**2 / 2
    terms = heights + (np.log(weights / np.sqrt(2 * np.pi)) + points**2 / 2)[:, None]
    per_level = special.logsumexp(terms, axis=0)
    share = np.exp(terms - per_level)
    pulls = np.stack([block.sums(each.first) for each in rows])
    slopes = sd * pulls - at_nodes
    direct = np.array([(share * sd * pulls * at_nodes).sum()])
    by_mode = (share * slopes).sum(axis=0)
    by_bend = -0.5 - 0.5 * width * (share * slopes * points[:, None]).sum(axis=0)
    inside = sum(
        part[block.rows][:, None] * _gradient(problem, cuts - sd * node[block.rows][:, None])
        for part, node in zip(share, at_nodes, strict=True)
    )
    gradient = _chain(problem, cuts, sds, modes, np.asarray(inside), direct, by_mode, by_bend)
    value = float(per_level.sum() + np.log(width).sum())
    return None if gradient is None else Marginal(value, gradient, modes)


def _gradient(problem: Blocks, cuts: FloatArray) -> FloatArray:
    curves = problem.ground.curves
    probability = interval_probabilities(curves, cuts)
    ratio = problem.ground.counts / np.where(probability > 0, probability, np.inf)
    return curves.density(cuts) * (ratio[:, :-1] - ratio[:, 1:])


def _chain(
    problem: Blocks,
    cuts: FloatArray,
    sds: FloatArray,
    modes: Modes,
    direct_cuts: FloatArray,
    direct_sds: FloatArray,
    by_mode: FloatArray,
    by_bend: FloatArray,
) -> FloatArray | None:
    """Add to the direct derivatives what modes and log-curvature contribute as they move along.

    ``by_mode`` and ``by_bend`` are derivatives of the approximation by each level's mode and by the
    logarithm of its curvature; with several blocks ``by_bend`` is the same for all levels.
    """
    inside = by_cuts(problem.ground.curves, problem.ground.counts, cuts - modes.shift[:, None])
    if inside is None:
        return None
    lever = leverage(problem.blocks, sds, modes.shape)
    change = modes.rows.second_by_cut
    bend = by_bend[problem.blocks[0].rows]
    # The third derivative by a shift is minus the sum over cuts.
    pull = bend * lever.rows * change.sum(axis=1)
    adjoint = modes.shape.solve(by_mode + problem.gather(pull, sds))
    carried = problem.spread(adjoint, sds)
    mixed = -times_curvature(inside, np.ones((*cuts.shape, 1)))[:, :, 0]
    cut_slope = direct_cuts - (bend * lever.rows)[:, None] * change + carried[:, None] * mixed
    design = problem.ground.cuts
    fixed = cut_slope.ravel() @ design.reshape(-1, design.shape[2])
    by_row = pull + carried * modes.rows.second
    random = [
        direct
        + 2 * (by_bend[at] * (1 - lever.levels[at])).sum()
        + sd * (each.sums(by_row) @ modes.standard[at])
        + adjoint[at] @ modes.standard[at]
        for direct, each, at, sd in zip(
            direct_sds, problem.blocks, problem.levels, sds, strict=True
        )
    ]
    return np.concatenate([fixed, np.array(random)])


def sensitivity(problem: Blocks, cuts: FloatArray, sds: FloatArray, modes: Modes) -> FloatArray:
    """Give how random effects move with thresholds, effects and standard deviations.

    Parameters
    ----------
    problem : Blocks
        Model and random effects.
    cuts : FloatArray, shape (row, cut)
        Cuts without random effects.
    sds : FloatArray, shape (block,)
        Standard deviations.
    modes : Modes
        Of the random effects.

    Returns
    -------
    FloatArray, shape (level over all blocks, parameter + block)
        Derivatives of the effects (not standardised).
    """
    inside = by_cuts(problem.ground.curves, problem.ground.counts, cuts - modes.shift[:, None])
    design = problem.ground.cuts
    if inside is None:
        return np.zeros((modes.standard.size, design.shape[2] + len(sds)))
    moved = np.einsum("ikp->ip", -times_curvature(inside, design))
    columns: list[FloatArray] = [problem.gather(column, sds) for column in moved.T]
    by_sd = _scatter(problem, modes.standard)
    for own, sd in zip(by_sd, sds, strict=True):
        shift = problem.spread(own, np.ones(len(sds))) * sd
        columns.append(problem.gather(modes.rows.second * shift, sds) + own)
    solved = modes.shape.solve(np.stack(columns, axis=1))
    solved[:, design.shape[2] :] += np.stack(by_sd, axis=1)
    scale = np.concatenate(
        [np.full(len(b.levels), sd) for b, sd in zip(problem.blocks, sds, strict=True)]
    )
    return scale[:, None] * solved


def _scatter(problem: Blocks, standard: FloatArray) -> Sequence[FloatArray]:
    parts = []
    for at in problem.levels:
        own = np.zeros_like(standard)
        own[at] = standard[at]
        parts.append(own)
    return parts
