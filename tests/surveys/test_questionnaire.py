"""Which items a form asks in a wave, and of whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import InstrumentError
from surveys.instrument import Kind, Wording, load_default_instrument
from surveys.questionnaire import AskedItem, questionnaire, version_for
from tests.surveys.builders import bank_questionnaire

BANK = load_default_instrument()
PULSE = ("js2", "sv1", "us1", "ez1", "rd1", "vo2", "tr1", "mf1", "ad1", "wl1", "fa1")


@pytest.mark.parametrize(
    ("wave_number", "closing"), [(1, ("st1",)), (2, ("st1", "st2")), (5, ("st1", "st2"))]
)
def test_pulse_asks_exposure_first_and_trust_in_the_survey_last(
    wave_number: int, closing: tuple[str, ...]
) -> None:
    """A pulse asks ex1, the eleven core items, then st1, and st2 once there was a wave before."""
    assert bank_questionnaire("pulse", wave_number).items == ("ex1", *PULSE, *closing)


def test_text_items_wait() -> None:
    """No questionnaire asks for words, although the forms of the bank foresee it."""
    assert "ot1" in BANK.forms["pulse"].items
    for form in BANK.forms:
        kinds = {BANK.item(item).kind for item in bank_questionnaire(form).items}
        assert Kind.TEXT not in kinds


def test_series_keep_expectation_and_experience_apart() -> None:
    """An item with two wordings gives two series, one with a single wording for all gives one."""
    series = bank_questionnaire("pulse", 1).series

    assert series[:4] == (
        AskedItem("ex1", "ex1", Wording.ALWAYS),
        AskedItem("js2", "js2", Wording.ALWAYS),
        AskedItem("sv1", "sv1", Wording.ALWAYS),
        AskedItem("us1.expect", "us1", Wording.EXPECT),
    )
    assert "us1.experience" in [asked.id for asked in series]


@pytest.mark.parametrize(
    ("wave_number", "turn"),
    [
        (1, ("ez1", "rd1", "vo2")),
        (2, ("tr1", "mf1", "fa1")),
        (3, ("wl1", "rd3", "ez3")),
        (4, ("ez1", "rd1", "vo2")),
    ],
)
def test_rotating_form_takes_its_blocks_in_turn(wave_number: int, turn: tuple[str, ...]) -> None:
    """A rotating form asks its anchors in every wave and one block after the other."""
    items = bank_questionnaire("rotating", wave_number).items

    assert items == ("ex1", "js2", "sv1", "us1", "ad1", *turn, "st1")


@given(draw=st.integers(0, 10_000), headcount=st.integers(60, 5000))
def test_split_form_deals_two_of_three_blocks(draw: int, headcount: int) -> None:
    """Everyone in a large cell gets the core items and exactly two of the three blocks."""
    questions = bank_questionnaire("split")
    blocks = [set(block) for block in BANK.forms["split"].blocks]

    asked = set(questions.items) - version_for(questions, headcount, draw).set_aside

    assert asked.issuperset(PULSE)
    assert sorted(block <= asked for block in blocks) == [False, True, True]
    assert sum(bool(block & asked) for block in blocks) == 2


@given(draw=st.integers(0, 10_000), headcount=st.integers(10, 59))
def test_small_cells_are_not_split(draw: int, headcount: int) -> None:
    """In a cell below 60 people everyone is asked the pulse, since each item needs answers."""
    questions = bank_questionnaire("split")

    asked = [
        i for i in questions.items if i not in version_for(questions, headcount, draw).set_aside
    ]

    assert tuple(asked) == bank_questionnaire("pulse").items


def test_split_deals_each_block_equally_often() -> None:
    """Numbers drawn evenly give each block to two thirds of the people."""
    questions = bank_questionnaire("split")
    versions = [version_for(questions, 100, draw) for draw in range(300)]

    for block in BANK.forms["split"].blocks:
        assert sum(block[0] not in version.set_aside for version in versions) == 200


@given(
    form=st.sampled_from(sorted(BANK.forms)),
    wave=st.integers(1, 5),
    headcount=st.integers(10, 200),
    draw=st.integers(0, 1000),
)
def test_versions_share_the_layout_of_the_wave(
    form: str, wave: int, headcount: int, draw: int
) -> None:
    """Whatever someone is asked, a ballot has the same bytes in the same order."""
    questions = questionnaire(BANK, form, wave)

    version = version_for(questions, headcount, draw)

    assert version.items == questions.items
    assert version.set_aside < set(questions.items)
    assert "ex1" not in version.set_aside


@pytest.mark.parametrize(("form", "minutes"), [("pulse", 3), ("full", 8), ("rotating", 2)])
def test_minutes_are_rounded_up(form: str, minutes: int) -> None:
    """The time told to employees is ten seconds a question, rounded up to whole minutes."""
    assert bank_questionnaire(form, 2).minutes == minutes


@pytest.mark.parametrize(("form", "wave_number"), [("short", 1), ("pulse", 0)])
def test_unknown_form_or_wave_is_refused(form: str, wave_number: int) -> None:
    """A form that the bank lacks, or a wave before the first, is an error that says so."""
    with pytest.raises(InstrumentError, match=r"form \"short\"|Wave number 0"):
        questionnaire(BANK, form, wave_number)
