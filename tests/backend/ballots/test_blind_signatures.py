"""Blind signatures agree with RFC 9474, verify for everyone, and cannot be forged or moved."""

import functools
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.ballots.backends import choose_backend, open_private_key, self_test
from backend.ballots.blind_signatures import (
    PSS_DETERMINISTIC,
    PSS_RANDOMIZED,
    VARIANTS,
    Variant,
    blind,
    emsa_pss_encode,
    finalize,
    prepare,
    verify,
)
from backend.ballots.errors import BlindSignatureError, SelfTestError
from backend.ballots.signing import (
    BACKENDS,
    KEY_BITS,
    Backend,
    OpenSSLKey,
    PrivateKey,
    PycryptodomeKey,
    make_private_key,
    public_key_of,
    sign_blinded,
)

MESSAGE = b"thirty-two bytes of some key id."
backends = pytest.mark.parametrize("backend", BACKENDS)
variants = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)


class FaultyKey(OpenSSLKey):
    """A key on a machine whose memory flips one bit of each result."""

    def sign_raw(self, block: bytes) -> bytes:
        """Sign, then flip the lowest bit."""
        signed = super().sign_raw(block)
        return signed[:-1] + bytes((signed[-1] ^ 1,))


class AbsentKey(OpenSSLKey):
    """A key for a library that this machine does not have."""

    def __init__(self, der: bytes) -> None:
        raise OSError(f"No library for a key of {len(der)} bytes.")


@functools.cache
def key(number: int = 0) -> PrivateKey:
    """Give the same 2048-bit key each time it is asked for by the same number."""
    del number
    return OpenSSLKey(make_private_key())


def signature_of(prepared: bytes, variant: Variant = PSS_RANDOMIZED) -> bytes:
    """Sign a prepared message from blinding to unblinding."""
    blinded = blind(key().public, prepared, variant)
    reply = sign_blinded(key(), blinded.message)
    return finalize(key().public, prepared, reply, blinded.inverse, variant)


@backends
def test_the_vectors_of_the_rfc_pass(backend: str) -> None:
    """All four vectors of RFC 9474 come out to the byte, on each library."""
    self_test(backend)


def test_a_faulty_machine_is_found_out_before_it_signs() -> None:
    """The self-test names each vector and step that fails, and the library."""
    with pytest.raises(SelfTestError) as caught:
        self_test("faulty", FaultyKey)
    assert str(caught.value).startswith("faulty fails test vectors of RFC 9474: ")
    assert all(f"{name} (signing)" in str(caught.value) for name in VARIANTS)


def test_the_next_library_is_taken_when_one_is_missing_or_faulty() -> None:
    """Canvass signs with the first library that computes rightly."""
    candidates: dict[str, Backend] = {
        "absent": AbsentKey,
        "faulty": FaultyKey,
        "pycryptodome": PycryptodomeKey,
    }
    assert choose_backend(candidates) == "pycryptodome"


def test_nothing_is_signed_when_every_library_fails() -> None:
    """Without a sound library the counter refuses, and says why for each."""
    with pytest.raises(SelfTestError, match=r"absent cannot be used: No library.*faulty fails"):
        choose_backend({"absent": AbsentKey, "faulty": FaultyKey})


def test_a_wrong_signature_never_leaves_the_counter() -> None:
    """A result that fails s^e = m is thrown away: it would give away the primes of the key."""
    faulty = FaultyKey(make_private_key())
    blinded = blind(faulty.public, prepare(MESSAGE))
    with pytest.raises(BlindSignatureError, match="thrown away"):
        sign_blinded(faulty, blinded.message)


@backends
@variants
def test_a_blinded_message_signed_and_unblinded_verifies(backend: str, variant: Variant) -> None:
    """Blind, sign, finalise gives a signature that the public key confirms."""
    der = make_private_key()
    private = open_private_key(der, backend)
    prepared = prepare(MESSAGE, variant)
    blinded = blind(private.public, prepared, variant)
    signature = finalize(
        private.public,
        prepared,
        sign_blinded(private, blinded.message),
        blinded.inverse,
        variant,
    )
    assert verify(public_key_of(der), prepared, signature, variant)


def test_both_libraries_give_the_same_bytes() -> None:
    """A lost reply can be repeated after a change of library: signing is deterministic."""
    der = make_private_key()
    blinded = blind(public_key_of(der), prepare(MESSAGE)).message
    replies = {sign_blinded(open_private_key(der, name), blinded) for name in BACKENDS}
    assert len(replies) == 1


@settings(max_examples=30)
@given(message=st.binary(max_size=200))
def test_any_message_can_be_signed_blindly(message: bytes) -> None:
    """No message is too short, too long or too odd."""
    prepared = prepare(message)
    assert verify(key().public, prepared, signature_of(prepared))


