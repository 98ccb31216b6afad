"""A catalogue is one document with one hash; whatever is wrong in it is said, key by key."""

import dataclasses
import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ballots.catalogue import (
    Catalogue,
    HolderEntry,
    PaperEntry,
    decode_catalogue,
    encode_catalogue,
    holder_entry,
    make_catalogue,
)
from backend.ballots.errors import CatalogueError
from backend.ballots.holders import HolderRole, make_holder_key
from backend.ballots.keys import (
    PaperKey,
    SigningGroup,
    from_base64,
    rsa_key_id,
    to_base64,
)
from backend.ballots.signing import make_private_key
from tests.backend.ballots.wave_keys import a_catalogue, facts, hr, key_id, paper_keys, union


def with_paper(**changes: str | int | tuple[str, ...]) -> Catalogue:
    """Give the catalogue with something else in the entry of Parks."""
    catalogue = a_catalogue()
    entry = msgspec.structs.replace(catalogue.papers[0], **changes)
    return msgspec.structs.replace(catalogue, papers=(entry, *catalogue.papers[1:]))


def with_union(**changes: str) -> Catalogue:
    """Give the catalogue with something else in the entry of the union."""
    catalogue = a_catalogue()
    entry = msgspec.structs.replace(catalogue.holders[1], **changes)
    return msgspec.structs.replace(catalogue, holders=(catalogue.holders[0], entry))


def refusal(catalogue: Catalogue) -> str:
    """Give the sentence with which a catalogue is refused."""
    with pytest.raises(CatalogueError) as caught:
        decode_catalogue(encode_catalogue(catalogue))
    return str(caught.value)


def test_a_catalogue_comes_back_from_its_bytes() -> None:
    """Reading is the inverse of writing, and the hash is that of the bytes."""
    data = encode_catalogue(a_catalogue())
    assert decode_catalogue(data) == a_catalogue()
    assert a_catalogue().hash == hashlib.sha256(data).digest()


def test_the_printed_fingerprint_is_the_beginning_of_the_hash() -> None:
    """Thirty-two digits in groups of four can be compared by two people reading aloud."""
    fingerprint = a_catalogue().fingerprint
    assert a_catalogue().hash.hex().startswith(fingerprint.replace(" ", ""))
    assert [len(group) for group in fingerprint.split()] == [4] * 8


def test_an_entry_is_found_by_its_key() -> None:
    """A paper names its key, and the catalogue knows for which group it is."""
    found = a_catalogue().find_paper(key_id(1))
    assert found is not None
    assert found.cells == ("roads",)
    assert a_catalogue().find_paper(bytes(32)) is None


def test_nothing_private_is_in_a_catalogue() -> None:
    """The catalogue is public: no private number of any key is in it."""
    data = encode_catalogue(a_catalogue())
    for secret in (hr().secret, union().secret, *(key.private for key in paper_keys())):
        assert to_base64(secret).encode() not in data
    assert set(PaperEntry.__struct_fields__) == {
        "id", "name", "cells", "invited", "key_id", "n", "e",
    }  # fmt: skip
    assert set(HolderEntry.__struct_fields__) == {"role", "key_id", "x", "y", "signing"}


@given(place=st.integers(0), flip=st.integers(1, 255))
def test_any_altered_byte_changes_the_hash_or_is_refused(place: int, flip: int) -> None:
    """No altered catalogue passes for the one whose hash was printed."""
    data = bytearray(encode_catalogue(a_catalogue()))
    data[place % len(data)] ^= flip
    try:
        read = decode_catalogue(bytes(data))
    except CatalogueError:
        return
    assert read.hash != a_catalogue().hash


@given(data=st.binary(max_size=100))
def test_a_document_that_is_none_is_refused(data: bytes) -> None:
    """Any bytes are answered with a sentence, never with a crash."""
    with pytest.raises(CatalogueError):
        decode_catalogue(data)


def test_only_the_canonical_form_is_accepted() -> None:
    """The same content with a space more has another hash, so it is refused."""
    data = encode_catalogue(a_catalogue())
    for other in (data + b"\n", data.replace(b":", b": ", 1)):
        with pytest.raises(CatalogueError, match="canonical form"):
            decode_catalogue(other)
    with pytest.raises(CatalogueError, match="larger than 4 MB"):
        decode_catalogue(bytes((1 << 22) + 1))


