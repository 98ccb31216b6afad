"""The ballot box: durable before it answers, in batches, keeping no order and no time."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from backend.ballots.papers import Paper
from backend.db.sql import SQLITE, run, run_rows
from backend.db.tables import AnyEngine
from backend.errors import BoxBusy, DatabaseError
from backend.store.wave_state import WaveState

__all__ = ["BallotBox", "BoxBusy", "CastOutcome"]

BATCH = 200
CAPACITY = 2000
_ATTEMPT_BYTES = 16

Key = tuple[str, bytes]


class CastOutcome(StrEnum):
    """What became of a ballot."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    ALREADY_USED = "already used"
    WAVE_CLOSED = "wave closed"


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """One ballot that waits for its batch."""

    paper: Paper
    answers: bytes
    attempt: bytes
    reply: asyncio.Future[CastOutcome]

    @property
    def key(self) -> Key:
        """What makes a ballot unique."""
        return self.paper.wave, self.paper.nullifier


def judge(casts: Sequence[Cast], stored: Mapping[Key, bytes], new: set[Key]) -> list[CastOutcome]:
    """Tell each caller what became of the ballot, from what the box holds after the batch."""
    outcomes = []
    unclaimed = set(new)
    for cast in casts:
        if cast.key not in stored:
            outcomes.append(CastOutcome.WAVE_CLOSED)
        elif stored[cast.key] != cast.attempt:
            outcomes.append(CastOutcome.ALREADY_USED)
        elif cast.key in unclaimed:
            unclaimed.remove(cast.key)
            outcomes.append(CastOutcome.ACCEPTED)
        else:
            outcomes.append(CastOutcome.REPEATED)
    return outcomes


class BallotBox:
    """Takes ballots from many callers and writes all that wait in one transaction.

    One fsync then serves up to 200 ballots, and within a batch the order of arrival is lost: rows
    are written in the order of their nullifiers, which are hashes of random codes. (The same order
    in every process also keeps two of them from waiting for each other on PostgreSQL.)
    """

    def __init__(self, engine: AnyEngine, capacity: int = CAPACITY, batch: int = BATCH) -> None:
        self._engine = engine
        self._batch = batch
        self._waiting: asyncio.Queue[Cast | None] = asyncio.Queue(capacity)
        self._writer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to accept ballots."""
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_for_ever(), name="ballot box")

    async def stop(self) -> None:
        """Write every ballot that waits, then accept no more."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await self._waiting.put(None)
            await writer

    async def cast(self, paper: Paper, packed: bytes, attempt: str) -> CastOutcome:
        """Cast a ballot; the answer comes when it is on disk.

        The same attempt may come again after a lost reply: it counts once. Raises BoxBusy when too
        many wait already. A caller that is cancelled stops listening; the ballot is still cast.
        """
        if self._writer is None or self._writer.done():
            raise BoxBusy("The ballot box is not open at the moment. Try again in a minute.")
        reply: asyncio.Future[CastOutcome] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait(Cast(paper, packed, _attempt_digest(attempt), reply))
        except asyncio.QueueFull:
            raise BoxBusy(
                "Many people are answering at this moment. Your answers are still on your screen: "
                "send them again in a few seconds."
            ) from None
        return await reply

    async def find_outcome(self, paper: Paper, attempt: str | None = None) -> CastOutcome | None:
        """Tell what became of a paper so far; None if it may still be used."""
        rows = await run(
            "SELECT attempt FROM ballot WHERE wave = {} AND nullifier = {}",
            paper.wave,
            paper.nullifier,
            engine=self._engine,
        )
        if rows:
            same = attempt is not None and bytes(rows[0]["attempt"]) == _attempt_digest(attempt)
            return CastOutcome.REPEATED if same else CastOutcome.ALREADY_USED
        open_waves = await self._open_among({paper.wave}, hold=False)
        return None if paper.wave in open_waves else CastOutcome.WAVE_CLOSED

    async def _write_for_ever(self) -> None:
        stopping = False
        while not stopping:
            batch = [await self._waiting.get()]
            while len(batch) < self._batch and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            stopping = None in batch
            await self._write([cast for cast in batch if cast is not None])

    async def _write(self, casts: Sequence[Cast]) -> None:
        """Write a batch; if that fails, each alone, so that one bad ballot harms no other."""
        if not casts:
            return
        try:
            outcomes = await self._store(casts)
        except DatabaseError as error:
            # Full disk, lost server: one at a time would fail one at a time.
            _refuse(casts, error)
        except Exception as error:  # whatever it is, the callers must hear of it
            if len(casts) == 1:
                _refuse(casts, error)
                return
            for cast in casts:
                await self._write([cast])
        else:
            for cast, outcome in zip(casts, outcomes, strict=True):
                _answer(cast, outcome)

    async def _store(self, casts: Sequence[Cast]) -> list[CastOutcome]:
        async with self._engine.transaction():
            # Held until the commit, so that no wave can close between this look and the insert.
            open_waves = await self._open_among({cast.paper.wave for cast in casts}, hold=True)
            first = {cast.key: cast for cast in reversed(casts)}
            wanted = [first[key] for key in sorted(first) if key[0] in open_waves]
            new = await self._insert(wanted)
            stored = {key: first[key].attempt for key in new}
            stored |= await self._attempts_of(first.keys() - new)
        return judge(casts, stored, new)

    async def _open_among(self, waves: Iterable[str], *, hold: bool) -> set[str]:
        lock = " FOR SHARE" if hold and self._engine.engine_type != SQLITE else ""
        open_waves = set()
        for wave in sorted(waves):
            found = await run(
                "SELECT id FROM wave WHERE id = {} AND state = {}" + lock,  # noqa: S608  fixed text
                wave,
                WaveState.OPEN.value,
                engine=self._engine,
            )
            open_waves |= {row["id"] for row in found}
        return open_waves

    async def _insert(self, casts: Sequence[Cast]) -> set[Key]:
        if not casts:
            return set()
        rows = await run_rows(
            self._engine,
            "INSERT INTO ballot (wave, nullifier, cell, answers, attempt) VALUES %s "
            "ON CONFLICT DO NOTHING RETURNING wave, nullifier",
            [(c.paper.wave, c.paper.nullifier, c.paper.cell, c.answers, c.attempt) for c in casts],
        )
        return {(row["wave"], bytes(row["nullifier"])) for row in rows}

    async def _attempts_of(self, keys: Iterable[Key]) -> dict[Key, bytes]:
        attempts: dict[Key, bytes] = {}
        for wave, same_wave in groupby(sorted(keys), key=itemgetter(0)):
            rows = await run_rows(
                self._engine,
                "SELECT nullifier, attempt FROM ballot WHERE wave = {} AND nullifier IN (%s)",
                [(nullifier,) for _, nullifier in same_wave],
                first=(wave,),
            )
            attempts |= {(wave, bytes(row["nullifier"])): bytes(row["attempt"]) for row in rows}
        return attempts


def _attempt_digest(attempt: str) -> bytes:
    # The attempt itself is on the voter's screen; only its hash is kept.
    return hashlib.sha256(b"canvass attempt\0" + attempt.encode()).digest()[:_ATTEMPT_BYTES]


def _answer(cast: Cast, outcome: CastOutcome) -> None:
    if not cast.reply.done():
        cast.reply.set_result(outcome)


def _refuse(casts: Iterable[Cast], error: Exception) -> None:
    for cast in casts:
        if not cast.reply.done():
            cast.reply.set_exception(error)
