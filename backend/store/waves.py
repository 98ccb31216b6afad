"""Waves: planned, opened under a signed agreement, closed, counted, released."""

from datetime import date, timedelta

import msgspec

from backend.db.tables import InstrumentTable, WaveTable, bound_engine
from backend.db.upkeep import forget_order, write_back
from backend.store.errors import WaveError
from backend.store.participation import GroupParticipation, participation
from backend.store.rollouts import Rollout, get_rollout
from backend.store.wave_record import (
    Wave,
    find_wave,
    get_wave,
    list_waves,
    wave_questionnaire,
)
from backend.store.wave_state import WaveState, hold_wave
from surveys.agreement import problems
from surveys.errors import SurveysError
from surveys.instrument import Instrument, load_default_instrument
from surveys.organisation import Cell, reporting_cells

__all__ = [
    "GroupParticipation",
    "Wave",
    "WaveState",
    "close_wave",
    "find_wave",
    "get_wave",
    "list_waves",
    "mark_counted",
    "mark_released",
    "open_wave",
    "participation",
    "plan_wave",
    "wave_questionnaire",
    "withdraw_wave",
]

LONGEST_NAME = 200


async def plan_wave(
    rollout: str,
    number: int,
    name: str,
    form: str,
    opens_on: date,
    closes_on: date,
    *,
    instrument: Instrument | None = None,
) -> Wave:
    """Plan a wave with the shipped instrument, or with another one."""
    asked = instrument or load_default_instrument()
    wave_id = f"{rollout}-{number}"
    _check_plan(wave_id, number, name, form, asked)
    if closes_on <= opens_on:
        raise WaveError(
            f"Wave {wave_id}: closes on {closes_on}, opens on {opens_on}. Let it close on a later "
            "day than it opens."
        )
    async with bound_engine().transaction():
        known = await get_rollout(rollout)
        if await WaveTable.exists().where(WaveTable.id == wave_id):
            raise WaveError(f"Wave {wave_id} is planned already. Give the new wave another number.")
        await _keep_instrument(asked)
        row = WaveTable(
            id=wave_id,
            rollout=rollout,
            number=number,
            name=name.strip(),
            form=form,
            opens_on=opens_on,
            closes_on=closes_on,
            state=WaveState.PLANNED.value,
            instrument_hash=asked.content_hash,
            agreement_hash=known.agreement.content_hash,
            frame="",
        )
        await WaveTable.insert(row)
    return await get_wave(wave_id)


async def withdraw_wave(wave_id: str) -> None:
    """Forget a wave that is planned and no more."""
    async with bound_engine().transaction():
        await hold_wave(wave_id)
        _check_state(await get_wave(wave_id), WaveState.PLANNED, "withdrawn")
        await WaveTable.delete().where(WaveTable.id == wave_id)


async def open_wave(wave_id: str) -> Wave:
    """Open a wave: freeze its frame and rules, and accept ballots from now on."""
    async with bound_engine().transaction():
        await hold_wave(wave_id)
        wave = await get_wave(wave_id)
        rollout = await get_rollout(wave.rollout)
        _check_state(wave, WaveState.PLANNED, "opened")
        _check_rules(wave, rollout)
        _check_earlier(wave, rollout, await list_waves(wave.rollout))
        cells = _frame(wave, rollout)
        await WaveTable.update(
            {
                WaveTable.state: WaveState.OPEN.value,
                WaveTable.frame: msgspec.json.encode(cells).decode(),
                WaveTable.agreement_hash: rollout.agreement.content_hash,
            }
        ).where(WaveTable.id == wave_id)
    return await get_wave(wave_id)


async def close_wave(wave_id: str) -> Wave:
    """Close a wave: no ballot is accepted any more, and what lies in the box is mixed."""
    engine = bound_engine()
    async with engine.transaction():
        await hold_wave(wave_id)
        _check_state(await get_wave(wave_id), WaveState.OPEN, "closed")
        await _set_state(wave_id, WaveState.CLOSED)
        await forget_order(engine, wave_id)
    await write_back(engine)
    return await get_wave(wave_id)


