"""The words of pages in every language."""

import re
from string import Formatter

import pytest

from backend.ballots.box import CastOutcome
from backend.booth.answering import REFUSALS, UNKNOWN, UNOPENED, UNREADABLE
from backend.web.words import load_words, own_texts, preferred
from surveys.languages import shipped_languages

CODES = shipped_languages()


def braces(text: str) -> set[str]:
    """Give the names in braces of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_every_text(code: str) -> None:
    """All language files hold the same keys, and the same names in braces."""
    source, texts = own_texts("en"), own_texts(code)
    assert texts.keys() == source.keys()
    assert {key: braces(text) for key, text in texts.items()} == {
        key: braces(text) for key, text in source.items()
    }


@pytest.mark.parametrize("code", CODES)
def test_no_text_stands_twice(code: str) -> None:
    """A text belongs to the instrument's words or to the pages' words, never to both."""
    assert not own_texts(code).keys() & load_words()[code].language.interface.keys()


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_has_words(code: str) -> None:
    """Whatever happens to a card, there is a title and a text for it."""
    words = load_words()[code]
    keys = [each.key for each in (*REFUSALS.values(), UNKNOWN, UNOPENED, UNREADABLE)]
    for key in (*keys, "missing", "error", "busy"):
        assert words(f"{key}_title")
        assert words(f"{key}_text")
    assert REFUSALS.keys() == set(CastOutcome) - {CastOutcome.ACCEPTED}


def test_foreign_names_are_isolated() -> None:
    """In a right-to-left text a filled-in name cannot reorder the words around it."""
    text = load_words()["ar"]("open_until", day="5 May")
    assert re.search("\u2068.*5 May.*\u2069", text)
    assert "\u2068" not in load_words()["en"]("open_until", day="5 May")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", None),
        ("de", None),
        ("es", "es"),
        ("ar-EG,ar;q=0.9,en;q=0.5", "ar"),
        ("de,en;q=0.2,es;q=0.7", "es"),
        ("en;q=nonsense,es;q=0.1", "es"),
        (";;;,,,q=", None),
        ("x" * 10_000, None),
    ],
)
def test_browser_preference_is_followed(header: str, language: str | None) -> None:
    """The language that the browser likes best is taken, if there is one we have."""
    assert preferred(header, CODES) == language
