"""Twelve words that bring a ballot paper to another phone, written down or read aloud.

They write 16 random bytes and a checksum as BIP-39 does, in English or Spanish words or, for any
other language, as numbers of four digits. The words are made on the employee's device; no server
ever sees them. `signed_papers.request_paper` derives the paper from the bytes.
"""

import difflib
import functools
import hashlib
import unicodedata
from collections.abc import Mapping
from importlib import resources
from typing import Final

from backend.ballots.errors import RecoveryWordsError
from backend.ballots.signed_papers import SEED_BYTES

WORDS: Final = 12
LANGUAGES: Final = ("en", "es")
_BITS: Final = 11
_CHECK_BITS: Final = 4
_TELLING_LETTERS: Final = 4
_DIGITS: Final = 4
_LIST_LENGTH: Final = 1 << _BITS


def recovery_words(seed: bytes, language: str = "en") -> tuple[str, ...]:
    """Write a seed as twelve words."""
    words = _words(language)
    return tuple(words[number] for number in _numbers(seed))


def recovery_numbers(seed: bytes) -> tuple[str, ...]:
    """Write a seed as twelve numbers from 0001 to 2048, for languages without a word list."""
    return tuple(f"{number + 1:0{_DIGITS}d}" for number in _numbers(seed))


def read_recovery_words(text: str) -> bytes:
    """Give the seed of twelve words or numbers, however they were typed.

    Capitals, accents, commas and everything after the fourth letter of a word may be wrong.
    RecoveryWordsError tells which word is not one, or that a word must be wrong.
    """
    typed = _typed(text)
    if len(typed) != WORDS:
        raise RecoveryWordsError(
            f"There are {len(typed)} words; write all {WORDS}, in their order."
        )
    tables = [_numbers_by_digits(), *(_numbers_by_beginning(code) for code in LANGUAGES)]
    read = [[_find(word, table) for word in typed] for table in tables]
    best = max(read, key=lambda numbers: sum(number is not None for number in numbers))
    seed = _seed([number for number in best if number is not None])
    if None in best:
        place = best.index(None)
        raise RecoveryWordsError(f'Word {place + 1}, "{typed[place]}", is not in the list.'
                                 f"{_suggestion(typed[place])}")  # fmt: skip
    if seed is None:
        raise RecoveryWordsError(
            "These are words of the list, but not twelve that belong together: one is another "
            "word, or two changed places. Compare them with your note."
        )
    return seed


def _numbers(seed: bytes) -> list[int]:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"A seed of {len(seed)} bytes; give {SEED_BYTES}.")
    bits = int.from_bytes(seed) << _CHECK_BITS | _checksum(seed)
    return [bits >> _BITS * place & _LIST_LENGTH - 1 for place in reversed(range(WORDS))]


def _seed(numbers: list[int]) -> bytes | None:
    bits = 0
    for number in numbers:
        bits = bits << _BITS | number
    if len(numbers) != WORDS:
        return None
    seed = (bits >> _CHECK_BITS).to_bytes(SEED_BYTES)
    return seed if bits & (1 << _CHECK_BITS) - 1 == _checksum(seed) else None


def _checksum(seed: bytes) -> int:
    return hashlib.sha256(seed).digest()[0] >> 8 - _CHECK_BITS


def _typed(text: str) -> list[str]:
    separated = "".join(
        character if character.isalnum() or unicodedata.combining(character) else " "
        for character in text
    )
    return [_plain(word) for word in separated.split()]


def _plain(word: str) -> str:
    """Write a word in small letters without accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def _find(word: str, table: Mapping[str, int]) -> int | None:
    # Digits of any script: int() reads them all.
    if word.isdecimal() and len(word) <= _DIGITS:
        return table.get(f"{int(word):0{_DIGITS}d}")
    return table.get(word[:_TELLING_LETTERS])


def _suggestion(word: str) -> str:
    plain = [_plain(known) for language in LANGUAGES for known in _words(language)]
    close = difflib.get_close_matches(word, plain, n=1)
    return f' Is it "{close[0]}"?' if close else ""


@functools.cache
def _words(language: str) -> tuple[str, ...]:
    if language not in LANGUAGES:
        raise RecoveryWordsError(f'No word list for "{language}"; use numbers or {LANGUAGES}.')
    path = resources.files("backend.ballots").joinpath("word_lists", f"{language}.txt")
    return tuple(path.read_text("utf-8").split())


@functools.cache
def _numbers_by_beginning(language: str) -> Mapping[str, int]:
    words = _words(language)
    return {_plain(word)[:_TELLING_LETTERS]: number for number, word in enumerate(words)}


@functools.cache
def _numbers_by_digits() -> Mapping[str, int]:
    return {f"{number + 1:0{_DIGITS}d}": number for number in range(_LIST_LENGTH)}
