"""The key catalogue of a wave: every public key and rule that a ballot depends on, in one document.

Its hash stands on every invitation and goes into every sealed ballot, so nobody can be shown keys
of their own without their ballot failing to open.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from backend.ballots.blind_signatures import PublicKey
from backend.ballots.errors import CatalogueError
from backend.ballots.holders import HolderKey, HolderRole
from backend.ballots.keys import (
    SMALLEST_GROUP,
    PaperKey,
    canonical_json,
    from_base64,
    p256_coordinates,
    p256_key_id,
    rsa_key_id,
    to_base64,
)
from backend.ballots.signing import KEY_BITS

PADDINGS: Final = (128, 256, 512, 1024, 2048, 4096)
_SECOND: Final = {HolderRole.UNION, HolderRole.REPRESENTATIVE, HolderRole.AUDITOR}
_EXPONENT: Final = 65537
_LONGEST_KEY: Final = 4096
_LARGEST: Final = 1 << 22
_FINGERPRINT_DIGITS: Final = 32


class PaperEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The key of one group's papers."""

    id: str
    name: str
    cells: tuple[str, ...]
    invited: int
    key_id: str
    n: str
    e: str

    @property
    def public(self) -> PublicKey:
        """The key in numbers."""
        return PublicKey(_number(self.n), _number(self.e))


class HolderEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The public keys of one key holder."""

    role: HolderRole
    key_id: str
    x: str
    y: str
    signing: str

    @property
    def public(self) -> ec.EllipticCurvePublicKey:
        """The key that ballots are sealed to."""
        numbers = ec.EllipticCurvePublicNumbers(_number(self.x), _number(self.y), ec.SECP256R1())
        return numbers.public_key()


class WaveFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a catalogue says about its wave."""

    organisation: str
    rollout: str
    wave: str
    opens_on: date
    closes_on: date
    instrument_hash: str
    agreement_hash: str


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every public key of a wave; holders stand from the outer seal to the inner one."""

    canvass: Literal["key catalogue"] = "key catalogue"
    version: Literal[1] = 1
    wave: WaveFacts
    padded_bytes: int
    papers: tuple[PaperEntry, ...]
    holders: tuple[HolderEntry, ...]

    @property
    def hash(self) -> bytes:
        """SHA-256 of the catalogue as it is written."""
        return hashlib.sha256(encode_catalogue(self)).digest()

    @property
    def fingerprint(self) -> str:
        """The first half of the hash, in groups of four, as invitations print it."""
        digits = self.hash.hex()[:_FINGERPRINT_DIGITS]
        return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))

    @property
    def two_keys(self) -> bool:
        """Whether two holders must turn their keys: assurance level A, else B."""
        return len(self.holders) > 1

    def find_paper(self, key_id: bytes) -> PaperEntry | None:
        """Find the entry of a papers' key by its id."""
        name = to_base64(key_id)
        return next((entry for entry in self.papers if entry.key_id == name), None)


def make_catalogue(
    wave: WaveFacts,
    papers: Sequence[PaperKey],
    holders: Sequence[HolderEntry],
    padded_bytes: int,
) -> Catalogue:
    """Put together the catalogue of a wave and check it."""
    catalogue = Catalogue(
        wave=wave,
        padded_bytes=padded_bytes,
        papers=tuple(_paper_entry(key) for key in papers),
        holders=tuple(holders),
    )
    _check(catalogue)
    return catalogue


def holder_entry(key: HolderKey) -> HolderEntry:
    """Give what the catalogue shows of a holder's key."""
    public = key.sealing.public_key()
    x, y = p256_coordinates(public)
    return HolderEntry(
        role=key.role,
        key_id=to_base64(p256_key_id(public)),
        x=x,
        y=y,
        signing=to_base64(key.signing.public_key().public_bytes_raw()),
    )


def encode_catalogue(catalogue: Catalogue) -> bytes:
    """Write a catalogue in its one canonical form."""
    return canonical_json(catalogue)


