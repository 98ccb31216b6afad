"""Only both key holders together can read a ballot; whatever else comes is spoilt, no crash."""

import dataclasses
import functools
import hashlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.ballots.errors import SealingError
from backend.ballots.holders import HolderRole, make_holder_key
from backend.ballots.sealing import (
    SUITE,
    Contents,
    HalfOpenBallot,
    OpenBallot,
    Opened,
    SealedBallot,
    Spoilt,
    decode_contents,
    encode_contents,
    open_inner,
    open_outer,
    outer_info,
    padded_bytes,
    read_contents,
    sealed_bytes,
    shuffle,
    together,
    without_copies,
)
from tests.backend.ballots.wave_keys import (
    PADDED,
    a_ballot,
    a_catalogue,
    hr,
    key_id,
    union,
)

ANSWERS = bytes(range(20))
contents = st.builds(
    Contents,
    st.binary(max_size=92),
    st.sampled_from([b"", b"\0" * 32, b"\xff" * 32]),
)


def opened(ballots: list[SealedBallot]) -> Opened[OpenBallot]:
    """Open ballots with both keys."""
    half = open_outer(hr(), a_catalogue(), ballots)
    outside: Opened[OpenBallot] = Opened((), half.spoilt)
    return together([outside, open_inner(union(), a_catalogue(), half.ballots)])


@settings(max_examples=50)
@given(said=contents)
def test_what_was_sealed_comes_out(said: Contents) -> None:
    """Both keys, one after the other, give back exactly what the employee said."""
    result = opened([a_ballot(said)])
    assert result == Opened((OpenBallot(key_id(), said),), {})


@given(said=contents)
def test_contents_come_back_from_their_bytes(said: Contents) -> None:
    """Reading is the inverse of writing."""
    assert decode_contents(encode_contents(said, PADDED), PADDED) == said


@given(block=st.binary(max_size=200))
@example(block=b"\x01\x00\x00")
def test_nonsense_is_never_read_as_something(block: bytes) -> None:
    """Bytes are contents only if they are written in the one right way."""
    said = decode_contents(block, len(block)) if block else decode_contents(block, PADDED)
    assert said is None or encode_contents(said, len(block)) == block


@given(said=contents)
def test_every_sealed_ballot_has_the_same_size(said: Contents) -> None:
    """The size of a ballot says nothing about its answers."""
    assert len(a_ballot(said).sealed) == sealed_bytes(a_catalogue()) == PADDED + 2 * 81


@settings(max_examples=100)
@given(place=st.integers(0, PADDED + 2 * 81 - 1), flip=st.integers(1, 255))
def test_any_altered_byte_spoils_the_ballot(place: int, flip: int) -> None:
    """Whatever byte of a sealed ballot changes, it is spoilt and nothing else happens."""
    ballot = _one_ballot()
    sealed = bytearray(ballot.sealed)
    sealed[place] ^= flip
    result = opened([dataclasses.replace(ballot, sealed=bytes(sealed)), ballot])
    assert len(result.ballots) == 1
    assert result.spoilt == {Spoilt.OUTER_SEAL: 1}


@settings(max_examples=50)
@given(place=st.integers(0, PADDED + 81 - 1), flip=st.integers(1, 255))
def test_whoever_opens_the_outer_seal_cannot_alter_the_inner(place: int, flip: int) -> None:
    """HR, having opened its seal, can spoil a ballot but not change it."""
    half = open_outer(hr(), a_catalogue(), [_one_ballot()]).ballots[0]
    block = bytearray(half.block)
    block[place] ^= flip
    result = open_inner(union(), a_catalogue(), [HalfOpenBallot(half.key_id, bytes(block))])
    assert result == Opened((), {Spoilt.INNER_SEAL: 1})


@given(sealed=st.binary(max_size=400))
def test_bytes_that_are_no_ballot_are_spoilt(sealed: bytes) -> None:
    """What anybody sends to the box, the count goes on."""
    result = opened([SealedBallot(key_id(), bytes(32), sealed)])
    assert (result.ballots, sum(result.spoilt.values())) == ((), 1)


@given(block=st.binary(max_size=400))
def test_bytes_under_a_good_outer_seal_are_spoilt(block: bytes) -> None:
    """A client that seals nonsense harms its own ballot only."""
    result = open_inner(union(), a_catalogue(), [HalfOpenBallot(key_id(), block)])
    assert result == Opened((), {Spoilt.INNER_SEAL: 1})


def test_the_size_is_checked_before_the_key_is_used() -> None:
    """Oversized ciphertext costs no decryption."""
    ballot = _one_ballot()
    result = opened([dataclasses.replace(ballot, sealed=ballot.sealed + b"\0")])
    assert result.spoilt == {Spoilt.WRONG_SIZE: 1}


def test_one_key_alone_opens_nothing() -> None:
    """Neither HR without the union nor the union without HR reads an answer."""
    ballot = _one_ballot()
    assert open_outer(union(), a_catalogue(), [ballot]).spoilt == {Spoilt.OUTER_SEAL: 1}
    half = open_outer(hr(), a_catalogue(), [ballot])
    assert open_inner(hr(), a_catalogue(), half.ballots).spoilt == {Spoilt.INNER_SEAL: 1}
    assert read_contents(a_catalogue(), half.ballots).spoilt == {Spoilt.NONSENSE: 1}
    assert ANSWERS not in half.ballots[0].block


def test_a_ballot_cannot_be_put_on_another_paper() -> None:
    """The outer seal names the paper: moved to another paper or cell, the ballot is spoilt."""
    ballot = _one_ballot()
    moved = [
        dataclasses.replace(ballot, nullifier=b"\x01" * 32),
        dataclasses.replace(ballot, key_id=key_id(1)),
    ]
    assert opened(moved) == Opened((), {Spoilt.OUTER_SEAL: 2})


