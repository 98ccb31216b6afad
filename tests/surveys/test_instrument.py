"""Reading an instrument, and what its hash stands for."""

import re

import msgspec
import pytest

from surveys.errors import InstrumentError
from surveys.instrument import (
    Condition,
    Instrument,
    Kind,
    Wording,
    load_default_instrument,
    load_instrument,
)
from tests.surveys.builders import SMALL_INSTRUMENT


def test_small_instrument_is_read_whole() -> None:
    """Every part of an instrument file arrives in the instrument."""
    tiny = load_instrument(SMALL_INSTRUMENT)

    assert tiny.name == "tiny 1"
    assert tiny.exposure == {0: Wording.EXPECT, 1: Wording.EXPERIENCE}
    assert tiny.item("a1").wordings == (Wording.EXPECT, Wording.EXPERIENCE)
    assert tiny.item("a3").ask_if == Condition("a1", (0,))
    assert tiny.item("ex").kind is Kind.CHOICE
    assert tiny.constructs["ease"].items == ("a1", "a2")
    assert tiny.constructs["ease"].core_item == "a1"
    assert tiny.forms["all"].items == ("ex", "a1", "a2", "a3")
    assert tiny.scale_of("a2").favourable == (2,)


def test_hash_is_the_same_for_the_same_content() -> None:
    """Reading the bank twice, or moving tables within the file, gives the same hash."""
    moved = re.sub(
        r"(?s)(\[scales\.used\].*?)(\[scales\.amount\].*?\n\n)", r"\2\1", SMALL_INSTRUMENT
    )

    assert moved != SMALL_INSTRUMENT
    assert load_instrument(moved).content_hash == load_instrument(SMALL_INSTRUMENT).content_hash
    assert load_default_instrument().content_hash == load_default_instrument().content_hash


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('version = "1"', 'version = "2"'),
        ('facet = "learn"', 'facet = "help"'),
        ('items = ["a1", "a2", "a3"]', 'items = ["a1", "a3", "a2"]'),
        ("categories = [0]", "categories = [1]"),
        ("[scales.used]", '[texts]\nen = "digest"\n\n[scales.used]'),
    ],
)
def test_hash_changes_with_the_content(before: str, after: str) -> None:
    """Any change to what is asked, of whom or in which order gives another hash."""
    changed = SMALL_INSTRUMENT.replace(before, after)

    assert changed != SMALL_INSTRUMENT
    assert load_instrument(changed).content_hash != load_instrument(SMALL_INSTRUMENT).content_hash


def test_hash_survives_storing() -> None:
    """An instrument that was kept as JSON and read again is the same, and has the same hash."""
    bank = load_default_instrument()

    stored = msgspec.json.decode(msgspec.json.encode(bank), type=Instrument)

    assert stored == bank
    assert stored.content_hash == bank.content_hash


def test_every_wrong_entry_is_named_at_once() -> None:
    """Reading stops with one error that lists every entry of the wrong shape, by name."""
    wrong = (
        SMALL_INSTRUMENT.replace("size = 3", 'size = "three"')
        .replace('facet = "learn"', "colour = 1")
        .replace("expect = [0]", "expect = 0")
        + "\n[weights]\na1 = 2\n"
    )

    with pytest.raises(InstrumentError) as caught:
        load_instrument(wrong)

    problems = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 4
    for where in ("[scales.amount]", "[items.a2]", "[exposure]", "[weights]"):
        assert where in problems


def test_broken_toml_says_in_which_line() -> None:
    """A file that is no TOML gives the line to mend."""
    with pytest.raises(InstrumentError, match=r"line 2"):
        load_instrument("[instrument]\nid = tiny\n")


def test_absent_parts_are_named() -> None:
    """An empty file says which tables it needs."""
    with pytest.raises(InstrumentError) as caught:
        load_instrument("")

    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "Instrument file, [instrument]",
        "Instrument file, [exposure]",
    ]


def test_asking_for_what_is_not_there_says_so() -> None:
    """An unknown item, or the scale of a text item, is an error with the item's name."""
    bank = load_default_instrument()

    with pytest.raises(InstrumentError, match='"zz9"'):
        bank.item("zz9")
    with pytest.raises(InstrumentError, match='"ot1"'):
        bank.scale_of("ot1")
