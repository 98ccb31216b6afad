"""Reading answers, every error at once, and packing them into a ballot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import (
    DONT_KNOW,
    NOT_ASKED,
    SKIPPED,
    AnswersError,
    pack,
    parse_answers,
    render_answers,
    unpack,
)
from surveys.instrument import load_instrument
from surveys.questionnaire import Questionnaire, questionnaire
from surveys.routing import path
from tests.surveys.builders import SMALL_INSTRUMENT, forms_and_waves, raw_answers

TINY = questionnaire(load_instrument(SMALL_INSTRUMENT), "all", 1)


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        ({}, (SKIPPED, SKIPPED, NOT_ASKED, NOT_ASKED)),
        ({"ex": "1", "a1": "0", "a2": "dk", "a3": ""}, (1, 0, DONT_KNOW, SKIPPED)),
        # Someone went back and said they have not used the tool: what they had said of it goes.
        ({"ex": "0", "a1": "2", "a2": "1", "a3": "1"}, (0, 2, NOT_ASKED, NOT_ASKED)),
    ],
)
def test_answers_are_read_along_the_path(raw: dict[str, str], codes: tuple[int, ...]) -> None:
    """What is on the path counts or is skipped; what is not on it was not asked."""
    assert parse_answers(TINY, raw) == dict(zip(TINY.items, codes, strict=True))


def test_every_error_is_told_at_once() -> None:
    """Unknown items and unreadable answers are all listed, each with what would be right."""
    errors = parse_answers(TINY, {"ex": "2", "a1": "yes", "zz": "1", "a3": "0"})

    assert isinstance(errors, list)
    assert {error.item: error.problem for error in errors} == {
        "zz": 'Item "zz" is not in this questionnaire. Remove it.',
        "ex": 'Item "ex": "2" is no answer. Use 0 to 1, dk, or nothing.',
        "a1": 'Item "a1": "yes" is no answer. Use 0 to 2, dk, or nothing.',
    }


@pytest.mark.parametrize("word", ["-1", "+1", " 1", "01", "1.0", "DK", "250", "\u0661", "1" * 5000])
def test_only_exact_words_are_answers(word: str) -> None:
    """Other ways to write a number, and internal codes, are no answers."""
    assert isinstance(parse_answers(TINY, {"a1": word}), list)


@given(questions=forms_and_waves(), data=st.data())
def test_packing_and_rendering_lose_nothing(questions: Questionnaire, data: st.DataObject) -> None:
    """Answers come back the same from the ballot, and from the fields the booth sends."""
    answers = parse_answers(questions, data.draw(raw_answers(questions)))
    assert isinstance(answers, dict)

    packed = pack(questions, answers)

    assert len(packed) == len(questions.items)
    assert unpack(questions, packed) == answers
    assert parse_answers(questions, render_answers(answers)) == answers


@given(questions=forms_and_waves(), data=st.data())
def test_not_asked_means_off_the_path(questions: Questionnaire, data: st.DataObject) -> None:
    """In a read answer sheet exactly the items off the path are marked as not asked."""
    answers = parse_answers(questions, data.draw(raw_answers(questions)))
    assert isinstance(answers, dict)

    asked = tuple(item for item, code in answers.items() if code != NOT_ASKED)

    assert asked == path(questions, answers)


@pytest.mark.parametrize(
    ("packed", "finding"),
    [
        (b"", "0 bytes"),
        (bytes([0, 0, 252, 252, 252]), "5 bytes"),
        (bytes([2, 252, 252, 252]), 'Item "ex": code 2'),
        (bytes([0, 253, 252, 252]), 'Item "a1": code 253'),
        (bytes([0, 2, 252, 1]), 'Item "a3": has an answer but was not asked'),
    ],
)
def test_ballots_of_another_questionnaire_are_refused(packed: bytes, finding: str) -> None:
    """Bytes that this questionnaire cannot have produced are an error that says why."""
    with pytest.raises(AnswersError, match=finding):
        unpack(TINY, packed)


@pytest.mark.parametrize("answers", [{"zz": 1}, {"ex": 7}, {"ex": 0, "a2": 1}])
def test_nonsense_is_not_packed(answers: dict[str, int]) -> None:
    """A ballot is never written with an unknown item, an unknown code or an answer off the path."""
    with pytest.raises(AnswersError):
        pack(TINY, answers)
