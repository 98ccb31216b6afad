"""Where a cell of the survey file falls on the answer scale of its item."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.external.mapping import ItemEntry, ItemKind
from backend.external.table import cell_text

MOST_CATEGORIES = 200
FAVOURABLE_FROM = 0.625
UNFAVOURABLE_TO = 0.375
OFF_GRID = 0.2


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """The categories of an item as printed, low to high, and which of them are favourable.

    A category counts as favourable from 62.5 on the 0-100 scale and as unfavourable up to 37.5:
    4 and 5 of 5 points are favourable, 3 is neutral, 1 and 2 are unfavourable.
    """

    size: int
    favourable: tuple[int, ...]
    neutral: tuple[int, ...]
    unfavourable: tuple[int, ...]


def grid_size(item: ItemEntry) -> int | None:
    """Give the number of values a score can take, or nothing if its steps do not fit."""
    steps = (item.maximum - item.minimum) * item.steps
    return round(steps) + 1 if abs(steps - round(steps)) < 1e-9 else None  # noqa: PLR2004 - float noise


def answer_scale(item: ItemEntry) -> AnswerScale:
    """Give the categories in which an item is counted."""
    match item.kind:
        case ItemKind.CATEGORIES:
            return _scale(len(item.values), FAVOURABLE_FROM, UNFAVOURABLE_TO)
        case ItemKind.SCORE:
            width = item.maximum - item.minimum
            from_, to = item.favourable_from, item.unfavourable_to
            return _scale(
                grid_size(item) or 0,
                FAVOURABLE_FROM if from_ is None else (from_ - item.minimum) / width,
                UNFAVOURABLE_TO if to is None else (to - item.minimum) / width,
            )
        case ItemKind.PERCENT:
            return AnswerScale(2, (1,), (), (0,))


def _scale(size: int, favourable_from: float, unfavourable_to: float) -> AnswerScale:
    share = [position / (size - 1) for position in range(size)]
    # A hair's breadth of tolerance: 5/8 of a grid of thirds is not exact in floating point
    high = tuple(p for p in range(size) if share[p] >= favourable_from - 1e-9)
    low = tuple(p for p in range(size) if share[p] <= unfavourable_to + 1e-9 and p not in high)
    middle = tuple(p for p in range(size) if p not in high and p not in low)
    return AnswerScale(size, high, middle, low)


def category_positions(item: ItemEntry, labels: Mapping[str, str]) -> dict[str, int]:
    """Give the position of each accepted text: a listed value, or its code or label in SPSS."""
    code_of = {label: code for code, label in labels.items()}
    positions: dict[str, int] = {}
    for position, value in enumerate(item.values):
        text = cell_text(value)
        positions[text] = position
        positions.setdefault(code_of.get(text, text), position)
        positions.setdefault(labels.get(text, text), position)
    return positions


def score_position(item: ItemEntry, text: str) -> int | None:
    """Give the nearest step of the grid, or nothing if the number lies off it."""
    try:
        steps = (float(text) - item.minimum) * item.steps
    except ValueError:
        return None
    nearest = round(steps) if abs(steps) < 1e9 else -1  # noqa: PLR2004 - also refuses inf and nan
    inside = 0 <= nearest < (grid_size(item) or 0)
    return nearest if inside and abs(steps - nearest) <= OFF_GRID + 1e-9 else None
