"""For each department the verdict, the gate that decided it, and what would change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.disclosure.release import (
    GateResult,
    Published,
    Reason,
    Release,
    ReleasedGroup,
    Suppressed,
    Verdict,
)
from analysis.methods.gates import GateAnswer, VerdictKind
from reports import sentences, wording
from reports.tables import LONGEST_NAME, MARKS, URGENCY, departments, response


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One department in the verdict table."""

    kind: VerdictKind
    department: str
    rate: str
    people: str
    mark: str
    word: str
    decided: str
    remedy: str


def verdict_rows(release: Release, names: Mapping[str, str]) -> tuple[VerdictRow, ...]:
    """Tell the verdict of every department, the most urgent verdict first."""
    groups = sorted(
        departments(release),
        key=lambda group: URGENCY.index(release.verdict(group.id).verdict),
    )
    return tuple(_row(release, group, names) for group in groups)


def _row(release: Release, group: ReleasedGroup, names: Mapping[str, str]) -> VerdictRow:
    verdict = release.verdict(group.id)
    decided, remedy = _explain(release, verdict, names)
    return VerdictRow(
        kind=verdict.verdict,
        department=wording.short(group.name, LONGEST_NAME),
        rate=response(release, group),
        people=wording.count(group.headcount),
        mark=MARKS[verdict.verdict],
        word=wording.VERDICTS[verdict.verdict],
        decided=decided,
        remedy=remedy,
    )


def _explain(release: Release, verdict: Verdict, names: Mapping[str, str]) -> tuple[str, str]:
    """Give the gate that decided a verdict, and what would change the verdict."""
    gates = [_Gate.of(release, verdict.group, gate, names) for gate in verdict.gates]
    if not gates:
        return sentences.no_gates()
    if verdict.verdict is VerdictKind.STOP:
        return _explain_stop(gates)
    if verdict.verdict is VerdictKind.HOLD:
        return _explain_hold(gates)
    if verdict.verdict is VerdictKind.GO:
        return _explain_go(gates)
    return _explain_unclear(gates, release.policy.k_scores)


@dataclass(frozen=True, slots=True)
class _Gate:
    """A gate with the score it was judged by."""

    rule: GateResult
    name: str
    value: Published | Suppressed

    @classmethod
    def of(
        cls, release: Release, group: str, rule: GateResult, names: Mapping[str, str]
    ) -> "_Gate":
        result = release.find(group, rule.series)
        # A gate whose question the wave did not ask has no result at all.
        value = result.value if result else Suppressed(Reason.NOT_ASKED)
        return cls(rule, wording.construct_name(rule.construct, names), value)

    @property
    def needed(self) -> int:
        """The score at which the lower limit would reach the go line, as precise as now."""
        if isinstance(self.value, Suppressed):
            return self.rule.minimum
        return min(100, self.rule.minimum + self.value.score - self.value.low)


def _shown(gates: Sequence[_Gate]) -> list[tuple[_Gate, Published]]:
    return [(gate, gate.value) for gate in gates if isinstance(gate.value, Published)]


def _explain_stop(gates: Sequence[_Gate]) -> tuple[str, str]:
    failing = [(g, v) for g, v in _shown(gates) if v.high < g.rule.stop_below]
    gate, value = min(failing, key=lambda each: each[1].high - each[0].rule.stop_below)
    decided = sentences.gate_stops(gate.name, value, gate.rule.stop_below)
    lifted = max(0, gate.rule.stop_below - (value.high - value.score))
    remedy = sentences.would_lift_stop(gate.name, lifted, gate.needed)
    return decided + sentences.and_more(len(failing) - 1), remedy


def _explain_hold(gates: Sequence[_Gate]) -> tuple[str, str]:
    failing = [(g, v) for g, v in _shown(gates) if g.rule.answer is GateAnswer.NOT_MET]
    gate, value = min(failing, key=lambda each: each[1].high - each[0].rule.minimum)
    decided = sentences.gate_fails(gate.name, value, gate.rule.minimum)
    return decided + sentences.and_more(len(failing) - 1), _needs(gates)


def _explain_go(gates: Sequence[_Gate]) -> tuple[str, str]:
    gate, value = min(_shown(gates), key=lambda each: each[1].low - each[0].rule.minimum)
    decided = sentences.gates_met(len(gates), value)
    return decided, sentences.would_turn(gate.name, gate.needed)


def _explain_unclear(gates: Sequence[_Gate], threshold: int) -> tuple[str, str]:
    unclear = [g for g in gates if g.rule.answer is GateAnswer.CANNOT_TELL]
    hidden = [(g, g.value) for g in unclear if isinstance(g.value, Suppressed)]
    if hidden:
        gate, reason = hidden[0]
        more = sentences.and_more(len(unclear) - 1)
        return sentences.gate_hidden(gate.name, reason) + more, sentences.would_tell(
            reason, threshold
        )
    closest, value = min(_shown(unclear), key=lambda each: each[1].low - each[0].rule.minimum)
    decided = sentences.gate_unclear(closest.name, value, closest.rule.minimum)
    return decided + sentences.and_more(len(unclear) - 1, "does"), _needs(gates)


def _needs(gates: Sequence[_Gate]) -> str:
    """Name the scores that would turn every gate that is not met, the furthest first."""
    missing = [(g, v) for g, v in _shown(gates) if g.rule.answer is not GateAnswer.MET]
    missing.sort(key=lambda each: each[1].score - each[0].needed)
    return sentences.would_go([(g.name, g.needed) for g, _ in missing])
