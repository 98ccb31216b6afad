"""What the question and review pages show."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Response

from backend.booth.scene import Booth, FieldError
from backend.booth.sheet import Sheet
from backend.booth.steps import Step
from backend.web.words import Words
from surveys.answers import DONT_KNOW, SKIPPED, render_answers
from surveys.instrument import Wording
from surveys.languages import Language
from surveys.routing import path, previous_item, wording_of

BUSY = 503
LEADERS = "trust_leadership"


@dataclass(frozen=True, slots=True)
class Option:
    """One tile."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One answered question on the review page."""

    item: str
    question: str
    answer: str
    skipped: bool


def question_page(booth: Booth, words: Words, step: Step, item: str) -> Response[str]:
    """One question as large tiles, with its error if the last press lacked an answer."""
    sheet, language = step.sheet, words.language
    steps = path(sheet.questions, sheet.answers)
    given = render_answers(sheet.answers)
    errors = [FieldError(words("choose_or_skip"), "choice")] if step.choice_missing else []
    return booth.page(
        "question.html",
        words,
        _stem(sheet, language, item),
        400 if errors else 200,
        rollout=sheet.rollout,
        errors=errors,
        item=item,
        note=_note(sheet, words, item),
        options=_options(sheet, language, words, item),
        chosen=given.get(item) or None,
        number=steps.index(item) + 1,
        total=len(steps),
        has_back=step.from_review
        or previous_item(sheet.questions, item, sheet.answers) is not None,
        from_review=step.from_review,
        **_carried(sheet),
    )


def review_page(
    booth: Booth, words: Words, sheet: Sheet, *, retry_after: int | None = None
) -> Response[str]:
    """Every answer with a button to change it; with `retry_after`, also why it was not stored."""
    language = words.language
    busy = retry_after is not None
    return booth.page(
        "review.html",
        words,
        words("busy_title" if busy else "review_title"),
        BUSY if busy else 200,
        rollout=sheet.rollout,
        headers={"Retry-After": str(retry_after)} if busy else None,
        lead=words("busy_text" if busy else "review_text"),
        send=words("busy_retry" if busy else "send"),
        rows=list(_rows(sheet, language, words)),
        **_carried(sheet),
    )


def _carried(sheet: Sheet) -> dict[str, Any]:
    return {
        "sheet_code": sheet.code,
        "attempt": sheet.attempt,
        "answered": list(render_answers(sheet.answers).items()),
        "tool": sheet.rollout.plan.tool,
        "tool_description": sheet.rollout.plan.description,
    }


def _stem(sheet: Sheet, language: Language, item: str) -> str:
    wording = wording_of(sheet.questions, item, sheet.answers) or Wording.ALWAYS
    return language.stem(item, wording)


def _note(sheet: Sheet, words: Words, item: str) -> str:
    """Say who is meant by leaders, beside the questions that speak of them."""
    about_leaders = sheet.questions.instrument.item(item).construct == LEADERS
    return words("leaders_note") if about_leaders else ""


def _options(sheet: Sheet, language: Language, words: Words, item: str) -> list[Option]:
    scale = sheet.questions.instrument.scale_of(item)
    texts = language.scales[scale.id]
    return [
        *(Option(str(place), text) for place, text in enumerate(texts)),
        Option("dk", words("dont_know")),
    ]


def _rows(sheet: Sheet, language: Language, words: Words) -> Iterator[ReviewRow]:
    for item in path(sheet.questions, sheet.answers):
        code = sheet.answers.get(item, SKIPPED)
        scale = language.scales[sheet.questions.instrument.scale_of(item).id]
        named = {DONT_KNOW: words("dont_know"), SKIPPED: words("not_answered")}
        answer = named[code] if code in named else scale[code]
        yield ReviewRow(item, _stem(sheet, language, item), answer, code == SKIPPED)
