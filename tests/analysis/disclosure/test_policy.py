"""The rules of disclosure can be tightened, never loosened below the floor."""

import pytest

from analysis.disclosure.errors import PolicyError
from analysis.disclosure.policy import FLOOR, Policy


def test_the_defaults_are_those_of_the_agreement() -> None:
    """Ten for scores, twenty for shares, counts to five, shares within 5 and 95 %."""
    policy = Policy()
    assert (policy.k_scores, policy.k_shares, policy.k_response_rate) == (10, 20, 10)
    assert (policy.round_counts_to, policy.cap) == (5, (0.05, 0.95))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"k_scores": FLOOR - 1}, "k_scores is 7; raise it to at least 8"),
        ({"k_shares": 7, "k_scores": 8}, "k_shares is 7"),
        ({"k_response_rate": 1}, "k_response_rate is 1"),
        ({"k_scores": 25}, "raise k_shares to at least k_scores"),
        ({"round_counts_to": 1}, "use 5 or more"),
        ({"cap": (0.0, 1.0)}, "cut off 1% to 20%"),
        ({"cap": (0.05, 0.7)}, r"as in \(0.05, 0.95\)"),
    ],
)
def test_refuses_what_is_too_loose(change: dict[str, int], words: str) -> None:
    """A rule below the floor is refused with a sentence that says how to mend it."""
    with pytest.raises(PolicyError, match=words):
        Policy(**change)  # type: ignore[arg-type]  # one table for fields of two types


def test_names_every_problem_at_once() -> None:
    """Two mistakes are reported together."""
    with pytest.raises(PolicyError, match=r"k_scores is 2.*round_counts_to is 3"):
        Policy(k_scores=2, round_counts_to=3)


def test_the_stricter_end_of_the_caps_rules_both() -> None:
    """Two shares that make a whole mirror each other, so both ends are cut off alike."""
    assert Policy(cap=(0.05, 0.90)).capped_share == 0.10
    assert Policy().capped_share == 0.05


@pytest.mark.parametrize(
    ("cap", "answers"), [((0.05, 0.95), 20), ((0.01, 0.99), 100), ((0.2, 0.8), 20)]
)
def test_a_capped_share_can_stand_for_a_person(cap: tuple[float, float], answers: int) -> None:
    """Shares need so many answers that the capped share of them is one person at least."""
    assert Policy(cap=cap).answers_for_shares == answers
