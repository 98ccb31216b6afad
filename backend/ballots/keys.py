"""Keys of a wave: which cells share one, how keys are named, and how papers' keys are made.

A key per cell makes the cell trustworthy without asking anybody where they work. A key of very few
people would tell who they are, so cells below 25 invited share one.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from backend.ballots.blind_signatures import PublicKey
from backend.ballots.signing import make_private_key, public_key_of
from surveys.organisation import Cell
from surveys.units import UnitTree

SMALLEST_GROUP: Final = 25
KEY_ID_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SigningGroup:
    """Cells whose papers are signed by the same key, and so are counted together."""

    id: str
    name: str
    cells: tuple[str, ...]
    invited: int


@dataclass(frozen=True, slots=True)
class PaperKey:
    """The key that signs the papers of one group in one wave; the private half is in clear."""

    group: SigningGroup
    private: bytes = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return public_key_of(self.private)


def signing_groups(
    tree: UnitTree,
    cells: Sequence[Cell],
    invited: Mapping[str, int] | None = None,
    minimum: int = SMALLEST_GROUP,
) -> tuple[SigningGroup, ...]:
    """Give each cell of at least `minimum` invited its own key; smaller ones share one.

    Small cells share with the other small cells of their parent, then of its parent, until they are
    enough; what is left at the top joins the smallest group. One key serves all if all are few.
    """
    numbers = {cell.id: cell.headcount for cell in cells} | dict(invited or {})
    groups = [[cell] for cell in cells if numbers[cell.id] >= minimum]
    waiting: dict[str, list[Cell]] = {}
    for cell in cells:
        if numbers[cell.id] < minimum:
            waiting.setdefault(cell.parent or tree.root, []).append(cell)
    for unit in sorted(_inner_units(tree), key=lambda unit: (-len(tree.ancestors(unit)), unit)):
        together = waiting.pop(unit, [])
        if sum(numbers[cell.id] for cell in together) >= minimum:
            groups.append(together)
        elif together:
            above = tree.unit(unit).parent
            waiting.setdefault(above or "", []).extend(together)
    left = waiting.get("", [])
    if left and groups:
        smallest = min(groups, key=lambda group: (_size(group, numbers), group[0].id))
        smallest.extend(left)
    elif left:
        groups.append(left)
    return tuple(sorted((_group(group, numbers) for group in groups), key=lambda group: group.id))


def make_paper_keys(groups: Sequence[SigningGroup]) -> tuple[PaperKey, ...]:
    """Make a fresh RSA key for each group of a wave."""
    return tuple(PaperKey(group, make_private_key()) for group in groups)


def rsa_key_id(key: PublicKey) -> bytes:
    """Name an RSA key: SHA-256 of its JSON Web Key as RFC 7638 writes it."""
    return _thumbprint({"kty": "RSA", "n": _number(key.modulus), "e": _number(key.exponent)})


def p256_key_id(key: ec.EllipticCurvePublicKey) -> bytes:
    """Name a P-256 key: SHA-256 of its JSON Web Key as RFC 7638 writes it."""
    x, y = p256_coordinates(key)
    return _thumbprint({"kty": "EC", "crv": "P-256", "x": x, "y": y})


def p256_coordinates(key: ec.EllipticCurvePublicKey) -> tuple[str, str]:
    """Write the point of a P-256 key as a JSON Web Key does: x and y."""
    numbers = key.public_numbers()
    return to_base64(numbers.x.to_bytes(32)), to_base64(numbers.y.to_bytes(32))


def to_base64(data: bytes) -> str:
    """Write bytes in base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64(text: str) -> bytes:
    """Read base64url without padding; ValueError unless it is written the one right way."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_base64(data) != text:
        raise ValueError("This is no canonical base64url.")
    return data


def canonical_json(value: object) -> bytes:
    """Write JSON with sorted keys and no spaces: the same bytes everywhere (RFC 8785)."""
    return msgspec.json.encode(value, order="sorted")


def _thumbprint(members: Mapping[str, str]) -> bytes:
    return hashlib.sha256(canonical_json(members)).digest()


def _number(value: int) -> str:
    return to_base64(value.to_bytes((value.bit_length() + 7) // 8))


def _inner_units(tree: UnitTree) -> list[str]:
    return [unit.id for unit in tree.units if tree.children(unit.id)] or [tree.root]


def _size(cells: Sequence[Cell], numbers: Mapping[str, int]) -> int:
    return sum(numbers[cell.id] for cell in cells)


def _group(cells: Sequence[Cell], numbers: Mapping[str, int]) -> SigningGroup:
    ordered = sorted(cells, key=lambda cell: cell.id)
    return SigningGroup(
        id="+".join(cell.id for cell in ordered),
        name=", ".join(cell.name for cell in ordered),
        cells=tuple(cell.id for cell in ordered),
        invited=_size(cells, numbers),
    )
