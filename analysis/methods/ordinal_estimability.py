"""Whether the answers hold what a model asks of them."""

import numpy as np
from scipy import optimize

from analysis.arrays import FloatArray
from analysis.methods.ordinal_design import Design
from analysis.methods.ordinal_model import Terrain

TIED = 1e-9
MOVED = 1e-6
FLAT = 1e-9
SHARE = 1e-2


def tied_effects(*designs: Design) -> tuple[str, ...]:
    """Name the effects that some combination of the others, or a constant, repeats.

    Parameters
    ----------
    *designs : Design
        Designs of the same rows, in which a constant is understood.

    Returns
    -------
    tuple of str
        Names of all effects that take part in such a combination; empty if there is none.
    """
    names = tuple(name for design in designs for name in design.names)
    if not names:
        return ()
    matrix = np.hstack([design.matrix for design in designs])
    both = np.hstack([np.ones((matrix.shape[0], 1)), matrix])
    length = np.linalg.norm(both, axis=0)
    both = both / np.where(length > 0, length, 1.0)
    # Few numbers remain of many rows, and their null space is the same.
    triangle = np.linalg.qr(both, mode="r")
    _, sizes, axes = np.linalg.svd(triangle, full_matrices=True)
    rank = int((sizes > TIED * sizes[0]).sum())
    tied = (np.abs(axes[rank:, 1:]) > MOVED).any(axis=0)
    return tuple(name for name, is_tied in zip(names, tied, strict=True) if is_tied)


def flat_directions(names: tuple[str, ...], hessian: FloatArray) -> tuple[str, ...]:
    """Name the parameters that can change together without changing the likelihood.

    Parameters
    ----------
    names : tuple of str
        Names of the parameters.
    hessian : FloatArray, shape (parameter, parameter)
        Second derivatives at the top.

    Returns
    -------
    tuple of str
        Names; empty if the top is sharp in every direction.
    """
    size = np.sqrt(np.maximum(-np.diagonal(hessian), np.finfo(float).tiny))
    bends, axes = np.linalg.eigh(-hessian / size[:, None] / size)
    flat = np.abs(axes[:, bends < FLAT]) > SHARE
    return tuple(name for name, is_flat in zip(names, flat.any(axis=1), strict=True) if is_flat)


def unbounded_effects(ground: Terrain) -> tuple[str, ...]:
    """Name the parameters that the likelihood drives beyond all bounds (separation).

    Parameters
    ----------
    ground : Terrain
        Likelihood of the model.

    Returns
    -------
    tuple of str
        Names, empty if every estimate is finite. Effects on the spread are not looked at.

    Notes
    -----
    A direction separates if no observed interval shrinks along it and one grows. The linear
    programme finds one if there is one; the answer is exact for log-concave links.

    References
    ----------
    .. [1] A. Albert and J. A. Anderson, "On the existence of maximum likelihood estimates in
       logistic regression models", Biometrika 71 (1984), 1-10.
    .. [2] K. Konis, "Linear programming algorithms for detecting separated data in binary logistic
       regression models", thesis, Oxford 2007.
    """
    growth = _growth(ground)
    found = optimize.linprog(
        -growth.sum(axis=0), A_ub=-growth, b_ub=np.zeros(growth.shape[0]), bounds=(-1, 1)
    )
    if found.x is None or (growth @ found.x).sum() <= MOVED:
        return ()
    names = ground.names[: growth.shape[1]]
    return tuple(n for n, moved in zip(names, np.abs(found.x) > MOVED, strict=True) if moved)


def _growth(ground: Terrain) -> FloatArray:
    """Give how far the ends of the observed intervals move outwards with each parameter."""
    observed = ground.counts > 0
    upper = ground.cuts[observed[:, :-1]]
    lower = -ground.cuts[observed[:, 1:]]
    return np.unique(np.concatenate([upper, lower]), axis=0)
