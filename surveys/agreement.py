"""The rules of a survey, co-signed before a wave opens and afterwards only ever tightened."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from surveys.instrument import Instrument

FLOOR = 8
"""No agreement can show results of fewer answers than this."""

SINGLE_KEY_FLOOR = 10
LONGEST_RETENTION_DAYS = 90
SHORTEST_GAP_WEEKS = 4
LARGEST_CAP = 20  # percent at either end


class SecondKey(StrEnum):
    """Who, besides the employer, must sign and turn a key."""

    UNION = "union"
    REPRESENTATIVE = "representative"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Gate:
    """A score (0-100) that a construct must reach to go on, and one below which to stop."""

    construct: str
    minimum: int
    stop_below: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed: purpose, thresholds, cells, gates, and how long anything is kept."""

    purpose: str
    k_scores: int = 10
    k_shares: int = 20
    k_comments: int = 30
    k_response_rate: int = 10
    round_counts_to: int = 5
    cap_percent: tuple[int, int] = (5, 95)
    minimum_cell: int = 10
    wanted_cell: int = 26
    comments: bool = False
    retention_days: int = 30
    contact_days: int = 30
    min_weeks_between: int = 4
    gates: tuple[Gate, ...] = ()
    second_key: SecondKey = SecondKey.UNION

    @property
    def content_hash(self) -> str:
        """SHA-256 of every rule: what the signatures stand under."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AgreementProblem:
    """One rule that cannot stand, and how to mend it."""

    rule: str
    problem: str


def problems(agreement: Agreement, instrument: Instrument) -> list[AgreementProblem]:
    """List every rule that is weaker than Canvass allows, or that contradicts another."""
    return [
        *_thresholds(agreement),
        *_rounding(agreement),
        *_periods(agreement),
        *_gates(agreement, instrument),
    ]


def loosened(old: Agreement, new: Agreement) -> list[AgreementProblem]:
    """List every rule that the new agreement weakens; after signing, rules only get tighter."""
    return [
        *_lowered(old, new),
        *_lengthened(old, new),
        *_other_loosening(old, new),
        *_weaker_gates(old, new),
    ]


def _thresholds(agreement: Agreement) -> Iterator[AgreementProblem]:
    if not agreement.purpose.strip():
        yield AgreementProblem("purpose", "No purpose. Write what the results may be used for.")
    for rule in ("k_scores", "k_shares", "k_comments", "k_response_rate"):
        value = getattr(agreement, rule)
        if value < FLOOR:
            yield AgreementProblem(rule, f"{value} is below the floor. Use {FLOOR} or more.")
    alone = agreement.second_key is SecondKey.NONE
    if alone and min(agreement.k_scores, agreement.k_response_rate) < SINGLE_KEY_FLOOR:
        yield AgreementProblem(
            "k_scores", f"Below {SINGLE_KEY_FLOOR} needs a second key. Raise it, or name one."
        )
    if not agreement.k_scores <= agreement.k_shares <= agreement.k_comments:
        yield AgreementProblem(
            "k_shares", "Must lie between k_scores and k_comments: finer results need more answers."
        )
    if agreement.minimum_cell < agreement.k_scores:
        yield AgreementProblem(
            "minimum_cell", f"A smaller cell never has {agreement.k_scores} answers. Raise it."
        )
    if agreement.wanted_cell < agreement.minimum_cell:
        yield AgreementProblem("wanted_cell", "Is below minimum_cell. Raise it.")


def _rounding(agreement: Agreement) -> Iterator[AgreementProblem]:
    if agreement.round_counts_to < 5:  # noqa: PLR2004 - the "10-5 rule" of official statistics
        yield AgreementProblem("round_counts_to", "Counts are rounded to 5 or coarser. Use 5.")
    low, high = agreement.cap_percent
    # 0 and 100 would be no cap; beyond a fifth the three shares would hardly differ.
    if not (1 <= low <= LARGEST_CAP and 1 <= 100 - high <= LARGEST_CAP):
        yield AgreementProblem(
            "cap_percent",
            f"({low}, {high}) is no pair like (5, 95). Shares near 0 and 100 % tell"
            " what everybody said.",
        )


def _periods(agreement: Agreement) -> Iterator[AgreementProblem]:
    for rule in ("retention_days", "contact_days"):
        value = getattr(agreement, rule)
        if not 0 <= value <= LONGEST_RETENTION_DAYS:
            yield AgreementProblem(rule, f"{value} days. Use 0 to {LONGEST_RETENTION_DAYS}.")
    if agreement.min_weeks_between < SHORTEST_GAP_WEEKS:
        yield AgreementProblem(
            "min_weeks_between", f"Leave at least {SHORTEST_GAP_WEEKS} weeks between two waves."
        )


def _gates(agreement: Agreement, instrument: Instrument) -> Iterator[AgreementProblem]:
    named = [gate.construct for gate in agreement.gates]
    for gate in agreement.gates:
        rule = f"gate {gate.construct}"
        if gate.construct not in instrument.constructs:
            known = ", ".join(sorted(instrument.constructs))
            yield AgreementProblem(rule, f"No such construct. Choose one of: {known}.")
        if named.count(gate.construct) > 1:
            yield AgreementProblem(rule, "Stands twice. Keep one.")
        if not 0 <= gate.stop_below <= gate.minimum <= 100:  # noqa: PLR2004 - scores end there
            yield AgreementProblem(rule, "Needs 0 <= stop_below <= minimum <= 100.")


def _lowered(old: Agreement, new: Agreement) -> Iterator[AgreementProblem]:
    for rule in (
        "k_scores",
        "k_shares",
        "k_comments",
        "k_response_rate",
        "round_counts_to",
        "minimum_cell",
        "wanted_cell",
        "min_weeks_between",
    ):
        before, after = getattr(old, rule), getattr(new, rule)
        if after < before:
            yield AgreementProblem(rule, f"Was {before}, cannot fall to {after}.")


def _lengthened(old: Agreement, new: Agreement) -> Iterator[AgreementProblem]:
    for rule in ("retention_days", "contact_days"):
        before, after = getattr(old, rule), getattr(new, rule)
        if after > before:
            yield AgreementProblem(rule, f"Was {before}, cannot grow to {after}.")


def _other_loosening(old: Agreement, new: Agreement) -> Iterator[AgreementProblem]:
    if new.purpose != old.purpose:
        yield AgreementProblem("purpose", "Was signed as it stood. Agree on a new survey instead.")
    if new.cap_percent[0] < old.cap_percent[0] or new.cap_percent[1] > old.cap_percent[1]:
        yield AgreementProblem("cap_percent", f"Was {old.cap_percent}, cannot widen.")
    if new.comments and not old.comments:
        yield AgreementProblem("comments", "Were agreed to stay off.")
    strength = [SecondKey.NONE, SecondKey.REPRESENTATIVE, SecondKey.UNION]
    if strength.index(new.second_key) < strength.index(old.second_key):
        yield AgreementProblem("second_key", f"Was {old.second_key}, cannot become weaker.")


def _weaker_gates(old: Agreement, new: Agreement) -> Iterator[AgreementProblem]:
    kept = {gate.construct: gate for gate in new.gates}
    for gate in old.gates:
        rule = f"gate {gate.construct}"
        if gate.construct not in kept:
            yield AgreementProblem(rule, "Was agreed, cannot be dropped.")
            continue
        after = kept[gate.construct]
        if after.minimum < gate.minimum or after.stop_below < gate.stop_below:
            yield AgreementProblem(rule, f"Was {gate.minimum}/{gate.stop_below}, cannot fall.")
