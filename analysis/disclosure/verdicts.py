"""Judge the agreed gates from published numbers alone, so that anybody can check the verdict."""

from collections.abc import Sequence

from analysis.disclosure.inputs import GateRule
from analysis.disclosure.results import (
    GateResult,
    Participation,
    Published,
    ReleasedSeries,
    Result,
    Suppressed,
    Verdict,
    stands_for,
)
from analysis.methods.gates import GateLine, Limits, gate_answer, verdict

Candidates = Sequence[tuple[ReleasedSeries, Result]]


def group_verdict(
    group: str,
    rules: Sequence[GateRule],
    candidates: Candidates,
    part: Participation | Suppressed,
) -> Verdict:
    """Answer every gate for one group, and draw the verdict.

    Parameters
    ----------
    group : str
        The group.
    rules : sequence of GateRule
        The agreed lines.
    candidates : sequence of (ReleasedSeries, Result)
        The group's published results.
    part : Participation or Suppressed
        How many of the group took part.

    Returns
    -------
    Verdict
        Where nothing of a gate is published, its answer is "cannot tell". Of two wordings the
        one that `stands_for` the group counts.
    """
    chosen = [
        stands_for([each for each in candidates if each[0].id in rule.series], part)
        for rule in rules
    ]
    lines = [GateLine(rule.minimum, rule.stop_below) for rule in rules]
    limits = [_limits(each) for each in chosen]
    gates = tuple(
        GateResult(
            construct=rule.construct,
            series=result.series if result else "",
            minimum=rule.minimum,
            stop_below=rule.stop_below,
            answer=gate_answer(line, limit),
        )
        for rule, result, line, limit in zip(rules, chosen, lines, limits, strict=True)
    )
    return Verdict(group=group, verdict=verdict(lines, limits), gates=gates)


def _limits(result: Result | None) -> Limits | None:
    if result is None or not isinstance(result.value, Published):
        return None
    return float(result.value.low), float(result.value.high)
