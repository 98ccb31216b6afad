"""Cells large enough to publish, and the groups above them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import OrganisationError
from surveys.organisation import (
    Unit,
    UnitTree,
    cell_positions,
    reporting_cells,
    reporting_groups,
    unit_tree,
)
from tests.surveys.builders import organisations


def tree_of(**sizes: int | dict[str, int]) -> UnitTree:
    """Build an organisation: departments with a size, or with the sizes of their crews."""
    units = [Unit("all", "All", None, 0)]
    for department, size in sizes.items():
        crews = size if isinstance(size, dict) else {}
        people = size if isinstance(size, int) else 0
        units.append(Unit(department, department.title(), "all", people))
        units += [Unit(crew, crew.title(), department, count) for crew, count in crews.items()]
    return unit_tree(units)


@pytest.mark.parametrize(
    ("tree", "cells"),
    [
        pytest.param(tree_of(a=30, b=40), {"a": 30, "b": 40}, id="large units stay as they are"),
        pytest.param(
            tree_of(a=200, b=15, c=12, d=90),
            {"a": 200, "d": 90, "b+c": 27},
            id="the smallest siblings are merged first",
        ),
        pytest.param(
            tree_of(a=200, b=6, c=7), {"all": 213}, id="all merged is the unit above itself"
        ),
        pytest.param(
            tree_of(a=60, b=70, c=8), {"a+c": 68, "b": 70}, id="a small unit joins the smallest one"
        ),
        pytest.param(
            tree_of(a={"a1": 9, "a2": 12}, b=40, c=50),
            {"a+b": 61, "c": 50},
            id="a department that is one small cell is merged in turn",
        ),
        pytest.param(
            tree_of(a={"a1": 30, "a2": 40}, b={"b1": 50, "b2": 300}, office=4),
            {"a1+office": 34, "a2": 40, "b1": 50, "b2": 300},
            id="below the minimum among divided units: into the smallest cell",
        ),
        pytest.param(
            tree_of(a={"a1": 30, "a2": 40}, office=12),
            {"a1": 30, "a2": 40, "office": 12},
            id="above the minimum among divided units: stays, since wanted is not possible",
        ),
    ],
)
def test_small_units_are_merged(tree: UnitTree, cells: dict[str, int]) -> None:
    """Small units find their smallest neighbours; what equals a unit is named after it."""
    assert {cell.id: cell.headcount for cell in reporting_cells(tree)} == cells


def test_a_lone_small_crew_goes_up() -> None:
    """The only crew of a department is reported as the department, where people know its name."""
    tree = tree_of(parks={"gardeners": 30}, waste=60)

    parks = reporting_cells(tree)[0]

    assert (parks.id, parks.name, parks.parent) == ("parks", "Parks", "all")
    assert parks.units == ("gardeners",)


def test_merged_cells_name_all_their_units() -> None:
    """A cell of several units carries their ids and names, and hangs where they meet."""
    merged = reporting_cells(tree_of(a={"a1": 30, "a2": 40}, b=60, c=70, office=4))

    assert [(c.id, c.name, c.parent) for c in merged][2:] == [
        ("b+office", "B + Office", "all"),
        ("c", "C", "all"),
    ]


def test_an_organisation_below_the_minimum_is_refused() -> None:
    """Nine people cannot be surveyed at all, and the message says why."""
    with pytest.raises(OrganisationError, match="9 people; results need at least 10"):
        reporting_cells(tree_of(a=4, b=5))


def test_groups_go_from_the_whole_to_the_cells() -> None:
    """Groups are the organisation, its departments and their cells, parents first."""
    tree = tree_of(a={"a1": 30, "a2": 40}, b={"b1": 50, "b2": 12, "b3": 20}, c=60)

    groups = reporting_groups(tree, reporting_cells(tree))

    assert [(g.id, g.parent, g.level, g.headcount) for g in groups] == [
        ("all", None, 0, 212),
        ("a", "all", 1, 70),
        ("a1", "a", 2, 30),
        ("a2", "a", 2, 40),
        ("b", "all", 1, 82),
        ("b1", "b", 2, 50),
        ("b2+b3", "b", 2, 32),
        ("c", "all", 1, 60),
    ]


def test_a_department_with_a_guest_says_so() -> None:
    """A department whose cell includes a small neighbour is not shown under its own name alone."""
    tree = tree_of(a={"a1": 30, "a2": 40}, b={"b1": 50, "b2": 300}, office=4)

    groups = {group.id: group for group in reporting_groups(tree, reporting_cells(tree))}

    assert "a" not in groups
    assert (groups["a+office"].name, groups["a+office"].headcount) == ("A + Office", 74)
    assert groups["a1+office"].parent == "a+office"


def test_an_organisation_of_one_cell_has_one_group() -> None:
    """What is one and the same set of people appears once."""
    tree = tree_of(a=12, b=9)

    (whole,) = reporting_groups(tree, reporting_cells(tree))

    assert (whole.id, whole.cells, whole.level) == ("all", (0,), 0)


@given(units=organisations(), minimum=st.integers(8, 12), wanted=st.integers(8, 40))
def test_cells_hold_everybody_once_and_are_large_enough(
    units: tuple[Unit, ...], minimum: int, wanted: int
) -> None:
    """Whatever the organisation, each person is in exactly one cell, and no cell is too small."""
    tree = unit_tree(units)
    if tree.headcount(tree.root) < minimum:
        return
    cells = reporting_cells(tree, minimum, wanted)

    assert sorted(unit for cell in cells for unit in cell.units) == sorted(tree.leaves)
    assert sum(cell.headcount for cell in cells) == tree.headcount(tree.root)
    for cell in cells:
        assert cell.headcount >= minimum
        assert cell.headcount == sum(tree.headcount(unit) for unit in cell.units)
    assert len({cell.id for cell in cells}) == len(cells)


@given(units=organisations(), data=st.data())
def test_order_of_units_changes_nothing(units: tuple[Unit, ...], data: st.DataObject) -> None:
    """Cells and groups depend on ids and head counts only."""
    tree, shuffled = unit_tree(units), unit_tree(data.draw(st.permutations(units)))

    assert reporting_cells(shuffled) == reporting_cells(tree)
    assert reporting_groups(shuffled, reporting_cells(shuffled)) == reporting_groups(
        tree, reporting_cells(tree)
    )


@given(units=organisations())
def test_groups_form_a_tree_of_distinct_sets(units: tuple[Unit, ...]) -> None:
    """Groups overlap only by nesting, no two hold the same people, and each cell is one."""
    tree = unit_tree(units)
    cells = reporting_cells(tree)
    groups = reporting_groups(tree, cells)
    by_id = {group.id: group for group in groups}

    assert len(by_id) == len(groups) == len({group.cells for group in groups})
    assert {(position,) for position in range(len(cells))} <= {group.cells for group in groups}
    assert groups[0].cells == tuple(range(len(cells)))
    for place, group in enumerate(groups):
        assert group.headcount == sum(cells[position].headcount for position in group.cells)
        if group.parent is not None:
            above = by_id[group.parent]
            assert set(group.cells) < set(above.cells)
            assert groups.index(above) < place
            assert group.level == above.level + 1
        for other in groups:
            shared = set(group.cells) & set(other.cells)
            assert shared in (set(), set(group.cells), set(other.cells))


@given(units=organisations())
def test_every_place_of_work_has_its_cell(units: tuple[Unit, ...]) -> None:
    """For each unit with people there is one position, that of the cell which names it."""
    tree = unit_tree(units)
    cells = reporting_cells(tree)
    positions = cell_positions(cells)

    assert set(positions) == set(tree.leaves)
    assert all(unit in cells[position].units for unit, position in positions.items())


@given(units=organisations())
def test_units_that_are_large_enough_are_never_merged_without_need(
    units: tuple[Unit, ...],
) -> None:
    """Where every place of work has the wanted size and siblings, each is its own cell."""
    grown = [
        Unit(unit.id, unit.name, unit.parent, unit.headcount and unit.headcount + 26)
        for unit in units
    ]
    tree = unit_tree(grown)

    assert {cell.units for cell in reporting_cells(tree)} == {(leaf,) for leaf in tree.leaves}
