"""Phases, dates, and time since a unit's own start."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import RolloutError
from surveys.organisation import Unit, unit_tree
from surveys.rollout import (
    Phase,
    RolloutPlan,
    Start,
    event_weeks,
    first_use,
    phase_on,
    rollout_plan,
)

TREE = unit_tree(
    [
        Unit("city", "City", None, 0),
        Unit("parks", "Parks", "city", 40),
        Unit("waste", "Waste", "city", 0),
        Unit("north", "North yard", "waste", 30),
        Unit("south", "South yard", "waste", 50),
    ]
)
ANNOUNCE = Phase("announce", "Announced", in_use=False)
PILOT = Phase("pilot", "Pilot", in_use=True)
STEADY = Phase("steady", "In daily use", in_use=True)
PHASES = (ANNOUNCE, PILOT, STEADY)
STARTS = (
    Start("city", "announce", date(2026, 1, 5)),
    Start("waste", "pilot", date(2026, 3, 2)),
    Start("south", "pilot", date(2026, 4, 6)),
    Start("city", "steady", date(2026, 9, 7)),
)


def plan_with(*starts: Start) -> RolloutPlan:
    """Make the plan of a tracker on trucks, with further starts."""
    return rollout_plan("gps", "GPS", "Shows where a truck is.", PHASES, STARTS + starts, TREE)


PLAN = plan_with()


@pytest.mark.parametrize(
    ("unit", "day", "phase"),
    [
        ("south", date(2026, 1, 4), None),
        ("south", date(2026, 1, 5), ANNOUNCE),
        ("south", date(2026, 4, 5), ANNOUNCE),
        ("south", date(2026, 4, 6), PILOT),
        ("north", date(2026, 3, 2), PILOT),
        ("parks", date(2026, 4, 6), ANNOUNCE),
        ("parks", date(2026, 9, 7), STEADY),
        ("city", date(2026, 8, 1), ANNOUNCE),
    ],
)
def test_the_nearest_date_counts(unit: str, day: date, phase: Phase | None) -> None:
    """A unit follows its own dates, else those of the unit above it."""
    assert phase_on(PLAN, TREE, unit, day) == phase


@pytest.mark.parametrize(
    ("unit", "day"),
    [
        ("south", date(2026, 4, 6)),
        ("north", date(2026, 3, 2)),
        ("parks", date(2026, 9, 7)),
    ],
)
def test_first_use_is_the_first_phase_in_use(unit: str, day: date) -> None:
    """Being announced is no use; the first phase in which people work with the tool is."""
    assert first_use(PLAN, TREE, unit) == day


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        (date(2026, 3, 29), -2),
        (date(2026, 3, 30), -1),
        (date(2026, 4, 5), -1),
        (date(2026, 4, 6), 0),
        (date(2026, 4, 12), 0),
        (date(2026, 4, 13), 1),
    ],
)
def test_event_time_counts_full_weeks(day: date, weeks: int) -> None:
    """Week 0 begins on the day of first use, and the days before are week -1."""
    assert event_weeks(PLAN, TREE, "south", day) == weeks


def test_without_planned_use_there_is_no_event_time() -> None:
    """A rollout that is only announced has no first use and no weeks since."""
    announced = rollout_plan("gps", "GPS", "", (ANNOUNCE,), STARTS[:1], TREE)

    assert first_use(announced, TREE, "parks") is None
    assert event_weeks(announced, TREE, "parks", date(2026, 5, 1)) is None


@given(day=st.dates(date(2025, 1, 1), date(2027, 12, 31)), unit=st.sampled_from(TREE.units))
def test_event_time_is_not_negative_exactly_in_use(day: date, unit: Unit) -> None:
    """From the first day of use on, and only then, the phase is one of use."""
    phase = phase_on(PLAN, TREE, unit.id, day)
    weeks = event_weeks(PLAN, TREE, unit.id, day)

    assert weeks is not None
    assert (weeks >= 0) is (phase is not None and phase.in_use)


@pytest.mark.parametrize(
    ("start", "finding"),
    [
        (Start("zoo", "pilot", date(2026, 5, 1)), 'in unit "zoo": no such unit'),
        (Start("parks", "party", date(2026, 5, 1)), 'of "party" in unit "parks": no such phase'),
        (Start("waste", "pilot", date(2026, 5, 1)), "given twice"),
        (Start("parks", "pilot", date(2026, 1, 5)), 'Unit "parks": phase "pilot" starts on'),
        (Start("north", "steady", date(2026, 2, 1)), 'Unit "north": phase "steady" starts on'),
    ],
)
def test_contradicting_dates_are_named(start: Start, finding: str) -> None:
    """A start that cannot be is refused with a message that names unit and phase."""
    with pytest.raises(RolloutError, match=finding):
        plan_with(start)


def test_every_mistake_is_told_at_once() -> None:
    """Several mistakes give one error that lists them all."""
    with pytest.raises(RolloutError) as caught:
        rollout_plan("gps", " ", "", (PILOT, PILOT), (Start("zoo", "announce", date.min),), TREE)

    assert len(caught.value.problems) == 4


def test_a_rollout_needs_phases() -> None:
    """A plan without any phase is refused."""
    with pytest.raises(RolloutError, match="no phases"):
        rollout_plan("gps", "GPS", "", (), (), TREE)
