"""Which library signs: the first that gets the test vectors of RFC 9474 right on this machine."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from cryptography.hazmat.primitives.asymmetric import rsa

from backend.ballots.blind_signatures import (
    VARIANTS,
    Blinded,
    Variant,
    blind,
    finalize,
    prepare,
    verify,
)
from backend.ballots.errors import BlindSignatureError, SelfTestError
from backend.ballots.signing import BACKENDS, Backend, PrivateKey, private_der, sign_blinded


def choose_backend(candidates: Mapping[str, Backend] = BACKENDS) -> str:
    """Name the first backend that passes its self-test; SelfTestError tells why none does."""
    failures = []
    for name, backend in candidates.items():
        try:
            self_test(name, backend)
        except SelfTestError as error:
            failures.append(str(error))
        else:
            return name
    raise SelfTestError("No ballot papers can be issued on this machine. " + " ".join(failures))


def open_private_key(der: bytes, backend: str | None = None) -> PrivateKey:
    """Open a private key with a backend, by default the best one that passes its self-test."""
    return BACKENDS[backend or _default_backend()](der)


@dataclass(frozen=True, slots=True)
class _Vector:
    """One test vector of RFC 9474."""

    variant: Variant
    message: bytes
    prefix: bytes
    salt: bytes
    inverse: int
    blinded: bytes
    blind_signature: bytes
    signature: bytes


def self_test(name: str, backend: Backend | None = None) -> None:
    """Run the four vectors of RFC 9474 through a backend; SelfTestError names what failed."""
    der, vectors = _vectors()
    try:
        key = (backend or BACKENDS[name])(der)
    except (OSError, AttributeError, BlindSignatureError) as error:
        raise SelfTestError(f"{name} cannot be used: {error}") from error
    failures = [
        f"{vector.variant.name} ({failure})"
        for vector in vectors
        for failure in _failures(vector, key)
    ]
    if failures:
        raise SelfTestError(f"{name} fails test vectors of RFC 9474: {', '.join(failures)}.")


@functools.cache
def _default_backend() -> str:
    return choose_backend()


def _failures(vector: _Vector, key: PrivateKey) -> list[str]:
    public = key.public
    prepared = prepare(vector.message, vector.variant, vector.prefix or None)
    factor = pow(vector.inverse, -1, public.modulus)
    blinded = blind(public, prepared, vector.variant, salt=vector.salt, factor=factor)
    try:
        signed = sign_blinded(key, vector.blinded)
    except BlindSignatureError:
        signed = b""
    finished = finalize(public, prepared, vector.blind_signature, vector.inverse, vector.variant)
    altered = bytes((prepared[0] ^ 1,)) + prepared[1:]
    checks = {
        "blinding": blinded == Blinded(vector.blinded, vector.inverse),
        "signing": signed == vector.blind_signature,
        "unblinding": finished == vector.signature,
        "checking": verify(public, prepared, vector.signature, vector.variant)
        and not verify(public, altered, vector.signature, vector.variant),
    }
    return [name for name, right in checks.items() if not right]


@functools.cache
def _vectors() -> tuple[bytes, tuple[_Vector, ...]]:
    text = resources.files("backend.ballots").joinpath("rfc9474_vectors.toml").read_text("utf-8")
    table = tomllib.loads(text)
    p, q, n, e, d = (int(table[name], 16) for name in ("p", "q", "n", "e", "d"))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(e, n)
    )
    der = private_der(numbers.private_key(unsafe_skip_rsa_key_validation=True))
    return der, tuple(
        _Vector(
            VARIANTS[case["name"]],
            bytes.fromhex(table["msg"]),
            bytes.fromhex(case["msg_prefix"]),
            bytes.fromhex(case["salt"]),
            int(case["inv"], 16),
            *(bytes.fromhex(case[name]) for name in ("blinded_msg", "blind_sig", "sig")),
        )
        for case in table["vector"]
    )
