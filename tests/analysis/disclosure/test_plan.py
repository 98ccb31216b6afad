"""The plan decides from sizes alone, layer by layer."""

import numpy as np
import pytest

from analysis.arrays import IntArray
from analysis.disclosure.plan import Decision, Plan, Sizes, make_plan
from analysis.disclosure.policy import Policy
from tests.builders.lattices import lattice_of

SHOWN, TOO_FEW = Decision.SHOWN, Decision.TOO_FEW
PROTECTS, NOT_ASKED = Decision.PROTECTS_OTHERS, Decision.NOT_ASKED

TREE = lattice_of([-1, 0, 0, 0], [0, 1, 1, 1])


def column(*values: int) -> IntArray:
    """Give one series as a column of cells."""
    return np.array(values, dtype=np.int64)[:, None]


def plan_for(
    answered: IntArray,
    ballots: list[int] | None = None,
    dont_know: IntArray | None = None,
    headcounts: list[int] | None = None,
    *,
    two_options: bool = False,
) -> Plan:
    """Plan a wave in which everybody with a ballot came to the question, if not told else."""
    unsure = np.zeros_like(answered) if dont_know is None else dont_know
    cast = answered.sum(axis=1) if ballots is None else np.array(ballots)
    people = np.maximum(cast, 30) if headcounts is None else np.array(headcounts)
    replied = answered + unsure
    pair = np.full(answered.shape[1], two_options)
    return make_plan(TREE, Sizes(people, cast, answered, replied, replied, pair), Policy())


@pytest.mark.parametrize(
    ("answered", "decisions"),
    [
        ((24, 30, 40), [SHOWN, SHOWN, SHOWN, SHOWN]),
        ((24, 9, 40), [SHOWN, PROTECTS, TOO_FEW, SHOWN]),
        ((3, 3, 40), [SHOWN, TOO_FEW, TOO_FEW, PROTECTS]),
        ((3, 3, 3), [TOO_FEW, TOO_FEW, TOO_FEW, TOO_FEW]),
        ((24, 0, 40), [SHOWN, SHOWN, TOO_FEW, SHOWN]),
    ],
)
def test_scores_are_withheld_with_a_reason(
    answered: tuple[int, int, int], decisions: list[Decision]
) -> None:
    """Each withheld score says whether it is small itself or covers for another."""
    plan = plan_for(column(*answered), ballots=[50, 50, 50])
    assert plan.scores[:, 0].tolist() == decisions


def test_a_group_with_few_ballots_is_withheld_on_every_series() -> None:
    """What the wave withholds no series shows, not even one on which it would be safe."""
    answered = np.array([[12, 12], [9, 0], [40, 40]])
    plan = plan_for(answered, ballots=[12, 9, 40])
    assert plan.scores[:, 1].tolist() == [SHOWN, PROTECTS, TOO_FEW, SHOWN]


def test_a_group_of_which_nobody_was_asked_does_not_say_so() -> None:
    """Which wording a group's people came to is an answer: only a whole wave's zero shows."""
    assert plan_for(column(24, 0, 40)).scores[2, 0] == TOO_FEW
    assert plan_for(column(24, 0, 40), ballots=[24, 1, 40]).scores[2, 0] == TOO_FEW
    assert plan_for(column(0, 0, 0), ballots=[9, 8, 1]).scores[:, 0].tolist() == [NOT_ASKED] * 4


@pytest.mark.parametrize("ballots", [[0, 0, 0], [1, 0, 0], [3, 3, 3]])
def test_a_wave_of_a_few_does_not_say_what_it_was_asked(ballots: list[int]) -> None:
    """With fewer ballots than the threshold, "not asked" would be the answer of a few."""
    assert plan_for(column(0, 0, 0), ballots=ballots).scores[:, 0].tolist() == [TOO_FEW] * 4


def test_shares_need_twice_the_answers() -> None:
    """Between 10 and 19 answers a group has a score and no shares, and is protected there too."""
    plan = plan_for(column(24, 15, 40))
    assert plan.scores[:, 0].tolist() == [SHOWN] * 4
    assert plan.shares[:, 0].tolist() == [SHOWN, PROTECTS, TOO_FEW, SHOWN]


def test_three_who_all_do_not_know_are_protected() -> None:
    """A don't-know share is withheld where a parent's minus its children's would be theirs."""
    plan = plan_for(column(30, 0, 40), ballots=[30, 20, 40], dont_know=column(0, 3, 0))
    assert plan.shares[[0, 1, 3], 0].tolist() == [SHOWN] * 3
    assert (plan.dont_know[[0, 1, 3], 0] == SHOWN).sum() < 3


def test_response_rates_rest_on_head_counts() -> None:
    """A crew of nine shows no rate, nor does the sibling that would give it away."""
    plan = plan_for(column(30, 5, 40), headcounts=[60, 9, 45])
    assert plan.participation.tolist() == [SHOWN, SHOWN, TOO_FEW, PROTECTS]


def test_the_mean_of_yes_and_no_is_a_share() -> None:
    """With two options a score tells the distribution, so it needs as many answers as shares."""
    plan = plan_for(column(24, 15, 40), two_options=True)
    assert plan.scores[:, 0].tolist() == [SHOWN, PROTECTS, TOO_FEW, SHOWN]