def test_a_ballot_cannot_be_moved_to_another_cell_after_the_outer_seal() -> None:
    """The inner seal names the group, so HR cannot count an answer elsewhere."""
    half = open_outer(hr(), a_catalogue(), [_one_ballot()]).ballots[0]
    moved = HalfOpenBallot(key_id(1), half.block)
    assert open_inner(union(), a_catalogue(), [moved]).spoilt == {Spoilt.INNER_SEAL: 1}


def test_a_ballot_belongs_to_one_catalogue() -> None:
    """Sealed under a catalogue that one person was shown alone, a ballot does not open."""
    ballot = a_ballot(Contents(ANSWERS), a_catalogue("gps-2"))
    assert opened([ballot]).spoilt == {Spoilt.OUTER_SEAL: 1}


def test_a_wave_of_one_key_has_one_seal() -> None:
    """Without a second key holder HR's key alone opens ballots, as the notice then says."""
    alone = a_catalogue(two_keys=False)
    ballot = a_ballot(Contents(ANSWERS), alone)
    half = open_outer(hr(), alone, [ballot])
    assert read_contents(alone, half.ballots).ballots[0].contents == Contents(ANSWERS)
    assert len(ballot.sealed) == PADDED + 81


def test_nonsense_inside_good_seals_is_spoilt() -> None:
    """A ballot that opens but cannot be read is reported as nonsense."""
    alone = a_catalogue(two_keys=False)
    info = outer_info(alone.hash, key_id(), bytes(32))
    sealed = SUITE.encrypt(b"\x07" * PADDED, alone.holders[0].public, info=info)
    half = open_outer(hr(), alone, [SealedBallot(key_id(), bytes(32), sealed)])
    assert read_contents(alone, half.ballots) == Opened((), {Spoilt.NONSENSE: 1})


def test_copies_of_a_ballot_count_once() -> None:
    """Whoever multiplies one person's sealed answers to read them from the result fails."""
    half = open_outer(hr(), a_catalogue(), [a_ballot(Contents(ANSWERS)) for _ in range(3)])
    result = without_copies([*half.ballots, half.ballots[0], half.ballots[0]])
    assert set(result.ballots) == set(half.ballots)
    assert result.spoilt == {Spoilt.COPY: 2}


def test_equal_answers_give_different_ballots() -> None:
    """Sealing is randomised: nobody can guess answers and compare."""
    assert len({a_ballot(Contents(ANSWERS)).sealed for _ in range(5)}) == 5


def test_the_second_holder_sees_no_paper() -> None:
    """What goes to the union's step names the group and the catalogue, never the paper."""
    names = {field.name for field in dataclasses.fields(HalfOpenBallot)}
    assert names == {"key_id", "block"}


def test_the_order_of_the_box_is_lost() -> None:
    """Sixty ballots come out in another order than they went in (chance of the same: 1 in 60!)."""
    ballots = [
        a_ballot(Contents(bytes((number,))), nullifier=hashlib.sha256(bytes((number,))).digest())
        for number in range(60)
    ]
    half = open_outer(hr(), a_catalogue(), ballots)
    result = open_inner(union(), a_catalogue(), half.ballots)
    order = [ballot.contents.answers[0] for ballot in result.ballots]
    assert sorted(order) == list(range(60))
    assert order != list(range(60))


def test_every_order_is_as_likely() -> None:
    """The shuffle favours no order (chi-square of 6 orders, 5 degrees, p = 10^-6 is 35.9)."""
    counts: dict[tuple[str, ...], int] = {}
    for _ in range(3000):
        letters = list("abc")
        shuffle(letters)
        counts[tuple(letters)] = counts.get(tuple(letters), 0) + 1
    assert len(counts) == 6
    assert sum((count - 500) ** 2 / 500 for count in counts.values()) < 35.9


def test_shards_can_be_put_together() -> None:
    """Ballots and numbers of spoilt ones add up over shards."""
    good = HalfOpenBallot(key_id(), b"x")
    parts = [Opened((good,), {Spoilt.COPY: 1}), Opened((good,), {Spoilt.COPY: 2})]
    assert together(parts) == Opened((good, good), {Spoilt.COPY: 3})


@pytest.mark.parametrize(("items", "size"), [(0, 128), (44, 128), (92, 128), (93, 256)])
def test_the_padding_fits_the_questionnaire(items: int, size: int) -> None:
    """Every ballot of a questionnaire fits, with or without the link to earlier waves."""
    assert padded_bytes(items) == size
    assert len(encode_contents(Contents(bytes(items), bytes(32)), size)) == size


def test_what_does_not_fit_is_said_before_the_wave_opens() -> None:
    """Too many items or a wrong link are refused when sealing."""
    with pytest.raises(SealingError, match="5000 items do not fit"):
        padded_bytes(5000)
    with pytest.raises(SealingError, match="do not fit into 128"):
        encode_contents(Contents(bytes(200)), 128)
    with pytest.raises(SealingError, match="panel link of 5 bytes"):
        encode_contents(Contents(b"", b"12345"), 128)


def test_another_holder_of_the_same_role_opens_nothing() -> None:
    """A key made anew does not open ballots sealed to the lost one."""
    other = make_holder_key(HolderRole.HR)
    assert open_outer(other, a_catalogue(), [_one_ballot()]).spoilt == {Spoilt.OUTER_SEAL: 1}


@functools.cache
def _one_ballot() -> SealedBallot:
    return a_ballot(Contents(ANSWERS))
