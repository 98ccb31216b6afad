"""Sealed ballots: closed twice in the employee's browser, opened by two key holders at the count.

Each layer is HPKE (RFC 9180) in base mode with DHKEM(P-256), HKDF-SHA256 and AES-128-GCM. The inner
seal is the second key holder's, the outer one HR's. The outer names the paper, so that nobody can
put a ballot on another paper; the inner does not, so that the second holder never sees which paper
an answer came on. Both name the catalogue.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from backend.ballots.catalogue import PADDINGS, Catalogue
from backend.ballots.errors import SealingError
from backend.ballots.holders import HolderKey

SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
LAYER_BYTES: Final = 65 + 16
PANEL_BYTES: Final = 32
_VERSION: Final = 1
_FRAME_BYTES: Final = 1 + 2 + 1

Ballot = TypeVar("Ballot")


class Spoilt(StrEnum):
    """Why a ballot could not be counted."""

    WRONG_SIZE = "of the wrong size"
    OUTER_SEAL = "outer seal cannot be opened"
    INNER_SEAL = "inner seal cannot be opened"
    COPY = "a copy of another ballot"
    NONSENSE = "opened, but makes no sense"


@dataclass(frozen=True, slots=True)
class Contents:
    """What an employee says: one byte an item, and the link to earlier waves if they want one."""

    answers: bytes
    panel: bytes = b""


@dataclass(frozen=True, slots=True)
class SealedBallot:
    """A ballot as it lies in the box."""

    key_id: bytes
    nullifier: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class HalfOpenBallot:
    """A ballot without its outer seal: it names its group, but no paper."""

    key_id: bytes
    block: bytes


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """A ballot that can be counted."""

    key_id: bytes
    contents: Contents


@dataclass(frozen=True, slots=True)
class Opened(Generic[Ballot]):
    """What came out of a step of the count; parts from several shards can be put together."""

    ballots: tuple[Ballot, ...]
    spoilt: Mapping[Spoilt, int]


def padded_bytes(items: int) -> int:
    """Give the size that every ballot of so many items is padded to."""
    needed = _FRAME_BYTES + items + PANEL_BYTES
    fitting = [size for size in PADDINGS if size >= needed]
    if not fitting:
        raise SealingError(f"{items} items do not fit into {PADDINGS[-1]} bytes. Ask less.")
    return fitting[0]


def sealed_bytes(catalogue: Catalogue) -> int:
    """Give the size of every sealed ballot of a wave."""
    return catalogue.padded_bytes + LAYER_BYTES * len(catalogue.holders)


def seal(catalogue: Catalogue, contents: Contents, key_id: bytes, nullifier: bytes) -> bytes:
    """Pad the contents and close them: to the second holder, if there is one, then to HR."""
    block = encode_contents(contents, catalogue.padded_bytes)
    outer, *inner = [entry.public for entry in catalogue.holders]
    for key in inner:
        block = SUITE.encrypt(block, key, info=inner_info(catalogue.hash, key_id))
    return SUITE.encrypt(block, outer, info=outer_info(catalogue.hash, key_id, nullifier))


def open_outer(
    key: HolderKey, catalogue: Catalogue, ballots: Iterable[SealedBallot]
) -> Opened[HalfOpenBallot]:
    """Take off HR's seal; the result is shuffled, so it does not tell which paper was which."""
    private, fingerprint, size = key.sealing, catalogue.hash, sealed_bytes(catalogue)
    found: list[HalfOpenBallot] = []
    spoilt: Counter[Spoilt] = Counter()
    for ballot in ballots:
        if len(ballot.sealed) != size:
            spoilt[Spoilt.WRONG_SIZE] += 1
            continue
        info = outer_info(fingerprint, ballot.key_id, ballot.nullifier)
        block = _unseal(private, ballot.sealed, info)
        if block is None:
            spoilt[Spoilt.OUTER_SEAL] += 1
        else:
            found.append(HalfOpenBallot(ballot.key_id, block))
    shuffle(found)
    return Opened(tuple(found), dict(spoilt))


