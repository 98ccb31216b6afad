"""The worker: takes jobs as they fall due and runs the handler of their kind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from backend.errors import DatabaseError
from backend.jobs.queue import LEASE, Job, Payload, claim, fail, finish, renew

__all__ = ["Clock", "Handler", "Payload", "run_due", "work"]

Handler = Callable[[Payload], Awaitable[None]]
Clock = Callable[[], datetime]

POLL_SECONDS = 2.0
_RENEW_SECONDS = LEASE.total_seconds() / 3
_log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


async def work(
    handlers: Mapping[str, Handler], *, poll_seconds: float = POLL_SECONDS, clock: Clock = _now
) -> None:
    """Run jobs as they fall due, until cancelled."""
    while True:
        try:
            await run_due(handlers, clock=clock)
        except DatabaseError as error:
            # The database may come back; the jobs are safe in it.
            _log.warning("Jobs wait: %s", error)
        await asyncio.sleep(poll_seconds)


async def run_due(handlers: Mapping[str, Handler], *, clock: Clock = _now) -> int:
    """Run every job that is due now, one after another, and give their number."""
    done = 0
    while (job := await claim(handlers.keys(), clock())) is not None:
        await _run(job, handlers[job.kind], clock)
        done += 1
    return done


async def _run(job: Job, handler: Handler, clock: Clock) -> None:
    try:
        await _with_lease(job, handler, clock)
    except Exception as error:  # a job may fail in any way; the worker goes on
        _log.warning("Job %s (%s), attempt %s: %s", job.id, job.kind, job.attempt, error)
        await fail(job, error, clock())
    else:
        await finish(job, clock())


async def _with_lease(job: Job, handler: Handler, clock: Clock) -> None:
    running = asyncio.ensure_future(handler(job.payload))
    try:
        while not (await asyncio.wait({running}, timeout=_RENEW_SECONDS))[0]:
            await renew(job, clock())
        running.result()
    finally:
        running.cancel()
