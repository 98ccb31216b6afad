"""What key holders sign with their names: catalogues, releases, records of destruction."""

from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from backend.ballots.catalogue import HolderEntry
from backend.ballots.holders import HolderKey
from backend.ballots.keys import from_base64


class Statement(StrEnum):
    """What a countersignature is about; a signature of one is worth nothing for another."""

    CATALOGUE = "catalogue"
    RELEASE = "release"
    DESTRUCTION = "destruction"


def countersign(key: HolderKey, statement: Statement, digest: bytes) -> bytes:
    """Sign the SHA-256 of a document with a holder's key (Ed25519)."""
    return key.signing.sign(_signed_text(statement, digest))


def is_countersigned(
    holder: HolderEntry, statement: Statement, digest: bytes, signature: bytes
) -> bool:
    """Tell whether the holder signed the document with this SHA-256."""
    try:
        public = ed25519.Ed25519PublicKey.from_public_bytes(from_base64(holder.signing))
        public.verify(signature, _signed_text(statement, digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed_text(statement: Statement, digest: bytes) -> bytes:
    return f"canvass {statement} 1\0".encode() + digest
