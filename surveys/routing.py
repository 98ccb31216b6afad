"""Which question comes next, and in which wording: pure functions of the answers so far."""

from collections.abc import Mapping

from surveys.codes import NOT_ASKED, Answers
from surveys.instrument import Instrument, Wording
from surveys.questionnaire import Questionnaire


def exposure_wording(instrument: Instrument, answers: Mapping[str, int]) -> Wording:
    """Tell whether someone speaks from expectation or from experience.

    Without an answer to the exposure item (not yet asked, skipped, "don't know") it is
    expectation: those questions make sense to everybody.
    """
    answer = answers.get(instrument.exposure_item, NOT_ASKED)
    return instrument.exposure.get(answer, Wording.EXPECT)


def wording_of(questions: Questionnaire, item_id: str, answers: Answers) -> Wording | None:
    """Give the wording in which an item is asked, or `None` if it is not on this path."""
    item = questions.instrument.item(item_id)
    if item_id not in questions.items or item_id in questions.set_aside:
        return None
    if item.ask_if and answers.get(item.ask_if.item) not in item.ask_if.categories:
        return None
    if Wording.ALWAYS in item.wordings:
        return Wording.ALWAYS
    wording = exposure_wording(questions.instrument, answers)
    return wording if wording in item.wordings else None


def path(questions: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """List the items on the path that the answers so far lead along."""
    known: dict[str, int] = {}
    steps = []
    for item in questions.items:
        if wording_of(questions, item, known) is None:
            continue
        steps.append(item)
        # Only answers on the path may open a further question: an answer left over from a path
        # that was changed later counts for nothing.
        known[item] = answers.get(item, NOT_ASKED)
    return tuple(steps)


def next_item(questions: Questionnaire, answers: Answers, after: str | None = None) -> str | None:
    """Give the next question, or `None` when the path has ended.

    Without `after` it is the first one on the path that has no answer yet; with it, the one that
    follows that item, answered or not (to step through after going back).
    """
    steps = path(questions, answers)
    if after is None:
        return next((item for item in steps if answers.get(item, NOT_ASKED) == NOT_ASKED), None)
    place = questions.items.index(after)
    return next((item for item in steps if questions.items.index(item) > place), None)


def previous_item(questions: Questionnaire, item_id: str, answers: Answers) -> str | None:
    """Give the question before this one on the path, or `None` at the first."""
    place = questions.items.index(item_id)
    before = [item for item in path(questions, answers) if questions.items.index(item) < place]
    return before[-1] if before else None
