"""Turn planned and coarsened arrays into published values, one per group and series."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.disclosure.bands import CoarseShares, coarse_shares
from analysis.disclosure.coarsen import (
    CoarseScores,
    coarse_limits,
    coarse_scores,
    coarse_share,
    fewest_answers,
    nearest,
    round_counts,
)
from analysis.disclosure.picture import (
    Room,
    band_values,
    room_for_scores,
    shown_spread,
)
from analysis.disclosure.plan import Decision, Plan
from analysis.disclosure.policy import Policy
from analysis.disclosure.results import Published, Reason, ShareEstimate, Shares, Suppressed
from analysis.estimates import Estimates
from analysis.series import Series

Value = Published | Suppressed
Values = tuple[tuple[Value, ...], ...]
"""Rows are groups, columns series."""

REASONS = {
    Decision.TOO_FEW: Reason.TOO_FEW,
    Decision.PROTECTS_OTHERS: Reason.PROTECTS_OTHERS,
    Decision.NOT_ASKED: Reason.NOT_ASKED,
}


@dataclass(frozen=True, slots=True, eq=False)
class CoarseNumbers:
    """Everything a value is made of, already coarse; axes are group and series."""

    answers: IntArray
    scores: CoarseScores
    spread: IntArray
    low: IntArray
    high: IntArray
    shares: CoarseShares
    dont_know: FloatArray


def coarse_numbers(
    estimates: Estimates,
    series: Sequence[Series],
    headcounts: IntArray,
    with_shares: BoolArray,
    policy: Policy,
) -> CoarseNumbers:
    """Coarsen all estimates of a wave at once.

    Parameters
    ----------
    estimates : Estimates
        Exact numbers, group by series.
    series : sequence of Series
        What was asked.
    headcounts : IntArray, shape (group,)
        People in each group.
    with_shares : BoolArray, shape (group, series)
        Where the plan shows shares: only there do they bear on score and limits.
    policy : Policy
        Rounding and caps.

    Returns
    -------
    CoarseNumbers
        What may be shown where the plan allows it. The limits are a function of the rounded
        answers, the head count, the shown score, the shown shares and the shown spread.
    """
    exact, cap, values = estimates.scores, policy.capped_share, band_values(series)
    answers = round_counts(exact.answers, headcounts[:, None], policy.round_counts_to)
    fewest = fewest_answers(answers, policy.round_counts_to)
    people = np.broadcast_to(headcounts[:, None], answers.shape)
    shares = coarse_shares(estimates.shares, answers, people, estimates.bands, cap)
    room = room_for_scores(shares, fewest, values, cap)
    moved = np.clip(exact.score, room.low, room.high)
    scores = coarse_scores(np.where(with_shares, moved, exact.score), answers, cap)
    seen = np.where(with_shares[..., None], shares.share, np.nan)
    capped = shares.capped.any(axis=-1) | scores.at_low | scores.at_high
    own = np.where(with_shares & ~capped, exact.sd, np.nan)
    spread = shown_spread(own, scores.score.astype(float), seen, answers, values)
    beyond = _moved(scores, room, with_shares)
    low, high = coarse_limits(scores, spread.astype(float), fewest, people, beyond)
    return CoarseNumbers(
        answers, scores, spread, low, high, shares, dont_know=coarse_share(estimates.dont_know, cap)
    )


def _moved(
    scores: CoarseScores, room: Room, with_shares: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Give how far a mean may lie beyond a score at the edge of its room."""
    below = with_shares & (scores.score <= nearest(room.low))
    above = with_shares & (scores.score >= nearest(room.high))
    return (
        np.where(below, np.maximum(room.low - room.least, 0), 0),
        np.where(above, np.maximum(room.most - room.high, 0), 0),
    )


def published_values(plan: Plan, numbers: CoarseNumbers) -> Values:
    """Show what the plan shows, and give the reason for the rest.

    Parameters
    ----------
    plan : Plan
        Decisions per group and series.
    numbers : CoarseNumbers
        Coarse numbers per group and series.

    Returns
    -------
    tuple of tuple of Published or Suppressed
        Rows are groups, columns series.
    """
    groups, series = plan.scores.shape
    return tuple(
        tuple(_value(plan, numbers, (group, column)) for column in range(series))
        for group in range(groups)
    )


def _value(plan: Plan, numbers: CoarseNumbers, at: tuple[int, int]) -> Value:
    decision = Decision(plan.scores[at])
    if decision is not Decision.SHOWN:
        return Suppressed(REASONS[decision])
    scores = numbers.scores
    return Published(
        answers=int(numbers.answers[at]),
        score=int(scores.score[at]),
        spread=int(numbers.spread[at]),
        low=int(numbers.low[at]),
        high=int(numbers.high[at]),
        shares=_shares(plan, numbers, at),
        dont_know=_dont_know(plan, numbers, at),
        capped=bool(scores.at_low[at] | scores.at_high[at]),
    )


def _shares(plan: Plan, numbers: CoarseNumbers, at: tuple[int, int]) -> Shares | Suppressed:
    decision = Decision(plan.shares[at])
    if decision is not Decision.SHOWN:
        return Suppressed(REASONS[decision])
    favourable, neutral, unfavourable = (_share(numbers, (*at, band)) for band in range(3))
    return Shares(favourable=favourable, neutral=neutral, unfavourable=unfavourable)


def _share(numbers: CoarseNumbers, at: tuple[int, int, int]) -> ShareEstimate:
    return ShareEstimate(
        share=float(numbers.shares.share[at]),
        low=float(numbers.shares.low[at]),
        high=float(numbers.shares.high[at]),
        capped=bool(numbers.shares.capped[at]),
    )


def _dont_know(plan: Plan, numbers: CoarseNumbers, at: tuple[int, int]) -> float | None:
    shown = plan.dont_know[at] == Decision.SHOWN
    return float(numbers.dont_know[at]) if shown else None
