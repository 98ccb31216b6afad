"""The way of a ballot: card, questions, review, receipt."""

from dataclasses import dataclass

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from backend.ballots.box import BoxBusy, CastOutcome
from backend.ballots.papers import find_paper, normalise, printed
from backend.booth.answer_pages import question_page, review_page
from backend.booth.scene import Booth, BoothPart, FieldError, FormPart
from backend.booth.sheet import (
    Sheet,
    carried_answers,
    is_attempt,
    new_attempt,
    questions_for,
)
from backend.booth.steps import Step, first_step, take_step
from backend.booth.welcome import welcome_page
from backend.store.waves import WaveState
from backend.web.forms import Form
from surveys.answers import pack, parse_answers, render_answers

RETRY_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a card cannot be used: the words to show and the status to send."""

    key: str
    status: int


REFUSALS = {
    CastOutcome.ALREADY_USED: Refusal("used", 409),
    CastOutcome.REPEATED: Refusal("used", 409),
    CastOutcome.WAVE_CLOSED: Refusal("closed", 410),
}
UNKNOWN = Refusal("unknown", 404)
UNOPENED = Refusal("unopened", 409)
UNREADABLE = Refusal("refused", 400)


@post("/card", status_code=200)
async def enter_card(booth: BoothPart, form: FormPart) -> Response[str]:
    """Take a card's code and show the first question."""
    words = booth.language(form.get("lang", ""))
    if not form.get("code", "").strip():
        error = FieldError(words("code_error_empty"), "code")
        return await welcome_page(booth, words, error=error, status=400)
    sheet = await find_sheet(booth, form, new_attempt())
    if sheet == UNKNOWN:
        error = FieldError(words("code_error_unknown"), "code")
        return await welcome_page(booth, words, form["code"][:40], error, UNKNOWN.status)
    return _shown(booth, form, sheet if isinstance(sheet, Refusal) else first_step(sheet))


@post("/answer", status_code=200)
async def answer_question(booth: BoothPart, form: FormPart) -> Response[str]:
    """Take one answer and show what comes next."""
    sheet = await find_sheet(booth, form, form.get("attempt", ""))
    if isinstance(sheet, Refusal):
        return _shown(booth, form, sheet)
    step = take_step(
        sheet,
        form.get("item", ""),
        form.get("choice", ""),
        form.get("go", "next"),
        from_review=form.get("from") == "review",
    )
    return _shown(booth, form, step)


@post("/cast", status_code=201)
async def cast_ballot(booth: BoothPart, form: FormPart) -> Response[str]:
    """Put the ballot into the box; the receipt comes only when it is safely stored."""
    sheet = await find_sheet(booth, form, form.get("attempt", ""), casting=True)
    if isinstance(sheet, Refusal):
        return _shown(booth, form, sheet)
    complete = parse_answers(sheet.questions, render_answers(sheet.answers))
    if isinstance(complete, list):
        return _shown(booth, form, UNREADABLE)
    try:
        outcome = await booth.box.cast(sheet.paper, pack(sheet.questions, complete), sheet.attempt)
    except BoxBusy:
        words = booth.language(form.get("lang", ""), sheet.rollout.languages)
        return review_page(booth, words, sheet, retry_after=RETRY_SECONDS)
    return _cast_page(booth, form, sheet, outcome)


async def find_sheet(
    booth: Booth, form: Form, attempt: str, *, casting: bool = False
) -> Sheet | Refusal:
    """Give the sheet that a form carries, or why its card cannot be used."""
    paper = await find_paper(form.get("code", ""))
    if paper is None:
        return UNKNOWN
    if not is_attempt(attempt):
        return UNREADABLE
    fielding = await booth.fieldings.get(paper.wave)
    if fielding.wave.state is WaveState.PLANNED:
        return UNOPENED
    # While casting, the box itself decides, in the same transaction that stores the ballot.
    outcome = None if casting else await booth.box.find_outcome(paper, attempt)
    if outcome is not None:
        return REFUSALS[outcome]
    questions = questions_for(fielding, paper, attempt)
    answers = carried_answers(questions, form)
    if answers is None:
        return UNREADABLE
    code = printed(normalise(form["code"]) or "")
    return Sheet(fielding.rollout, fielding.wave, paper, code, attempt, questions, answers)


def _shown(booth: Booth, form: Form, result: Step | Refusal) -> Response[str]:
    if isinstance(result, Refusal):
        return booth.message(booth.language(form.get("lang", "")), result.key, result.status)
    words = booth.language(form.get("lang", ""), result.sheet.rollout.languages)
    if result.item is None:
        return review_page(booth, words, result.sheet)
    return question_page(booth, words, result, result.item)


def _cast_page(booth: Booth, form: Form, sheet: Sheet, outcome: CastOutcome) -> Response[str]:
    if outcome not in {CastOutcome.ACCEPTED, CastOutcome.REPEATED}:
        return _shown(booth, form, REFUSALS[outcome])
    words = booth.language(form.get("lang", ""), sheet.rollout.languages)
    heading = words("receipt_title")
    return booth.page("receipt.html", words, heading, 201, rollout=sheet.rollout)


ROUTES: tuple[HTTPRouteHandler, ...] = (enter_card, answer_question, cast_ballot)
