"""No key tells who someone is, and a key's name is the one the standard gives it."""

import hashlib
import random

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from backend.ballots.blind_signatures import PublicKey
from backend.ballots.keys import (
    SMALLEST_GROUP,
    SigningGroup,
    canonical_json,
    from_base64,
    make_paper_keys,
    p256_coordinates,
    p256_key_id,
    rsa_key_id,
    signing_groups,
    to_base64,
)
from surveys.organisation import Cell, reporting_cells
from surveys.units import Unit, UnitTree, unit_tree

RFC7638_MODULUS = (
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWK"
    "RXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMic"
    "AtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3"
    "XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
)


def a_city(*departments: tuple[int, ...]) -> tuple[UnitTree, tuple[Cell, ...]]:
    """Give a city of departments with sites of so many people, each site a cell of its own."""
    units = [Unit("city", "City", None, 0)]
    cells = []
    for number, sites in enumerate(departments):
        department = f"d{number}"
        units.append(Unit(department, department.upper(), "city", 0))
        for place, people in enumerate(sites):
            site = f"{department}s{place}"
            units.append(Unit(site, site.upper(), department, people))
            cells.append(Cell(site, site.upper(), department, (site,), people))
    return unit_tree(units), tuple(cells)


def groups_of(*departments: tuple[int, ...]) -> dict[str, int]:
    """Give the invited of each signing group of such a city."""
    return {group.id: group.invited for group in signing_groups(*a_city(*departments))}


@pytest.mark.parametrize(
    ("departments", "expected"),
    [
        (((25, 30),), {"d0s0": 25, "d0s1": 30}),
        (((10, 16, 30),), {"d0s0+d0s1": 26, "d0s2": 30}),
        (((10, 40), (16, 40)), {"d0s0+d1s0": 26, "d0s1": 40, "d1s1": 40}),
        (((10, 40), (12, 30)), {"d0s0+d1s0+d1s1": 52, "d0s1": 40}),
        (((24, 40), (30,)), {"d0s0+d1s0": 54, "d0s1": 40}),
        (((10,), (12,)), {"d0s0+d1s0": 22}),
    ],
    ids=["large", "one department", "two departments", "too few in all", "one alone", "tiny city"],
)
def test_small_cells_share_a_key(
    departments: tuple[tuple[int, ...], ...], expected: dict[str, int]
) -> None:
    """Cells below 25 share a key in their parent, then above; the last rest joins the smallest."""
    assert groups_of(*departments) == expected


@given(
    departments=st.lists(
        st.lists(st.integers(1, 60), min_size=1, max_size=5).map(tuple), min_size=1, max_size=5
    )
)
def test_no_key_stands_for_a_few_people(departments: list[tuple[int, ...]]) -> None:
    """Whatever the organisation, each cell has one key and each key at least 25 people, or all."""
    tree, cells = a_city(*departments)
    groups = signing_groups(tree, cells)
    assert sorted(cell for group in groups for cell in group.cells) == sorted(c.id for c in cells)
    assert len(groups) == 1 or all(group.invited >= SMALLEST_GROUP for group in groups)
    assert sum(group.invited for group in groups) == sum(cell.headcount for cell in cells)


@given(
    departments=st.lists(
        st.lists(st.integers(1, 60), min_size=1, max_size=5).map(tuple), min_size=1, max_size=4
    ),
    order=st.randoms(use_true_random=False),
)
def test_groups_do_not_depend_on_the_order_of_cells(
    departments: list[tuple[int, ...]], order: random.Random
) -> None:
    """The same organisation has the same groups, so that both sides can check them."""
    tree, cells = a_city(*departments)
    shuffled = list(cells)
    order.shuffle(shuffled)
    assert signing_groups(tree, shuffled) == signing_groups(tree, cells)


def test_invited_counts_before_the_head_count() -> None:
    """Who was invited decides, where that differs from who works there."""
    tree, cells = a_city((30, 30, 30))
    groups = signing_groups(tree, cells, {"d0s0": 5, "d0s1": 20})
    assert {group.id: group.invited for group in groups} == {"d0s0+d0s1": 25, "d0s2": 30}


def test_default_cells_each_have_their_own_key() -> None:
    """Cells made by the default rule, of 26 people or more, are all large enough."""
    tree, _ = a_city((12, 14, 80), (30, 9))
    cells = reporting_cells(tree)
    assert [group.cells for group in signing_groups(tree, cells)] == [(cell.id,) for cell in cells]


def test_a_key_is_named_as_rfc_7638_does() -> None:
    """The example of RFC 7638, section 3.1, has the id printed there."""
    key = PublicKey(int.from_bytes(from_base64(RFC7638_MODULUS)), 65537)
    assert to_base64(rsa_key_id(key)) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_p256_key_is_named_by_its_point() -> None:
    """Coordinates have 32 bytes even when they begin with zeros, and the id is their hash."""
    for number in range(1, 300):
        public = ec.derive_private_key(number, ec.SECP256R1()).public_key()
        x, y = p256_coordinates(public)
        assert (len(from_base64(x)), len(from_base64(y))) == (32, 32)
        text = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
        assert p256_key_id(public) == hashlib.sha256(text.encode()).digest()


def test_each_wave_has_fresh_keys() -> None:
    """Keys made twice for the same group differ, and their private half is not shown."""
    group = SigningGroup("parks", "Parks", ("parks",), 30)
    first, second = (make_paper_keys([group])[0] for _ in range(2))
    assert rsa_key_id(first.public) != rsa_key_id(second.public)
    assert first.public.bits == 2048
    assert "private" not in repr(first)


@given(data=st.binary(max_size=50))
def test_bytes_survive_base64(data: bytes) -> None:
    """Reading is the inverse of writing."""
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("text", ["AA=", "A", "AB", "A A", "+A", "é"])
def test_bytes_are_written_in_one_way_only(text: str) -> None:
    """Another spelling of the same bytes is refused: two hashes of one key would be possible."""
    with pytest.raises(ValueError):  # noqa: PT011  several libraries raise it
        from_base64(text)


def test_canonical_json_is_sorted_and_tight() -> None:
    """Keys are sorted, no space is written, letters beyond ASCII stay as they are."""
    assert canonical_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