def decode_catalogue(data: bytes) -> Catalogue:
    """Read a catalogue and check every key in it; CatalogueError lists what is wrong."""
    if len(data) > _LARGEST:
        raise CatalogueError("This catalogue is larger than 4 MB, so it is none. Fetch it again.")
    try:
        catalogue = msgspec.json.decode(data, type=Catalogue)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CatalogueError(f"This is no key catalogue: {error}. Fetch it again.") from None
    if encode_catalogue(catalogue) != data:
        raise CatalogueError(
            "This catalogue is not in its canonical form, so its hash cannot be the printed one. "
            "Fetch it again, unchanged."
        )
    _check(catalogue)
    return catalogue


def _check(catalogue: Catalogue) -> None:
    problems = list(chain(_rule_problems(catalogue), _key_problems(catalogue)))
    if problems:
        raise CatalogueError("Do not use this catalogue. " + " ".join(problems))


def _rule_problems(catalogue: Catalogue) -> Iterator[str]:
    if catalogue.padded_bytes not in PADDINGS:
        yield f"Ballots of {catalogue.padded_bytes} bytes; allowed are {PADDINGS}."
    roles = [entry.role for entry in catalogue.holders]
    outer, inner = roles[:1], roles[1:]
    if outer != [HolderRole.HR] or len(inner) > 1 or not _SECOND.issuperset(inner):
        yield "Key holders must be hr, then at most one of union, representative and auditor."
    if not catalogue.papers:
        yield "No papers' key."
    for entry in catalogue.papers:
        if entry.invited < SMALLEST_GROUP and len(catalogue.papers) > 1:
            yield f"{entry.id}: a key for only {entry.invited} people would tell who they are."
    named = Counter(f"Cell {cell}" for entry in catalogue.papers for cell in entry.cells)
    named.update(f"Group {entry.id}" for entry in catalogue.papers)
    named.update(f"Key {entry.key_id}" for entry in catalogue.papers)
    named.update(f"Key {entry.key_id}" for entry in catalogue.holders)
    for name, times in sorted(named.items()):
        if times > 1:
            yield f"{name} is there {times} times."


def _key_problems(catalogue: Catalogue) -> Iterator[str]:
    for paper in catalogue.papers:
        if not _sound(paper):
            yield f"{paper.id}: not a {KEY_BITS}-bit RSA key with the id it claims."
    for holder in catalogue.holders:
        if not _sound(holder):
            yield f"{holder.role}: not a P-256 key with the id it claims."


def _sound(entry: PaperEntry | HolderEntry) -> bool:
    try:
        return _sound_paper(entry) if isinstance(entry, PaperEntry) else _sound_holder(entry)
    except ValueError:
        return False


def _sound_paper(entry: PaperEntry) -> bool:
    key = entry.public
    strong = KEY_BITS <= key.bits <= _LONGEST_KEY and key.exponent == _EXPONENT
    spelt = entry.n == to_base64(key.modulus.to_bytes(key.width)) and entry.e == "AQAB"
    return strong and spelt and entry.key_id == to_base64(rsa_key_id(key))


def _sound_holder(entry: HolderEntry) -> bool:
    key = entry.public
    ed25519.Ed25519PublicKey.from_public_bytes(from_base64(entry.signing))
    spelt = (entry.x, entry.y) == p256_coordinates(key)
    return spelt and entry.key_id == to_base64(p256_key_id(key))


def _paper_entry(key: PaperKey) -> PaperEntry:
    public = key.public
    return PaperEntry(
        id=key.group.id,
        name=key.group.name,
        cells=key.group.cells,
        invited=key.group.invited,
        key_id=to_base64(rsa_key_id(public)),
        n=to_base64(public.modulus.to_bytes(public.width)),
        e=to_base64(public.exponent.to_bytes(3)),
    )


def _number(text: str) -> int:
    return int.from_bytes(from_base64(text))
