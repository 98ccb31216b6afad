"""One person's answers: reading what the booth sends, and packing it into a ballot."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.codes import DONT_KNOW, NOT_ASKED, SKIPPED, Answers
from surveys.errors import AnswersError, raise_if_any
from surveys.questionnaire import Questionnaire
from surveys.routing import path, wording_of

__all__ = [
    "DONT_KNOW",
    "NOT_ASKED",
    "SKIPPED",
    "AnswerError",
    "Answers",
    "AnswersError",
    "pack",
    "parse_answers",
    "render_answers",
    "unpack",
]

WORDS_OF = {DONT_KNOW: "dk", SKIPPED: ""}


@dataclass(frozen=True, slots=True)
class AnswerError:
    """One answer that cannot be read; the problem says what is wrong and how to mend it."""

    item: str
    problem: str


def parse_answers(
    questions: Questionnaire, raw: Mapping[str, str]
) -> dict[str, int] | list[AnswerError]:
    """Read answers as the booth sends them ("0", "1", …, "dk" or ""), or list every error.

    A question on the path without an answer counts as skipped. An answer to a question that is
    not on the path, because an earlier answer was changed later, becomes `NOT_ASKED`.
    """
    errors = [
        AnswerError(item, f'Item "{item}" is not in this questionnaire. Remove it.')
        for item in raw
        if item not in questions.items
    ]
    answers: dict[str, int] = {}
    for item in questions.items:
        code = _code_of(questions, item, raw.get(item, ""))
        if code is None:
            errors.append(AnswerError(item, _unreadable(questions, item, raw[item])))
        else:
            asked = wording_of(questions, item, answers) is not None
            answers[item] = code if asked else NOT_ASKED
    return errors or answers


def render_answers(answers: Answers) -> dict[str, str]:
    """Write answers the way the booth sends them; `parse_answers` reads them back."""
    return {
        item: WORDS_OF.get(code, str(code)) for item, code in answers.items() if code != NOT_ASKED
    }


def pack(questions: Questionnaire, answers: Answers) -> bytes:
    """Write answers as one byte per item, in the order of the questionnaire."""
    strangers = [item for item in answers if item not in questions.items]
    raise_if_any(
        [f'Item "{item}" is not in this questionnaire. Remove it.' for item in strangers],
        AnswersError,
    )
    complete = {item: answers.get(item, NOT_ASKED) for item in questions.items}
    raise_if_any(_nonsense(questions, complete), AnswersError)
    return bytes(complete.values())


def unpack(questions: Questionnaire, packed: bytes) -> dict[str, int]:
    """Read a packed ballot; raises `AnswersError` if it cannot come from this questionnaire."""
    if len(packed) != len(questions.items):
        raise AnswersError(
            f"Ballot of {len(packed)} bytes: this questionnaire has {len(questions.items)} items."
            " Read it with the questionnaire of its own wave."
        )
    answers = dict(zip(questions.items, packed, strict=True))
    raise_if_any(_nonsense(questions, answers), AnswersError)
    return answers


def _code_of(questions: Questionnaire, item: str, word: str) -> int | None:
    words = {"": SKIPPED, "dk": DONT_KNOW}
    # A table of exact words, since `int` would also read " 1", "+1" and digits of other scripts.
    words |= {str(place): place for place in range(questions.instrument.scale_of(item).size)}
    return words.get(word)


def _unreadable(questions: Questionnaire, item: str, word: str) -> str:
    last = questions.instrument.scale_of(item).size - 1
    return f'Item "{item}": "{word[:20]}" is no answer. Use 0 to {last}, dk, or nothing.'


def _nonsense(questions: Questionnaire, answers: Answers) -> list[str]:
    problems = []
    steps = path(questions, answers)
    for item, code in answers.items():
        size = questions.instrument.scale_of(item).size
        if code not in {DONT_KNOW, SKIPPED, NOT_ASKED} and not 0 <= code < size:
            problems.append(f'Item "{item}": code {code}. Use 0 to {size - 1}, 250, 251 or 252.')
        elif code != NOT_ASKED and item not in steps:
            problems.append(f'Item "{item}": has an answer but was not asked. Use 252.')
    return problems
