"""A wave as it is stored, and how to find one."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from backend.db.tables import InstrumentTable, WaveTable
from backend.store.errors import NotFoundError
from backend.store.rollouts import Rollout, get_rollout, read_rollout
from backend.store.wave_state import WaveState
from surveys.instrument import Instrument
from surveys.organisation import Cell
from surveys.questionnaire import Questionnaire, questionnaire


@dataclass(frozen=True, slots=True)
class Wave:
    """One fielding of a form.

    Terms and cells are the rollout and the frame as they stood when the wave opened; before that,
    as they stand today. What changes in the rollout later never reaches an opened wave.
    """

    id: str
    rollout: str
    number: int
    name: str
    form: str
    opens_on: date
    closes_on: date
    state: WaveState
    instrument: Instrument
    instrument_hash: str
    agreement_hash: str
    cells: tuple[Cell, ...]
    terms: Rollout
    opened_on: date | None
    closed_on: date | None
    released_on: date | None
    shredded: bool


def wave_questionnaire(wave: Wave) -> Questionnaire:
    """Give what the wave asks, from the instrument as it stood when the wave was planned."""
    return questionnaire(wave.instrument, wave.form, wave.number)


async def find_wave(wave_id: str) -> Wave | None:
    """Give a wave, or None if there is none with that id."""
    rows = await WaveTable.select().where(WaveTable.id == wave_id)
    return await _wave(rows[0]) if rows else None


async def get_wave(wave_id: str) -> Wave:
    """Give the wave with that id."""
    found = await find_wave(wave_id)
    if found is None:
        raise NotFoundError(f"No wave {wave_id!r}. List them with: canvass wave list ROLLOUT")
    return found


async def list_waves(rollout_id: str) -> tuple[Wave, ...]:
    """Give the waves of a rollout, first to last."""
    rows = (
        await WaveTable.select().where(WaveTable.rollout == rollout_id).order_by(WaveTable.number)
    )
    return tuple([await _wave(row) for row in rows])


async def _instrument(content_hash: str) -> Instrument:
    rows = await InstrumentTable.select().where(InstrumentTable.content_hash == content_hash)
    return _decoded_instrument(rows[0]["document"])


@lru_cache(maxsize=32)
def _decoded_instrument(document: str) -> Instrument:
    # Every page of the booth needs it, and one document always decodes to the same value.
    return msgspec.json.decode(document, type=Instrument)


@lru_cache(maxsize=32)
def _decoded_frame(document: str) -> tuple[Cell, ...]:
    return msgspec.json.decode(document, type=tuple[Cell, ...])


async def _wave(row: dict[str, Any]) -> Wave:
    if row["terms"]:
        terms = await read_rollout(row["rollout"], row["terms"])
        cells = _decoded_frame(row["frame"])
    else:
        terms = await get_rollout(row["rollout"])
        cells = terms.cells
    return Wave(
        id=row["id"],
        rollout=row["rollout"],
        number=row["number"],
        name=row["name"],
        form=row["form"],
        opens_on=row["opens_on"],
        closes_on=row["closes_on"],
        state=WaveState(row["state"]),
        instrument=await _instrument(row["instrument_hash"]),
        instrument_hash=row["instrument_hash"],
        agreement_hash=row["agreement_hash"],
        cells=cells,
        terms=terms,
        opened_on=row["opened_on"],
        closed_on=row["closed_on"],
        released_on=row["released_on"],
        shredded=bool(row["shredded"]),
    )
