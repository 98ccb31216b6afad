"""The shipped item bank keeps the rules by which it was written."""

import re
import string

import pytest

from surveys.instrument import Kind, Wording, load_default_instrument
from surveys.languages import Language, load_language, missing_texts, shipped_languages

BANK = load_default_instrument()
ENGLISH = load_language("en")
STEMS = [
    pytest.param(text, id=f"{item}-{wording}")
    for item, wordings in ENGLISH.stems.items()
    for wording, text in wordings.items()
]
NEGATIONS = re.compile(
    r"\b(not|never|no|none|nobody|nothing|cannot|without)\b|n't\b", re.IGNORECASE
)


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59 (1975)."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?:;](?:\s|$)", text)))
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    # A final silent "e", "es" or "ed" is no syllable, but those of "table" and "wanted" are.
    stem = re.sub(r"(?<![^aeiouy]l)(es?|(?<![td])ed)$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", stem)))


def test_bank_is_the_version_the_docs_describe() -> None:
    """The bank is buyin44 0.1.0: 44 items in 11 constructs of 4, and it says it is unvalidated."""
    rated = [item for item in BANK.items.values() if item.construct]

    assert (BANK.name, BANK.status, BANK.licence) == ("buyin44 0.1.0", "unvalidated", "CC0-1.0")
    assert len(rated) == 44
    assert {len(construct.items) for construct in BANK.constructs.values()} == {4}


def test_pulse_asks_each_construct_once() -> None:
    """The pulse holds the core item of every construct, and no other rated construct item."""
    asked = [id_ for id_ in BANK.forms["pulse"].items if BANK.item(id_).construct]

    assert sorted(asked) == sorted(each.core_item for each in BANK.constructs.values())


def test_full_form_and_split_blocks_ask_every_rated_item() -> None:
    """Both long forms cover all 44 items of the bank exactly once."""
    rated = sorted(id_ for id_, item in BANK.items.items() if item.construct)

    for form in ("full", "split"):
        assert sorted(i for i in BANK.forms[form].items if BANK.item(i).construct) == rated


def test_scales_rate_in_five_steps_with_one_in_the_middle() -> None:
    """Every rating scale has two favourable, one neutral and two unfavourable options."""
    for item in BANK.items.values():
        if item.kind is Kind.RATING:
            scale = BANK.scale_of(item.id)
            sides = (scale.favourable, scale.neutral, scale.unfavourable)
            assert sides == ((3, 4), (2,), (0, 1))


@pytest.mark.parametrize("stem", STEMS)
def test_stems_are_short_plain_questions(stem: str) -> None:
    """An English stem has at most 20 words, no negation, and reads at grade 8 or below."""
    assert len(stem.split()) <= 20
    assert not NEGATIONS.search(stem)
    assert reading_grade(stem) <= 8
    assert stem.endswith("?")


@pytest.mark.parametrize(
    ("sentence", "grade"),
    [
        # Worked by hand: 6 words, 6 syllables, 1 sentence; 13 words, 24 syllables, 1 sentence.
        ("The cat sat on the mat.", 0.39 * 6 + 11.8 * 6 / 6 - 15.59),
        (
            "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.",
            0.39 * 13 + 11.8 * 24 / 13 - 15.59,
        ),
    ],
)
def test_reading_grade_follows_the_formula(sentence: str, grade: float) -> None:
    """Our measure of reading grade agrees with the published formula on sentences done by hand."""
    assert reading_grade(sentence) == pytest.approx(grade, abs=0.01)


@pytest.mark.parametrize("key", sorted(ENGLISH.interface))
def test_booth_words_can_be_read_by_everybody(key: str) -> None:
    """The English words of the booth read at grade 8 or below, with names filled in."""
    filled = re.sub(r"\{\w+\}", "ten", ENGLISH.interface[key])

    assert reading_grade(filled) <= 8 or len(filled.split()) < 6


@pytest.mark.parametrize("code", shipped_languages())
def test_every_language_has_every_text(code: str) -> None:
    """No shipped language lacks a stem, an option, a construct name or a word of the booth."""
    assert missing_texts(BANK, load_language(code)) == []


@pytest.mark.parametrize("code", shipped_languages())
def test_no_language_has_texts_for_nothing(code: str) -> None:
    """Every text belongs to an item and wording, a scale, a construct or a word that exists."""
    language = load_language(code)

    assert {(i, w) for i, stems in language.stems.items() for w in stems} == {
        (item.id, wording) for item in BANK.items.values() for wording in item.wordings
    }
    assert set(language.scales) == set(BANK.scales)
    assert set(language.constructs) == set(BANK.constructs)
    assert set(language.interface) == set(ENGLISH.interface)


@pytest.mark.parametrize("code", shipped_languages())
def test_translations_keep_the_placeholders(code: str) -> None:
    """A translated sentence is filled with the same values as the English one."""
    language = load_language(code)
    for key, text in ENGLISH.interface.items():
        assert _placeholders(language.interface[key]) == _placeholders(text), key
    for key, text in ENGLISH.promises.items():
        assert _placeholders(language.promises[key]) == _placeholders(text), key


@pytest.mark.parametrize("code", shipped_languages())
def test_instrument_pins_the_words_of_each_language(code: str) -> None:
    """The hash of the instrument covers the words: each language has the digest it was pinned to.

    After a deliberate change, raise the version and put the new digest into instrument.toml.
    """
    assert BANK.texts[code] == load_language(code).content_hash


def test_only_english_is_finished() -> None:
    """Translations are marked beta until they have been pretested; Arabic runs right to left."""
    languages = {code: load_language(code) for code in shipped_languages()}

    assert {code: str(each.status) for code, each in languages.items()} == {
        "en": "source",
        "es": "beta",
        "ar": "beta",
    }
    assert [code for code, each in languages.items() if each.right_to_left] == ["ar"]


@pytest.mark.parametrize(
    ("code", "question"), [("es", r"^.*¿.+\?$"), ("ar", r"^[\u0600-\u06ff\s]+؟$")]
)
def test_translated_stems_are_questions_in_their_script(code: str, question: str) -> None:
    """Spanish and Arabic stems carry their own question marks, and Arabic no Latin letters."""
    for stem in _stems(load_language(code)):
        assert re.fullmatch(question, stem.replace("،", "")), stem


@pytest.mark.parametrize("code", ["es", "ar"])
def test_expectation_and_experience_differ_in_translation(code: str) -> None:
    """An item asked in two wordings has two different texts in every language."""
    language = load_language(code)
    for item in BANK.items.values():
        if len(item.wordings) > 1:
            texts = language.stems[item.id]
            assert texts[Wording.EXPECT] != texts[Wording.EXPERIENCE]


def _stems(language: Language) -> list[str]:
    return [text for wordings in language.stems.values() for text in wordings.values()]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
