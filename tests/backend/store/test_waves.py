"""Waves: opened only by the agreed rules, in order, once; every refusal says how to mend it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from backend.db.engine import CanvassEngine
from backend.db.sql import run
from backend.store.accounts import Role
from backend.store.errors import NotFoundError, WaveError
from backend.store.rollouts import get_rollout, save_rollout, sign_agreement
from backend.store.waves import (
    WaveState,
    close_wave,
    get_wave,
    list_waves,
    mark_counted,
    mark_released,
    open_wave,
    plan_wave,
    wave_questionnaire,
)
from surveys.agreement import Agreement, Gate, SecondKey
from surveys.instrument import load_default_instrument
from surveys.organisation import OrganisationError, Unit, unit_tree
from surveys.questionnaire import questionnaire
from tests.backend.builders import FIRST_DAY, LAST_DAY, a_planned_wave, a_rollout, a_signed_rollout


async def _released_first_wave(opened: date = FIRST_DAY) -> None:
    await a_signed_rollout()
    await a_planned_wave(1)
    await open_wave("gps-1", opened)
    await close_wave("gps-1", LAST_DAY)
    await mark_counted("gps-1")
    await mark_released("gps-1", FIRST_DAY + timedelta(days=12))


async def test_a_wave_goes_through_its_states(database: CanvassEngine) -> None:
    """Planned, open, closed, counted, released: one after the other."""
    assert database is not None
    await _released_first_wave()
    wave = await get_wave("gps-1")
    assert (wave.state, wave.released_on) == (WaveState.RELEASED, date(2025, 3, 15))
    assert [cell.id for cell in wave.cells] == ["parks", "roads"]


async def test_a_planned_wave_keeps_its_questions(database: CanvassEngine) -> None:
    """A wave asks what the instrument asked when it was planned, read back without loss."""
    assert database is not None
    await a_signed_rollout()
    wave = await a_planned_wave()
    shipped = load_default_instrument()
    assert wave.instrument == shipped
    assert wave.instrument_hash == wave.instrument.content_hash == shipped.content_hash
    assert wave_questionnaire(wave) == questionnaire(shipped, "pulse", 1)
    assert await list_waves("gps") == (wave,)


async def test_the_frame_is_frozen_when_the_wave_opens(database: CanvassEngine) -> None:
    """People counted later, or moved, change no cell of an open wave."""
    assert database is not None
    rollout = await a_signed_rollout()
    await a_planned_wave()
    opened = await open_wave("gps-1", FIRST_DAY)
    moved = unit_tree(
        replace(unit, headcount=99) if unit.id == "parks" else unit for unit in rollout.tree.units
    )
    await save_rollout(replace(rollout, tree=moved))
    assert (await get_wave("gps-1")).cells == opened.cells


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_a_wave_is_opened_once(sqlite: CanvassEngine, steps: int) -> None:
    """A wave that was open, closed or counted is never opened again."""
    assert sqlite is not None
    await a_signed_rollout()
    await a_planned_wave()
    await open_wave("gps-1", FIRST_DAY)
    if steps > 1:
        await close_wave("gps-1", LAST_DAY)
    if steps > 2:
        await mark_counted("gps-1")
    with pytest.raises(WaveError, match=r"gps-1 cannot be opened: it is \w+ already"):
        await open_wave("gps-1", FIRST_DAY)


async def test_both_sides_must_have_signed(sqlite: CanvassEngine) -> None:
    """Without the staff side's signature under these very rules, no wave opens."""
    assert sqlite is not None
    await save_rollout(a_rollout())
    await a_planned_wave()
    await sign_agreement("gps", Role.HR, "Hannah Reyes")
    with pytest.raises(WaveError, match=r"not signed by union.*canvass agreement sign gps"):
        await open_wave("gps-1", FIRST_DAY)
    await sign_agreement("gps", Role.UNION, "Tomas Okafor")
    assert (await open_wave("gps-1", FIRST_DAY)).state is WaveState.OPEN


