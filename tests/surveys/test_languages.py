"""Reading a language, and finding what it lacks."""

from dataclasses import replace

import pytest

from surveys.errors import LanguageError
from surveys.instrument import Wording, load_default_instrument
from surveys.languages import (
    LanguageStatus,
    load_language,
    missing_texts,
    read_language,
    shipped_languages,
)

BANK = load_default_instrument()
TINY = """
[language]
code = "xx"
name = "Xish"
right_to_left = false
status = "beta"

[scales]
yes_no = ["Ye", "Na"]

[stems]
js2 = "Worried?"
us1.expect = "Will it help?"
us1.experience = "Does it help?"

[constructs]
ease = "Ease"

[interface]
next = "On"

[promises]
"""


def test_source_language_comes_first() -> None:
    """Canvass ships English, then the translations."""
    assert shipped_languages() == ("en", "ar", "es")


def test_stems_are_read_by_wording() -> None:
    """A plain stem holds for everybody; a table has one text per wording."""
    language = read_language(TINY, "xx.toml")

    assert language.stem("js2", Wording.ALWAYS) == "Worried?"
    assert language.stem("us1", Wording.EXPERIENCE) == "Does it help?"
    assert language.scales["yes_no"] == ("Ye", "Na")
    assert language.status is LanguageStatus.BETA


def test_a_missing_stem_says_where_to_add_it() -> None:
    """Asking for a text that is not there names the item, the wording and the file."""
    with pytest.raises(LanguageError, match=r'"us1" has no always text.*xx\.toml'):
        read_language(TINY, "xx.toml").stem("us1", Wording.ALWAYS)


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ('status = "beta"', 'status = "nearly"', r"xx\.toml.*nearly"),
        ("[interface]", "[booth]", r"xx\.toml.*booth"),
        ("us1.expect", "us1.hope", r"xx\.toml.*hope"),
        ('code = "xx"', "code = xx", r"xx\.toml.*line 3"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(before: str, after: str, finding: str) -> None:
    """A file of the wrong shape is refused with its name and the place."""
    with pytest.raises(LanguageError, match=finding):
        read_language(TINY.replace(before, after), "xx.toml")


def test_an_unknown_language_is_refused() -> None:
    """Only shipped languages can be loaded, and the message names them; no path gets through."""
    for code in ("fr", "../en", "instrument"):
        with pytest.raises(LanguageError, match="Choose one of"):
            load_language(code)


def test_each_gap_is_found() -> None:
    """A missing or empty stem, option, name or word is listed with its place."""
    full = load_language("es")
    torn = replace(
        full,
        stems={**full.stems, "js1": {Wording.ALWAYS: " "}, "us1": {Wording.EXPECT: "¿…?"}},
        scales={**full.scales, "fair": full.scales["fair"][:4], "yes_no": ("Sí", "Sí")},
        constructs={key: name for key, name in full.constructs.items() if key != "ease"},
        interface={**full.interface, "next": ""},
        promises={key: words for key, words in full.promises.items() if key != "shredding"},
    )

    assert {text.where for text in missing_texts(BANK, torn)} == {
        "[texts]",
        "[stems] js1, always",
        "[stems] us1, experience",
        "[scales] fair",
        "[scales] yes_no",
        "[constructs] ease",
        "[interface] next",
        "[promises] shredding",
    }


def test_changed_words_are_found() -> None:
    """A language whose questions changed under the same version is listed, with the new digest."""
    full = load_language("en")
    changed = replace(full, stems={**full.stems, "js1": {Wording.ALWAYS: "Other?"}})

    (found,) = missing_texts(BANK, changed)

    assert found.where == "[texts]"
    assert changed.content_hash in found.problem


def test_digest_covers_what_is_asked_and_only_that() -> None:
    """Changing a stem or an option changes the digest; changing a button does not."""
    full = load_language("en")
    stem = replace(full, stems={**full.stems, "js1": {Wording.ALWAYS: "Other?"}})
    option = replace(full, scales={**full.scales, "yes_no": ("Yes", "Nope")})
    button = replace(full, interface={**full.interface, "next": "Go on"})

    assert len({full.content_hash, stem.content_hash, option.content_hash}) == 3
    assert button.content_hash == full.content_hash
