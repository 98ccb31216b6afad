"""How much fits a page: heights estimated from the texts, so that a briefing has two pages, always.

The estimates are on the safe side (a little more height than the page really needs); what does not
fit is summed up in a sentence instead of running on to a third page.
"""

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reports.topics import Topic
from reports.verdicts import VerdictRow

_LINE = 3.8
_SMALL_LINE = 3.25
_WIDE, _WIDEST, _FULL_WIDTH = 1.3, 1.8, 2.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The printable height of a paper in millimetres, and what its second page holds."""

    height: float
    flags: int
    rates: int
    reason_height: float
    enabler_height: float


def lines(text: str, width: int) -> int:
    """Count the lines a text takes in a column so many characters of usual width wide."""
    if not text:
        return 0
    usual = sum(_width(character) for character in text) / len(text)
    return len(textwrap.wrap(text, max(1, int(width / max(1.0, usual)))))


def _width(character: str) -> float:
    """Give the width of a character, measured in usual ones."""
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return _FULL_WIDTH
    if character in "MWmw@%":
        return _WIDEST
    return _WIDE if character.isupper() or character in "{}<>=+&#" else 1.0


def head_height(title: str, about: str, answer: str, standfirst: str, warning: str) -> float:
    """Estimate the height of the top of the first page."""
    return (
        3
        + 5.4 * lines(title, 76)
        + 3.4 * lines(about, 132)
        + 4.2
        + 7.2 * lines(answer, 58)
        + 2
        + 4.8 * lines(standfirst, 96)
        + (6 if warning else 0)
    )


def topics_height(topics: Sequence[Topic]) -> float:
    """Estimate the height of the three columns with their heading."""
    return 12 + max((_topic_height(topic) for topic in topics), default=0)


def _topic_height(topic: Topic) -> float:
    told = [
        *topic.changes,
        *(text for text in (topic.lower, topic.moved, topic.helps, topic.worried) if text),
    ]
    headings = sum(bool(part) for part in (topic.changes, topic.lower, topic.moved, topic.helps))
    return (
        (16 if topic.score else 12)
        + _LINE * sum(lines(text, 44) for text in told)
        + 4.1 * headings
        + (_SMALL_LINE + 4 * len(topic.bars) if topic.bars else 0)
    )


def row_height(row: VerdictRow) -> float:
    """Estimate the height of a row of the verdict table."""
    tallest = max(lines(row.department, 22), lines(row.decided, 35), lines(row.remedy, 34))
    return _LINE * tallest + 1.6


VERDICTS_FRAME = 23.0
"""Height of the heading, head row and key around the verdict rows."""

SCORE_ROW = 5.8
"""Height of a row of scores: names longer than its column are cut."""

REST = 6.0
"""Height of the sentence about departments that do not fit."""