async def test_a_changed_agreement_must_be_signed_again(sqlite: CanvassEngine) -> None:
    """Signatures stand under one text: tightened rules need new ones."""
    assert sqlite is not None
    rollout = await a_signed_rollout()
    await a_planned_wave()
    await save_rollout(replace(rollout, agreement=replace(rollout.agreement, k_scores=12,
                                                          minimum_cell=12)))  # fmt: skip
    with pytest.raises(WaveError, match="not signed by hr and union"):
        await open_wave("gps-1", FIRST_DAY)


async def test_one_key_needs_one_signature(sqlite: CanvassEngine) -> None:
    """Where there is no second key, HR signs alone."""
    assert sqlite is not None
    rules = Agreement(purpose="Find out what staff need.", second_key=SecondKey.NONE)
    await save_rollout(a_rollout(rules))
    await a_planned_wave()
    await sign_agreement("gps", Role.HR, "Hannah Reyes")
    assert (await open_wave("gps-1", FIRST_DAY)).state is WaveState.OPEN


async def test_results_come_before_the_next_questions(sqlite: CanvassEngine) -> None:
    """No wave opens while an earlier one is not released."""
    assert sqlite is not None
    await a_signed_rollout()
    await a_planned_wave(1)
    await a_planned_wave(2, FIRST_DAY + timedelta(weeks=8))
    with pytest.raises(WaveError, match=r"gps-1 is planned.*release it first"):
        await open_wave("gps-2", FIRST_DAY + timedelta(weeks=8))


@pytest.mark.parametrize(("days", "allowed"), [(27, False), (28, True)])
async def test_waves_keep_their_distance(sqlite: CanvassEngine, days: int, allowed: bool) -> None:
    """Two waves begin at least the agreed four weeks apart, by the days they really opened."""
    assert sqlite is not None
    await _released_first_wave(opened=FIRST_DAY + timedelta(days=5))
    await a_planned_wave(2, FIRST_DAY + timedelta(days=28))
    day = FIRST_DAY + timedelta(days=5 + days)
    if allowed:
        assert (await open_wave("gps-2", day)).opened_on == day
        return
    with pytest.raises(WaveError, match=r"27 days after wave gps-1.*2025-04-05 or later"):
        await open_wave("gps-2", day)


async def test_no_wave_opens_before_its_day(database: CanvassEngine) -> None:
    """A wave opens on the agreed day or later, and closes no earlier than it opened."""
    assert database is not None
    await a_signed_rollout()
    await a_planned_wave()
    with pytest.raises(WaveError, match=r"cannot be opened on 2025-03-02: .*2025-03-03"):
        await open_wave("gps-1", FIRST_DAY - timedelta(days=1))
    await open_wave("gps-1", FIRST_DAY + timedelta(days=2))
    with pytest.raises(WaveError, match=r"cannot be closed on 2025-03-04: .*2025-03-05"):
        await close_wave("gps-1", FIRST_DAY + timedelta(days=1))
    closed = await close_wave("gps-1", LAST_DAY)
    assert (closed.opened_on, closed.closed_on) == (FIRST_DAY + timedelta(days=2), LAST_DAY)


async def test_waves_follow_their_numbers(database: CanvassEngine) -> None:
    """Below a wave that has opened, none is planned and none opened."""
    assert database is not None
    await a_signed_rollout()
    await a_planned_wave(2)
    await open_wave("gps-2", FIRST_DAY)
    with pytest.raises(WaveError, match=r"gps-2 is open already.*Use 3 or more"):
        await a_planned_wave(1)
    await run("UPDATE wave SET state = 'planned', opened_on = NULL, terms = ''")
    await a_planned_wave(1)
    await run("UPDATE wave SET state = 'released' WHERE id = 'gps-2'")
    with pytest.raises(WaveError, match=r"gps-2 is released already"):
        await open_wave("gps-1", FIRST_DAY)


async def test_one_wave_is_open_at_a_time(database: CanvassEngine) -> None:
    """Of two openings at once one is refused, and the database itself knows the rule."""
    assert database is not None
    await a_signed_rollout()
    await a_planned_wave(1)
    await a_planned_wave(2, FIRST_DAY + timedelta(weeks=8))
    day = FIRST_DAY + timedelta(weeks=8)
    done = await asyncio.gather(
        open_wave("gps-1", day), open_wave("gps-2", day), return_exceptions=True
    )
    assert [isinstance(each, WaveError) for each in done] == [False, True]
    with pytest.raises(Exception, match=r"(?i)unique"):
        await run("UPDATE wave SET state = 'open'")


