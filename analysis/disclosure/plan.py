"""Decide what may be shown, from sizes alone, before anyone has looked at a result."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from analysis.arrays import BoolArray, IntArray
from analysis.disclosure.families import Family, withhold_constructs
from analysis.disclosure.lattice import Lattice
from analysis.disclosure.policy import Policy
from analysis.disclosure.suppression import choose_shown

__all__ = ["Decision", "Lattice", "Plan", "Sizes", "make_plan"]


class Decision(IntEnum):
    """What the plan says about one number of one group."""

    SHOWN = 0
    TOO_FEW = 1
    PROTECTS_OTHERS = 2
    NOT_ASKED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """How many people stand behind each number; nothing about what they answered.

    Attributes
    ----------
    headcounts : IntArray, shape (cell,)
        People in the cell.
    ballots : IntArray, shape (cell,)
        Ballots from the cell.
    answered : IntArray, shape (cell, series)
        Valid answers.
    replied : IntArray, shape (cell, series)
        Valid answers and don't-knows: whom the don't-know share is about.
    asked : IntArray, shape (cell, series)
        People who came to the question: replied or skipped.
    two_options : BoolArray, shape (series,)
        Whether a question has two options only, so that its score is a share.
    families : tuple of Family
        Constructs with those of their items that are released as well.
    """

    headcounts: IntArray
    ballots: IntArray
    answered: IntArray
    replied: IntArray
    asked: IntArray
    two_options: BoolArray
    families: tuple[Family, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Decision codes for every number of a wave.

    Attributes
    ----------
    scores, shares, dont_know : IntArray, shape (group, series)
        A :class:`Decision` for the score, the three shares and the don't-know share.
    participation : IntArray, shape (group,)
        A :class:`Decision` for the response rate.
    """

    scores: IntArray
    shares: IntArray
    dont_know: IntArray
    participation: IntArray


def make_plan(lattice: Lattice, sizes: Sizes, policy: Policy) -> Plan:
    """Decide which groups show what, so that no number of a small group can be computed.

    Parameters
    ----------
    lattice : Lattice
        The reporting groups.
    sizes : Sizes
        People, ballots and answers per cell.
    policy : Policy
        The thresholds.

    Returns
    -------
    Plan
        Decisions for scores, shares, don't-know shares and response rates.

    Notes
    -----
    Six layers, each safe in the sense of :func:`choose_shown`:

    1. ballots of the wave at ``k_scores``: a group withheld here is withheld on every series;
    2. answers to each series at ``k_scores``, within layer 1: scores (at ``k_shares`` where
       there are two options only: the mean of yes and no is the share of yes);
    3. answers to each series at ``k_shares``, within layer 2: shares;
    4. replies (answers and don't-knows) at ``k_shares``, within layer 3: don't-know shares;
    5. people who answered all, and some, items of a construct at ``k_scores``, within layer 2:
       scores of constructs, in the sense of :func:`withhold_constructs`;
    6. head counts at ``k_response_rate``: response rates.

    Layers are nested, so a number of one layer never tells about a set of people that the
    layer before it protects. Items are statements about different variables: no sum or
    difference of them concerns anyone's answer. Constructs pool items, hence layer 5.
    The proof grants the attacker every size exactly; rounding is a second line of defence.
    """
    ballots = lattice.sizes(sizes.ballots)[:, None]
    answered = lattice.sizes(sizes.answered)
    replied = lattice.sizes(sizes.replied)
    everything = np.ones(ballots.shape, dtype=np.bool_)
    wave = choose_shown(lattice, ballots, everything, policy.k_scores)
    scores = choose_shown(lattice, answered, np.broadcast_to(wave, answered.shape), policy.k_scores)
    shares = choose_shown(lattice, answered, scores, policy.answers_for_shares)
    scores = np.where(sizes.two_options, shares, scores)
    for family in sizes.families:
        keep = withhold_constructs(lattice, scores, sizes.answered, family, policy.k_scores)
        scores[:, family.construct] = keep
    # Cutting a safe pattern leaves it safe.
    shares = shares & scores
    k_shares = policy.answers_for_shares
    k_scores = np.where(sizes.two_options, k_shares, policy.k_scores)
    dont_know = choose_shown(lattice, replied, shares, k_shares)
    people = lattice.sizes(sizes.headcounts)[:, None]
    rates = choose_shown(lattice, people, everything, policy.k_response_rate)
    unasked = _not_asked(lattice.sizes(sizes.asked), ballots, policy.k_scores)
    return Plan(
        scores=_decide(scores, answered, k_scores, unasked),
        shares=_decide(shares, answered, k_shares, unasked),
        dont_know=_decide(dont_know, answered, k_shares, unasked),
        participation=_decide(rates, people, policy.k_response_rate, people < 0)[:, 0],
    )


def _not_asked(asked: IntArray, ballots: IntArray, k: int) -> BoolArray:
    """Tell which series nobody in a whole wave came to.

    A group's own zero must not show: who was asked which wording is an answer (to the question
    about use), and "not asked" of one person, or of all of a crew, would give it away.
    """
    result: BoolArray = np.broadcast_to((asked[0] == 0) & (ballots[0] >= k), asked.shape)
    return result


def _decide(shown: BoolArray, sizes: IntArray, k: IntArray | int, unasked: BoolArray) -> IntArray:
    return np.select(
        [unasked, shown, sizes < k],
        [Decision.NOT_ASKED, Decision.SHOWN, Decision.TOO_FEW],
        default=Decision.PROTECTS_OTHERS,
    ).astype(np.int64)
