"""Blind signatures of RFC 9474 (RSABSSA-SHA384): the counter signs a paper it never sees.

The employee's side (`prepare`, `blind`, `finalize`) is here for tests, for the command line and for
printing cards; in daily use the browser does it. `verify` needs the public key only.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from backend.ballots.errors import BlindSignatureError

PREFIX_BYTES: Final = 32
_HASH_BYTES: Final = 48
_TRAILER: Final = 0xBC

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the four named variants of RFC 9474, section 5."""

    name: str
    salt_bytes: int
    randomized: bool


PSS_RANDOMIZED: Final = Variant("RSABSSA-SHA384-PSS-Randomized", _HASH_BYTES, randomized=True)
PSSZERO_RANDOMIZED: Final = Variant("RSABSSA-SHA384-PSSZERO-Randomized", 0, randomized=True)
PSS_DETERMINISTIC: Final = Variant(
    "RSABSSA-SHA384-PSS-Deterministic", _HASH_BYTES, randomized=False
)
PSSZERO_DETERMINISTIC: Final = Variant("RSABSSA-SHA384-PSSZERO-Deterministic", 0, randomized=False)
VARIANTS: Final = {
    variant.name: variant
    for variant in (
        PSS_RANDOMIZED,
        PSSZERO_RANDOMIZED,
        PSS_DETERMINISTIC,
        PSSZERO_DETERMINISTIC,
    )
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The numbers anyone may know of an RSA key."""

    modulus: int
    exponent: int

    @property
    def bits(self) -> int:
        """Length of the modulus in bits."""
        return self.modulus.bit_length()

    @property
    def width(self) -> int:
        """Length in bytes of the modulus, and of everything signed or blinded under the key."""
        return (self.bits + 7) // 8


@dataclass(frozen=True, slots=True)
class Blinded:
    """What goes to the counter, and what stays with the employee to unblind the reply."""

    message: bytes
    inverse: int


def prepare(
    message: bytes, variant: Variant = PSS_RANDOMIZED, prefix: bytes | None = None
) -> bytes:
    """Put 32 random bytes before the message, if the variant says so."""
    if not variant.randomized:
        return message
    prefix = secrets.token_bytes(PREFIX_BYTES) if prefix is None else prefix
    if len(prefix) != PREFIX_BYTES:
        raise BlindSignatureError(f"The prefix has {len(prefix)} bytes; give {PREFIX_BYTES}.")
    return prefix + message


def blind(
    key: PublicKey,
    prepared: bytes,
    variant: Variant = PSS_RANDOMIZED,
    *,
    salt: bytes | None = None,
    factor: int | None = None,
) -> Blinded:
    """Hide a prepared message under a random factor; salt and factor can be given to repeat it."""
    salt = secrets.token_bytes(variant.salt_bytes) if salt is None else salt
    if len(salt) != variant.salt_bytes:
        raise BlindSignatureError(f"The salt has {len(salt)} bytes; {variant.name} takes "
                                  f"{variant.salt_bytes}.")  # fmt: skip
    factor = 1 + secrets.randbelow(key.modulus - 1) if factor is None else factor
    encoded = int.from_bytes(emsa_pss_encode(prepared, salt, key.bits - 1), "big")
    try:
        # Fails if either shares a divisor with the modulus: then it tells the key's primes.
        pow(encoded, -1, key.modulus)
        inverse = pow(factor, -1, key.modulus)
    except ValueError:
        raise BlindSignatureError("Blinding failed. Fetch a new paper.") from None
    hidden = encoded * pow(factor, key.exponent, key.modulus) % key.modulus
    return Blinded(hidden.to_bytes(key.width, "big"), inverse)


def finalize(
    key: PublicKey,
    prepared: bytes,
    blind_signature: bytes,
    inverse: int,
    variant: Variant = PSS_RANDOMIZED,
) -> bytes:
    """Unblind the counter's reply into a signature of the prepared message, and check it."""
    if len(blind_signature) != key.width:
        raise BlindSignatureError(
            f"The counter's reply has {len(blind_signature)} bytes instead of {key.width}."
        )
    unblinded = int.from_bytes(blind_signature, "big") * inverse % key.modulus
    signature = unblinded.to_bytes(key.width, "big")
    if not verify(key, prepared, signature, variant):
        raise BlindSignatureError("The counter's reply is no signature of this paper by this key.")
    return signature


def verify(
    key: PublicKey, prepared: bytes, signature: bytes, variant: Variant = PSS_RANDOMIZED
) -> bool:
    """Tell whether a signature of a prepared message was made with the key (RSASSA-PSS)."""
    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), variant.salt_bytes)
    try:
        public = rsa.RSAPublicNumbers(key.exponent, key.modulus).public_key()
        public.verify(signature, prepared, scheme, hashes.SHA384())
    except (InvalidSignature, ValueError):
        return False
    return len(signature) == key.width


def emsa_pss_encode(message: bytes, salt: bytes, bits: int) -> bytes:
    """Encode a message as RFC 8017, section 9.1.1, with SHA-384 and MGF1-SHA-384."""
    length = (bits + 7) // 8
    if length < _HASH_BYTES + len(salt) + 2:
        raise BlindSignatureError(f"A key of {bits + 1} bits is too short for this signature.")
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - _HASH_BYTES - 2) + b"\x01" + salt
    mask = _mgf1(digest, len(block))
    masked = int.from_bytes(block, "big") ^ int.from_bytes(mask, "big")
    masked &= (1 << (bits - 8 * (_HASH_BYTES + 1))) - 1
    return masked.to_bytes(len(block), "big") + digest + bytes((_TRAILER,))


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = -(-length // _HASH_BYTES)
    digests = (hashlib.sha384(seed + index.to_bytes(4, "big")).digest() for index in range(blocks))
    return b"".join(digests)[:length]
