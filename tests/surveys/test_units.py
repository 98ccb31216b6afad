"""The unit tree, and everything that can be wrong with one."""

import pytest

from surveys.errors import OrganisationError
from surveys.organisation import Unit, unit_tree

CITY = (
    Unit("city", "City", None, 0),
    Unit("parks", "Parks", "city", 40),
    Unit("waste", "Waste", "city", 0),
    Unit("north", "North yard", "waste", 30),
    Unit("south", "South yard", "waste", 50),
)


def test_tree_can_be_walked() -> None:
    """The tree gives its top, what is under and above a unit, and where people work."""
    tree = unit_tree(CITY)

    assert tree.root == "city"
    assert tree.children("waste") == ("north", "south")
    assert tree.children("parks") == ()
    assert tree.ancestors("south") == ("waste", "city")
    assert tree.leaves == ("parks", "north", "south")
    assert tree.leaves_under("waste") == ("north", "south")
    assert tree.unit("north").name == "North yard"


@pytest.mark.parametrize(("unit", "people"), [("city", 120), ("waste", 80), ("parks", 40)])
def test_headcount_is_the_sum_below(unit: str, people: int) -> None:
    """A unit counts everybody under it."""
    assert unit_tree(CITY).headcount(unit) == people


def test_order_of_units_does_not_matter() -> None:
    """The same units in another order are the same tree."""
    assert unit_tree(reversed(CITY)) == unit_tree(CITY)


def test_a_single_unit_is_a_tree() -> None:
    """A small employer has one unit, which is the whole organisation."""
    tree = unit_tree([Unit("shop", "Shop", None, 25)])

    assert (tree.root, tree.leaves, tree.headcount("shop")) == ("shop", ("shop",), 25)


@pytest.mark.parametrize(
    ("units", "finding"),
    [
        ([], "0 units without a parent"),
        ([Unit("b", "B", None, 30)], "2 units without a parent ['b', 'city']"),
        ([Unit("parks", "Parks too", "city", 3)], 'Unit "parks": the id is used twice'),
        ([Unit("x", "X", "nowhere", 3)], 'Unit "x": its parent "nowhere" is no unit'),
        ([Unit("x", "X", "city", 0)], 'Unit "x": 0 people'),
        ([Unit("x", "X", "city", -4)], 'Unit "x": -4 people'),
        ([Unit("x", "X", "parks", 4)], 'Unit "parks": 40 people are placed on it directly'),
        ([Unit("x+y", "X", "city", 4)], 'Unit "x+y": ids must not'),
        ([Unit("x", " ", "city", 4)], 'Unit "x": no name'),
        (
            [Unit("x", "X", "y", 0), Unit("y", "Y", "x", 0)],
            'Unit "x": is its own ancestor',
        ),
    ],
)
def test_each_mistake_is_named(units: list[Unit], finding: str) -> None:
    """A mistake in the units is refused with a message that names the unit."""
    given = [*CITY, *units] if units else []

    with pytest.raises(OrganisationError) as caught:
        unit_tree(given)

    assert any(finding in problem for problem in caught.value.problems), caught.value.problems


def test_every_mistake_is_told_at_once() -> None:
    """Several mistakes give one error that lists them all."""
    wrong = [Unit("x", "X", "nowhere", 3), Unit("y", "", "city", 0), Unit("z", "Z", "z", 5)]

    with pytest.raises(OrganisationError) as caught:
        unit_tree([*CITY, *wrong])

    named = {problem.split(":")[0] for problem in caught.value.problems}
    assert named == {'Unit "x"', 'Unit "y"', 'Unit "z"'}


def test_unknown_units_are_refused() -> None:
    """Asking about a unit that is not in the tree says so."""
    with pytest.raises(OrganisationError, match='"zoo"'):
        unit_tree(CITY).children("zoo")
