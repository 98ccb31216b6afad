"""What both sides can sign is what the release enforces: the rules are written twice."""

from dataclasses import replace

import pytest

from analysis.disclosure import policy as enforced
from analysis.disclosure.errors import PolicyError
from backend.reporting import policy_of
from surveys import agreement as signed
from surveys.agreement import Agreement, problems
from surveys.instrument import load_default_instrument

SHARED = {"k_scores", "k_shares", "k_response_rate", "round_counts_to", "cap_percent"}
RULES = Agreement(purpose="Learn.", minimum_cell=60, wanted_cell=60, k_comments=60)


def test_the_floors_are_the_same() -> None:
    """Both sides know the same least threshold and the same largest cap."""
    assert signed.FLOOR == enforced.FLOOR
    assert pytest.approx(100 * enforced.LARGEST_CAP) == signed.LARGEST_CAP
    assert policy_of(Agreement(purpose="Learn.")) == enforced.Policy()


@pytest.mark.parametrize(
    "change",
    [
        *({"k_scores": k} for k in (7, 8, 9, 20, 21)),
        *({"k_shares": k} for k in (8, 9, 10, 40)),
        *({"k_scores": 8, "k_shares": k} for k in (7, 8)),
        *({"k_response_rate": k} for k in (7, 8, 30)),
        *({"round_counts_to": step} for step in (1, 4, 5, 10)),
        *(
            {"cap_percent": cap}
            for cap in ((0, 95), (1, 99), (5, 100), (5, 99), (20, 80), (21, 80), (5, 79), (50, 50))
        ),
    ],
    ids=str,
)
def test_an_agreement_can_stand_if_and_only_if_its_policy_can(change: dict[str, int]) -> None:
    """At every bound, the agreement has a problem exactly where the policy is refused."""
    agreement = replace(RULES, **change)  # type: ignore[arg-type] # one rule at a time
    refused = {each.rule for each in problems(agreement, load_default_instrument())} & SHARED
    if refused:
        with pytest.raises(PolicyError):
            policy_of(agreement)
    else:
        policy_of(agreement)
