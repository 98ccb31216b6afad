"""A made-up city with releases written down directly, to lay out pages of every shape.

The numbers do not come from answers: they are drawn from a seed so that pages can be looked at with
3 or 40 departments, 1 or 12 waves, everything hidden, or hostile names. Releases made by the real
analysis are tested in ``test_leadership.py`` beside these.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from analysis.disclosure.policy import Policy
from analysis.disclosure.release import (
    SCHEMA,
    Change,
    GateResult,
    Participation,
    Published,
    Reason,
    Release,
    ReleasedGroup,
    ReleasedSeries,
    Result,
    ShareEstimate,
    Shares,
    Suppressed,
    Verdict,
    WaveInfo,
)
from analysis.methods.change import Direction, Flag
from analysis.methods.gates import GateAnswer, VerdictKind

DEPARTMENTS = (
    ("Sanitation and recycling", 620),
    ("Streets and drainage", 410),
    ("Water utilities", 380),
    ("Parks and recreation", 290),
    ("Fleet and workshops", 240),
    ("Libraries", 170),
    ("Permits and inspection", 150),
    ("Airport services", 140),
)
WAVES = ("Announcement", "Consultation", "Pilot", "First departments", "All departments", "Steady")
CORE = {
    "job_security": ("js2",),
    "surveillance": ("sv1",),
    "usefulness": ("us1.expect", "us1.experience"),
    "ease": ("ez1.expect", "ez1.experience"),
    "readiness": ("rd1",),
    "voice": ("vo2",),
    "trust_leadership": ("tr1",),
    "mission_fit": ("mf1.expect", "mf1.experience"),
    "adoption_intention": ("ad1",),
    "workload": ("wl1.expect", "wl1.experience"),
    "fairness": ("fa1",),
}
GATES = {
    "surveillance": (50, 35),
    "usefulness": (50, 35),
    "readiness": (50, 35),
    "trust_leadership": (45, 30),
}
SPREAD = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What to vary about the city."""

    departments: Sequence[tuple[str, int]] = DEPARTMENTS
    waves: Sequence[str] = WAVES
    organisation: str = "City of Riverton"
    tool: str = "GPS on collection trucks"
    description: str = "Shows where each truck is, to plan routes and answer missed-pickup calls."
    response: float = 0.62
    gates: bool = True
    seed: int = 7


def releases(city: City | None = None) -> tuple[Release, ...]:
    """All releases of the city, oldest first."""
    city = city or City()
    made: list[Release] = []
    for number in range(1, len(city.waves) + 1):
        made.append(_release(city, number, made))
    return tuple(made)


def hidden(release: Release) -> Release:
    """Give the same release with every number withheld."""
    why = Suppressed(Reason.TOO_FEW)
    results = tuple(
        Result(group=r.group, series=r.series, value=why, change=why, change_since_first=why)
        for r in release.results
    )
    plain = {name: getattr(release, name) for name in Release.__struct_fields__}
    plain |= {
        "results": results,
        "participation": (why,) * len(release.groups),
        "verdicts": tuple(_verdict(g.id, results) for g in release.groups),
        "primary_suppressed": len(results),
        "complementary_suppressed": 0,
    }
    return Release(**plain)


def renamed(city: City, name: str) -> City:
    """Give the same city with this text in every place a person may type."""
    named = [(f"{name} {i}", size) for i, (_, size) in enumerate(city.departments)]
    waves = [f"{name} {wave}" for wave in city.waves]
    return replace(
        city, departments=named, waves=waves, organisation=name, tool=name, description=name
    )


def many(count: int) -> tuple[tuple[str, int], ...]:
    """So many departments of different sizes."""
    return tuple((f"Department number {i + 1}", 14 + (i * 37) % 160) for i in range(count))


