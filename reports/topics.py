"""One of the three reasons people resist a tool, as its column on the first page tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.disclosure.release import Change, Published, Release, Result, Suppressed
from analysis.methods.change import Direction
from reports import sentences, wording
from reports.tables import departments, published

_LONGEST_NAME = 28


@dataclass(frozen=True, slots=True)
class AnswerBar:
    """One bar: how many answered this way."""

    label: str
    tone: str
    width: int
    share: str
    limits: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the three reasons, as its column on the first page tells it."""

    title: str
    question: str
    score: str
    limits: str
    answers: str
    worried: str
    bars: tuple[AnswerBar, ...]
    changes: tuple[str, ...]
    lower: str
    moved: str
    helps: str


def topic(releases: Sequence[Release], construct: str, names: Mapping[str, str]) -> Topic:
    """Tell one of the three reasons: where it stands, how it moved, where it is worst."""
    release = releases[-1]
    result = release.headline(release.root.id, construct)
    value = result.value if result else None
    title = wording.construct_name(construct, names)
    if result is None or not isinstance(value, Published):
        why = wording.hidden(value) if isinstance(value, Suppressed) else "not asked"
        return Topic(
            title,
            sentences.QUESTIONS.get(construct, ""),
            "",
            why,
            "",
            "",
            (),
            (),
            "",
            "",
            sentences.KNOWN_TO_HELP.get(construct, ""),
        )
    return Topic(
        title=title,
        question=sentences.QUESTIONS.get(construct, ""),
        score=wording.score(value),
        limits=f"of 100, limits {wording.limits(value.low, value.high)}",
        answers=f"How people answered, {wording.about(value.answers)}",
        worried=sentences.worried(result.series, value),
        bars=_bars(result.series, value),
        changes=_changes(releases, result),
        lower=sentences.clearly_lower(_clearly_lower(release, construct, value)),
        moved=sentences.clearly_moved(_clearly_moved(release, construct)) if releases[1:] else "",
        helps=sentences.KNOWN_TO_HELP.get(construct, ""),
    )


def _bars(series: str, value: Published) -> tuple[AnswerBar, ...]:
    if isinstance(value.shares, Suppressed):
        return ()
    labels = sentences.CATEGORIES.get(series, sentences.OTHER_CATEGORIES)
    shares = value.shares
    each = (
        ("unfavourable", shares.unfavourable),
        ("neutral", shares.neutral),
        ("favourable", shares.favourable),
    )
    return tuple(
        AnswerBar(
            label=label,
            tone=tone,
            width=round(100 * share.share),
            share=wording.shared(share),
            limits=wording.limits(round(100 * share.low), round(100 * share.high)),
        )
        for label, (tone, share) in zip(labels, each, strict=True)
    )


def _changes(releases: Sequence[Release], result: Result) -> tuple[str, ...]:
    """Tell the change since the last wave and since the first one that asked in these words."""
    if len(releases) == 1:
        return ("This is the first wave: there is nothing to compare with yet.",)
    change, first = result.change, result.change_since_first
    told = (sentences.changed(change, _since(releases, change, "last wave")),)
    same = isinstance(change, Change) and isinstance(first, Change) and first.since == change.since
    if first is None or same:
        return told
    return (*told, sentences.changed(first, _since(releases, first, "the first wave")))


def _since(releases: Sequence[Release], change: Change | Suppressed | None, otherwise: str) -> str:
    """Name the wave a change is counted from; a question may have skipped the last one."""
    if isinstance(change, Change) and change.since != releases[-2].wave.id:
        for release in releases:
            if release.wave.id == change.since:
                return f"wave {release.wave.number}"
    return "last wave" if isinstance(change, Change) else otherwise


def _clearly_lower(release: Release, construct: str, whole: Published) -> list[str]:
    """Give the departments whose limits lie below the limits of the whole, lowest first."""
    found = [
        (value.score, f"{wording.short(group.name, _LONGEST_NAME)}: {wording.scored(value)}")
        for group in departments(release)
        if (value := published(release, group.id, construct)) and value.high < whole.low
    ]
    return [text for _, text in sorted(found)]


def _clearly_moved(release: Release, construct: str) -> list[str]:
    found = []
    for group in departments(release):
        result = release.headline(group.id, construct)
        change = result.change if result else None
        if isinstance(change, Change) and change.direction is not Direction.NO_CLEAR_CHANGE:
            name = wording.short(group.name, _LONGEST_NAME)
            text = f"{name}: {change.direction}, {wording.moved(change)}"
            found.append((-abs(change.difference), text))
    return [text for _, text in sorted(found)]
