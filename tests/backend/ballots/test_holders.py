"""A holder's secret is never stored in clear, and a key file cannot be altered unnoticed."""

import functools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.ballots.errors import KeyFileError
from backend.ballots.holders import (
    Cost,
    HolderKey,
    HolderRole,
    lock,
    make_holder_key,
    unlock,
)
from backend.ballots.keys import to_base64
from tests.backend.ballots.wave_keys import union

PASSPHRASE = "granite otter violin noon"
QUICK = Cost(memory_kib=64, passes=1, lanes=1)


def test_the_passphrase_opens_the_file() -> None:
    """A key locked with the recommended cost comes back whole."""
    assert unlock(lock(union(), PASSPHRASE), PASSPHRASE) == union()


def test_another_passphrase_does_not() -> None:
    """A wrong passphrase is told as such, with what to try."""
    with pytest.raises(KeyFileError, match="passphrase is wrong"):
        unlock(_file(), "granite otter violin moon")


def test_a_passphrase_is_the_same_from_any_keyboard() -> None:
    """Letters composed in another way and spaces around it make no difference."""
    composed, decomposed = "caf\u00e9 au lait noir", "cafe\u0301 au lait noir"
    assert unlock(lock(union(), composed, QUICK), f" {decomposed}\n") == union()


def test_the_secret_is_not_in_the_file() -> None:
    """Neither the secret nor what follows from it can be read in the file or in a log."""
    secret = union().secret
    scalar = union().sealing.private_numbers().private_value.to_bytes(32)
    for hidden in (secret, scalar, union().signing.private_bytes_raw()):
        for text in (hidden, hidden.hex().encode(), to_base64(hidden).encode()):
            assert text not in _file()
    assert repr(secret)[2:-1] not in repr(union())


def test_no_two_files_are_alike() -> None:
    """The same key and passphrase give another file each time: salt and nonce are fresh."""
    assert lock(union(), PASSPHRASE, QUICK) != lock(union(), PASSPHRASE, QUICK)


@settings(max_examples=200)
@given(place=st.integers(0), flip=st.integers(1, 255))
def test_any_altered_byte_is_noticed(place: int, flip: int) -> None:
    """Whatever byte of the file changes, it is refused; also the readable ones."""
    data = bytearray(_file().rstrip())
    data[place % len(data)] ^= flip
    with pytest.raises(KeyFileError):
        unlock(bytes(data), PASSPHRASE)


@given(data=st.binary(max_size=200))
def test_a_file_that_is_none_is_refused(data: bytes) -> None:
    """Any bytes are answered with a sentence, never with a crash."""
    with pytest.raises(KeyFileError, match="no key file"):
        unlock(data, PASSPHRASE)


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 1 << 40, "passes": 1, "lanes": 1},
        {"memory_kib": 64, "passes": 1 << 30, "lanes": 1},
        {"memory_kib": 64, "passes": 1, "lanes": 0},
        {"memory_kib": 7, "passes": 1, "lanes": 1},
        {"memory_kib": -1, "passes": -1, "lanes": -1},
    ],
)
def test_a_file_cannot_ask_for_endless_work(cost: dict[str, int]) -> None:
    """A file that asks for a terabyte or for years is refused at once."""
    sheet = json.loads(_file()) | {"cost": cost}
    with pytest.raises(KeyFileError, match="no key file"):
        unlock(json.dumps(sheet).encode(), PASSPHRASE)


def test_a_short_passphrase_is_refused() -> None:
    """A passphrase that could be tried out is refused, with advice."""
    with pytest.raises(KeyFileError, match="shorter than 12 characters"):
        lock(union(), "  secret 1   ")


def test_every_key_is_its_own() -> None:
    """Two keys share neither secret, nor sealing key, nor signing key."""
    first, second = (make_holder_key(HolderRole.AUDITOR) for _ in range(2))
    assert first.secret != second.secret
    assert first.sealing.private_numbers() != second.sealing.private_numbers()
    assert first.signing.private_bytes_raw() != second.signing.private_bytes_raw()
    assert len(first.secret) == 32


def test_the_same_secret_gives_the_same_keys() -> None:
    """The file holds the secret alone: both keys are derived from it again, for ever."""
    again = HolderKey(union().role, bytes(union().secret))
    assert again.sealing.private_numbers() == union().sealing.private_numbers()
    assert again.signing.private_bytes_raw() == union().signing.private_bytes_raw()


def test_a_holder_can_sign() -> None:
    """What a holder signs can be checked with the public key in the catalogue."""
    signature = union().signing.sign(b"destroyed")
    union().signing.public_key().verify(signature, b"destroyed")


@functools.cache
def _file() -> bytes:
    return lock(union(), PASSPHRASE, QUICK)
