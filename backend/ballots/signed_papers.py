"""Ballot papers signed blindly: made by the employee's side, checked by anyone with the catalogue.

A paper is 32 random bytes and the id of its key, with the key's signature. So it says for which
cell and wave it is, cannot be moved to another, and nothing of it was ever seen by the counter.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.ballots.blind_signatures import (
    PREFIX_BYTES,
    PSS_RANDOMIZED,
    PublicKey,
    blind,
    finalize,
    prepare,
    verify,
)
from backend.ballots.catalogue import Catalogue, PaperEntry
from backend.ballots.keys import KEY_ID_BYTES, from_base64

SEED_BYTES: Final = 16
_MESSAGE_BYTES: Final = PREFIX_BYTES + KEY_ID_BYTES
_RECEIPT_BYTES: Final = 10
# Base 32 without I, L, O and U, which are misread.
_TO_CROCKFORD: Final = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)


class PaperFault(StrEnum):
    """Why a paper is not accepted."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "of another wave or cell"
    FORGED = "not signed by the key it names"


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """The right to cast one ballot of one group in one wave."""

    message: bytes
    signature: bytes

    @property
    def key_id(self) -> bytes:
        """The id of the key that signed it."""
        return self.message[PREFIX_BYTES:]

    @property
    def nullifier(self) -> bytes:
        """What the box keeps of the paper, so that it counts once."""
        return hashlib.sha256(b"canvass paper nullifier 1\0" + self.message).digest()


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """A paper on its way: `blinded` goes to the counter, the rest stays with the employee."""

    key: PublicKey
    blinded: bytes
    message: bytes = field(repr=False)
    inverse: int = field(repr=False)

    def finish(self, reply: bytes) -> SignedPaper:
        """Unblind the counter's reply; BlindSignatureError if it is not a signature."""
        return SignedPaper(self.message, finalize(self.key, self.message, reply, self.inverse))


def request_paper(entry: PaperEntry, seed: bytes | None = None) -> PaperRequest:
    """Ask for a paper of a group; the same seed asks for the same paper, on whatever device."""
    key_id = from_base64(entry.key_id)
    key = entry.public
    if seed is None:
        message = prepare(key_id)
        blinded = blind(key, message)
    else:
        message = prepare(key_id, prefix=_derive(seed, b"nonce", key_id, PREFIX_BYTES))
        salt = _derive(seed, b"salt", key_id, PSS_RANDOMIZED.salt_bytes)
        # 16 bytes more than the modulus has, so that the remainder favours no number.
        wide = int.from_bytes(_derive(seed, b"factor", key_id, key.width + 16))
        blinded = blind(key, message, salt=salt, factor=1 + wide % (key.modulus - 1))
    return PaperRequest(key, blinded.message, message, blinded.inverse)


def check_paper(catalogue: Catalogue, paper: SignedPaper) -> PaperEntry | PaperFault:
    """Tell for which group a paper is, from public keys only."""
    if len(paper.message) != _MESSAGE_BYTES:
        return PaperFault.MALFORMED
    entry = catalogue.find_paper(paper.key_id)
    if entry is None:
        return PaperFault.UNKNOWN_KEY
    return entry if verify(entry.public, paper.message, paper.signature) else PaperFault.FORGED


def receipt(nullifier: bytes) -> str:
    """Give what an employee keeps, to find their ballot in the published list: 16 characters."""
    letters = base64.b32encode(nullifier[:_RECEIPT_BYTES]).translate(_TO_CROCKFORD).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _derive(seed: bytes, purpose: bytes, key_id: bytes, length: int) -> bytes:
    """Derive bytes by HKDF-SHA256 (RFC 5869): the seed stays secret, each purpose has its own."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"A seed of {len(seed)} bytes; give {SEED_BYTES}.")
    info = purpose + b"\0" + key_id
    return HKDF(hashes.SHA256(), length, salt=b"canvass paper 1", info=info).derive(seed)
