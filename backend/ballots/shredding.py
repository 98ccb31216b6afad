"""Destroy the ballots and papers of a released wave; its counts remain."""

from backend.db.sql import run
from backend.db.tables import WaveTable, bound_engine
from backend.db.upkeep import overwrite
from backend.errors import DatabaseError
from backend.store.errors import WaveError
from backend.store.wave_state import WaveState, hold_wave


async def shred_wave(wave_id: str) -> None:
    """Delete every ballot and paper of a released wave, so that their bytes are gone too.

    The agreed retention says when this happens at the latest; earlier is allowed, before the
    release is not. Doing it twice does no harm.
    """
    engine = bound_engine()
    async with engine.transaction():
        state = await hold_wave(wave_id)
        if state is not WaveState.RELEASED:
            raise WaveError(
                f"The ballots of wave {wave_id} cannot be shredded: it is {state}. Release it "
                "first, so that its counts are safe."
            )
        await run("DELETE FROM ballot WHERE wave = {}", wave_id)
        await run("DELETE FROM paper WHERE wave = {}", wave_id)
        await WaveTable.update({WaveTable.shredded: True}).where(WaveTable.id == wave_id)
    if not await overwrite(engine):
        raise DatabaseError(
            f"The ballots of wave {wave_id} are deleted, but another program is reading the "
            "database, so their bytes are still in its log. Stop that program; this is tried again."
        )
