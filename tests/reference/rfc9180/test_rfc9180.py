"""Our choice of HPKE, and keys derived from a secret, agree with RFC 9180, appendix A.3.1."""

import json
from pathlib import Path

from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.ballots.holders import derive_p256
from backend.ballots.sealing import LAYER_BYTES, SUITE

VECTOR = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


def test_the_published_ciphertext_opens() -> None:
    """The first encryption of the vector opens to its plaintext under our suite.

    The vectors use associated data, which our seals do not and the public interface does not take.
    """
    encryption = {name: bytes.fromhex(text) for name, text in VECTOR["encryptions"][0].items()}
    opened = openssl.hpke._decrypt_with_aad(
        SUITE,
        bytes.fromhex(VECTOR["enc"]) + encryption["ct"],
        derive_p256(bytes.fromhex(VECTOR["ikmR"])),
        bytes.fromhex(VECTOR["info"]),
        encryption["aad"],
    )
    assert opened == encryption["pt"]
    assert len(VECTOR["enc"]) // 2 + 16 == LAYER_BYTES


def test_derived_keys_are_the_published_ones() -> None:
    """DeriveKeyPair gives both published key pairs from their input."""
    for who in "RE":
        derived = derive_p256(bytes.fromhex(VECTOR[f"ikm{who}"]))
        point = derived.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        assert derived.private_numbers().private_value == int(VECTOR[f"sk{who}m"], 16)
        assert point.hex() == VECTOR[f"pk{who}m"]
