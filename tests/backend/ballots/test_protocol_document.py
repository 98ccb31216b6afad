"""docs/protocol.md says what the code does."""

from pathlib import Path

import pytest

from backend.ballots.catalogue import PADDINGS, Catalogue, HolderEntry, PaperEntry, WaveFacts
from backend.ballots.countersigning import Statement
from backend.ballots.holders import HolderRole
from backend.ballots.keys import SMALLEST_GROUP
from backend.ballots.sealing import LAYER_BYTES, inner_info, outer_info
from backend.ballots.signed_papers import receipt
from backend.ballots.signing import KEY_BITS

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def _label(info: bytes) -> str:
    return info.split(b"\0")[0].decode()


@pytest.mark.parametrize(
    "stated",
    [
        f'"{_label(outer_info(b"", b"", b""))}"',
        f'"{_label(inner_info(b"", b""))}"',
        receipt(bytes(range(32))),
        f"{SMALLEST_GROUP} invited or more",
        f"RSA, {KEY_BITS} bit",
        f"{', '.join(map(str, PADDINGS[:-1]))} or {PADDINGS[-1]} bytes",
        f"each seal adds {LAYER_BYTES} bytes",
        *(f"`{role}`" for role in HolderRole),
        "canvass catalogue 1",
        *(f"`{statement}`" for statement in Statement),
        *(f'"{name}":' for name in Catalogue.__struct_fields__),
        *(f'"{name}":' for name in WaveFacts.__struct_fields__),
        *(f'"{name}":' for name in PaperEntry.__struct_fields__),
        *(f'"{name}":' for name in HolderEntry.__struct_fields__),
    ],
)
def test_the_document_states_what_the_code_uses(stated: str) -> None:
    """Labels, sizes, roles and members of the catalogue stand in the document as in the code."""
    assert stated in TEXT


def test_files_named_in_the_document_exist() -> None:
    """Every test vector that the document names is there."""
    for name in (
        "backend/ballots/rfc9474_vectors.toml",
        "tests/reference/rfc9180/vectors.json",
        "tests/reference/interop/from_canvass.json",
        "tests/reference/interop/from_javascript.json",
    ):
        assert f"`{name}`" in TEXT
        assert (ROOT / name).is_file()
