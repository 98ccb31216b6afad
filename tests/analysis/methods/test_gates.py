"""Gates and verdicts."""

from itertools import product

import pytest

from analysis.errors import MethodError
from analysis.methods.gates import (
    GateAnswer,
    GateLine,
    Limits,
    VerdictKind,
    calls_for_stop,
    gate_answer,
    verdict,
)

LINE = GateLine(50, 35)
MET, OPEN, BELOW, STOP = (55.0, 70.0), (40.0, 60.0), (38.0, 48.0), (10.0, 30.0)


@pytest.mark.parametrize(
    ("limits", "answer", "stop"),
    [
        (MET, "met", False),
        ((50.0, 50.0), "met", False),
        (OPEN, "cannot tell", False),
        ((20.0, 50.0), "cannot tell", False),
        (BELOW, "not met", False),
        ((10.0, 35.0), "not met", False),
        (STOP, "not met", True),
        (None, "cannot tell", False),
    ],
)
def test_limits_decide_a_gate(limits: Limits | None, answer: str, stop: bool) -> None:
    """A gate is met or not met only if the whole interval says so; a hidden score says nothing."""
    assert gate_answer(LINE, limits) == GateAnswer(answer)
    assert calls_for_stop(LINE, limits) == stop


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        ([MET, MET], "go"),
        ([MET, OPEN], "cannot tell"),
        ([MET, None], "cannot tell"),
        ([OPEN, BELOW], "hold"),
        ([None, BELOW], "hold"),
        ([MET, STOP], "stop"),
        ([BELOW, STOP], "stop"),
        ([None, None], "cannot tell"),
        ([], "cannot tell"),
    ],
)
def test_worst_gate_decides(limits: list[Limits | None], kind: str) -> None:
    """Stop comes before hold, hold before doubt, and go needs every gate met."""
    assert verdict([LINE] * len(limits), limits) == VerdictKind(kind)


def test_worse_limits_never_give_a_better_verdict() -> None:
    """Replacing a score by a lower one, or hiding it, never turns a verdict into go."""
    for other, first, second in product(
        (MET, OPEN, BELOW, STOP, None), (OPEN, BELOW), (STOP, None)
    ):
        assert verdict([LINE, LINE], [other, first]) != VerdictKind.GO
        assert verdict([LINE, LINE], [other, second]) != VerdictKind.GO


@pytest.mark.parametrize(("minimum", "stop_below"), [(50, 60), (101, 20), (50, -1)])
def test_contradicting_lines_are_refused(minimum: int, stop_below: int) -> None:
    """A gate that stops above its own minimum cannot be agreed."""
    with pytest.raises(MethodError, match="from 0 to 100"):
        GateLine(minimum, stop_below)


@pytest.mark.parametrize("limits", [(60.0, 40.0), (float("nan"), 40.0)])
def test_limits_the_wrong_way_round_are_refused(limits: Limits) -> None:
    """Limits that are no interval are an error, not an answer."""
    with pytest.raises(MethodError, match="wrong way round"):
        gate_answer(LINE, limits)


def test_each_gate_needs_a_score() -> None:
    """Gates and scores of different number are refused."""
    with pytest.raises(MethodError, match="one score per gate"):
        verdict([LINE], [])
