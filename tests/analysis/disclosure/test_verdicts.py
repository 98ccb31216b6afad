"""Verdicts follow from published limits alone."""

import pytest

from analysis.disclosure.inputs import GateRule
from analysis.disclosure.results import (
    Participation,
    Published,
    Reason,
    ReleasedSeries,
    Result,
    Suppressed,
)
from analysis.disclosure.verdicts import group_verdict
from analysis.methods.gates import GateAnswer, VerdictKind

RULE = GateRule(
    construct="usefulness", series=("us1.expect", "us1.experience"), minimum=55, stop_below=40
)

PART = Participation(group="g", headcount=150, ballots=100, rate=0.67)


def candidate(
    wording: str, answers: int, limits: tuple[int, int] | None
) -> tuple[ReleasedSeries, Result]:
    """Give one wording's result with these limits; None means withheld."""
    series = ReleasedSeries(
        id=f"us1.{wording}", item="us1", wording=wording, construct="usefulness", core=True,
        kind="item", comparable=False,
    )  # fmt: skip
    value = Suppressed(Reason.TOO_FEW) if limits is None else Published(
        answers=answers, score=sum(limits) // 2, low=limits[0], high=limits[1],
        shares=Suppressed(Reason.TOO_FEW), dont_know=None,
    )  # fmt: skip
    result = Result(group="g", series=series.id, value=value, change=None, change_since_first=None)
    return series, result


@pytest.mark.parametrize(
    ("limits", "verdict", "answer"),
    [
        ((55, 70), VerdictKind.GO, GateAnswer.MET),
        ((54, 70), VerdictKind.CANNOT_TELL, GateAnswer.CANNOT_TELL),
        ((40, 54), VerdictKind.HOLD, GateAnswer.NOT_MET),
        ((20, 39), VerdictKind.STOP, GateAnswer.NOT_MET),
        (None, VerdictKind.CANNOT_TELL, GateAnswer.CANNOT_TELL),
    ],
)
def test_limits_decide(
    limits: tuple[int, int] | None, verdict: VerdictKind, answer: GateAnswer
) -> None:
    """Go, hold, stop and cannot tell by where the whole interval lies; withheld cannot tell."""
    result = group_verdict("g", [RULE], [candidate("expect", 30, limits)], PART)
    assert (result.verdict, result.gates[0].answer) == (verdict, answer)


@pytest.mark.parametrize(
    ("expect", "experience", "chosen"),
    [(40, 20, "us1.expect"), (20, 40, "us1.experience"), (30, 30, "us1.experience")],
)
def test_the_wording_with_more_answers_speaks(expect: int, experience: int, chosen: str) -> None:
    """Of two wordings the better answered one counts, on equal answers experience."""
    candidates = [
        candidate("expect", expect, (60, 70)),
        candidate("experience", experience, (1, 9)),
    ]
    assert group_verdict("g", [RULE], candidates, PART).gates[0].series == chosen


@pytest.mark.parametrize(("answers", "chosen"), [(10, "us1.experience"), (50, "us1.expect")])
def test_a_few_do_not_speak_for_all(answers: int, chosen: str) -> None:
    """What under half of those who took part were asked gives way to the withheld wording."""
    candidates = [candidate("expect", answers, (60, 70)), candidate("experience", 90, None)]
    assert group_verdict("g", [RULE], candidates, PART).gates[0].series == chosen


def test_a_construct_that_was_not_asked_cannot_be_told() -> None:
    """A gate without any result is "cannot tell", and so is the group."""
    verdict = group_verdict("g", [RULE], [], PART)
    assert (verdict.verdict, verdict.gates[0].series) == (VerdictKind.CANNOT_TELL, "")
