"""Cumulative link models from counts: what moves answers up or down the scale.

Rows are patterns of effects (a unit in a phase), columns are categories. The fit from counts is the
fit from people, and its cost does not depend on how many they are.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from analysis.arrays import FloatArray, IntArray
from analysis.methods.ordinal_design import Design, no_effects
from analysis.methods.ordinal_estimability import flat_directions, unbounded_effects
from analysis.methods.ordinal_links import Link
from analysis.methods.ordinal_model import OrdinalModel, Terrain, start, terrain
from analysis.methods.ordinal_newton import Climb, climb
from analysis.methods.ordinal_preparation import Categories, labels, listed, prepare, tied
from analysis.methods.ordinal_thresholds import Thresholds
from analysis.methods.outcomes import CannotTell

MANY_STEPS = 15
WIDE = 20.0
"""A standard error above this, on the logit scale, is looked at: no survey is that vague."""


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalFit:
    """A fitted cumulative link model.

    Attributes
    ----------
    names : tuple of str
        Parameters: thresholds (``1|2``), effects by threshold (``1|2:effect``), effects on the
        attitude (high = higher categories), effects on the spread (``spread:effect``).
    estimate : FloatArray, shape (parameter,)
        Maximum-likelihood estimates, on the scale of the link.
    covariance : FloatArray, shape (parameter, parameter)
        Inverse of the observed information.
    log_likelihood : float
        At the estimates, without multinomial constants.
    answers : int
        Answers in the table.
    categories : tuple of tuple of int
        Positions of the categories that were fitted as one; empty ones join a neighbour.
    model : OrdinalModel
        What was fitted: rows with answers, categories merged.
    ground : Terrain
        Its likelihood.
    steps : int
        Steps of Newton's method.
    largest_gradient : float
        Largest first derivative left.
    """

    names: tuple[str, ...]
    estimate: FloatArray
    covariance: FloatArray
    log_likelihood: float
    answers: int
    categories: Categories
    model: OrdinalModel
    ground: Terrain
    steps: int
    largest_gradient: float

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
    def merged(self) -> Categories:
        """Categories that were fitted together because nobody chose one of them.

        Returns
        -------
        tuple of tuple of int
            Their positions; empty if every category was chosen.
        """
        return tuple(each for each in self.categories if len(each) > 1)


def fit_ordinal(
    counts: IntArray,
    location: Design,
    *,
    nominal: Design | None = None,
    scale: Design | None = None,
    link: Link = Link.LOGIT,
    thresholds: Thresholds = Thresholds.FLEXIBLE,
) -> OrdinalFit | CannotTell:
    """Fit a cumulative link model to a table of counts by maximum likelihood.

    Parameters
    ----------
    counts : IntArray, shape (row, category)
        Answers, lowest category first. Rows without answers are left out.
    location : Design
        Effects on the attitude, without a constant (the thresholds are the constants).
    nominal : Design, optional
        Effects that may differ from threshold to threshold (partial proportional odds).
    scale : Design, optional
        Effects on the logarithm of the spread of attitudes.
    link : Link, default Link.LOGIT
        Logit gives log odds ratios.
    thresholds : Thresholds, default Thresholds.FLEXIBLE
        Structure of the thresholds. Empty categories are merged only if they are flexible.

    Returns
    -------
    OrdinalFit or CannotTell
        CannotTell if all answers are alike, if effects cannot be told apart or have no finite
        estimate, or if the likelihood has no top; the reason names the effects.

    Raises
    ------
    MethodError
        If counts and designs do not fit together.

    Notes
    -----
    ``P(answer <= k) = F((threshold_k - effects) / spread)``. The single number per effect holds
    only if it moves all thresholds alike; :func:`proportional_odds_test` looks at that. Answers of
    one unit resemble each other: without a unit x phase term in :mod:`mixed` the limits of phase
    contrasts are too narrow (coverage .88 instead of .95 in our simulation).

    References
    ----------
    .. [1] P. McCullagh, "Regression models for ordinal data", JRSS B 42 (1980), 109-142.
    .. [2] R. H. B. Christensen, "Cumulative link models for ordinal regression with the R package
       ordinal", 2018.
    """
    rows = np.asarray(counts).shape[0]
    model = OrdinalModel(
        np.asarray(counts),
        location,
        nominal or no_effects(rows),
        scale or no_effects(rows),
        link,
        thresholds,
    )
    return fit_model(model)


def fit_model(model: OrdinalModel) -> OrdinalFit | CannotTell:
    """Fit a model that was put together before.

    Parameters
    ----------
    model : OrdinalModel
        Counts, effects and link.

    Returns
    -------
    OrdinalFit or CannotTell
        As :func:`fit_ordinal`.

    References
    ----------
    .. [1] P. McCullagh, "Regression models for ordinal data", JRSS B 42 (1980), 109-142.
    """
    prepared = prepare(model)
    if isinstance(prepared, CannotTell):
        return prepared
    ready, categories = prepared
    ground = terrain(ready, labels(categories))
    ended = climb(ground, start(ready, ground))
    if ended is None or not ended.arrived:
        return _explain(ready, ground, ended)
    covariance = _inverse(ended)
    if covariance is None or (_suspicious(ended, covariance, ready) and unbounded_effects(ground)):
        return _explain(ready, ground, ended)
    flat = flat_directions(ground.names, ended.top.hessian)
    if flat:
        return tied(flat)
    return OrdinalFit(
        names=ground.names,
        estimate=ended.top.at,
        covariance=covariance,
        log_likelihood=ended.top.value,
        answers=int(ready.counts.sum()),
        categories=categories,
        model=ready,
        ground=ground,
        steps=ended.steps,
        largest_gradient=float(np.abs(ended.top.gradient).max()),
    )


def _inverse(ended: Climb) -> FloatArray | None:
    size = ended.top.at.size
    try:
        factor = linalg.cho_factor(-ended.top.hessian)
    except linalg.LinAlgError:
        return None
    inverse = np.asarray(linalg.cho_solve(factor, np.eye(size)))
    return (inverse + inverse.T) / 2


def _suspicious(ended: Climb, covariance: FloatArray, model: OrdinalModel) -> bool:
    reach = np.abs(model.location.matrix).max(axis=0, initial=0.0)
    errors = np.sqrt(np.diagonal(covariance))
    first = covariance.shape[0] - len(model.scale.names) - reach.size
    errors[first : first + reach.size] *= reach
    return ended.steps > MANY_STEPS or bool(errors.max() > WIDE)


def _explain(model: OrdinalModel, ground: Terrain, ended: Climb | None) -> CannotTell:
    unbounded = unbounded_effects(ground)
    if unbounded:
        return CannotTell(
            f"No finite estimate fits: {listed(unbounded)}. All answers there lie on one side of "
            "the others. Report the shares with their limits, merge small groups, or let units be "
            "random effects."
        )
    flat = flat_directions(ground.names, ended.top.hessian) if ended is not None else ()
    if flat:
        return tied(flat)
    if model.nominal.names:
        return CannotTell(
            "Thresholds would have to cross in some rows. Let fewer effects differ by threshold, "
            "or report the shares."
        )
    return CannotTell(
        "The likelihood has no top that can be reached. Leave effects on the spread out, or use "
        "the logit link."
    )
