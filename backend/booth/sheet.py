"""One person's answers so far, carried in hidden fields: the server keeps nothing."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.ballots.papers import Paper
from backend.booth.fielding import Fielding
from backend.store.rollouts import Rollout
from backend.store.waves import Wave
from backend.web.forms import Form
from surveys.answers import DONT_KNOW, NOT_ASKED, SKIPPED, Answers, parse_answers
from surveys.questionnaire import Questionnaire, version_for
from surveys.routing import wording_of

_ATTEMPT = re.compile(r"[A-Za-z0-9_-]{16,64}")
_PREFIX = "a."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A card, the questions of its wave, and the answers given so far (skipped ones included)."""

    rollout: Rollout
    wave: Wave
    paper: Paper
    code: str
    attempt: str
    questions: Questionnaire
    answers: Answers = field(default_factory=dict)


def new_attempt() -> str:
    """Make a random name for one try at sending, so that a repeated send counts once."""
    return secrets.token_urlsafe(18)


def is_attempt(text: str) -> bool:
    """Whether this can be a name that `new_attempt` gave."""
    return _ATTEMPT.fullmatch(text) is not None


def questions_for(fielding: Fielding, paper: Paper, attempt: str) -> Questionnaire:
    """Give the questions of a card; where a form deals blocks, the attempt is the draw.

    The attempt lives as long as the sheet, so every page of one sheet shows the same version.
    """
    cells = fielding.wave.cells
    headcount = next((cell.headcount for cell in cells if cell.id == paper.cell), 0)
    draw = int.from_bytes(hashlib.sha256(attempt.encode()).digest()[:8])
    return version_for(fielding.questions, headcount, draw)


def carried_answers(questions: Questionnaire, form: Form) -> dict[str, int] | None:
    """Read the answers that a page carried along, or None if they cannot be ours."""
    raw = {
        name.removeprefix(_PREFIX): value
        for name, value in form.items()
        if name.startswith(_PREFIX)
    }
    parsed = parse_answers(questions, raw)
    if isinstance(parsed, list):
        return None
    return {item: code for item, code in parsed.items() if item in raw and code != NOT_ASKED}


def reading(questions: Questionnaire, item: str, choice: str) -> int | None:
    """Give the code of one marked choice, or None if nothing (or nonsense) was marked."""
    if choice == "dk":
        return DONT_KNOW
    places = {str(place): place for place in range(questions.instrument.scale_of(item).size)}
    return places.get(choice)


def without_stale_answers(
    questions: Questionnaire, before: Answers, after: Mapping[str, int]
) -> dict[str, int]:
    """Drop answers to questions that a changed answer takes away or asks in other words.

    Someone who first said "heard of it" and then "I use it" is asked about experience: the
    expectation they gave before must not be counted as that.
    """
    return {
        item: code
        for item, code in after.items()
        if (wording := wording_of(questions, item, after)) is not None
        and (
            code == SKIPPED or item not in before or wording_of(questions, item, before) == wording
        )
    }