@settings(max_examples=50)
@given(place=st.integers(0, KEY_BITS // 8 - 1), flip=st.integers(1, 255))
def test_an_altered_signature_is_refused(place: int, flip: int) -> None:
    """Whatever byte of a signature changes, it is no signature any more."""
    prepared = bytes(32) + MESSAGE
    signature = bytearray(_one_signature())
    signature[place] ^= flip
    assert not verify(key().public, prepared, bytes(signature))


@settings(max_examples=50)
@given(place=st.integers(0, 63), flip=st.integers(1, 255))
def test_a_signature_holds_for_one_message_only(place: int, flip: int) -> None:
    """Whatever byte of the message changes, the signature no longer fits."""
    prepared = bytearray(bytes(32) + MESSAGE)
    prepared[place] ^= flip
    assert not verify(key().public, bytes(prepared), _one_signature())


@given(forged=st.binary(max_size=300))
def test_a_made_up_signature_is_refused(forged: bytes) -> None:
    """Bytes that no key made are no signature, whatever their number."""
    assert not verify(key().public, bytes(32) + MESSAGE, forged)


def test_a_signature_of_another_key_is_refused() -> None:
    """A paper of one cell is worth nothing in another."""
    assert not verify(key(1).public, bytes(32) + MESSAGE, _one_signature())


def test_a_signature_of_another_variant_is_refused() -> None:
    """The salt has exactly the length that the variant says."""
    prepared = bytes(32) + MESSAGE
    for variant in VARIANTS.values():
        fits = variant.salt_bytes == PSS_RANDOMIZED.salt_bytes
        assert verify(key().public, prepared, _one_signature(), variant) is fits


def test_the_counter_sees_nothing_of_the_message() -> None:
    """Every message fits every blinded value, so the value the counter saw says nothing.

    For a fixed encoding of any other message there is a factor which gives the same blinded value:
    it takes the private key to find it, so here the test, which has one, finds it.
    """
    private, public = key(), key().public
    seen = blind(public, prepare(MESSAGE))
    other = int.from_bytes(
        emsa_pss_encode(prepare(b"another"), secrets.token_bytes(48), public.bits - 1), "big"
    )
    quotient = int.from_bytes(seen.message, "big") * pow(other, -1, public.modulus) % public.modulus
    root = private.sign_raw(quotient.to_bytes(public.width, "big"))
    factor = int.from_bytes(root, "big")
    hidden = other * pow(factor, public.exponent, public.modulus) % public.modulus
    assert hidden.to_bytes(public.width, "big") == seen.message


def test_the_same_paper_is_blinded_differently_each_time() -> None:
    """Two blindings of one message share nothing that could be compared."""
    prepared = prepare(MESSAGE)
    assert blind(key().public, prepared).message != blind(key().public, prepared).message


@pytest.mark.parametrize(
    "blinded",
    [b"", b"\x01", bytes(256), bytes(257), b"\xff" * 256, b"\xff" * 257, b"\x01" * 255],
    ids=["empty", "short", "zero", "long zero", "above", "long", "one short"],
)
def test_the_counter_refuses_what_is_no_blinded_message(blinded: bytes) -> None:
    """Wrong lengths and values out of range are refused before the private key is touched."""
    with pytest.raises(BlindSignatureError, match="256 bytes"):
        sign_blinded(key(), blinded)


def test_a_reply_that_is_no_signature_is_noticed() -> None:
    """A counter that answers with anything else is found out by the employee's side."""
    prepared = prepare(MESSAGE)
    blinded = blind(key().public, prepared)
    with pytest.raises(BlindSignatureError, match="no signature of this paper"):
        finalize(key().public, prepared, blinded.message, blinded.inverse)
    with pytest.raises(BlindSignatureError, match="has 1 bytes instead of 256"):
        finalize(key().public, prepared, b"x", blinded.inverse)


def test_salt_prefix_and_key_have_the_right_size() -> None:
    """A client that gets sizes wrong is told which."""
    with pytest.raises(BlindSignatureError, match=r"salt has 3 bytes.*takes 48"):
        blind(key().public, MESSAGE, PSS_DETERMINISTIC, salt=b"abc")
    with pytest.raises(BlindSignatureError, match="prefix has 3 bytes; give 32"):
        prepare(MESSAGE, prefix=b"abc")
    with pytest.raises(BlindSignatureError, match="key of 700 bits is too short"):
        emsa_pss_encode(MESSAGE, bytes(48), 699)


def test_a_factor_that_shares_a_prime_with_the_key_is_refused() -> None:
    """A factor without an inverse cannot blind."""
    with pytest.raises(BlindSignatureError, match="Blinding failed"):
        blind(key().public, MESSAGE, PSS_DETERMINISTIC, factor=0)


def test_a_key_that_is_none_is_refused() -> None:
    """Bytes that are no key become our error, with no crash."""
    with pytest.raises(BlindSignatureError, match="no private key"):
        OpenSSLKey(b"no key")


@functools.cache
def _one_signature() -> bytes:
    return signature_of(bytes(32) + MESSAGE)
