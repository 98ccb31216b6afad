"""What may be agreed, and that it only ever gets tighter."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.agreement import FLOOR, Agreement, Gate, SecondKey, loosened, problems
from surveys.instrument import load_default_instrument

BANK = load_default_instrument()
AGREED = Agreement(
    purpose="Decide how the tracker is brought in.",
    gates=(Gate("surveillance", 50, 35), Gate("readiness", 60, 40)),
)


def test_the_defaults_can_be_agreed() -> None:
    """The defaults need only a purpose to be sound."""
    assert problems(Agreement("Improve the rollout."), BANK) == []
    assert problems(AGREED, BANK) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"purpose": "  "}, "purpose"),
        ({"k_scores": FLOOR - 1}, "k_scores"),
        ({"k_response_rate": 0}, "k_response_rate"),
        ({"k_shares": 9}, "k_shares"),
        ({"k_shares": 31}, "k_shares"),
        ({"k_scores": 9, "second_key": SecondKey.NONE}, "k_scores"),
        ({"minimum_cell": 9}, "minimum_cell"),
        ({"wanted_cell": 9}, "wanted_cell"),
        ({"round_counts_to": 1}, "round_counts_to"),
        ({"cap_percent": (0, 100)}, "cap_percent"),
        ({"cap_percent": (60, 95)}, "cap_percent"),
        ({"retention_days": 91}, "retention_days"),
        ({"contact_days": -1}, "contact_days"),
        ({"min_weeks_between": 3}, "min_weeks_between"),
        ({"gates": (Gate("mood", 50, 30),)}, "gate mood"),
        ({"gates": (Gate("ease", 50, 60),)}, "gate ease"),
        ({"gates": (Gate("ease", 101, 60),)}, "gate ease"),
        ({"gates": (Gate("ease", 50, 30), Gate("ease", 60, 30))}, "gate ease"),
    ],
)
def test_weak_rules_are_named(change: dict[str, object], rule: str) -> None:
    """A rule weaker than the floor, or one that contradicts another, is named."""
    weak = _changed(Agreement("Improve the rollout."), change)

    assert rule in {found.rule for found in problems(weak, BANK)}


@pytest.mark.parametrize("k", [FLOOR, FLOOR + 1])
def test_two_keys_may_agree_on_less_than_ten(k: int) -> None:
    """Eight or nine answers are enough only where a second key has signed for it."""
    assert problems(replace(AGREED, k_scores=k), BANK) == []
    assert problems(replace(AGREED, k_scores=k, second_key=SecondKey.NONE), BANK) != []


LOOSER: list[tuple[dict[str, object], str]] = [
    ({"purpose": "Choose whom to dismiss."}, "purpose"),
    ({"k_scores": 9}, "k_scores"),
    ({"k_shares": 19}, "k_shares"),
    ({"k_comments": 29}, "k_comments"),
    ({"k_response_rate": 9}, "k_response_rate"),
    ({"round_counts_to": 4}, "round_counts_to"),
    ({"cap_percent": (4, 95)}, "cap_percent"),
    ({"cap_percent": (5, 96)}, "cap_percent"),
    ({"minimum_cell": 9}, "minimum_cell"),
    ({"wanted_cell": 25}, "wanted_cell"),
    ({"comments": True}, "comments"),
    ({"retention_days": 31}, "retention_days"),
    ({"contact_days": 31}, "contact_days"),
    ({"min_weeks_between": 3}, "min_weeks_between"),
    ({"gates": (Gate("surveillance", 50, 35),)}, "gate readiness"),
    ({"gates": (Gate("surveillance", 49, 35), Gate("readiness", 60, 40))}, "gate surveillance"),
    ({"gates": (Gate("surveillance", 50, 34), Gate("readiness", 60, 40))}, "gate surveillance"),
    ({"second_key": SecondKey.REPRESENTATIVE}, "second_key"),
]


@pytest.mark.parametrize(("change", "rule"), LOOSER)
def test_signed_rules_cannot_be_loosened(change: dict[str, object], rule: str) -> None:
    """After signing, each weakening is found and named."""
    assert [found.rule for found in loosened(AGREED, _changed(AGREED, change))] == [rule]


def test_every_rule_is_guarded() -> None:
    """No field of an agreement can be weakened unnoticed: each stands in the table above."""
    assert {key for change, _ in LOOSER for key in change} == {each.name for each in fields(AGREED)}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"k_scores": 12, "k_shares": 25, "retention_days": 7, "cap_percent": (10, 90)},
        {"gates": (*AGREED.gates, Gate("ease", 40, 20))},
        {"gates": (Gate("surveillance", 55, 40), Gate("readiness", 60, 40))},
    ],
)
def test_tightening_is_always_allowed(change: dict[str, object]) -> None:
    """Stricter rules, or the same ones, are never called loosened."""
    assert loosened(AGREED, _changed(AGREED, change)) == []


@given(
    k=st.tuples(st.integers(8, 40), st.integers(8, 40)),
    days=st.tuples(st.integers(0, 90), st.integers(0, 90)),
)
def test_going_back_and_forth_is_caught(k: tuple[int, int], days: tuple[int, int]) -> None:
    """Of two different agreements at most one direction of change is free of loosening."""
    one = replace(AGREED, k_scores=k[0], retention_days=days[0])
    other = replace(AGREED, k_scores=k[1], retention_days=days[1])

    assert one == other or loosened(one, other) or loosened(other, one)


def test_hash_covers_every_rule() -> None:
    """Signatures stand under all rules: each change gives another hash."""
    hashes = {_changed(AGREED, change).content_hash for change, _ in LOOSER}

    assert len(hashes) == len(LOOSER)
    assert AGREED.content_hash not in hashes
    assert replace(AGREED).content_hash == AGREED.content_hash


def _changed(agreement: Agreement, change: dict[str, object]) -> Agreement:
    return replace(agreement, **change)  # type: ignore[arg-type]  # a table of any fields
