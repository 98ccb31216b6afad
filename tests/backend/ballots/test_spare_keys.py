"""A lost key comes back by the other holder and the arbiter together, and by neither alone."""

import functools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ballots.catalogue import holder_entry
from backend.ballots.errors import KeyFileError
from backend.ballots.holders import HolderKey, HolderRole, make_holder_key
from backend.ballots.keys import from_base64, to_base64
from backend.ballots.spare_keys import (
    SpareKey,
    bring_back,
    decode_spare_key,
    encode_spare_key,
    make_spare_key,
    take_off_arbiter_seal,
)
from tests.backend.ballots.wave_keys import hr, union


@functools.cache
def arbiter() -> HolderKey:
    """Give the arbiter's key."""
    return make_holder_key(HolderRole.ARBITER)


@functools.cache
def spare() -> SpareKey:
    """Give the spare of the union's key."""
    return make_spare_key(union(), holder_entry(hr()), holder_entry(arbiter()))


def test_two_of_three_bring_back_the_third() -> None:
    """HR and arbiter together have the union's key again, through files."""
    half = decode_spare_key(
        encode_spare_key(
            take_off_arbiter_seal(decode_spare_key(encode_spare_key(spare())), arbiter())
        )
    )
    assert bring_back(half, hr()) == union()


def test_neither_can_alone() -> None:
    """Neither HR nor the arbiter opens the spare without the other."""
    with pytest.raises(KeyFileError, match="arbiter has to open"):
        bring_back(spare(), hr())
    with pytest.raises(KeyFileError, match="key of hr does not open"):
        take_off_arbiter_seal(spare(), hr())
    half = take_off_arbiter_seal(spare(), arbiter())
    with pytest.raises(KeyFileError, match="key of arbiter does not open"):
        bring_back(half, arbiter())
    for data in (encode_spare_key(spare()), encode_spare_key(half)):
        assert to_base64(union().secret).encode() not in data
        assert union().secret not in from_base64(decode_spare_key(data).sealed)


@given(place=st.integers(0), flip=st.integers(1, 255))
def test_an_altered_spare_key_is_refused(place: int, flip: int) -> None:
    """Whatever byte of the sealed secret changes, the spare is refused."""
    sealed = bytearray(from_base64(spare().sealed))
    sealed[place % len(sealed)] ^= flip
    altered = msgspec.structs.replace(spare(), sealed=to_base64(bytes(sealed)))
    with pytest.raises(KeyFileError, match="altered or damaged"):
        take_off_arbiter_seal(altered, arbiter())


def test_a_spare_key_cannot_pass_for_another() -> None:
    """The name of the key is bound into both seals."""
    other = holder_entry(make_holder_key(HolderRole.UNION)).key_id
    renamed = msgspec.structs.replace(spare(), key_id=other)
    with pytest.raises(KeyFileError, match="altered or damaged"):
        take_off_arbiter_seal(renamed, arbiter())


def test_three_holders_are_three() -> None:
    """HR cannot be its own arbiter."""
    with pytest.raises(KeyFileError, match="three different holders"):
        make_spare_key(union(), holder_entry(hr()), holder_entry(hr()))


@given(data=st.binary(max_size=100))
def test_a_file_that_is_none_is_refused(data: bytes) -> None:
    """Any bytes are answered with a sentence, never with a crash."""
    with pytest.raises(KeyFileError, match="no spare key"):
        decode_spare_key(data)