async def mark_counted(wave_id: str) -> None:
    """Note that the ballots of a closed wave are counted; call it where the counts are kept."""
    await hold_wave(wave_id)
    _check_state(await get_wave(wave_id), WaveState.CLOSED, "counted")
    await _set_state(wave_id, WaveState.COUNTED)


async def mark_released(wave_id: str, on: date) -> None:
    """Note that a counted wave is released; call it where the release is kept."""
    await hold_wave(wave_id)
    _check_state(await get_wave(wave_id), WaveState.COUNTED, "released")
    await _set_state(wave_id, WaveState.RELEASED)
    await WaveTable.update({WaveTable.released_on: on}).where(WaveTable.id == wave_id)


async def _set_state(wave_id: str, state: WaveState) -> None:
    await WaveTable.update({WaveTable.state: state.value}).where(WaveTable.id == wave_id)


async def _keep_instrument(instrument: Instrument) -> None:
    digest = instrument.content_hash
    if not await InstrumentTable.exists().where(InstrumentTable.content_hash == digest):
        text = msgspec.json.encode(instrument).decode()
        await InstrumentTable.insert(InstrumentTable(content_hash=digest, document=text))


def _check_plan(wave_id: str, number: int, name: str, form: str, instrument: Instrument) -> None:
    if number < 1:
        raise WaveError(f"Wave {wave_id}: number {number}. Waves are numbered from 1.")
    if not name.strip():
        raise WaveError(f"Wave {wave_id}: no name. Give one that employees understand.")
    if len(name) > LONGEST_NAME:
        raise WaveError(f"Wave {wave_id}: its name is longer than {LONGEST_NAME} characters.")
    if form not in instrument.forms:
        raise WaveError(
            f"Wave {wave_id}: no form {form!r} in {instrument.name}. Choose one of: "
            f"{', '.join(sorted(instrument.forms))}."
        )


def _check_state(wave: Wave, needed: WaveState, step: str) -> None:
    if wave.state is needed:
        return
    order = list(WaveState)
    if order.index(wave.state) > order.index(needed):
        raise WaveError(
            f"Wave {wave.id} cannot be {step}: it is {wave.state.value} already. Nothing changed."
        )
    raise WaveError(
        f"Wave {wave.id} cannot be {step}: it is {wave.state.value}, and must be {needed.value} "
        "first."
    )


def _check_rules(wave: Wave, rollout: Rollout) -> None:
    wrong = problems(rollout.agreement, wave.instrument)
    if wrong:
        raise WaveError(
            f"Wave {wave.id} cannot be opened: the agreement of {rollout.id} cannot hold.\n"
            + "\n".join(f"- {problem.rule}: {problem.problem}" for problem in wrong)
        )
    missing = rollout.missing_roles
    if missing:
        sides = " and ".join(role.value for role in missing)
        raise WaveError(
            f"Wave {wave.id} cannot be opened: the agreement of {rollout.id} is not signed by "
            f"{sides}. Sign it with: canvass agreement sign {rollout.id}"
        )


def _check_earlier(wave: Wave, rollout: Rollout, waves: tuple[Wave, ...]) -> None:
    earlier = [other for other in waves if other.number < wave.number]
    if not earlier:
        return
    before = earlier[-1]
    if before.state is not WaveState.RELEASED:
        raise WaveError(
            f"Wave {wave.id} cannot be opened: wave {before.id} is {before.state.value}. People "
            "see what came of one wave before they are asked again: release it first."
        )
    weeks = rollout.agreement.min_weeks_between
    soonest = before.opens_on + timedelta(weeks=weeks)
    if wave.opens_on < soonest:
        raise WaveError(
            f"Wave {wave.id} cannot be opened: it opens on {wave.opens_on}, only "
            f"{(wave.opens_on - before.opens_on).days} days after wave {before.id}. The agreement "
            f"says {weeks} weeks: let it open on {soonest} or later."
        )


def _frame(wave: Wave, rollout: Rollout) -> tuple[Cell, ...]:
    agreed = rollout.agreement
    try:
        return reporting_cells(rollout.tree, agreed.minimum_cell, agreed.wanted_cell)
    except SurveysError as error:
        raise WaveError(f"Wave {wave.id} cannot be opened: {error}") from error