def _release(city: City, number: int, earlier: Sequence[Release]) -> Release:
    groups = _groups(city, number)
    series = tuple(_series())
    results = tuple(
        _result(city, number, group, each, earlier) for group in groups for each in series
    )
    hidden_numbers = sum(
        isinstance(r.value, Suppressed) and r.value.reason is Reason.TOO_FEW for r in results
    )
    opened = date(2024, 9, 2) + timedelta(weeks=9 * (number - 1))
    return Release(
        schema=SCHEMA,
        organisation=city.organisation,
        rollout="gps",
        tool=city.tool,
        tool_description=city.description,
        wave=WaveInfo(
            id=f"gps-{number}",
            number=number,
            name=city.waves[number - 1],
            form="pulse",
            opened=opened,
            closed=opened + timedelta(days=11),
        ),
        instrument="buyin44 0.1.0",
        instrument_hash="3c" * 32,
        agreement_hash="a9" * 32,
        assurance="B",
        policy=Policy(),
        groups=groups,
        series=series,
        results=results,
        participation=tuple(_participation(city, g) for g in groups),
        verdicts=tuple(_verdict(g.id, results if city.gates else ()) for g in groups),
        primary_suppressed=hidden_numbers,
        complementary_suppressed=hidden_numbers // 3,
        expected_chance_flags=round(len(city.departments) * len(CORE) * 0.02, 1),
        previous_hash=None,
        canvass_version="0.1.0",
    )


def _groups(city: City, number: int) -> tuple[ReleasedGroup, ...]:
    people = sum(size for _, size in city.departments)
    root = ReleasedGroup(
        id="city",
        name=city.organisation,
        parent=None,
        level=0,
        headcount=people,
        cells=(),
        phase=None,
        event_weeks=None,
    )
    rows = [root]
    for position, (name, size) in enumerate(city.departments):
        # Departments start one after another from the third wave on.
        weeks = 9 * (number - 3 - position % 3)
        rows.append(
            ReleasedGroup(
                id=f"d{position}",
                name=name,
                parent="city",
                level=1,
                headcount=size,
                cells=(),
                phase="wave-1",
                event_weeks=weeks,
            )
        )
    return tuple(rows)


def _series() -> list[ReleasedSeries]:
    rows = []
    for construct, ids in CORE.items():
        for name in ids:
            item, _, wording = name.partition(".")
            rows.append(
                ReleasedSeries(
                    id=name,
                    item=item,
                    wording=wording or "always",
                    construct=construct,
                    core=True,
                    kind="item",
                    comparable=not wording,
                )
            )
    rows.append(
        ReleasedSeries(
            id="st1",
            item="st1",
            wording="always",
            construct=None,
            core=True,
            kind="item",
            comparable=True,
        )
    )
    return rows


def _mean(city: City, number: int, group: ReleasedGroup, series: ReleasedSeries) -> float:
    """Invent the truth: worry jumps at the announcement, then falls in most departments."""
    column = list(CORE).index(series.construct) if series.construct else len(CORE)
    rng = np.random.default_rng([city.seed, column])
    start, drift = rng.uniform(44, 58), rng.uniform(-1.5, 4)
    place = 0.0
    if group.level:
        own = np.random.default_rng([city.seed, column, int(group.id[1:])])
        place = own.normal(0, 6) + own.normal(0, 0.6) * number
        steps = own.choice([-16, 0, 14], size=20, p=[0.09, 0.82, 0.09])
        place += steps[number] + 0.5 * steps[number - 1]
        if group.id == "d0":
            place -= 1.6 * number
    shock = {"surveillance": (-4, -16, -7), "job_security": (0, -9, -4)}.get(series.construct or "")
    dip = shock[min(number, 3) - 1] if shock else 0
    return float(np.clip(start + drift * (number - 1) + place + dip, 8, 92))


def _result(
    city: City,
    number: int,
    group: ReleasedGroup,
    series: ReleasedSeries,
    earlier: Sequence[Release],
) -> Result:
    value = _value(city, number, group, series)
    before = [r for r in earlier if isinstance(_found(r, group, series), Published)]
    last, first = (before[-1], before[0]) if before else (None, None)
    if last is not None and last is not earlier[-1]:
        last = None
    return Result(
        group=group.id,
        series=series.id,
        value=value,
        change=_change(value, last, group, series),
        change_since_first=_change(value, first, group, series),
    )


def _found(
    release: Release, group: ReleasedGroup, series: ReleasedSeries
) -> Published | Suppressed | None:
    result = release.find(group.id, series.id)
    return result.value if result else None


