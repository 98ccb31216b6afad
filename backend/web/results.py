"""A release as rows for a page: the same for every reader, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    """One part of a bar of shares; `width` is one of the classes w0, w5 ... w100."""

    kind: str
    percent: str
    width: str


@dataclass(frozen=True, slots=True)
class TopicRow:
    """What the whole organisation said on one topic."""

    name: str
    question: str
    cell: Cell
    answers: str
    bars: tuple[Bar, ...]
    direction: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One unit: its place in the tree, its participation, verdict and one cell per topic."""

    name: str
    level: int
    participation: Participation | Suppressed
    verdict: Verdict
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ResultsView:
    """Everything a results page shows."""

    release: Release
    topics: tuple[TopicRow, ...]
    groups: tuple[GroupRow, ...]
    participation: Participation | Suppressed


def results_view(release: Release, language: Language) -> ResultsView:
    """Arrange a release for reading; it adds no number and leaves none out."""
    constructs = _constructs(release)
    return ResultsView(
        release=release,
        topics=tuple(_topics(release, constructs, language)),
        groups=tuple(_group(release, group, constructs) for group in release.groups),
        participation=release.participation_of(release.root.id),
    )


def results_context(release: Release, words: Words) -> dict[str, object]:
    """Give what the shared results tables need: rows, columns, words of coded values."""
    view = results_view(release, words.language)
    names = words.language.constructs
    return {
        "view": view,
        "release": release,
        "columns": [names.get(each, each) for each in _constructs(release)],
        "opened": long_date(release.wave.opened, words.code),
        "closed": long_date(release.wave.closed, words.code),
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


def _topics(
    release: Release, constructs: tuple[str, ...], language: Language
) -> Iterator[TopicRow]:
    series = {each.id: each for each in release.series}
    for construct in constructs:
        result = release.headline(release.root.id, construct)
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


def _group(release: Release, group: ReleasedGroup, constructs: tuple[str, ...]) -> GroupRow:
    return GroupRow(
        name=group.name,
        level=min(group.level, 3),
        participation=release.participation_of(group.id),
        verdict=release.verdict(group.id),
        cells=tuple(result_cell(release.headline(group.id, each)) for each in constructs),
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
    parts: Mapping[str, ShareEstimate] = {
        "good": value.shares.favourable,
        "middle": value.shares.neutral,
        "bad": value.shares.unfavourable,
    }
    return tuple(
        Bar(kind, _share(part), f"w{5 * round(20 * part.share)}") for kind, part in parts.items()
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
