"""The states of a wave, and how a transaction holds a wave still."""

from enum import StrEnum

from backend.db.sql import SQLITE, run
from backend.db.tables import bound_engine
from backend.store.errors import NotFoundError


class WaveState(StrEnum):
    """Where a wave stands; it only ever moves to the next of these."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    RELEASED = "released"


async def hold_wave(wave_id: str) -> WaveState:
    """Give the state of a wave, which then stays so until the current transaction ends.

    On SQLite the transaction holds the whole database; on PostgreSQL it locks the wave's row,
    which ballots hold in share mode while they are written.
    """
    lock = "" if bound_engine().engine_type == SQLITE else " FOR UPDATE"
    rows = await run("SELECT state FROM wave WHERE id = {}" + lock, wave_id)  # noqa: S608  fixed
    if not rows:
        raise NotFoundError(f"No wave {wave_id!r}. List them with: canvass wave list ROLLOUT")
    return WaveState(rows[0]["state"])
