"""Waves: planned, opened under a signed agreement, closed, counted, released."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from backend.db.tables import InstrumentTable, WaveTable, bound_engine
from backend.db.upkeep import forget_order, write_back
from backend.jobs.queue import enqueue, settle
from backend.store.errors import WaveError
from backend.store.rollouts import Rollout, get_rollout, hold_rollout, rollout_document
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
from surveys.organisation import Cell

__all__ = [
    "Wave",
    "WaveState",
    "close_wave",
    "find_wave",
    "get_wave",
    "list_waves",
    "mark_counted",
    "mark_released",
    "open_wave",
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
        await hold_rollout(rollout)
        _frame(wave_id, await get_rollout(rollout))
        if await WaveTable.exists().where(WaveTable.id == wave_id):
            raise WaveError(f"Wave {wave_id} is planned already. Give the new wave another number.")
        _check_number(wave_id, number, await list_waves(rollout))
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
            agreement_hash="",
            frame="",
            terms="",
        )
        await WaveTable.insert(row)
    return await get_wave(wave_id)


async def withdraw_wave(wave_id: str) -> None:
    """Forget a wave that is planned and no more."""
    rollout_id = (await get_wave(wave_id)).rollout
    async with bound_engine().transaction():
        await hold_rollout(rollout_id)
        await hold_wave(wave_id)
        _check_state(await get_wave(wave_id), WaveState.PLANNED, "withdrawn")
        await WaveTable.delete().where(WaveTable.id == wave_id)


async def open_wave(wave_id: str, today: date) -> Wave:
    """Open a wave: freeze all it runs under, and accept ballots from now on."""
    rollout_id = (await get_wave(wave_id)).rollout
    async with bound_engine().transaction():
        await hold_rollout(rollout_id)
        await hold_wave(wave_id)
        wave = await get_wave(wave_id)
        rollout = await get_rollout(rollout_id)
        _check_state(wave, WaveState.PLANNED, "opened")
        _check_rules(wave, rollout)
        others = [other for other in await list_waves(rollout_id) if other.id != wave.id]
        _check_number(wave.id, wave.number, others)
        _check_earlier(wave, others)
        _check_day(wave, others, today)
        await WaveTable.update(
            {
                WaveTable.state: WaveState.OPEN.value,
                WaveTable.frame: msgspec.json.encode(_frame(wave_id, rollout)).decode(),
                WaveTable.terms: rollout_document(rollout),
                WaveTable.agreement_hash: rollout.terms_hash,
                WaveTable.opened_on: today,
            }
        ).where(WaveTable.id == wave_id)
    return await get_wave(wave_id)


async def close_wave(wave_id: str, today: date) -> Wave:
    """Close a wave: no ballot is accepted any more, and what lies in the box is mixed.

    The order of the ballots may still stand in the log of a database that somebody else is
    reading; a job then tries until it is gone.
    """
    engine = bound_engine()
    key = f"write-back {wave_id}"
    async with engine.transaction():
        await hold_wave(wave_id)
        wave = await get_wave(wave_id)
        _check_state(wave, WaveState.OPEN, "closed")
        if wave.opened_on is not None and today < wave.opened_on:
            raise WaveError(
                f"Wave {wave_id} cannot be closed on {today}: it was opened on {wave.opened_on}. "
                "Check the clock of this computer."
            )
        await _set_state(wave_id, WaveState.CLOSED)
        await WaveTable.update({WaveTable.closed_on: today}).where(WaveTable.id == wave_id)
        await forget_order(engine, wave_id)
        await enqueue("write-back", {"wave": wave_id}, datetime.now(UTC), dedupe=key)
    if await write_back(engine):
        await settle(key, datetime.now(UTC))
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


def _check_number(wave_id: str, number: int, waves: Sequence[Wave]) -> None:
    later = [w for w in waves if w.number > number and w.state is not WaveState.PLANNED]
    if later:
        raise WaveError(
            f"Wave {wave_id}: wave {later[-1].id} is {later[-1].state.value} already, and waves "
            f"follow each other in the order of their numbers. Use {later[-1].number + 1} or more."
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


def _check_earlier(wave: Wave, others: Sequence[Wave]) -> None:
    for before in others:
        if before.number < wave.number and before.state is not WaveState.RELEASED:
            raise WaveError(
                f"Wave {wave.id} cannot be opened: wave {before.id} is {before.state.value}. "
                "People see what came of one wave before they are asked again: release it first."
            )


def _check_day(wave: Wave, others: Sequence[Wave], today: date) -> None:
    if today < wave.opens_on:
        raise WaveError(
            f"Wave {wave.id} cannot be opened on {today}: both sides agreed that it opens on "
            f"{wave.opens_on}."
        )
    opened = [(other.opened_on, other.id) for other in others if other.opened_on is not None]
    if not opened:
        return
    day, before = max(opened)
    weeks = wave.terms.agreement.min_weeks_between
    soonest = day + timedelta(weeks=weeks)
    if today < soonest:
        raise WaveError(
            f"Wave {wave.id} cannot be opened on {today}, only {(today - day).days} days after "
            f"wave {before}. The agreement says {weeks} weeks: open it on {soonest} or later."
        )


def _frame(wave_id: str, rollout: Rollout) -> tuple[Cell, ...]:
    try:
        return rollout.cells
    except SurveysError as error:
        raise WaveError(f"Wave {wave_id} cannot be held: {error}") from error