def test_a_key_must_have_the_id_it_claims() -> None:
    """An exchanged key is found out by its id, on both kinds of key."""
    other = make_private_key()
    n = PaperKey(SigningGroup("", "", (), 0), other).public.modulus.to_bytes(256)
    assert "parks: not a 2048-bit RSA key with the id it claims" in refusal(
        with_paper(n=to_base64(n))
    )
    strange = holder_entry(make_holder_key(HolderRole.UNION))
    assert "union: not a P-256 key with the id it claims" in refusal(
        with_union(x=strange.x, y=strange.y)
    )
    assert "union: not a P-256 key" in refusal(with_union(y=a_catalogue().holders[1].x))
    assert "union: not a P-256 key" in refusal(with_union(signing="AA"))
    assert "union: not a P-256 key" in refusal(with_union(x="!"))


def test_a_key_is_spelt_in_one_way() -> None:
    """A number with zeros before it is the same key under another hash, so it is refused."""
    paper, holder = a_catalogue().papers[0], a_catalogue().holders[1]
    assert "parks: not" in refusal(with_paper(n=to_base64(b"\0" + from_base64(paper.n))))
    assert "parks: not" in refusal(with_paper(e=to_base64(b"\0\1\0\1")))
    assert "union: not" in refusal(with_union(x=to_base64(b"\0" + from_base64(holder.x))))


def test_a_weak_key_is_refused() -> None:
    """Keys below 2048 bits are refused even under their right id."""
    weak = PaperKey(SigningGroup("parks", "Parks", ("parks",), 30), make_private_key(1024))
    modulus = weak.public.modulus.to_bytes(128)
    told = refusal(with_paper(n=to_base64(modulus), key_id=to_base64(rsa_key_id(weak.public))))
    assert "parks: not a 2048-bit RSA key" in told


def test_a_key_for_a_few_people_is_refused() -> None:
    """A catalogue that singles out a small group is refused by every client."""
    assert "parks: a key for only 24 people would tell who they are." in refusal(
        with_paper(invited=24)
    )


def test_a_single_key_may_serve_a_small_organisation() -> None:
    """Where all are few, one key for all singles out nobody."""
    group = SigningGroup("all", "All", ("all",), 14)
    keys = [dataclasses.replace(paper_keys()[0], group=group)]
    made = make_catalogue(facts(), keys, [holder_entry(hr())], 128)
    assert decode_catalogue(encode_catalogue(made)).papers[0].invited == 14


def test_nothing_is_there_twice() -> None:
    """Cells, groups and keys appear once, or the box would count something twice."""
    catalogue = a_catalogue()
    twice = msgspec.structs.replace(catalogue, papers=(*catalogue.papers, catalogue.papers[0]))
    told = refusal(twice)
    assert "Cell parks is there 2 times" in told
    assert "Group parks is there 2 times" in told
    assert f"Key {catalogue.papers[0].key_id} is there 2 times" in told


@pytest.mark.parametrize(
    "roles",
    [(), ("union",), ("union", "hr"), ("hr", "hr"), ("hr", "arbiter"), ("hr", "union", "union")],
)
def test_hr_holds_the_outer_key_and_one_other_the_inner(roles: tuple[str, ...]) -> None:
    """Holders are HR, and at most one other, in this order."""
    catalogue = a_catalogue()
    entries = {entry.role.value: entry for entry in catalogue.holders}
    entries["arbiter"] = holder_entry(make_holder_key(HolderRole.ARBITER))
    holders = tuple(entries[role] for role in roles)
    assert "Key holders" in refusal(msgspec.structs.replace(catalogue, holders=holders))


def test_other_rules_are_checked() -> None:
    """A catalogue without papers, or with a padding of its own, is refused."""
    catalogue = a_catalogue()
    assert "No papers' key" in refusal(msgspec.structs.replace(catalogue, papers=()))
    assert "Ballots of 100 bytes" in refusal(msgspec.structs.replace(catalogue, padded_bytes=100))
    with pytest.raises(CatalogueError, match="Ballots of 7 bytes"):
        make_catalogue(facts(), paper_keys(), catalogue.holders, 7)


def test_the_number_of_keys_is_the_assurance() -> None:
    """Two keys are level A; one is level B and is called so."""
    assert a_catalogue().two_keys
    assert not a_catalogue(two_keys=False).two_keys
