"""What one press of a button does to a sheet of answers."""

from datetime import date

import pytest

from backend.ballots.papers import Paper
from backend.booth.sheet import Sheet, is_attempt, new_attempt, without_stale_answers
from backend.booth.steps import first_step, take_step
from backend.store.waves import Wave, WaveState
from surveys.answers import DONT_KNOW, SKIPPED
from surveys.instrument import load_default_instrument
from surveys.questionnaire import questionnaire
from surveys.routing import path
from tests.backend.builders import a_rollout

HEARD, USES = 1, 4


def a_sheet(answers: dict[str, int] | None = None) -> Sheet:
    """Give a sheet of the first pulse with these answers."""
    instrument = load_default_instrument()
    wave = Wave(
        id="gps-1",
        rollout="gps",
        number=1,
        name="Pulse 1",
        form="pulse",
        opens_on=date(2025, 3, 3),
        closes_on=date(2025, 3, 13),
        state=WaveState.OPEN,
        instrument=instrument,
        instrument_hash=instrument.content_hash,
        agreement_hash="",
        cells=(),
        terms=a_rollout(),
        opened_on=None,
        closed_on=None,
        released_on=None,
        shredded=False,
    )
    paper = Paper("gps-1", "parks", b"")
    questions = questionnaire(instrument, "pulse", 1)
    return Sheet(a_rollout(), wave, paper, "", new_attempt(), questions, answers or {})


def all_answered(exposure: int = HEARD) -> Sheet:
    """Give a sheet with an answer to every question on its path."""
    sheet = a_sheet({"ex1": exposure})
    return a_sheet(dict.fromkeys(path(sheet.questions, sheet.answers), exposure))


@pytest.mark.parametrize(
    ("go", "choice", "answer"),
    [("next", "2", 2), ("next", "dk", DONT_KNOW), ("skip", "", SKIPPED), ("skip", "3", SKIPPED)],
)
def test_forward_records_and_moves_on(go: str, choice: str, answer: int) -> None:
    """Next keeps the marked answer, Skip keeps none; both lead to the following question."""
    step = take_step(a_sheet(), "ex1", choice, go, from_review=False)
    assert step.sheet.answers == {"ex1": answer}
    assert step.item == "js2"


@pytest.mark.parametrize("choice", ["", "9", "-1", " 1", "one"])
def test_next_needs_an_answer_of_the_scale(choice: str) -> None:
    """Anything that is not an answer of the question's scale stays on the question."""
    step = take_step(a_sheet(), "ex1", choice, "next", from_review=False)
    assert (step.item, step.choice_missing, step.sheet.answers) == ("ex1", True, {})


def test_last_question_leads_to_the_review() -> None:
    """After the last question on the path comes the review."""
    sheet = all_answered()
    last = path(sheet.questions, sheet.answers)[-1]
    assert take_step(sheet, last, "1", "next", from_review=False).item is None


def test_back_on_the_first_question_stays() -> None:
    """There is nothing before the first question."""
    assert take_step(a_sheet(), "ex1", "", "back", from_review=False).item == "ex1"


def test_a_question_off_the_path_leads_to_the_first_open_one() -> None:
    """A page from elsewhere, or none at all, starts where answers are missing."""
    assert take_step(a_sheet({"ex1": 0}), "nonsense", "1", "next", from_review=False).item == "js2"
    assert first_step(all_answered()).item is None


@pytest.mark.parametrize(("choice", "asked_again"), [("0", False), ("2", True), ("4", True)])
def test_only_a_change_of_wording_drops_answers(choice: str, asked_again: bool) -> None:
    """From "not heard" to "heard" nothing is asked again; from there to use, four items are."""
    step = take_step(all_answered(), "ex1", choice, "next", from_review=True)
    dropped = all_answered().answers.keys() - step.sheet.answers.keys()
    assert (dropped == {"us1", "ez1", "mf1", "wl1"}) == asked_again
    assert step.item == ("us1" if asked_again else None)


def test_a_first_answer_in_new_words_is_kept() -> None:
    """Only answers given before the change are stale, not the one that is being given."""
    sheet = a_sheet()
    before, after = {"ex1": HEARD, "js2": 0}, {"ex1": USES, "js2": 0, "us1": 3}
    assert without_stale_answers(sheet.questions, before, after) == after


def test_attempts_are_long_and_never_repeat() -> None:
    """A thousand attempts are a thousand names of 144 random bits."""
    made = {new_attempt() for _ in range(1000)}
    assert len(made) == 1000
    assert all(is_attempt(attempt) and len(attempt) == 24 for attempt in made)
