"""Twelve words bring back the same paper, and a mistake in them is told, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ballots.errors import RecoveryWordsError
from backend.ballots.recovery_words import (
    LANGUAGES,
    read_recovery_words,
    recovery_numbers,
    recovery_words,
)

seeds = st.binary(min_size=16, max_size=16)


@given(seed=seeds, language=st.sampled_from(LANGUAGES))
def test_words_bring_back_their_seed(seed: bytes, language: str) -> None:
    """Reading is the inverse of writing, in each language."""
    assert read_recovery_words(" ".join(recovery_words(seed, language))) == seed


@given(seed=seeds)
def test_numbers_bring_back_their_seed(seed: bytes) -> None:
    """Numbers do the same for every language, in Arabic digits too."""
    numbers = " ".join(recovery_numbers(seed))
    arabic = numbers.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert read_recovery_words(numbers) == read_recovery_words(arabic) == seed


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        ("00" * 16, "abandon " * 11 + "about"),
        (
            "7f" * 16,
            "legal winner thank year wave sausage worth useful legal winner thank yellow",
        ),
        (
            "80" * 16,
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
        ),
        ("ff" * 16, "zoo " * 11 + "wrong"),
    ],
)
def test_words_are_those_of_bip_39(seed: str, words: str) -> None:
    """The published vectors of BIP-39 for 128 bits come out."""
    assert recovery_words(bytes.fromhex(seed)) == tuple(words.split())


def test_words_may_be_typed_carelessly() -> None:
    """Capitals, accents, commas, lines, and all after the fourth letter make no difference."""
    seed = bytes(range(16))
    words = recovery_words(seed, "es")
    careless = ",\n".join(word.upper()[:4] for word in words)
    plain = " - ".join(words).translate(str.maketrans("áéíóúüñ", "aeiouun"))
    assert read_recovery_words(careless) == read_recovery_words(plain) == seed


@given(seed=seeds)
def test_a_swap_of_two_words_is_noticed_mostly(seed: bytes) -> None:
    """Words in another order give no seed, or (one time in sixteen) another one, never the same."""
    words = list(recovery_words(seed))
    words[0], words[5] = words[5], words[0]
    try:
        read = read_recovery_words(" ".join(words))
    except RecoveryWordsError as error:
        assert "belong together" in str(error)  # noqa: PT017  both ends are allowed
    else:
        assert (read == seed) is (words[0] == words[5])


def test_a_misspelt_word_is_named() -> None:
    """The message says which word is not in the list, and which it may be."""
    words = ["abandon"] * 11 + ["about"]
    words[2] = "abendon"
    with pytest.raises(RecoveryWordsError, match=r'Word 3, "abendon".* Is it "abandon"'):
        read_recovery_words(" ".join(words))
    words[2] = "9" * 5000
    with pytest.raises(RecoveryWordsError, match=r'Word 3, "9+", is not in the list'):
        read_recovery_words(" ".join(words))


@given(text=st.text(max_size=100) | st.text("0123456789", min_size=5000, max_size=5001))
def test_anything_typed_is_answered(text: str) -> None:
    """Any text is answered with a sentence, never with a crash."""
    with pytest.raises(RecoveryWordsError):
        read_recovery_words(text)


def test_the_number_of_words_is_checked() -> None:
    """Too few or too many words are counted for the reader."""
    with pytest.raises(RecoveryWordsError, match="There are 3 words; write all 12"):
        read_recovery_words("abandon abandon about")


def test_other_languages_use_numbers() -> None:
    """A language without a list is told so."""
    with pytest.raises(RecoveryWordsError, match='No word list for "ar"; use numbers'):
        recovery_words(bytes(16), "ar")


def test_a_seed_has_sixteen_bytes() -> None:
    """A seed of another length is a mistake of the caller."""
    with pytest.raises(ValueError, match="seed of 3 bytes"):
        recovery_words(b"abc")
