"""Walking through the questions: what one press of a button does. Pure, so it needs no browser."""

from dataclasses import dataclass, replace

from backend.booth.sheet import Sheet, reading, without_stale_answers
from surveys.answers import SKIPPED
from surveys.routing import next_item, path, previous_item


@dataclass(frozen=True, slots=True)
class Step:
    """The sheet after a press, and where it leads: a question, or the review when item is None."""

    sheet: Sheet
    item: str | None
    from_review: bool = False
    choice_missing: bool = False


def first_step(sheet: Sheet) -> Step:
    """Go to the first question without an answer, or the review."""
    return Step(sheet, next_item(sheet.questions, sheet.answers))


def take_step(sheet: Sheet, item: str, choice: str, go: str, *, from_review: bool) -> Step:
    """Follow the button `go`, pressed on the page of `item` with `choice` marked."""
    verb, _, target = go.partition(".")
    if verb == "change":
        on_path = target in path(sheet.questions, sheet.answers)
        return Step(sheet, target, from_review=True) if on_path else first_step(sheet)
    if item not in path(sheet.questions, sheet.answers):
        return first_step(sheet)
    code = SKIPPED if verb == "skip" else reading(sheet.questions, item, choice)
    if verb == "back":
        return _back(sheet if code is None else _recorded(sheet, item, code), item, from_review)
    if code is None:
        return Step(sheet, item, from_review, choice_missing=True)
    return _forward(_recorded(sheet, item, code), item, from_review)


def _back(sheet: Sheet, item: str, from_review: bool) -> Step:
    if from_review:
        return first_step(sheet)
    return Step(sheet, previous_item(sheet.questions, item, sheet.answers) or item)


def _forward(sheet: Sheet, item: str, from_review: bool) -> Step:
    if not from_review:
        return Step(sheet, next_item(sheet.questions, sheet.answers, after=item))
    # A changed answer may have opened questions, or asked for others in new words.
    following = next_item(sheet.questions, sheet.answers)
    return Step(sheet, following, from_review=following is not None)


def _recorded(sheet: Sheet, item: str, code: int) -> Sheet:
    answers = dict(sheet.answers) | {item: code}
    return replace(sheet, answers=without_stale_answers(sheet.questions, sheet.answers, answers))
