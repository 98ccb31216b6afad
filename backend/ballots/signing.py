"""The counter's private RSA operation: on two libraries that hide its timing, never on `pow()`.

Each result is checked by the public key before it leaves (RFC 9474, section 7.1 on faults): one
wrong signature of a CRT key would give away its primes.
"""

import weakref
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from backend.ballots import openssl
from backend.ballots.blind_signatures import PublicKey
from backend.ballots.errors import BlindSignatureError

KEY_BITS: Final = 2048


class PrivateKey(Protocol):
    """A private key that one library can use."""

    @property
    def public(self) -> PublicKey:
        """The public half."""

    def sign_raw(self, block: bytes) -> bytes:
        """Raise a block as long as the modulus to the private exponent."""


class OpenSSLKey:
    """A private key inside OpenSSL, which keeps its secrets and overwrites them at the end."""

    def __init__(self, der: bytes) -> None:
        self.public = public_key_of(der)
        self._address = openssl.load_private_key(der)
        weakref.finalize(self, openssl.free_private_key, self._address)

    def sign_raw(self, block: bytes) -> bytes:
        """Raise a block as long as the modulus to the private exponent."""
        return openssl.sign_raw(self._address, block)


class PycryptodomeKey:
    """A private key in pycryptodome, for machines without OpenSSL 3."""

    def __init__(self, der: bytes) -> None:
        self.public = public_key_of(der)
        self._key = RSA.import_key(der)

    def sign_raw(self, block: bytes) -> bytes:
        """Raise a block as long as the modulus to the private exponent."""
        number = int.from_bytes(block, "big")
        return bytes(self._key._decrypt_to_bytes(number))  # type: ignore[no-untyped-call]  # its signature is bare


Backend = Callable[[bytes], PrivateKey]
BACKENDS: Final[Mapping[str, Backend]] = {"openssl": OpenSSLKey, "pycryptodome": PycryptodomeKey}


def make_private_key(bits: int = KEY_BITS) -> bytes:
    """Make an RSA key, as PKCS #8 in DER. Whoever stores it decides how long it lives."""
    return private_der(rsa.generate_private_key(public_exponent=65537, key_size=bits))


def public_key_of(der: bytes) -> PublicKey:
    """Give the public half of a private key in DER."""
    try:
        # Tests of primality take longer than the signature; a wrong result is caught by its check.
        key = serialization.load_der_private_key(
            der, password=None, unsafe_skip_rsa_key_validation=True
        )
    except (ValueError, TypeError):
        raise BlindSignatureError("These bytes are no private key. Restore the key file.") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BlindSignatureError(
            "This private key is not an RSA key, which blind signatures need."
        )
    numbers = key.public_key().public_numbers()
    return PublicKey(numbers.n, numbers.e)


def sign_blinded(key: PrivateKey, blinded: bytes) -> bytes:
    """Sign a blinded message (BlindSign of RFC 9474) and check the result before it leaves."""
    public = key.public
    message = int.from_bytes(blinded, "big")
    if len(blinded) != public.width or not 0 < message < public.modulus:
        raise BlindSignatureError(
            f"The blinded message has {len(blinded)} bytes or a value out of range; this key takes "
            f"{public.width} bytes below its modulus."
        )
    signed = key.sign_raw(blinded)
    if pow(int.from_bytes(signed, "big"), public.exponent, public.modulus) != message:
        raise BlindSignatureError(
            "A signature came out wrong and was thrown away. This machine's memory or OpenSSL is "
            "faulty: run canvass doctor."
        )
    return signed


def private_der(key: rsa.RSAPrivateKey) -> bytes:
    """Write a private key as PKCS #8 in DER, in clear."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