async def test_a_wave_runs_under_what_was_signed(database: CanvassEngine) -> None:
    """Rules, units and languages that change later leave an opened wave as it was."""
    assert database is not None
    rollout = await a_signed_rollout()
    await a_planned_wave()
    opened = await open_wave("gps-1", FIRST_DAY)
    one_unit = unit_tree((Unit("city", "City", None, 0), Unit("all", "All", "city", 70)))
    rules = replace(rollout.agreement, k_shares=30, gates=(Gate("surveillance", 99, 98),))
    await save_rollout(
        replace(rollout, tree=one_unit, agreement=rules, languages=("en", "es"), plan=replace(
            rollout.plan, starts=()))
    )  # fmt: skip
    wave = await get_wave("gps-1")
    assert wave == opened
    assert (wave.terms.agreement, wave.terms.tree) == (rollout.agreement, rollout.tree)
    assert wave.agreement_hash == wave.terms.terms_hash
    assert (await get_rollout("gps")).agreement == rules


async def test_an_organisation_too_small_opens_no_wave(sqlite: CanvassEngine) -> None:
    """Fewer people than the smallest cell cannot be asked anonymously, and hear why."""
    assert sqlite is not None
    tree = unit_tree((Unit("city", "City", None, 0), Unit("parks", "Parks", "city", 9)))
    plan = replace(a_rollout().plan, starts=())
    await save_rollout(replace(a_rollout(), tree=tree, plan=plan))
    with pytest.raises(OrganisationError, match="9 people"):
        await sign_agreement("gps", Role.HR, "N. N.")
    with pytest.raises(WaveError, match="9 people"):
        await plan_wave("gps", 1, "Pulse", "pulse", FIRST_DAY, LAST_DAY)
    assert await list_waves("gps") == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 0}, "numbered from 1"),
        ({"name": " "}, "no name"),
        ({"form": "census"}, r"no form 'census'.*pulse"),
        ({"closes_on": FIRST_DAY}, "closes on"),
    ],
)
async def test_a_plan_that_cannot_work_is_refused(
    sqlite: CanvassEngine, changes: dict[str, object], message: str
) -> None:
    """A plan with a wrong number, name, form or dates says which and how to mend it."""
    assert sqlite is not None
    await a_signed_rollout()
    plan: dict[str, object] = {
        "rollout": "gps",
        "number": 1,
        "name": "Pulse",
        "form": "pulse",
        "opens_on": FIRST_DAY,
        "closes_on": FIRST_DAY + timedelta(days=9),
    }
    with pytest.raises(WaveError, match=message):
        await plan_wave(**(plan | changes))  # type: ignore[arg-type] # a table of wrong values


async def test_a_number_is_used_once(sqlite: CanvassEngine) -> None:
    """Two waves of a rollout never share a number."""
    assert sqlite is not None
    await a_signed_rollout()
    await a_planned_wave()
    with pytest.raises(WaveError, match="planned already"):
        await a_planned_wave()


async def test_what_is_not_there_is_named(sqlite: CanvassEngine) -> None:
    """An unknown wave or rollout is named, with the command that lists them."""
    assert sqlite is not None
    with pytest.raises(NotFoundError, match=r"No wave 'gps-9'.*canvass wave list"):
        await get_wave("gps-9")
    with pytest.raises(NotFoundError, match=r"No wave 'gps-9'"):
        await close_wave("gps-9", LAST_DAY)
    with pytest.raises(NotFoundError, match=r"No rollout 'gps'.*canvass rollout list"):
        await a_planned_wave()


async def test_a_failed_opening_changes_nothing(database: CanvassEngine) -> None:
    """A refused step leaves the wave as it was, without a frozen frame."""
    assert database is not None
    await save_rollout(a_rollout())
    await a_planned_wave()
    with pytest.raises(WaveError):
        await open_wave("gps-1", FIRST_DAY)
    assert await run("SELECT state, frame FROM wave") == [{"state": "planned", "frame": ""}]
