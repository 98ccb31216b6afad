"""Cumulative link models with random effects: units differ, and differ by phase, by chance.

An effect of a phase is only as sure as units agree on it. Answers of one unit resemble each other,
so a model without units' own effects promises too much.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy import stats

from analysis.arrays import FloatArray, IntArray
from analysis.errors import MethodError
from analysis.methods.mixed_blocks import Block
from analysis.methods.mixed_fit import MixedFit, filled, without
from analysis.methods.mixed_modes import Blocks
from analysis.methods.mixed_search import Found, search
from analysis.methods.ordinal import OrdinalFit, fit_ordinal
from analysis.methods.ordinal_design import Design
from analysis.methods.ordinal_links import Link
from analysis.methods.ordinal_thresholds import Thresholds
from analysis.methods.outcomes import CannotTell

__all__ = ["MixedFit", "fit_mixed", "variance_test"]

FEWEST_LEVELS = 2
FEWEST_ANSWERS = 3
"""Answers per level below which a likelihood without a top is no surprise."""

NO_GAIN = 1e-6
"""A gain of log-likelihood that is no reason to believe in a variance."""

START = {Link.LOGIT: 0.5, Link.PROBIT: 0.3, Link.CLOGLOG: 0.4, Link.LOGLOG: 0.4, Link.CAUCHIT: 0.5}


def fit_mixed(
    counts: IntArray,
    location: Design,
    blocks: Sequence[Block],
    *,
    link: Link = Link.LOGIT,
    thresholds: Thresholds = Thresholds.FLEXIBLE,
    nodes: int = 1,
) -> MixedFit | CannotTell:
    """Fit a cumulative link model with random effects to a table of counts.

    Parameters
    ----------
    counts : IntArray, shape (row, category)
        Answers, lowest category first. Rows without answers are left out.
    location : Design
        Fixed effects on the attitude, without a constant.
    blocks : sequence of Block
        Random effects, such as units and units by phase; nested or crossed.
    link : Link, default Link.LOGIT
        Logit gives log odds ratios.
    thresholds : Thresholds, default Thresholds.FLEXIBLE
        Structure of the thresholds.
    nodes : int, default 1
        1 is Laplace's approximation; more are nodes of adaptive Gauss-Hermite quadrature, for one
        block only. Laplace is enough from about ten answers per level on.

    Returns
    -------
    MixedFit or CannotTell
        CannotTell for the reasons of :func:`fit_ordinal`, or if a block has a single level. A
        variance of 0 is no failure: the block is left out and named in ``at_zero``.

    Raises
    ------
    MethodError
        If counts, design and blocks do not fit together, or nodes are asked for with several
        blocks.

    Notes
    -----
    ``P(answer <= k) = F(threshold_k - effects - u_unit - u_unit_phase)`` with independent normal
    ``u``. With fewer than about ten units the standard deviation is itself a guess and limits of
    phase effects are too narrow. Effects are those for a given unit; over all units the shares
    move a little less.

    References
    ----------
    .. [1] D. Hedeker and R. D. Gibbons, "A random-effects ordinal regression model for multilevel
       analysis", Biometrics 50 (1994), 933-944.
    .. [2] R. H. B. Christensen, "ordinal: regression models for ordinal data", R package, clmm.
    """
    fixed = fit_ordinal(counts, location, link=link, thresholds=thresholds)
    if isinstance(fixed, CannotTell):
        return fixed
    rows = np.flatnonzero(np.asarray(counts).sum(axis=1))
    answered = [_answered(each, rows, counts.shape[0]) for each in blocks]
    _refuse_wrong(answered, nodes)
    lonely = [each.name for each in answered if len(each.levels) < FEWEST_LEVELS]
    if lonely:
        return CannotTell(
            f"Only one {lonely[0]} answered, so nothing is known about how they differ. Fit the "
            "model without this random effect."
        )
    same = _same_groups(answered)
    if same:
        return CannotTell(
            f'"{same[0]}" and "{same[1]}" group the answers alike, for instance because every unit '
            "was seen in one phase only, so their variances cannot be told apart. Leave one out."
        )
    return _fit(fixed, tuple(answered), nodes, np.full(len(answered), np.log(START[link])))


def variance_test(fit: MixedFit) -> float:
    """Test whether there is any variance between levels, for models with one block.

    Parameters
    ----------
    fit : MixedFit
        Fitted model with one block.

    Returns
    -------
    float
        P-value: half that of the chi-square with one degree, as a variance cannot be below 0.

    Raises
    ------
    MethodError
        If the model has several blocks.

    References
    ----------
    .. [1] S. G. Self and K.-Y. Liang, "Asymptotic properties of maximum likelihood estimators and
       likelihood ratio tests under nonstandard conditions", JASA 82 (1987), 605-610.
    """
    if len(fit.blocks) != 1:
        raise MethodError("The test of a variance is for one block. Fit the model with one.")
    ratio = max(2 * (fit.log_likelihood - fit.fixed.log_likelihood), 0.0)
    return 1.0 if ratio <= 2 * NO_GAIN else float(stats.chi2.sf(ratio, 1)) / 2


def _fit(
    fixed: OrdinalFit, blocks: tuple[Block, ...], nodes: int, log_sds: FloatArray
) -> MixedFit | CannotTell:
    """Search with the blocks that have a variance, dropping one at a time."""
    active = sorted(range(len(blocks)), key=lambda at: -len(blocks[at].levels))
    start = fixed.estimate
    while active:
        problem = Blocks(fixed.ground, tuple(blocks[at] for at in active), nodes)
        found = search(problem, np.concatenate([start, log_sds[active]]))
        if found is None:
            return _no_top(fixed, problem)
        if found.vanished is None and not _idle(fixed, active, found):
            return filled(fixed, blocks, active, problem, found)
        active.pop(0 if found.vanished is None else found.vanished)
        start = found.marginal_at[: start.size]
    return without(fixed, blocks, nodes)


def _no_top(fixed: OrdinalFit, problem: Blocks) -> CannotTell:
    finest = problem.blocks[0]
    if fixed.answers < FEWEST_ANSWERS * len(finest.levels):
        return CannotTell(
            f"{fixed.answers} answers are too few to tell how {len(finest.levels)} levels of "
            f'"{finest.name}" differ. Leave this random effect out.'
        )
    return CannotTell(
        "The likelihood with random effects has no top that can be reached. Use fewer random "
        "effects, or the model without them."
    )


def _idle(fixed: OrdinalFit, active: Sequence[int], found: Found) -> bool:
    gain = found.marginal.value - fixed.log_likelihood
    return len(active) == 1 and gain <= NO_GAIN


def _answered(each: Block, rows: IntArray, expected: int) -> Block:
    """Leave out rows, and levels, without answers."""
    if each.rows.size != expected:
        raise MethodError(
            f'Block "{each.name}" has {each.rows.size} rows, the counts have {expected}. Give '
            "every row of counts its level."
        )
    kept = each.rows[rows]
    levels, places = np.unique(kept, return_inverse=True)
    return replace(
        each, levels=tuple(each.levels[at] for at in levels), rows=places.astype(np.int64)
    )


def _same_groups(blocks: Sequence[Block]) -> tuple[str, str] | None:
    for one, other in combinations(blocks, 2):
        pairs = {*zip(one.rows.tolist(), other.rows.tolist(), strict=True)}
        if len(pairs) == len(one.levels) == len(other.levels):
            return one.name, other.name
    return None


def _refuse_wrong(blocks: Sequence[Block], nodes: int) -> None:
    if not blocks:
        raise MethodError("A mixed model needs random effects. Use fit_ordinal without them.")
    if len({each.name for each in blocks}) != len(blocks):
        raise MethodError("Two blocks of random effects share a name. Give each its own.")
    if nodes < 1 or (nodes > 1 and len(blocks) > 1):
        raise MethodError(
            f"Quadrature with {nodes} nodes is for one block of random effects. Use nodes=1 "
            "(Laplace) with several."
        )
