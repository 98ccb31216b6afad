"""Turn planned and coarsened arrays into published values, one per group and series."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.disclosure.bands import CoarseShares, coarse_shares
from analysis.disclosure.coarsen import CoarseScores, coarse_scores, coarse_share, round_counts
from analysis.disclosure.plan import Decision, Plan
from analysis.disclosure.policy import Policy
from analysis.disclosure.results import Published, Reason, ShareEstimate, Shares, Suppressed
from analysis.estimates import Estimates
from analysis.methods.scores import Scores

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
    shares: CoarseShares
    dont_know: FloatArray


def coarse_numbers(
    estimates: Estimates, scores: Scores, headcounts: IntArray, policy: Policy
) -> CoarseNumbers:
    """Coarsen all estimates of a wave at once.

    Parameters
    ----------
    estimates : Estimates
        Exact numbers, group by series.
    scores : Scores, shape (group, series)
        Guarded scores, from :func:`guarded_scores`.
    headcounts : IntArray, shape (group,)
        People in each group.
    policy : Policy
        Rounding and caps.

    Returns
    -------
    CoarseNumbers
        What may be shown where the plan allows it.
    """
    people = headcounts[:, None]
    answers = round_counts(scores.answers, people, policy.round_counts_to)
    people = np.broadcast_to(people, answers.shape)
    return CoarseNumbers(
        answers=answers,
        scores=coarse_scores(scores, people, policy.capped_share),
        shares=coarse_shares(
            estimates.shares, answers, people, estimates.bands, policy.capped_share
        ),
        dont_know=coarse_share(estimates.dont_know, policy.capped_share),
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
        low=int(scores.low[at]),
        high=int(scores.high[at]),
        shares=_shares(plan, numbers, at),
        dont_know=_dont_know(plan, numbers, at),
        capped=bool(scores.capped[at]),
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
