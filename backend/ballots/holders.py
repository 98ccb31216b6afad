"""Key holders, such as HR and the union: their keys, and the files that keep them locked.

All that a holder has is one secret of 32 bytes. The sealing key comes from it by DeriveKeyPair of
RFC 9180, so that a browser derives the same; the signing key by HKDF.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from backend.ballots.errors import KeyFileError
from backend.ballots.keys import canonical_json, from_base64, p256_coordinates, to_base64

SECRET_BYTES: Final = 32
SHORTEST_PASSPHRASE: Final = 12
_LARGEST_FILE: Final = 4096
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P256_KEM: Final = b"KEM\x00\x10"


class HolderRole(StrEnum):
    """Whose key it is."""

    HR = "hr"
    UNION = "union"
    REPRESENTATIVE = "representative"
    AUDITOR = "auditor"
    ARBITER = "arbiter"


@dataclass(frozen=True, slots=True)
class HolderKey:
    """The secret of one key holder and what follows from it."""

    role: HolderRole
    secret: bytes = field(repr=False)

    @property
    def sealing(self) -> ec.EllipticCurvePrivateKey:
        """The P-256 key that ballots are sealed to."""
        return derive_p256(self.secret)

    @property
    def signing(self) -> ed25519.Ed25519PrivateKey:
        """The Ed25519 key that countersigns catalogues, releases and destruction records."""
        seed = HKDF(hashes.SHA256(), 32, salt=None, info=b"canvass holder signing 1")
        return ed25519.Ed25519PrivateKey.from_private_bytes(seed.derive(self.secret))


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much work one guess of a passphrase takes: argon2id as RFC 9106 recommends it."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


_DEAREST: Final = Cost(memory_kib=1 << 20, passes=64, lanes=16)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A key file; everything but the secret is readable, and all of it is authenticated."""

    canvass: Literal["holder key"] = "holder key"
    version: Literal[1] = 1
    role: HolderRole
    x: str
    y: str
    signing: str
    kdf: Literal["argon2id"] = "argon2id"
    cost: Cost
    salt: str
    cipher: Literal["AES-256-GCM"] = "AES-256-GCM"
    nonce: str
    locked: str


def make_holder_key(role: HolderRole) -> HolderKey:
    """Make a key for a holder; it exists in memory only until it is locked into a file."""
    return HolderKey(role, secrets.token_bytes(SECRET_BYTES))


def lock(key: HolderKey, passphrase: str, cost: Cost | None = None) -> bytes:
    """Write a key file that only the passphrase opens."""
    if len(_normal(passphrase)) < SHORTEST_PASSPHRASE:
        raise KeyFileError(
            f"The passphrase is shorter than {SHORTEST_PASSPHRASE} characters. Take four or more "
            "words that nobody would expect together."
        )
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    x, y = p256_coordinates(key.sealing.public_key())
    sheet = _File(
        role=key.role,
        x=x,
        y=y,
        signing=to_base64(key.signing.public_key().public_bytes_raw()),
        cost=cost or Cost(),
        salt=to_base64(salt),
        nonce=to_base64(nonce),
        locked="",
    )
    cipher = AESGCM(_passphrase_key(passphrase, salt, sheet.cost))
    locked = cipher.encrypt(nonce, key.secret, canonical_json(sheet))
    return canonical_json(msgspec.structs.replace(sheet, locked=to_base64(locked))) + b"\n"


def unlock(data: bytes, passphrase: str) -> HolderKey:
    """Open a key file; KeyFileError for a wrong passphrase, a damaged or an altered file."""
    try:
        sheet = msgspec.json.decode(data[:_LARGEST_FILE], type=_File)
        salt, nonce, locked = (
            from_base64(text) for text in (sheet.salt, sheet.nonce, sheet.locked)
        )
        _check_cost(sheet.cost)
        cipher = AESGCM(_passphrase_key(passphrase, salt, sheet.cost))
        header = canonical_json(msgspec.structs.replace(sheet, locked=""))
        return HolderKey(sheet.role, cipher.decrypt(nonce, locked, header))
    except InvalidTag:
        raise KeyFileError(
            "The passphrase is wrong, or the key file was altered. Try again, mind capital "
            "letters, or take the copy of the file that you put away."
        ) from None
    except (ValueError, msgspec.MsgspecError, HashingError):
        raise KeyFileError(
            "This is no key file of Canvass, or it is damaged. Take the copy that you put away."
        ) from None


def derive_p256(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Derive a P-256 key from a secret (DeriveKeyPair of RFC 9180, section 7.1.3)."""
    label = b"HPKE-v1" + _P256_KEM
    extracted = HKDF.extract(hashes.SHA256(), salt=None, key_material=label + b"dkp_prk" + secret)
    for counter in range(256):
        info = (32).to_bytes(2) + label + b"candidate" + bytes((counter,))
        number = int.from_bytes(HKDFExpand(hashes.SHA256(), 32, info).derive(extracted))
        if 0 < number < _ORDER:
            return ec.derive_private_key(number, ec.SECP256R1())
    raise KeyFileError("No key can be derived from this secret. Make a new one.")


def _check_cost(cost: Cost) -> None:
    """Refuse a file that asks for a gigabyte or for hours."""
    most = _DEAREST
    lanes = range(1, most.lanes + 1)
    passes = range(1, most.passes + 1)
    memory = range(8 * cost.lanes, most.memory_kib + 1)
    if cost.lanes not in lanes or cost.passes not in passes or cost.memory_kib not in memory:
        raise ValueError("Unreasonable cost.")


def _passphrase_key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        _normal(passphrase).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        type=Type.ID,
    )


def _normal(passphrase: str) -> str:
    # Keyboards write the same letter in several ways.
    return unicodedata.normalize("NFKC", passphrase).strip()
