"""A fitted mixed model, and how it is put together from where the search ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.methods.mixed_blocks import Block
from analysis.methods.mixed_likelihood import sensitivity
from analysis.methods.mixed_modes import Blocks
from analysis.methods.mixed_search import Found
from analysis.methods.ordinal import OrdinalFit


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """A fitted cumulative link mixed model.

    Attributes
    ----------
    names : tuple of str
        Thresholds and effects, then ``log sd:block`` for every block with a variance above 0.
    estimate : FloatArray, shape (parameter,)
        Maximum-likelihood estimates.
    covariance : FloatArray, shape (parameter, parameter)
        Inverse of the observed information.
    log_likelihood : float
        Integrated over the random effects.
    blocks : tuple of Block
        All random effects asked for.
    sds : FloatArray, shape (block,)
        Standard deviations; exactly 0 where the answers show no variance.
    effects : tuple of FloatArray, one per block, shape (level,)
        Conditional modes, high = higher categories.
    conditional_variances : tuple of FloatArray, one per block, shape (level,)
        Variances of the effects with all parameters held fixed. Too small for statements about a
        unit: use :func:`effects_against_average`.
    at_zero : tuple of str
        Blocks whose variance came out as 0.
    fixed : OrdinalFit
        The model without random effects.
    nodes : int
        Nodes of the quadrature; 1 is Laplace's approximation.
    largest_gradient : float
        Largest first derivative left.
    effect_covariance : FloatArray, shape (level, level) over all blocks
        Prediction errors of the random effects, parameters estimated.
    effect_slopes : FloatArray, shape (level over all blocks, parameter)
        How the modes move with the parameters.
    """

    names: tuple[str, ...]
    estimate: FloatArray
    covariance: FloatArray
    log_likelihood: float
    blocks: tuple[Block, ...]
    sds: FloatArray
    effects: tuple[FloatArray, ...]
    conditional_variances: tuple[FloatArray, ...]
    at_zero: tuple[str, ...]
    fixed: OrdinalFit
    nodes: int
    largest_gradient: float
    effect_covariance: FloatArray
    effect_slopes: FloatArray

    @property
    def standard_error(self) -> FloatArray:
        """Standard errors of the estimates.

        Returns
        -------
        FloatArray, shape (parameter,)
            Square roots of the variances.
        """
        return np.sqrt(np.diagonal(self.covariance))

    @property
    def is_ordinal_only(self) -> bool:
        """Whether no variance was found, so that this is the model without random effects.

        Returns
        -------
        bool
            True if every block is at zero.
        """
        return len(self.at_zero) == len(self.blocks)

    @property
    def note(self) -> str:
        """Say what a reader of the results must know.

        Returns
        -------
        str
            A sentence, or nothing if all variances are above 0.
        """
        if not self.at_zero:
            return ""
        what = "Limits are" if self.is_ordinal_only else "Other limits are"
        return (
            f"The answers show no differences by {' or '.join(self.at_zero)} beyond chance. {what} "
            "those of the model without them; that none exist is not shown."
        )


def filled(
    fixed: OrdinalFit,
    blocks: tuple[Block, ...],
    active: Sequence[int],
    problem: Blocks,
    found: Found,
) -> MixedFit:
    """Put a fit together from where the search ended.

    Parameters
    ----------
    fixed : OrdinalFit
        The model without random effects.
    blocks : tuple of Block
        All random effects asked for.
    active : sequence of int
        Positions of those that have a variance, as they stand in the problem.
    problem : Blocks
        What was searched.
    found : Found
        Where the search ended.

    Returns
    -------
    MixedFit
        With zeros for the blocks that have no variance.
    """
    count = fixed.estimate.size
    sds = np.exp(found.marginal_at[count:])
    marginal, modes = found.marginal, found.marginal.modes
    cuts = problem.ground.place(found.marginal_at[:count])
    slopes = sensitivity(problem, cuts, sds, modes)
    per_level = np.concatenate(
        [np.full(len(each.levels), sd) for each, sd in zip(problem.blocks, sds, strict=True)]
    )
    within = per_level[:, None] * modes.shape.inverse() * per_level
    places = [_places(blocks, at) for at in active]
    inside = np.concatenate(places)
    total = sum(len(each.levels) for each in blocks)
    values, covariance = np.zeros(total), np.zeros((total, total))
    variances, moves = np.zeros(total), np.zeros((total, found.marginal_at.size))
    values[inside] = per_level * modes.standard
    variances[inside] = np.diagonal(within)
    covariance[np.ix_(inside, inside)] = within + slopes @ found.covariance @ slopes.T
    moves[inside] = slopes
    all_sds = np.zeros(len(blocks))
    all_sds[list(active)] = sds
    ends = np.cumsum([len(each.levels) for each in blocks])[:-1]
    return MixedFit(
        names=fixed.names + tuple(f"log sd:{each.name}" for each in problem.blocks),
        estimate=found.marginal_at,
        covariance=found.covariance,
        log_likelihood=marginal.value,
        blocks=blocks,
        sds=all_sds,
        effects=tuple(np.split(values, ends)),
        conditional_variances=tuple(np.split(variances, ends)),
        at_zero=tuple(each.name for at, each in enumerate(blocks) if at not in active),
        fixed=fixed,
        nodes=problem.nodes,
        largest_gradient=float(np.abs(marginal.gradient).max()),
        effect_covariance=covariance,
        effect_slopes=moves,
    )


def without(fixed: OrdinalFit, blocks: tuple[Block, ...], nodes: int) -> MixedFit:
    """Give the model without random effects as a mixed fit, all variances 0.

    Parameters
    ----------
    fixed : OrdinalFit
        The model without random effects.
    blocks : tuple of Block
        All random effects asked for.
    nodes : int
        Nodes asked for.

    Returns
    -------
    MixedFit
        With every block at zero.
    """
    total = sum(len(each.levels) for each in blocks)
    nothing = tuple(np.zeros(len(each.levels)) for each in blocks)
    return MixedFit(
        names=fixed.names,
        estimate=fixed.estimate,
        covariance=fixed.covariance,
        log_likelihood=fixed.log_likelihood,
        blocks=blocks,
        sds=np.zeros(len(blocks)),
        effects=nothing,
        conditional_variances=nothing,
        at_zero=tuple(each.name for each in blocks),
        fixed=fixed,
        nodes=nodes,
        largest_gradient=fixed.largest_gradient,
        effect_covariance=np.zeros((total, total)),
        effect_slopes=np.zeros((total, fixed.estimate.size)),
    )


def _places(blocks: Sequence[Block], which: int) -> IntArray:
    begin = sum(len(each.levels) for each in blocks[:which])
    return np.arange(begin, begin + len(blocks[which].levels))