def _value(
    city: City, number: int, group: ReleasedGroup, series: ReleasedSeries
) -> Published | Suppressed:
    answers = group.headcount * _rate(city, group) * 0.97
    using = (
        0.5 if group.event_weeks is None and number > 2 else float((group.event_weeks or -1) >= 0)
    )
    answers *= {"always": 1.0, "expect": 1 - using, "experience": using}[series.wording]
    if answers < 1:
        return Suppressed(Reason.NOT_ASKED)
    if answers < 10:
        return Suppressed(Reason.TOO_FEW)
    mean = _mean(city, number, group, series)
    half = 1.96 * SPREAD / math.sqrt(answers)
    return Published(
        answers=5 * round(answers / 5),
        score=round(mean),
        low=max(0, math.floor(mean - half)),
        high=min(100, math.ceil(mean + half)),
        shares=_shares(mean, answers) if answers >= 20 else Suppressed(Reason.TOO_FEW),
        dont_know=0.05,
    )


def _shares(mean: float, answers: float) -> Shares:
    good = round(min(0.95, max(0.05, (mean - 12) / 85)), 2)
    middle = round(min(0.26, 0.95 - good), 2)
    return Shares(
        favourable=_share(good, answers),
        neutral=_share(middle, answers),
        unfavourable=_share(round(1 - good - middle, 2), answers),
    )


def _share(share: float, answers: float) -> ShareEstimate:
    half = 1.96 * math.sqrt(max(share * (1 - share), 0.01) / answers)
    capped = not 0.05 < share < 0.95
    return ShareEstimate(
        share=min(0.95, max(0.05, share)),
        low=round(max(0.05, share - half), 2),
        high=round(min(0.95, share + half), 2),
        capped=capped,
    )


def _change(
    value: Published | Suppressed,
    before: Release | None,
    group: ReleasedGroup,
    series: ReleasedSeries,
) -> Change | Suppressed | None:
    if before is None:
        return None
    then = _found(before, group, series)
    if not (isinstance(value, Published) and isinstance(then, Published)):
        return Suppressed(Reason.TOO_FEW)
    gap = value.score - then.score
    half = round(math.hypot(value.high - value.low, then.high - then.low) / 2)
    clear = abs(gap) > half
    better = Direction.BETTER if gap > 0 else Direction.WORSE
    flag = Flag.NONE
    if clear and gap <= -10:
        flag = Flag.ALERT if gap <= -1.4 * half else Flag.WATCH
    return Change(
        difference=gap,
        low=gap - half,
        high=gap + half,
        direction=better if clear else Direction.NO_CLEAR_CHANGE,
        flag=flag,
        since=before.wave.id,
    )


def _rate(city: City, group: ReleasedGroup) -> float:
    if not group.level:
        return city.response
    return city.response + 0.22 * math.sin(3 * int(group.id[1:]) + 1)


def _participation(city: City, group: ReleasedGroup) -> Participation:
    ballots = 5 * round(group.headcount * _rate(city, group) / 5)
    return Participation(
        group=group.id,
        headcount=group.headcount,
        ballots=ballots,
        rate=round(ballots / group.headcount, 2),
    )


def _verdict(group: str, results: Sequence[Result]) -> Verdict:
    rows = [_gate(construct, group, results) for construct in GATES] if results else []
    values = {r.series: r.value for r in results if r.group == group}
    kind = VerdictKind.CANNOT_TELL
    if any(
        isinstance(value := values[row.series], Published) and value.high < row.stop_below
        for row in rows
    ):
        kind = VerdictKind.STOP
    elif any(row.answer is GateAnswer.NOT_MET for row in rows):
        kind = VerdictKind.HOLD
    elif rows and all(row.answer is GateAnswer.MET for row in rows):
        kind = VerdictKind.GO
    return Verdict(group=group, verdict=kind, gates=tuple(rows))


def _gate(construct: str, group: str, results: Sequence[Result]) -> GateResult:
    minimum, stop_below = GATES[construct]
    values = {r.series: r.value for r in results if r.group == group}
    published = [name for name in CORE[construct] if isinstance(values[name], Published)]
    series = published[-1] if published else CORE[construct][0]
    value = values[series]
    answer = GateAnswer.CANNOT_TELL
    if isinstance(value, Published) and value.low >= minimum:
        answer = GateAnswer.MET
    elif isinstance(value, Published) and value.high < minimum:
        answer = GateAnswer.NOT_MET
    return GateResult(
        construct=construct, series=series, minimum=minimum, stop_below=stop_below, answer=answer
    )
