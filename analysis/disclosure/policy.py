"""The rules every published number obeys, as checked values."""

from dataclasses import dataclass
from math import ceil

from analysis.disclosure.errors import PolicyError

FLOOR = 8
"""No threshold on answers or head counts may lie below this, whatever was agreed."""

FINEST_STEP = 5
SMALLEST_CAP = 0.01
LARGEST_CAP = 0.20


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Thresholds, rounding and caps of one wave, as the agreement fixed them.

    Attributes
    ----------
    k_scores : int, default 10
        Fewest answers to *this* item behind a published score.
    k_shares : int, default 20
        Fewest answers behind published shares; at least ``k_scores``.
    k_response_rate : int, default 10
        Fewest people (head count) behind a published response rate.
    round_counts_to : int, default 5
        Step to which answers and ballots are rounded.
    cap : tuple of float, default (0.05, 0.95)
        Shares at or beyond these bounds are shown as the bound.

    Raises
    ------
    PolicyError
        If a rule is looser than the floor; the message lists every problem.
    """

    k_scores: int = 10
    k_shares: int = 20
    k_response_rate: int = 10
    round_counts_to: int = 5
    cap: tuple[float, float] = (0.05, 0.95)

    def __post_init__(self) -> None:
        problems = policy_problems(self)
        if problems:
            raise PolicyError("Disclosure policy: " + " ".join(problems))

    @property
    def capped_share(self) -> float:
        """The share cut off at both ends; the stricter end rules, since two shares mirror.

        Returns
        -------
        float
            A share, such as 0.05.
        """
        return round(max(self.cap[0], 1 - self.cap[1]), 9)

    @property
    def answers_for_shares(self) -> int:
        """Fewest answers behind shares, such that a capped share can stand for a person.

        Returns
        -------
        int
            ``k_shares``, or more if the cap is so low that "the bound or fewer" would mean nobody.
        """
        return max(self.k_shares, ceil(round(1 / self.capped_share, 6)))


def policy_problems(policy: Policy) -> tuple[str, ...]:
    """List everything that is wrong with a policy, in words that say how to mend it.

    Parameters
    ----------
    policy : Policy
        The rules to look at.

    Returns
    -------
    tuple of str
        One sentence per problem; empty if the policy holds.
    """
    problems = [
        f"{name} is {value}; raise it to at least {FLOOR}."
        for name, value in (
            ("k_scores", policy.k_scores),
            ("k_shares", policy.k_shares),
            ("k_response_rate", policy.k_response_rate),
        )
        if value < FLOOR
    ]
    if policy.k_shares < policy.k_scores:
        problems.append(
            f"k_shares is {policy.k_shares}, below k_scores {policy.k_scores}; shares tell more "
            "than a score, so raise k_shares to at least k_scores."
        )
    if policy.round_counts_to < FINEST_STEP:
        problems.append(f"round_counts_to is {policy.round_counts_to}; use {FINEST_STEP} or more.")
    low, high = policy.cap
    if not (min(low, 1 - high) >= SMALLEST_CAP and max(low, 1 - high) <= LARGEST_CAP):
        problems.append(
            f"cap is ({low}, {high}); cut off {SMALLEST_CAP:.0%} to {LARGEST_CAP:.0%} at either "
            "end, as in (0.05, 0.95)."
        )
    return tuple(problems)
