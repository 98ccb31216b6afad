"""A release as rows for a page: the same for every reader, in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from babel.numbers import format_decimal
from markupsafe import Markup

from analysis.disclosure.release import (
    Participation,
    Published,
    Reason,
    Release,
    ReleasedGroup,
    Result,
    ShareEstimate,
    Shares,
    Suppressed,
    Verdict,
)
from analysis.methods.change import Direction
from backend.web.dates import long_date
from backend.web.words import Words
from surveys.instrument import Wording
from surveys.languages import Language

_AT_LEAST, _AT_MOST = "\N{GREATER-THAN OR EQUAL TO}", "\N{LESS-THAN OR EQUAL TO}"
_MIDDLE = 50
_REASONS = {
    Reason.TOO_FEW: "reason_too_few",
    Reason.PROTECTS_OTHERS: "reason_protects",
    Reason.NOT_ASKED: "reason_not_asked",
    Reason.MEMBERSHIP: "reason_membership",
    Reason.UNKNOWN: "reason_unknown",
}
_KINDS = {
    "good": "results_favourable",
    "middle": "results_neutral",
    "bad": "results_unfavourable",
}
_DIRECTIONS = {
    Direction.BETTER: "direction_better",
    Direction.WORSE: "direction_worse",
    Direction.NO_CLEAR_CHANGE: "direction_none",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table, or the reason why it is hidden."""

    score: str = ""
    limits: str = ""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar of shares, in hundredths of its length."""

    kind: str
    percent: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class TopicRow:
    """What one group said on one topic."""

    name: str
    question: str
    cell: Cell
    answers: str
    bars: tuple[Bar, ...]
    direction: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One unit: its participation, its verdict, one cell per topic, and whether it has parts."""

    id: str
    name: str
    participation: Participation | Suppressed
    verdict: Verdict
    cells: tuple[Cell, ...]
    has_parts: bool


@dataclass(frozen=True, slots=True)
class ResultsView:
    """What a results page shows of one group: itself, topic by topic, and the groups below it."""

    group: ReleasedGroup
    above: tuple[ReleasedGroup, ...]
    participation: Participation | Suppressed
    verdict: Verdict
    topics: tuple[TopicRow, ...]
    groups: tuple[GroupRow, ...]


def results_view(release: Release, language: Language, unit: str = "") -> ResultsView:
    """Arrange a release for reading, for the whole or for the unit with that id.

    A page shows one level of the tree, so its weight does not grow with the organisation.
    """
    group = next((each for each in release.groups if each.id == unit), release.root)
    shown = (group, *release.children(group.id))
    return ResultsView(
        group=group,
        above=tuple(_above(release, group)),
        participation=release.participation_of(group.id),
        verdict=release.verdict(group.id),
        topics=tuple(_topics(release, group, language)),
        groups=tuple(_group(release, each) for each in shown),
    )


def results_context(release: Release, words: Words, unit: str = "") -> dict[str, Any]:
    """Give what the shared results tables need: rows, columns, words of coded values."""
    names = words.language.constructs
    return {
        "view": results_view(release, words.language, unit),
        "release": release,
        "columns": [names.get(each, each) for each in _constructs(release)],
        "opened": long_date(release.wave.opened, words.code),
        "closed": long_date(release.wave.closed, words.code),
        "number": lambda number: format_decimal(number, locale=words.code),
        "percent": lambda share: f"{round(100 * share)}%",
        "reason": lambda reason: words(_REASONS[Reason(reason)]),
        "kind": lambda kind: words(_KINDS[kind]),
        "direction_word": lambda direction: words(_DIRECTIONS[Direction(direction)]),
        "verdict": lambda verdict: _verdict(verdict, words),
    }


def _verdict(verdict: Verdict, words: Words) -> Markup:
    kind = verdict.verdict.value.replace(" ", "-")
    text = words(f"verdict_{kind.replace('-', '_')}")
    return Markup('<span class="verdict verdict--{}">{}</span>').format(kind, text)


def _constructs(release: Release) -> tuple[str, ...]:
    core = (series.construct for series in release.series if series.core)
    return tuple(dict.fromkeys(construct for construct in core if construct))


def _above(release: Release, group: ReleasedGroup) -> list[ReleasedGroup]:
    """List the groups that a group lies in, the whole organisation first."""
    if group.parent is None:
        return []
    parent = release.group(group.parent)
    return [*_above(release, parent), parent]


def _topics(release: Release, group: ReleasedGroup, language: Language) -> Iterator[TopicRow]:
    series = {each.id: each for each in release.series}
    for construct in _constructs(release):
        result = release.headline(group.id, construct)
        if result is None:
            continue
        asked = series[result.series]
        yield TopicRow(
            name=language.constructs.get(construct, construct),
            question=language.stem(asked.item, Wording(asked.wording)),
            cell=result_cell(result),
            answers=str(result.value.answers) if isinstance(result.value, Published) else "",
            bars=_bars(result.value),
            direction=_direction(result),
        )


def _group(release: Release, group: ReleasedGroup) -> GroupRow:
    return GroupRow(
        id=group.id,
        name=group.name,
        participation=release.participation_of(group.id),
        verdict=release.verdict(group.id),
        cells=tuple(result_cell(release.headline(group.id, each)) for each in _constructs(release)),
        has_parts=bool(release.children(group.id)),
    )


def result_cell(result: Result | None) -> Cell:
    """Give a score with its limits, or the reason why it is hidden."""
    if result is None:
        return Cell(reason=Reason.NOT_ASKED)
    if isinstance(result.value, Suppressed):
        return Cell(reason=result.value.reason)
    value = result.value
    score = _bounded(value.score, str(value.score)) if value.capped else str(value.score)
    return Cell(score=score, limits=f"{value.low}\N{EN DASH}{value.high}")


def _bars(value: Published | Suppressed) -> tuple[Bar, ...]:
    if isinstance(value, Suppressed) or not isinstance(value.shares, Shares):
        return ()
    parts = {
        "good": value.shares.favourable,
        "middle": value.shares.neutral,
        "bad": value.shares.unfavourable,
    }
    ends = list(accumulate(round(100 * part.share) for part in parts.values()))
    return tuple(
        Bar(kind, _share(part), start, end - start)
        for (kind, part), start, end in zip(parts.items(), [0, *ends], ends, strict=False)
    )


def _share(part: ShareEstimate) -> str:
    percent = round(100 * part.share)
    return _bounded(percent, f"{percent}%") if part.capped else f"{percent}%"


def _bounded(value: int, text: str) -> str:
    """Signs instead of words: "95 or more" reads the same in every language."""
    return f"{_AT_LEAST if value > _MIDDLE else _AT_MOST} {text}"


def _direction(result: Result) -> str:
    change = result.change
    return "" if change is None or isinstance(change, Suppressed) else change.direction.value
