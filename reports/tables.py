"""From a release to the rows a template prints: all choosing and comparing happens here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.disclosure.release import (
    Change,
    Participation,
    Published,
    Release,
    ReleasedGroup,
    Result,
    Shares,
    Suppressed,
)
from analysis.methods.change import Direction, Flag
from analysis.methods.gates import VerdictKind
from reports import wording

REASONS = ("job_security", "surveillance", "usefulness")
"""The three reasons people resist a tool, always told apart."""

ENABLERS = ("readiness", "trust_leadership", "voice", "adoption_intention")
"""What carries a rollout; shown as small charts."""

MARKS = {
    VerdictKind.GO: "go",
    VerdictKind.HOLD: "hold",
    VerdictKind.STOP: "stop",
    VerdictKind.CANNOT_TELL: "unclear",
}
_ENOUGH_DEPARTMENTS = 3
URGENCY = (VerdictKind.STOP, VerdictKind.HOLD, VerdictKind.CANNOT_TELL, VerdictKind.GO)
LONGEST_NAME = 44
_RATE_NAME = 24
_FLAG_NAME = 32


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A score that fell far enough to look at."""

    department: str
    topic: str
    now: str
    change: str
    mark: str
    word: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The scores of one department, where no lines for a verdict were agreed."""

    department: str
    people: str
    rate: str
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic in the table of all topics: the score and how the answers split."""

    title: str
    score: str
    answers: str
    parts: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class RateRow:
    """How many of a department answered."""

    department: str
    rate: str
    width: int


def departments(release: Release) -> tuple[ReleasedGroup, ...]:
    """Give the groups a leader thinks in: the first level that has at least three of them."""
    deepest = max(group.level for group in release.groups)
    parents = {group.parent for group in release.groups}
    chosen: tuple[ReleasedGroup, ...] = ()
    for level in range(1, deepest + 1):
        chosen = tuple(
            group
            for group in release.groups
            if group.level == level or (0 < group.level < level and group.id not in parents)
        )
        if len(chosen) >= _ENOUGH_DEPARTMENTS:
            break
    return chosen


def asked(release: Release, wanted: Sequence[str]) -> tuple[str, ...]:
    """Give those of the wanted constructs that the wave asked, else its first ones."""
    constructs = tuple(
        dict.fromkeys(each.construct for each in release.series if each.core and each.construct)
    )
    found = tuple(construct for construct in wanted if construct in constructs)
    return found or constructs[: len(wanted)]


def published(release: Release, group: str, construct: str) -> Published | None:
    """Give the headline score of a construct in a group, if it may be shown."""
    result = release.headline(group, construct)
    return result.value if result and isinstance(result.value, Published) else None


def flags(release: Release, names: Mapping[str, str]) -> tuple[FlagRow, ...]:
    """List the headline scores that fell far enough, alerts first, the largest falls first."""
    rows: list[tuple[bool, int, FlagRow]] = []
    for group in departments(release):
        for construct in _constructs(release):
            result = release.headline(group.id, construct)
            if result is None or not isinstance(result.value, Published):
                continue
            change = result.change
            if not isinstance(change, Change) or change.flag is Flag.NONE:
                continue
            row = FlagRow(
                department=wording.short(group.name, _FLAG_NAME),
                topic=wording.construct_name(construct, names),
                now=wording.scored(result.value),
                change=wording.moved(change),
                mark=str(change.flag),
                word=wording.FLAGS[change.flag],
            )
            rows.append((change.flag is not Flag.ALERT, change.difference, row))
    return tuple(row for *_, row in sorted(rows, key=lambda each: each[:2]))


def flagged(release: Release) -> tuple[int, int]:
    """Count the flags over all groups and core questions, and the comparisons behind them."""
    core = {series.id for series in release.series if series.core}
    changes = [
        result.change
        for result in release.results
        if result.series in core and isinstance(result.change, Change)
    ]
    return sum(change.flag is not Flag.NONE for change in changes), len(changes)


