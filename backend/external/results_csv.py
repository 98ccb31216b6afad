"""The published results of all waves as one plain table."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

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

COLUMNS = (
    "wave", "wave_name", "group", "group_name", "level", "item", "question", "shown", "why_not",
    "answers", "score", "low", "high", "favourable", "neutral", "unfavourable", "change",
    "change_low", "change_high", "direction", "flag", "response_rate",
)  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def results_csv(releases: Sequence[Release], questions: Mapping[str, str]) -> str:
    """Write one line for each wave, group and item; hidden numbers stay empty with a reason."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    for release in releases:
        for result in release.results:
            writer.writerow(dict(_cells(release, result, questions)))
    return text.getvalue()


def _cells(
    release: Release, result: Result, questions: Mapping[str, str]
) -> Iterator[tuple[str, object]]:
    group: ReleasedGroup = release.group(result.group)
    yield "wave", release.wave.number
    yield "wave_name", _plain(release.wave.name)
    yield "group", _plain(group.id)
    yield "group_name", _plain(group.name)
    yield "level", group.level
    yield "item", _plain(result.series)
    yield "question", _plain(questions.get(result.series, result.series))
    yield from _value(result.value)
    if isinstance(result.change, Change):
        yield from _change(result.change)
    part = release.participation_of(result.group)
    if isinstance(part, Participation):
        yield "response_rate", part.rate


def _value(value: Published | Suppressed) -> Iterator[tuple[str, object]]:
    yield "shown", "no" if isinstance(value, Suppressed) else "yes"
    if isinstance(value, Suppressed):
        yield "why_not", str(value.reason)
        return
    yield "answers", value.answers
    yield "score", value.score
    yield "low", value.low
    yield "high", value.high
    if isinstance(value.shares, Shares):
        yield "favourable", value.shares.favourable.share
        yield "neutral", value.shares.neutral.share
        yield "unfavourable", value.shares.unfavourable.share


def _change(change: Change) -> Iterator[tuple[str, object]]:
    yield "change", change.difference
    yield "change_low", change.low
    yield "change_high", change.high
    yield "direction", str(change.direction)
    yield "flag", str(change.flag)


def _plain(text: str) -> str:
    """Keep a spreadsheet from running a unit's name as a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
