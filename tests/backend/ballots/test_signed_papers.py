"""A paper is good for one group of one wave, once, and says nothing about who fetched it."""

import dataclasses
import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.ballots.backends import open_private_key
from backend.ballots.signed_papers import (
    PaperFault,
    PaperRequest,
    SignedPaper,
    check_paper,
    receipt,
    request_paper,
)
from backend.ballots.signing import sign_blinded
from tests.backend.ballots.wave_keys import a_catalogue, key_id, paper_keys

SEED = bytes(range(16))


def fetched(request: PaperRequest, position: int = 0) -> SignedPaper:
    """Let the counter sign a request with the key of a group."""
    private = open_private_key(paper_keys()[position].private)
    return request.finish(sign_blinded(private, request.blinded))


def test_a_fetched_paper_is_accepted_for_its_group() -> None:
    """Anyone with the catalogue can tell that a paper is good, and for which group."""
    for position, entry in enumerate(a_catalogue().papers):
        paper = fetched(request_paper(entry), position)
        assert check_paper(a_catalogue(), paper) is entry
        assert paper.key_id == key_id(position)


@settings(max_examples=60)
@given(place=st.integers(0, 319), flip=st.integers(1, 255))
def test_an_altered_paper_is_refused(place: int, flip: int) -> None:
    """Whatever byte of message or signature changes, the paper is refused."""
    paper = _one_paper()
    whole = bytearray(paper.message + paper.signature)
    whole[place] ^= flip
    altered = SignedPaper(bytes(whole[:64]), bytes(whole[64:]))
    assert isinstance(check_paper(a_catalogue(), altered), PaperFault)


@given(message=st.binary(max_size=100), signature=st.binary(max_size=300))
def test_a_made_up_paper_is_refused(message: bytes, signature: bytes) -> None:
    """Bytes that nobody signed are no paper, and no crash."""
    assert isinstance(check_paper(a_catalogue(), SignedPaper(message, signature)), PaperFault)


def test_a_paper_cannot_move_to_another_cell() -> None:
    """The message names its key: signed by Parks, it is nothing for Roads."""
    paper = _one_paper()
    moved = dataclasses.replace(paper, message=paper.message[:32] + key_id(1))
    assert check_paper(a_catalogue(), moved) is PaperFault.FORGED


def test_a_paper_of_a_key_that_is_not_in_the_catalogue_is_refused() -> None:
    """A paper of another wave is recognised as such."""
    other = dataclasses.replace(_one_paper(), message=bytes(64))
    assert check_paper(a_catalogue(), other) is PaperFault.UNKNOWN_KEY


def test_a_seed_gives_the_same_paper_on_any_device() -> None:
    """Another phone with the same seed asks for the same paper, and gets the same reply."""
    entry = a_catalogue().papers[0]
    first, second = request_paper(entry, SEED), request_paper(entry, SEED)
    assert first == second
    reply = sign_blinded(open_private_key(paper_keys()[0].private), first.blinded)
    assert first.finish(reply) == second.finish(reply)


def test_a_seed_gives_another_paper_for_another_key() -> None:
    """The same seed in another cell or wave shares nothing that could be compared."""
    parks, roads = (request_paper(entry, SEED) for entry in a_catalogue().papers)
    assert parks.message[:32] != roads.message[:32]
    assert parks.blinded != roads.blinded


def test_two_papers_never_cancel_each_other() -> None:
    """Each paper has its own nullifier and receipt."""
    entry = a_catalogue().papers[0]
    papers = [fetched(request_paper(entry)) for _ in range(3)]
    assert len({paper.nullifier for paper in papers}) == 3
    assert len({receipt(paper.nullifier) for paper in papers}) == 3


def test_a_receipt_can_be_read_aloud() -> None:
    """Sixteen characters in groups of four, none of which is easily misread."""
    text = receipt(bytes(range(32)))
    assert text == "000G-40R4-0M30-E209"
    assert not set("ILOU") & set(receipt(b"\xff" * 32) + text)


def test_secrets_are_not_shown() -> None:
    """What unblinds a paper does not get into a log by accident."""
    request = request_paper(a_catalogue().papers[0])
    assert str(request.inverse) not in repr(request)
    assert repr(request.message) not in repr(request)


def test_a_seed_has_sixteen_bytes() -> None:
    """A seed of another length is a mistake of the caller."""
    with pytest.raises(ValueError, match="seed of 3 bytes; give 16"):
        request_paper(a_catalogue().papers[0], b"abc")


@functools.cache
def _one_paper() -> SignedPaper:
    return fetched(request_paper(a_catalogue().papers[0]))
