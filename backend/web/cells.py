"""One released number as a page shows it: score, limits, shares, change, or why it is hidden."""

from dataclasses import dataclass
from itertools import accumulate

from analysis.disclosure.release import (
    Change,
    Published,
    Reason,
    Result,
    ShareEstimate,
    Shares,
    Suppressed,
)
from analysis.methods.change import Direction, Flag
from reports.wording import signed

_AT_LEAST, _AT_MOST = "\N{GREATER-THAN OR EQUAL TO}", "\N{LESS-THAN OR EQUAL TO}"
_MIDDLE = 50


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a score moved since the question was asked before, in points with limits."""

    points: str
    low: str
    high: str
    direction: Direction
    flag: Flag


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table, or the reason why it is hidden; likewise its change."""

    score: str = ""
    limits: str = ""
    reason: Reason | None = None
    moved: Moved | None = None
    unmoved: Reason | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar of shares, in hundredths of its length."""

    kind: str
    percent: str
    start: int
    width: int


def result_cell(result: Result | None) -> Cell:
    """Give a score with its limits and its change, or the reason why it is hidden."""
    if result is None:
        return Cell(reason=Reason.NOT_ASKED)
    if isinstance(result.value, Suppressed):
        return Cell(reason=result.value.reason)
    value, change = result.value, result.change
    return Cell(
        score=_bounded(value.score, str(value.score)) if value.capped else str(value.score),
        limits=f"{value.low}\N{EN DASH}{value.high}",
        moved=_moved(change) if isinstance(change, Change) else None,
        unmoved=change.reason if isinstance(change, Suppressed) else None,
    )


def bars(value: Published | Suppressed) -> tuple[Bar, ...]:
    """Give the three shares as parts of one bar; none if they are hidden."""
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


def _moved(change: Change) -> Moved:
    return Moved(
        points=signed(change.difference),
        low=signed(change.low, plus=""),
        high=signed(change.high, plus=""),
        direction=change.direction,
        flag=change.flag,
    )


def _share(part: ShareEstimate) -> str:
    percent = round(100 * part.share)
    return _bounded(percent, f"{percent}%") if part.capped else f"{percent}%"


def _bounded(value: int, text: str) -> str:
    """Signs instead of words: "95 or more" reads the same in every language."""
    return f"{_AT_LEAST if value > _MIDDLE else _AT_MOST} {text}"
