"""Destroy the ballots and papers of a released wave; counts of published groups remain."""

from datetime import UTC, date, datetime, time, timedelta

from analysis.disclosure.retention import kept_counts, kept_pairs
from backend.db.sql import run
from backend.db.tables import WaveTable, bound_engine
from backend.db.upkeep import overwrite
from backend.errors import DatabaseError
from backend.jobs.queue import enqueue, revive
from backend.store.counts import WaveCounts, find_counts, save_counts
from backend.store.errors import LedgerError, WaveError
from backend.store.releases import find_release
from backend.store.rollouts import list_rollouts
from backend.store.wave_record import Wave, list_waves
from backend.store.wave_state import WaveState, hold_wave

KIND = "shred"


async def shred_wave(wave_id: str) -> None:
    """Delete every ballot and paper of a released wave, so that their bytes are gone too.

    Its counts are folded until none of them tells about few people. The agreed retention says when
    this happens at the latest; earlier is allowed, before the release is not. Doing it twice does
    no harm.
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
        await run("DELETE FROM turnout WHERE wave = {}", wave_id)
        await _fold_counts(wave_id)
    if not await overwrite(engine):
        raise DatabaseError(
            f"The ballots of wave {wave_id} are deleted, but another program is reading the "
            "database, so their bytes are still in its log. Stop that program; this is tried again."
        )
    # Not before: until the bytes are gone, a server that starts queues this again.
    await WaveTable.update({WaveTable.shredded: True}).where(WaveTable.id == wave_id)


async def queue_shredding(wave: Wave, released_on: date) -> None:
    """Put in the job that shreds a wave; call it in the transaction that releases the wave."""
    due = _due(wave, released_on)
    await enqueue(KIND, {"wave": wave.id}, due, dedupe=_key(wave))


async def resume_shredding() -> None:
    """See to it that every released wave not shredded yet has its job, whatever became of it."""
    for rollout in await list_rollouts():
        for wave in await list_waves(rollout.id):
            if wave.released_on is not None and not wave.shredded:
                due = _due(wave, wave.released_on)
                await revive(KIND, {"wave": wave.id}, due, dedupe=_key(wave))


def _due(wave: Wave, released_on: date) -> datetime:
    last = released_on + timedelta(days=wave.terms.agreement.retention_days)
    return datetime.combine(last, time(), UTC)


def _key(wave: Wave) -> str:
    return f"{KIND} {wave.id}"


async def _fold_counts(wave_id: str) -> None:
    counted = await find_counts(wave_id)
    if counted is None:
        return
    release = await find_release(wave_id)
    if release is None:
        raise LedgerError(
            f"Wave {wave_id} is released, but the ledger has no release of it. Restore a backup."
        )
    folded = WaveCounts(
        counts=kept_counts(counted.counts, release),
        pairs=kept_pairs(counted.pairs, release.policy.k_scores),
        spoilt=counted.spoilt,
    )
    await save_counts(wave_id, folded)
