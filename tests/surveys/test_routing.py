"""The way through the questions, for every form and any answers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import DONT_KNOW, NOT_ASKED, SKIPPED
from surveys.instrument import Wording, load_default_instrument, load_instrument
from surveys.questionnaire import Questionnaire, questionnaire
from surveys.routing import next_item, path, previous_item, wording_of
from tests.surveys.builders import SMALL_INSTRUMENT, bank_questionnaire, forms_and_waves

TINY = questionnaire(load_instrument(SMALL_INSTRUMENT), "all", 1)


@pytest.mark.parametrize(
    ("exposure", "wording"),
    [
        (None, Wording.EXPECT),
        (DONT_KNOW, Wording.EXPECT),
        (SKIPPED, Wording.EXPECT),
        (0, Wording.EXPECT),
        (1, Wording.EXPECT),
        (2, Wording.EXPERIENCE),
        (3, Wording.EXPERIENCE),
        (4, Wording.EXPERIENCE),
    ],
)
def test_exposure_chooses_the_wording(exposure: int | None, wording: Wording) -> None:
    """Who has tried the tool speaks from experience, everybody else from expectation."""
    questions = bank_questionnaire("pulse")
    answers = {} if exposure is None else {"ex1": exposure}

    assert wording_of(questions, "us1", answers) is wording
    assert wording_of(questions, "js2", answers) is Wording.ALWAYS


@pytest.mark.parametrize(
    ("answers", "steps"),
    [
        ({}, ("ex", "a1")),
        ({"ex": 0, "a1": 2}, ("ex", "a1")),
        ({"ex": 0, "a1": 0}, ("ex", "a1", "a3")),
        ({"ex": 1, "a1": 2}, ("ex", "a1", "a2")),
        ({"ex": 1, "a1": 0}, ("ex", "a1", "a2", "a3")),
        ({"ex": 1, "a1": DONT_KNOW}, ("ex", "a1", "a2")),
        ({"ex": SKIPPED, "a1": SKIPPED}, ("ex", "a1")),
    ],
)
def test_path_follows_the_answers(answers: dict[str, int], steps: tuple[str, ...]) -> None:
    """Items of experience need use, conditional items need one of the named answers."""
    assert path(TINY, answers) == steps


def test_training_is_rated_only_by_those_who_had_it() -> None:
    """The item on training is asked after "yes", and not after "no" or without an answer."""
    questions = bank_questionnaire("full")
    reached = {
        answer: "rd2" in path(questions, {"ex1": 4, "ex2": answer}) for answer in (0, 1, SKIPPED)
    }

    assert reached == {0: True, 1: False, SKIPPED: False}


def test_items_set_aside_are_not_asked() -> None:
    """An item outside this respondent's version, or outside the wave, is not on the path."""
    questions = Questionnaire(TINY.instrument, "all", TINY.items, frozenset({"a1"}))

    assert path(questions, {"ex": 1}) == ("ex", "a2")
    assert wording_of(bank_questionnaire("pulse"), "js1", {"ex1": 4}) is None


def test_stepping_on_follows_the_item_named() -> None:
    """Going on from an item leads to the next one on the path, even if that has an answer."""
    answers = {"ex": 1, "a1": 0, "a2": 1}

    assert next_item(TINY, answers) == "a3"
    assert next_item(TINY, answers, after="ex") == "a1"
    assert next_item(TINY, answers | {"a3": 2}) is None
    assert next_item(TINY, answers, after="a3") is None


def test_stepping_back_follows_the_path() -> None:
    """Going back skips what is not on the path, and ends at the first question."""
    assert previous_item(TINY, "a3", {"ex": 0, "a1": 0}) == "a1"
    assert previous_item(TINY, "a1", {"ex": 0}) == "ex"
    assert previous_item(TINY, "ex", {}) is None


@given(questions=forms_and_waves(), data=st.data())
def test_every_path_ends_and_repeats_nothing(questions: Questionnaire, data: st.DataObject) -> None:
    """Answering one question after the other ends, and never meets the same item twice."""
    answers: dict[str, int] = {}
    while (item := next_item(questions, answers)) is not None:
        assert item not in answers
        answers[item] = data.draw(_codes(questions, item))

    assert tuple(answers) == path(questions, answers)


@given(questions=forms_and_waves(), data=st.data())
def test_back_and_forth_are_opposites(questions: Questionnaire, data: st.DataObject) -> None:
    """The question before the next one is where one came from, on any path."""
    answers = {item: data.draw(_codes(questions, item)) for item in questions.items}
    steps = path(questions, answers)

    for here, there in pairwise(steps):
        assert next_item(questions, answers, after=here) == there
        assert previous_item(questions, there, answers) == here


@given(questions=forms_and_waves())
def test_every_item_can_be_reached(questions: Questionnaire) -> None:
    """Each item of a version is on the path of somebody: nothing is asked of nobody."""
    reached = set()
    for exposure in questions.instrument.exposure:
        for trained in (0, 1):
            reached |= set(path(questions, {"ex1": exposure, "ex2": trained}))

    assert reached == set(questions.items) - questions.set_aside


@given(questions=forms_and_waves(), data=st.data())
def test_answers_left_from_another_path_open_nothing(
    questions: Questionnaire, data: st.DataObject
) -> None:
    """An answer to an item off the path changes nothing about the path."""
    answers = {item: data.draw(_codes(questions, item)) for item in questions.items}
    steps = path(questions, answers)
    cleaned = {item: answers[item] if item in steps else NOT_ASKED for item in answers}

    assert path(questions, cleaned) == steps


def _codes(questions: Questionnaire, item: str) -> st.SearchStrategy[int]:
    size = questions.instrument.scale_of(item).size
    return st.sampled_from([*range(size), DONT_KNOW, SKIPPED])


def test_default_bank_has_no_dead_question() -> None:
    """Every item that any form names can be asked of someone in some wave."""
    bank = load_default_instrument()
    for form in bank.forms:
        reached = set()
        for wave in range(1, 5):
            questions = questionnaire(bank, form, wave)
            for exposure in bank.exposure:
                reached |= set(path(questions, {"ex1": exposure, "ex2": 0}))
        words = {item for item in bank.forms[form].items if bank.item(item).scale is None}
        assert reached == set(bank.forms[form].items) - words
