"""Tests of the verdict table: the gate that decided, and what would change the verdict."""

from analysis.disclosure.release import GateResult, Published, Release, Suppressed, Verdict
from analysis.methods.gates import GateAnswer, VerdictKind
from reports.tables import departments
from reports.verdicts import VerdictRow, verdict_rows
from tests.builders.release import city_releases
from tests.reports import layouts


def _rows() -> dict[str, VerdictRow]:
    return {row.department: row for row in verdict_rows(city_releases(6)[-1], {})}


def test_most_urgent_first() -> None:
    """Stop stands before hold, hold before cannot tell, and go last."""
    order = [VerdictKind.STOP, VerdictKind.HOLD, VerdictKind.CANNOT_TELL, VerdictKind.GO]
    for release in (city_releases(6)[-1], layouts.releases()[-1]):
        places = [order.index(row.kind) for row in verdict_rows(release, {})]
        assert places == sorted(places)
        assert len(places) == len(departments(release))


def test_stop_names_a_gate_under_its_stop_line() -> None:
    """The gate named under a stop is one whose whole range lies under the stop line."""
    release = city_releases(6)[-1]
    stopped = [v for v in release.verdicts if v.verdict is VerdictKind.STOP]
    assert stopped
    assert "is under the stop line 35" in _rows()["Parks"].decided
    assert "lifts the stop" in _rows()["Parks"].remedy


def test_go_says_what_would_end_it() -> None:
    """A go names the closest gate and the score under which it would turn."""
    row = _rows()["Sanitation"]
    assert row.decided.startswith("All 3 met; closest")
    assert " below " in row.remedy


def test_hidden_gate_is_said() -> None:
    """A verdict that nobody can tell names the hidden gate and why it is hidden."""
    row = _rows()["Library"]
    assert "is hidden (too few answers)" in row.decided
    assert "10 answers" in row.remedy


def test_needed_score_would_meet_the_gate() -> None:
    """The score named as needed would, with limits as wide as now, just meet the gate."""
    release = layouts.releases()[-1]
    for row, group in zip(
        verdict_rows(release, {}),
        sorted(departments(release), key=lambda g: _rank(release.verdict(g.id))),
        strict=True,
    ):
        if row.kind is not VerdictKind.HOLD:
            continue
        failing = [g for g in release.verdict(group.id).gates if g.answer is GateAnswer.NOT_MET]
        needs = {str(_needed(release, group.id, gate)) for gate in failing}
        assert any(need in row.remedy for need in needs)


def test_no_gates_no_verdict() -> None:
    """Where no lines were agreed, the table says so."""
    row = verdict_rows(layouts.releases(layouts.City(gates=False))[-1], {})[0]
    assert (row.word, row.decided) == ("Cannot tell", "No gate agreed")


def _rank(verdict: Verdict) -> int:
    order = [VerdictKind.STOP, VerdictKind.HOLD, VerdictKind.CANNOT_TELL, VerdictKind.GO]
    return order.index(verdict.verdict)


def _needed(release: Release, group: str, gate: GateResult) -> int:
    result = release.find(group, gate.series)
    assert result is not None
    value: Published | Suppressed = result.value
    assert isinstance(value, Published)
    return gate.minimum + value.score - value.low
