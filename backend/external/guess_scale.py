"""Guess the answer scale of a column from the values that stand in it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.external.guess_words import (
    DONT_KNOW_LABELS,
    LABELLED_SCALES,
    MISSING_TEXTS,
    NO_ANSWER_LABELS,
)
from backend.external.mapping import ItemKind
from backend.external.scales import MOST_CATEGORIES

LARGEST_RATING = 11
LARGEST_SHORT = 7
MOST_STEPS = 12
FAR_OFF_CODES = frozenset({9, 66, 77, 88, 96, 97, 98, 99, 888, 998, 999, 9999})
WHOLE = re.compile(r"^[+-]?\d+$")
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class ScaleGuess:
    """A guessed answer scale and the reason for it."""

    kind: ItemKind
    reason: str
    values: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    steps: int = 1
    missing: tuple[str, ...] = ()
    dont_know: tuple[str, ...] = ()


def guess_scale(values: Sequence[str], labels: Mapping[str, str]) -> ScaleGuess | None:
    """Guess the scale from the distinct values of a column, or nothing if it is no scale."""
    given = [value for value in values if value and value not in MISSING_TEXTS]
    if len(given) < 2:  # noqa: PLR2004 - one value is no scale
        return None
    if labels:
        return _labelled_codes(given, labels)
    if all(WHOLE.match(value) for value in given):
        return _whole_numbers(sorted({int(value) for value in given}))
    if all(NUMBER.match(value) for value in given):
        return _grid(given)
    return _labelled_texts(given)


def is_percentage(values: Sequence[str]) -> bool:
    """Tell whether all values could be percentages, and some could be nothing smaller."""
    given = [value for value in values if value and value not in MISSING_TEXTS]
    if not given or not all(NUMBER.match(value) for value in given):
        return False
    numbers = [float(value) for value in given]
    return min(numbers) >= 0 and LARGEST_RATING < max(numbers) <= 100  # noqa: PLR2004 - percent


def _labelled_codes(given: list[str], labels: Mapping[str, str]) -> ScaleGuess | None:
    """SPSS: every labelled code belongs to the scale, even if nobody chose it."""
    codes = sorted({*labels, *given}, key=_as_number)
    dont_know = tuple(c for c in codes if labels.get(c, "").casefold() in DONT_KNOW_LABELS)
    missing = tuple(c for c in codes if labels.get(c, "").casefold() in NO_ANSWER_LABELS)
    values = tuple(c for c in codes if c not in {*dont_know, *missing})
    if not 2 <= len(values) <= LARGEST_RATING:  # noqa: PLR2004
        return None
    named = ", ".join(f"{code} = {labels[code]}" for code in values if code in labels)
    return ScaleGuess(
        ItemKind.CATEGORIES, named, values, missing=missing, dont_know=dont_know
    )  # fmt: skip


def _whole_numbers(numbers: list[int]) -> ScaleGuess | None:
    """Ratings like 1 to 5; a far-off code such as 9 or 99 is no rating but a missing answer."""
    regular = [n for n in numbers if n >= 0]
    while len(regular) > 2 and regular[-1] in FAR_OFF_CODES and regular[-2] <= LARGEST_SHORT:  # noqa: PLR2004
        regular.pop()
    missing = tuple(str(n) for n in numbers if n not in regular)
    low, high = regular[0] if regular else 0, regular[-1] if regular else 0
    low = min(low, 1)
    if high - low + 1 > MOST_CATEGORIES or high == low:
        return None
    reason = f"whole numbers from {regular[0]} to {high}"
    if high > LARGEST_RATING:
        return ScaleGuess(ItemKind.SCORE, reason, (), low, high, 1, missing)
    values = tuple(str(value) for value in range(low, high + 1))
    return ScaleGuess(ItemKind.CATEGORIES, reason, values, missing=missing)


def _grid(given: list[str]) -> ScaleGuess | None:
    """Means of several ratings lie on a grid: 3 questions give thirds, 4 give quarters."""
    numbers = [float(value) for value in given]
    decimals = max(len(value.partition(".")[2]) for value in given)
    rounding = 0.51 * 10**-decimals
    low, high = min(math.floor(min(numbers)), 1), math.ceil(max(numbers))
    for steps in range(1, MOST_STEPS + 1):
        off = max(abs(number * steps - round(number * steps)) / steps for number in numbers)
        if off <= rounding and (high - low) * steps < MOST_CATEGORIES:
            reason = f"numbers from {min(numbers):g} to {max(numbers):g} in steps of 1/{steps}"
            return ScaleGuess(ItemKind.SCORE, reason, (), low, high, steps)
    return None


def _labelled_texts(given: list[str]) -> ScaleGuess | None:
    spelled = {value.casefold(): value for value in given}
    dont_know = tuple(value for text, value in spelled.items() if text in DONT_KNOW_LABELS)
    missing = tuple(value for text, value in spelled.items() if text in NO_ANSWER_LABELS)
    texts = {text for text, value in spelled.items() if value not in {*dont_know, *missing}}
    for scale in LABELLED_SCALES:
        if texts and texts <= set(scale):
            values = tuple(spelled.get(text, text.capitalize()) for text in scale)
            reason = f'a known scale from "{values[0]}" to "{values[-1]}"'
            return ScaleGuess(
                ItemKind.CATEGORIES, reason, values, missing=missing, dont_know=dont_know
            )
    return None


def _as_number(code: str) -> tuple[float, str]:
    return (float(code), "") if NUMBER.match(code) else (math.inf, code)
