"""What is counted, and on which exact grid."""

import pytest

from analysis.errors import SeriesError
from analysis.series import (
    ConstructRule,
    Series,
    SeriesKind,
    choice_series,
    construct_series,
    item_series,
)


def five_point(name: str, direction: int = 1) -> Series:
    """Give an item with five options, two of them favourable."""
    return item_series(name, 5, direction, (3, 4), (2,), (0, 1))


def test_mirrored_item_scores_its_first_option_highest() -> None:
    """An item asked the other way round is mirrored in scores and in favourable options."""
    series = five_point("js2", direction=-1)
    assert series.values == (100.0, 75.0, 50.0, 25.0, 0.0)
    assert (series.favourable, series.neutral, series.unfavourable) == ((0, 1), (2,), (3, 4))


@pytest.mark.parametrize(
    ("sizes", "at_least", "points"),
    [
        ((5,), 1, 5),  # one item: its own options
        ((5, 5, 5, 5), 2, 25),  # halves, thirds and quarters of 25 points
        ((5, 5, 5, 5), 4, 17),
        ((2, 3), 1, 5),  # 0, 25, 50, 75, 100
    ],
)
def test_construct_grid_holds_every_reachable_score_once(
    sizes: tuple[int, ...], at_least: int, points: int
) -> None:
    """The grid has the scores people can have, rising from 0 to 100, and no others."""
    members = [item_series(f"i{n}", size, 1, (), (), ()) for n, size in enumerate(sizes)]
    rule = ConstructRule("c", tuple(each.id for each in members), at_least)
    series = construct_series(rule, members)
    assert series.kind is SeriesKind.CONSTRUCT
    assert (series.size, series.values[0], series.values[-1]) == (points, 0, 100)
    assert list(series.values) == sorted(set(series.values))


def test_construct_is_favourable_above_the_middle_between_options() -> None:
    """On five-point items people above 62.5 are favourable and people below 37.5 are not."""
    members = [five_point("a"), five_point("b", direction=-1)]
    series = construct_series(ConstructRule("c", ("a", "b"), 1), members)
    assert [series.values[place] for place in series.favourable] == [75, 87.5, 100]
    assert [series.values[place] for place in series.neutral] == [37.5, 50, 62.5]
    assert [series.values[place] for place in series.unfavourable] == [0, 12.5, 25]


def test_construct_refuses_a_choice() -> None:
    """A choice has no score and cannot count towards one."""
    with pytest.raises(SeriesError, match="Name items only"):
        construct_series(ConstructRule("c", ("x",), 1), [choice_series("x", 3)])


def test_construct_refuses_favourable_middles() -> None:
    """An item whose best answer lies in the middle has no rising score."""
    middle = item_series("x", 5, 1, (2,), (), (0, 1))
    with pytest.raises(SeriesError, match="Mend its scale"):
        construct_series(ConstructRule("c", ("x",), 1), [middle])


def test_construct_refuses_other_members() -> None:
    """Members given and members named must be the same."""
    with pytest.raises(SeriesError, match="needs the series a, b"):
        construct_series(ConstructRule("c", ("a", "b"), 1), [five_point("a")])


@pytest.mark.parametrize(
    ("size", "direction", "favourable", "message"),
    [
        (1, 1, (), "a rating has 2 to 250"),
        (251, 1, (), "a rating has 2 to 250"),
        (5, 0, (), "Give 1, or -1"),
        (5, 1, (5,), "overlap or leave"),
        (5, 1, (0,), "overlap or leave"),
    ],
)
def test_impossible_items_are_refused(
    size: int, direction: int, favourable: tuple[int, ...], message: str
) -> None:
    """Size, direction and positions are checked when a series is made."""
    with pytest.raises(SeriesError, match=message):
        item_series("x", size, direction, favourable, (), (0,))


@pytest.mark.parametrize(
    ("members", "at_least", "message"),
    [(("a", "a"), 1, "twice"), (("a",), 2, "Ask for 1 to 1"), (("a",), 0, "Ask for 1 to 1")],
)
def test_impossible_rules_are_refused(
    members: tuple[str, ...], at_least: int, message: str
) -> None:
    """A construct rule that everybody or nobody fulfils is refused."""
    with pytest.raises(SeriesError, match=message):
        ConstructRule("c", members, at_least)


def test_scores_must_fit_the_categories() -> None:
    """A series with more categories than scores is refused."""
    with pytest.raises(SeriesError, match="one score per category"):
        Series("x", SeriesKind.ITEM, (0, 100), 3, (), (), ())
