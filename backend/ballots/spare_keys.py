"""Spare keys: with a third person as arbiter, any two of three holders can open the ballots.

A holder seals their own secret to the other holder inside and to the arbiter outside. If the key is
lost, those two together bring it back; neither of them can alone, and nobody has to be trusted with
a copy. The file may lie anywhere.
"""

from typing import Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag

from backend.ballots.catalogue import HolderEntry, holder_entry
from backend.ballots.errors import KeyFileError
from backend.ballots.holders import HolderKey, HolderRole
from backend.ballots.keys import canonical_json, from_base64, to_base64
from backend.ballots.sealing import SUITE

_LARGEST_FILE: Final = 4096


class SpareKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A holder's secret under two seals, or under the inner one only."""

    canvass: Literal["spare key"] = "spare key"
    version: Literal[1] = 1
    role: HolderRole
    key_id: str
    other: str
    arbiter: str | None
    sealed: str


def make_spare_key(key: HolderKey, other: HolderEntry, arbiter: HolderEntry) -> SpareKey:
    """Seal a holder's own secret to the other holder, then to the arbiter."""
    own = holder_entry(key).key_id
    if len({own, other.key_id, arbiter.key_id}) < 3:  # noqa: PLR2004  two of three
        raise KeyFileError("A spare key needs three different holders. Choose another arbiter.")
    inner = SUITE.encrypt(key.secret, other.public, info=_info("inner", own))
    outer = SUITE.encrypt(inner, arbiter.public, info=_info("outer", own))
    return SpareKey(
        role=key.role,
        key_id=own,
        other=other.key_id,
        arbiter=arbiter.key_id,
        sealed=to_base64(outer),
    )


def take_off_arbiter_seal(spare: SpareKey, arbiter: HolderKey) -> SpareKey:
    """Let the arbiter open the outer seal; what remains only the other holder can open."""
    inner = _unsealed(spare, arbiter, "outer", spare.arbiter)
    return msgspec.structs.replace(spare, arbiter=None, sealed=to_base64(inner))


def bring_back(spare: SpareKey, other: HolderKey) -> HolderKey:
    """Let the other holder open the inner seal: the lost key is there again."""
    if spare.arbiter is not None:
        raise KeyFileError("The arbiter has to open this spare key first.")
    key = HolderKey(spare.role, _unsealed(spare, other, "inner", spare.other))
    if holder_entry(key).key_id != spare.key_id:
        raise KeyFileError("This spare key holds another key than it says. Do not use it.")
    return key


def encode_spare_key(spare: SpareKey) -> bytes:
    """Write a spare key as a file."""
    return canonical_json(spare) + b"\n"


def decode_spare_key(data: bytes) -> SpareKey:
    """Read the file of a spare key."""
    try:
        return msgspec.json.decode(data[:_LARGEST_FILE], type=SpareKey)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise KeyFileError("This is no spare key of Canvass, or it is damaged.") from None


def _unsealed(spare: SpareKey, holder: HolderKey, layer: str, wanted: str | None) -> bytes:
    if holder_entry(holder).key_id != wanted:
        raise KeyFileError(f"The key of {holder.role} does not open this seal. Take the other one.")
    try:
        info = _info(layer, spare.key_id)
        return SUITE.decrypt(from_base64(spare.sealed), holder.sealing, info=info)
    except (InvalidTag, ValueError):
        raise KeyFileError("This spare key was altered or damaged. Take a copy of it.") from None


def _info(layer: str, key_id: str) -> bytes:
    return f"canvass spare key 1 {layer}\0{key_id}".encode()