def unchanged(release: Release) -> tuple[int, int]:
    """Count the comparisons with the last wave that show no clear change, and all of them."""
    changes = [
        result.change.direction
        for group in departments(release)
        for construct in _constructs(release)
        if (result := release.headline(group.id, construct)) and isinstance(result.change, Change)
    ]
    return sum(each is Direction.NO_CLEAR_CHANGE for each in changes), len(changes)


def improvements(release: Release, names: Mapping[str, str]) -> list[str]:
    """Name the clear gains since the last wave, largest first."""
    found = []
    for group in departments(release):
        for construct in _constructs(release):
            result = release.headline(group.id, construct)
            change = result.change if result else None
            if isinstance(change, Change) and change.direction is Direction.BETTER:
                name = wording.short(group.name, LONGEST_NAME)
                label = wording.construct_name(construct, names).lower()
                text = f"{name}, {label}: {wording.moved(change)}"
                found.append((-change.difference, text))
    return [text for _, text in sorted(found)]


def _constructs(release: Release) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(each.construct for each in release.series if each.core and each.construct)
    )


def rates(release: Release, most: int) -> tuple[RateRow, ...]:
    """List the departments with the lowest response rates that may be shown."""
    known = [
        (part.rate, group.name)
        for group in departments(release)
        if isinstance(part := release.participation_of(group.id), Participation)
    ]
    return tuple(
        RateRow(
            department=wording.short(name, _RATE_NAME),
            rate=wording.percent(rate),
            width=min(100, round(100 * rate)),
        )
        for rate, name in sorted(known)[:most]
    )


def by_verdict(release: Release) -> dict[VerdictKind, list[str]]:
    """Name the departments under each verdict, the most urgent verdict first."""
    named: dict[VerdictKind, list[str]] = {kind: [] for kind in URGENCY}
    for group in departments(release):
        named[release.verdict(group.id).verdict].append(wording.short(group.name, LONGEST_NAME))
    return named


def score_rows(release: Release, constructs: Sequence[str]) -> tuple[ScoreRow, ...]:
    """Tell the scores of every department on some constructs, in the order of the tree."""
    return tuple(
        ScoreRow(
            department=wording.short(group.name, LONGEST_NAME),
            people=wording.count(group.headcount),
            rate=response(release, group),
            scores=tuple(_told(release.headline(group.id, each)) for each in constructs),
        )
        for group in departments(release)
    )


def _told(result: Result | None) -> str:
    if result is not None and isinstance(result.value, Published):
        return wording.scored(result.value)
    return _absent(result).partition(":")[0]


def response(release: Release, group: ReleasedGroup) -> str:
    """Tell the response rate of a group, or that it is hidden."""
    rate = release.participation_of(group.id)
    if isinstance(rate, Participation):
        return wording.percent(rate.rate)
    return wording.hidden(rate).partition(":")[0]


def all_topics(release: Release, names: Mapping[str, str]) -> tuple[TopicRow, ...]:
    """Tell all topics of a wave for the whole organisation, for a first wave without a trend."""
    rows = []
    for construct in _constructs(release):
        result = release.headline(release.root.id, construct)
        title = wording.construct_name(construct, names)
        if result is None or isinstance(result.value, Suppressed):
            rows.append(TopicRow(title, _absent(result), "", ()))
            continue
        value = result.value
        rows.append(
            TopicRow(
                title,
                wording.scored(value),
                wording.count(value.answers),
                () if isinstance(value.shares, Suppressed) else _parts(value.shares),
            )
        )
    return tuple(rows)


def _absent(result: Result | None) -> str:
    if result is None or isinstance(result.value, Published):
        return "not asked"
    return wording.hidden(result.value)


def _parts(shares: Shares) -> tuple[tuple[str, int, str], ...]:
    """Give tone, width and words of the three shares; the widths fill the bar exactly."""
    good, middle = round(100 * shares.favourable.share), round(100 * shares.neutral.share)
    return (
        ("unfavourable", max(0, 100 - good - middle), wording.shared(shares.unfavourable)),
        ("neutral", min(middle, 100 - good), wording.shared(shares.neutral)),
        ("favourable", good, wording.shared(shares.favourable)),
    )
