"""The leadership briefing: two pages on which a chief operating officer decides."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Protocol

from analysis.disclosure.encoding import release_hash
from analysis.disclosure.release import Participation, Published, Release
from reports import sentences, tables, wording
from reports.charts.trend import Frame, in_use, scale, trend
from reports.errors import ReportsError
from reports.fitting import (
    REST,
    SCORE_ROW,
    VERDICTS_FRAME,
    Sheet,
    head_height,
    row_height,
    topics_height,
)
from reports.templating import page
from reports.topics import Topic, topic
from reports.verdicts import VerdictRow, verdict_rows

_LONGEST_TITLE = 90
_MOST_WAVES = 10
_CAUTION = 50
_SAFE_TO_ANSWER = "st1"
_NEARLY_ALL = 0.8
_ROOMY = 38
_TABLE_CHARACTERS = 100
_SHORTEST_NAME = 10


class Paper(StrEnum):
    """The sheet it is printed on."""

    A4 = "a4"
    LETTER = "letter"


class DisplayNames(Protocol):
    """What the briefing needs of a language: the short names of constructs."""

    @property
    def constructs(self) -> Mapping[str, str]:
        """Short names by construct id."""


_SHEETS = {
    Paper.A4: Sheet(271, flags=5, rates=5, reason_height=74, enabler_height=54),
    Paper.LETTER: Sheet(255, flags=3, rates=4, reason_height=62, enabler_height=46),
}


@dataclass(frozen=True, slots=True)
class VerdictTable:
    """The departments that fit the first page, and a sentence about the rest."""

    rows: tuple[VerdictRow, ...]
    rest: str
    roomy: bool


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The departments that fit the first page with their scores, and a word about the rest."""

    rows: tuple[tables.ScoreRow, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The top of the first page."""

    title: str
    description: str
    running: str
    about: str
    answer: str
    standfirst: str
    warning: str
    key: str
    topics_title: str
    version: str


@dataclass(frozen=True, slots=True)
class Moves:
    """What changed since the last wave and what did not."""

    expected: str
    same: str
    flags: tuple[tables.FlagRow, ...]
    more: str
    gains: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """Who did not answer, and whether they could reverse a result."""

    overall: str
    rows: tuple[tables.RateRow, ...]
    caption: str
    reverse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A titled line of the method box."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Method:
    """How the numbers were made and how to check them."""

    paragraphs: tuple[Line, ...]
    prints: tuple[Line, ...]
    short_hash: str


def leadership_html(
    releases: Sequence[Release],
    language: DisplayNames | None = None,
    *,
    paper: Paper | str = Paper.A4,
) -> str:
    """Give the briefing on the last of these releases (oldest first) as a page for the Renderer."""
    if not releases:
        raise ReportsError("A briefing needs at least one release. Release a wave first.")
    release, sheet = releases[-1], _SHEETS[Paper(paper)]
    names = language.constructs if language else {}
    reasons = tables.asked(release, tables.REASONS)
    topics = tuple(topic(releases, construct, names) for construct in reasons)
    head = _head(releases, reasons, topics, names)
    return page(
        "leadership.html",
        paper=Paper(paper).value,
        head=head,
        verdicts=_verdicts(release, names, sheet.height - _taken(head, topics)),
        scores=_scores(release, reasons, sheet.height - _taken(head, topics)),
        topics=topics,
        **_charts(releases, reasons, names, sheet),
        all_topics=() if releases[1:] else tables.all_topics(release, names),
        moves=_moves(releases, names, sheet.flags),
        unheard=_unheard(release, reasons, names, sheet.rates),
        hidden=_hidden(release),
        method=_method(release),
    )


def _head(
    releases: Sequence[Release],
    reasons: Sequence[str],
    topics: Sequence[Topic],
    names: Mapping[str, str],
) -> Head:
    release = releases[-1]
    wave = release.wave
    tool, organisation = (
        wording.short(name, _LONGEST_TITLE // 2) for name in (release.tool, release.organisation)
    )
    title = f"{tool} at {organisation}"
    when = wording.days(wave.opened, wave.closed)
    which = wording.short(f"Wave {wave.number}: {wave.name}", _LONGEST_TITLE // 3)
    answer = sentences.answer(tables.by_verdict(release), agreed=_agreed(release))
    standfirst = _standfirst(releases, reasons, topics, names)
    if standfirst and not _agreed(release):
        # Without a verdict, what stands out is the answer.
        answer, standfirst = standfirst, answer
    return Head(
        title=title,
        description=f"Leadership briefing, wave {wave.number}, {when}",
        running=f"{wording.short(release.organisation, _LONGEST_TITLE // 3)} · {which} · {when}",
        about=wording.short(release.tool_description, 2 * _LONGEST_TITLE),
        answer=answer,
        standfirst=standfirst,
        warning=_warning(release),
        key=sentences.KEY,
        topics_title=sentences.reasons_title(
            len(topics), known=set(reasons) == set(tables.REASONS)
        ),
        version=release.canvass_version,
    )


def _taken(head: Head, topics: Sequence[Topic]) -> float:
    """Estimate the height of the first page without the verdict rows."""
    top = head_height(head.title, head.about, head.answer, head.standfirst, head.warning)
    return top + VERDICTS_FRAME + topics_height(topics)


def _verdicts(release: Release, names: Mapping[str, str], height: float) -> VerdictTable:
    """Fill the verdict table with the most urgent departments, as far as the page reaches."""
    rows = verdict_rows(release, names)
    heights = list(accumulate(row_height(row) for row in rows))
    if heights[-1] <= height:
        return VerdictTable(rows, "", roomy=height - heights[-1] > _ROOMY)
    fitting = max(1, sum(reached <= height - REST for reached in heights))
    rest = Counter(row.kind for row in rows[fitting:])
    return VerdictTable(rows[:fitting], sentences.rest_of_table(rest), roomy=False)


def _scores(release: Release, reasons: Sequence[str], height: float) -> ScoreTable | None:
    """Give scores in place of verdicts where no lines were agreed."""
    if _agreed(release):
        return None
    rows = tables.score_rows(release, reasons)
    fitting = max(1, int((height - REST) / SCORE_ROW))
    rest = sentences.rest_of_scores(len(rows) - len(rows[:fitting]))
    return ScoreTable(rows[:fitting], rest)


def _agreed(release: Release) -> bool:
    return any(verdict.gates for verdict in release.verdicts)


def _standfirst(
    releases: Sequence[Release],
    reasons: Sequence[str],
    topics: Sequence[Topic],
    names: Mapping[str, str],
) -> str:
    """Say which reason is weakest in the whole organisation, and how it moved."""
    release = releases[-1]
    known = [
        (value.score, position, value)
        for position, construct in enumerate(reasons)
        if (value := tables.published(release, release.root.id, construct))
    ]
    if not known:
        return sentences.nothing_shown()
    _, position, value = min(known, key=lambda each: each[:2])
    title = wording.construct_name(reasons[position], names)
    moved = topics[position].changes[-1] if len(releases) > 1 else ""
    return sentences.main_worry(title, value, moved)


def _warning(release: Release) -> str:
    """Warn where people do not feel safe giving honest answers."""
    result = release.find(release.root.id, _SAFE_TO_ANSWER)
    if result and isinstance(result.value, Published) and result.value.score < _CAUTION:
        return sentences.careful(result.value)
    return ""


def _charts(
    releases: Sequence[Release], reasons: Sequence[str], names: Mapping[str, str], room: Sheet
) -> dict[str, object]:
    """Lay out all charts on one scale, and the words that go with them."""
    recent = releases[-_MOST_WAVES:]
    asked = tables.asked(recent[-1], tables.ENABLERS)
    enablers = tuple(construct for construct in asked if construct not in reasons)
    low, high = scale(recent, (*reasons, *enablers))
    frame = Frame(168, room.reason_height, low, high)
    small_frame = Frame(126, room.enabler_height, low, high)
    large = tuple(trend(recent, each, names, frame) for each in reasons)
    small = tuple(trend(recent, each, names, small_frame) for each in enablers)
    return {
        "reasons": large,
        "enablers": small,
        "waves": _Waves(
            names=tuple(_wave_name(each, len(recent)) for each in recent),
            key=sentences.chart_key(
                in_use(recent[-1]),
                lines=any(chart.go_line is not None for chart in (*large, *small)),
                left_out=len(releases) - len(recent),
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class _Waves:
    """What the waves are called, and how to read the charts."""

    names: tuple[str, ...]
    key: str


def _wave_name(release: Release, waves: int) -> str:
    """Give a column heading that fits: with many waves, the number alone."""
    characters = _TABLE_CHARACTERS // waves
    if characters < _SHORTEST_NAME:
        return str(release.wave.number)
    return f"{release.wave.number} {wording.short(release.wave.name, characters)}"


def _moves(releases: Sequence[Release], names: Mapping[str, str], most: int) -> Moves:
    release = releases[-1]
    same, total = tables.unchanged(release)
    if not total:
        return Moves(sentences.without_clear_change(same, total), "", (), "", "")
    flags = tables.flags(release, names)
    gains = tables.improvements(release, names)
    return Moves(
        expected=sentences.chance_flags(*tables.flagged(release), release.expected_chance_flags),
        same=sentences.without_clear_change(same, total),
        flags=flags[:most],
        more=sentences.more_flags(len(flags) - most),
        gains=f"{wording.fitting_list(gains, 150)}." if gains else "",
    )


def _unheard(
    release: Release, reasons: Sequence[str], names: Mapping[str, str], most: int
) -> Unheard:
    rate = release.participation_of(release.root.id)
    rows = tables.rates(release, most)
    return Unheard(
        overall=sentences.unheard(rate),
        rows=rows,
        caption=sentences.lowest_rates(len(rows), len(tables.departments(release))),
        reverse=_reverse(release, reasons, names) if isinstance(rate, Participation) else (),
    )


def _reverse(release: Release, reasons: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Say for each reason with a go line whether those not heard could move it across."""
    root = release.root
    rate = release.participation_of(root.id)
    lines = {gate.construct: gate.minimum for gate in release.verdict(root.id).gates}
    told = []
    for construct in reasons:
        value = tables.published(release, root.id, construct)
        if value is None or construct not in lines or not isinstance(rate, Participation):
            continue
        # Where half the people were asked in other words, they are not "not heard".
        if value.answers >= _NEARLY_ALL * rate.ballots:
            name = wording.construct_name(construct, names)
            told.append(sentences.could_reverse(name, value, rate.headcount, lines[construct]))
    return tuple(told)


def _hidden(release: Release) -> tuple[str, ...]:
    policy = release.policy
    told = []
    if release.primary_suppressed:
        few = release.primary_suppressed
        told.append(sentences.hidden_few(few, policy.k_scores, policy.k_shares))
    if release.complementary_suppressed:
        told.append(sentences.hidden_others(release.complementary_suppressed))
    told.append(sentences.rounding(policy.round_counts_to, policy.cap, hidden=bool(told)))
    return tuple(told)


def _method(release: Release) -> Method:
    fingerprint = release_hash(release)
    return Method(
        paragraphs=(
            Line("Scores.", sentences.METHOD_SCORES),
            Line("Verdicts.", sentences.METHOD_VERDICTS),
            Line("Flags.", sentences.METHOD_FLAGS),
            Line("Questions.", sentences.method_questions(release.instrument)),
            Line("Assurance.", sentences.assurance(release.assurance)),
            Line("Check it.", sentences.METHOD_CHECK),
        ),
        prints=(
            Line("Release", fingerprint),
            Line("Questions", release.instrument_hash),
            Line("Agreement", release.agreement_hash),
        ),
        short_hash=fingerprint[:12],
    )
