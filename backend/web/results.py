"""A release as rows for a page: the same for every reader, in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from markupsafe import Markup

from analysis.disclosure.release import (
    Participation,
    Reason,
    Release,
    ReleasedGroup,
    Suppressed,
    Verdict,
)
from analysis.methods.change import Direction, Flag
from analysis.methods.gates import GateAnswer
from backend.web.cells import Bar, Cell, Moved, bars, result_cell
from backend.web.dates import long_date
from backend.web.words import Words
from surveys.instrument import Wording
from surveys.languages import Language

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
_FLAGS = {Flag.WATCH: ("flag_watch", "hold"), Flag.ALERT: ("flag_alert", "stop")}
_ANSWERS = {
    GateAnswer.MET: "gate_met",
    GateAnswer.NOT_MET: "gate_not_met",
    GateAnswer.CANNOT_TELL: "gate_cannot_tell",
}


@dataclass(frozen=True, slots=True)
class TopicRow:
    """What one group said on one topic."""

    name: str
    question: str
    cell: Cell
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class GateRow:
    """One agreed line, with the score of the group that was held against it."""

    name: str
    cell: Cell
    minimum: int
    stop_below: int
    answer: GateAnswer


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One unit: its participation, its verdict, and one cell per topic."""

    id: str
    name: str
    participation: Participation | Suppressed
    verdict: Verdict
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ResultsView:
    """What a results page shows of one group: itself, topic by topic, and the groups below it."""

    group: ReleasedGroup
    above: tuple[ReleasedGroup, ...]
    participation: Participation | Suppressed
    verdict: Verdict
    gates: tuple[GateRow, ...]
    topics: tuple[TopicRow, ...]
    groups: tuple[GroupRow, ...]
    compared: bool


def results_view(release: Release, language: Language, unit: str = "") -> ResultsView:
    """Arrange a release for reading, for the whole or for the unit with that id.

    A page shows one level of the tree, so its weight does not grow with the organisation.
    """
    group = next((each for each in release.groups if each.id == unit), release.root)
    shown = (group, *release.children(group.id))
    rows = tuple(_group(release, each) for each in shown)
    return ResultsView(
        group=group,
        above=tuple(_above(release, group)),
        participation=release.participation_of(group.id),
        verdict=release.verdict(group.id),
        gates=tuple(_gates(release, group, language)),
        topics=tuple(_topics(release, group, language)),
        groups=rows,
        compared=any(cell.moved for row in rows for cell in row.cells),
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
        "moved": lambda moved: _moved(moved, words),
        "flag": lambda moved: _flag(moved, words),
        "gate_answer": lambda answer: words(_ANSWERS[answer]),
        "verdict": lambda verdict: _verdict(verdict, words),
    }


def _verdict(verdict: Verdict, words: Words) -> Markup:
    kind = verdict.verdict.value.replace(" ", "-")
    return _mark(kind, words(f"verdict_{kind.replace('-', '_')}"))


def _flag(moved: Moved, words: Words) -> Markup:
    """Say Watch or Alert in words; nothing where a score is not flagged."""
    if moved.flag not in _FLAGS:
        return Markup()
    key, kind = _FLAGS[moved.flag]
    return _mark(kind, words(key))


def _mark(kind: str, text: str) -> Markup:
    return Markup('<span class="verdict verdict--{}">{}</span>').format(kind, text)


def _moved(moved: Moved, words: Words) -> str:
    direction = words(_DIRECTIONS[moved.direction])
    points = words("results_points", points=moved.points, low=moved.low, high=moved.high)
    return f"{direction}: {points}"


def _constructs(release: Release) -> tuple[str, ...]:
    core = (series.construct for series in release.series if series.core)
    return tuple(dict.fromkeys(construct for construct in core if construct))


def _above(release: Release, group: ReleasedGroup) -> list[ReleasedGroup]:
    """List the groups that a group lies in, the whole organisation first."""
    if group.parent is None:
        return []
    parent = release.group(group.parent)
    return [*_above(release, parent), parent]


def _gates(release: Release, group: ReleasedGroup, language: Language) -> Iterator[GateRow]:
    for gate in release.verdict(group.id).gates:
        yield GateRow(
            name=language.constructs.get(gate.construct, gate.construct),
            cell=result_cell(release.headline(group.id, gate.construct)),
            minimum=gate.minimum,
            stop_below=gate.stop_below,
            answer=gate.answer,
        )


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
            bars=bars(result.value),
        )


def _group(release: Release, group: ReleasedGroup) -> GroupRow:
    return GroupRow(
        id=group.id,
        name=group.name,
        participation=release.participation_of(group.id),
        verdict=release.verdict(group.id),
        cells=tuple(result_cell(release.headline(group.id, each)) for each in _constructs(release)),
    )