def open_inner(
    key: HolderKey, catalogue: Catalogue, ballots: Iterable[HalfOpenBallot]
) -> Opened[OpenBallot]:
    """Take off the second holder's seal and read what is inside; the result is shuffled."""
    private, fingerprint = key.sealing, catalogue.hash
    unsealed: list[HalfOpenBallot] = []
    shut = 0
    for ballot in ballots:
        block = _unseal(private, ballot.block, inner_info(fingerprint, ballot.key_id))
        if block is None:
            shut += 1
        else:
            unsealed.append(HalfOpenBallot(ballot.key_id, block))
    read = read_contents(catalogue, unsealed)
    return Opened(read.ballots, _added(read.spoilt, {Spoilt.INNER_SEAL: shut}))


def read_contents(catalogue: Catalogue, ballots: Iterable[HalfOpenBallot]) -> Opened[OpenBallot]:
    """Read ballots that have no seal left (in a wave of a single key: after the outer one)."""
    found: list[OpenBallot] = []
    nonsense = 0
    for ballot in ballots:
        contents = decode_contents(ballot.block, catalogue.padded_bytes)
        if contents is None:
            nonsense += 1
        else:
            found.append(OpenBallot(ballot.key_id, contents))
    shuffle(found)
    return Opened(tuple(found), _added({}, {Spoilt.NONSENSE: nonsense}))


def without_copies(ballots: Iterable[HalfOpenBallot]) -> Opened[HalfOpenBallot]:
    """Keep one of each ciphertext: two ballots made by people are never equal.

    Whoever holds the outer key alone could put one person's sealed answers into the box many times
    and read them from the result.
    """
    once: dict[HalfOpenBallot, None] = {}
    copies = 0
    for ballot in ballots:
        copies += ballot in once
        once[ballot] = None
    return Opened(tuple(once), _added({}, {Spoilt.COPY: copies}))


def together(parts: Sequence[Opened[Ballot]]) -> Opened[Ballot]:
    """Put the results of several shards together, shuffled across them."""
    ballots = [ballot for part in parts for ballot in part.ballots]
    shuffle(ballots)
    return Opened(tuple(ballots), _added({}, *(part.spoilt for part in parts)))


def shuffle(ballots: MutableSequence[Ballot]) -> None:
    """Put ballots into an order that nobody can predict or repeat."""
    secrets.SystemRandom().shuffle(ballots)


def encode_contents(contents: Contents, size: int) -> bytes:
    """Write contents in exactly so many bytes."""
    answers, panel = contents.answers, contents.panel
    if len(panel) not in {0, PANEL_BYTES}:
        raise SealingError(f"A panel link of {len(panel)} bytes; it has {PANEL_BYTES} or none.")
    if len(answers) + len(panel) + _FRAME_BYTES > size:
        raise SealingError(f"{len(answers)} answers do not fit into {size} bytes.")
    lengths = bytes((_VERSION,)) + len(answers).to_bytes(2) + bytes((len(panel),))
    return (lengths + answers + panel).ljust(size, b"\0")


def decode_contents(block: bytes, size: int) -> Contents | None:
    """Read contents; None if they are anything but what `encode_contents` writes."""
    if len(block) != size or size < _FRAME_BYTES or block[0] != _VERSION:
        return None
    answers_end = _FRAME_BYTES + int.from_bytes(block[1:3])
    panel_end = answers_end + block[3]
    if block[3] not in {0, PANEL_BYTES} or panel_end > size or any(block[panel_end:]):
        return None
    return Contents(block[_FRAME_BYTES:answers_end], block[answers_end:panel_end])


def outer_info(catalogue_hash: bytes, key_id: bytes, nullifier: bytes) -> bytes:
    """Say what the outer seal is bound to."""
    return b"canvass ballot 1 outer\0" + catalogue_hash + key_id + nullifier


def inner_info(catalogue_hash: bytes, key_id: bytes) -> bytes:
    """Say what the inner seal is bound to."""
    return b"canvass ballot 1 inner\0" + catalogue_hash + key_id


def _unseal(key: ec.EllipticCurvePrivateKey, sealed: bytes, info: bytes) -> bytes | None:
    try:
        return SUITE.decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError):
        return None


def _added(*counts: Mapping[Spoilt, int]) -> dict[Spoilt, int]:
    total: Counter[Spoilt] = Counter()
    for count in counts:
        total.update(count)
    return dict(+total)
