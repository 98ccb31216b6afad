"""The table of jobs: put one in, take a lease on the next, report how it went."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from backend.db.sql import SQLITE, run
from backend.db.tables import bound_engine

Payload = Mapping[str, str]

LEASE = timedelta(minutes=5)
ATTEMPTS = 8
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)
_LONGEST_ERROR = 2000
_MOST_RAISES = 10
KEPT_TRYING = frozenset({"shred", "write-back"})
"""Promises to employees: tried again and again, however often they fail."""
LATE = timedelta(hours=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Job:
    """A job that a worker holds a lease on."""

    id: int
    kind: str
    payload: Payload
    attempt: int


@dataclass(frozen=True, slots=True)
class JobTrouble:
    """A job that failed for good, is being tried again, or should have run long ago."""

    kind: str
    payload: Payload
    attempts: int
    given_up: bool
    error: str

    def __str__(self) -> str:
        what = f"{self.kind} {' '.join(self.payload.values())}".strip()
        if not self.error:
            return f"{what}: is overdue. Is the server running? Start it with: canvass serve"
        end = "given up" if self.given_up else "will be tried again"
        return f"{what}: failed {self.attempts} times, {end}. {self.error}"


async def enqueue(
    kind: str, payload: Payload, run_at: datetime, *, dedupe: str | None = None
) -> bool:
    """Put a job in, within the current transaction; False if its dedupe key is there already."""
    rows = await run(
        "INSERT INTO job (kind, payload, run_at, lease_until, attempts, dedupe) "
        "VALUES ({}, {}, {}, {}, 0, {}) ON CONFLICT (dedupe) DO NOTHING RETURNING id",
        kind,
        msgspec.json.encode(payload).decode(),
        run_at,
        _NEVER,
        dedupe,
    )
    return bool(rows)


async def revive(kind: str, payload: Payload, run_at: datetime, *, dedupe: str) -> None:
    """Make sure that a job is waiting: put it in, or let one that has ended run again."""
    if await enqueue(kind, payload, run_at, dedupe=dedupe):
        return
    await run(
        "UPDATE job SET run_at = {}, lease_until = {}, attempts = 0, done_at = NULL, "
        "failed_at = NULL, last_error = NULL "
        "WHERE dedupe = {} AND (done_at IS NOT NULL OR failed_at IS NOT NULL)",
        run_at,
        _NEVER,
        dedupe,
    )


async def settle(dedupe: str, now: datetime) -> None:
    """Note that the work of a job was done without it."""
    await run(
        "UPDATE job SET done_at = {}, last_error = NULL WHERE dedupe = {} AND done_at IS NULL",
        now,
        dedupe,
    )


async def claim(kinds: Collection[str], now: datetime) -> Job | None:
    """Take a lease on the next job of these kinds that is due; None if there is none.

    A worker that dies keeps its job until the lease ends; then another one takes it.
    """
    rows = await run(
        "UPDATE job SET lease_until = {}, attempts = attempts + 1 WHERE id = ("  # noqa: S608
        "SELECT id FROM job WHERE done_at IS NULL AND failed_at IS NULL AND run_at <= {} "
        f"AND lease_until <= {{}} AND kind IN ({', '.join(['{}'] * len(kinds))}) "
        f"ORDER BY run_at, id LIMIT 1{_skip_locked()}) RETURNING id, kind, payload, attempts",
        now + LEASE,
        now,
        now,
        *sorted(kinds),
    )
    if not rows:
        return None
    row = rows[0]
    return Job(row["id"], row["kind"], msgspec.json.decode(row["payload"]), row["attempts"])


async def renew(job: Job, now: datetime) -> None:
    """Keep the lease on a job that takes long."""
    await run(
        "UPDATE job SET lease_until = {} WHERE id = {} AND attempts = {}",
        now + LEASE,
        job.id,
        job.attempt,
    )


async def finish(job: Job, now: datetime) -> None:
    """Note that a job is done; it never runs again."""
    await run("UPDATE job SET done_at = {}, last_error = NULL WHERE id = {}", now, job.id)


async def fail(job: Job, error: Exception, now: datetime) -> None:
    """Note why a job failed: it runs again after a longer and longer wait, at most an hour.

    After eight times it is given up, unless a promise to employees hangs on it.
    """
    text = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
    wait = min(_FIRST_WAIT * 4 ** min(job.attempt - 1, _MOST_RAISES), _LONGEST_WAIT)
    given_up = job.attempt >= ATTEMPTS and job.kind not in KEPT_TRYING
    await run(
        "UPDATE job SET last_error = {}, lease_until = {}, run_at = {}, failed_at = {} "
        "WHERE id = {} AND attempts = {}",
        text,
        _NEVER,
        now + wait,
        now if given_up else None,
        job.id,
        job.attempt,
    )


async def list_trouble(now: datetime) -> tuple[JobTrouble, ...]:
    """List the jobs that have failed and are not done, and those an hour late."""
    rows = await run(
        "SELECT kind, payload, attempts, failed_at, last_error FROM job WHERE done_at IS NULL "
        "AND (last_error IS NOT NULL OR run_at <= {}) ORDER BY id",
        now - LATE,
    )
    return tuple(
        JobTrouble(
            kind=row["kind"],
            payload=msgspec.json.decode(row["payload"]),
            attempts=row["attempts"],
            given_up=row["failed_at"] is not None,
            error=row["last_error"] or "",
        )
        for row in rows
    )


def _skip_locked() -> str:
    return "" if bound_engine().engine_type == SQLITE else " FOR UPDATE SKIP LOCKED"
