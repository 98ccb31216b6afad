"""Jobs: each once, in time, again after a failure, never lost with a worker."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from backend.db.engine import CanvassEngine
from backend.db.sql import run
from backend.jobs.queue import (
    ATTEMPTS,
    LEASE,
    claim,
    enqueue,
    fail,
    finish,
    list_trouble,
    renew,
    revive,
    settle,
)
from backend.jobs.worker import Payload, run_due, work

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)


async def test_a_job_runs_when_it_is_due(database: CanvassEngine) -> None:
    """A job waits for its time, then is given out once."""
    assert database is not None
    await enqueue("brief", {"wave": "gps-1"}, NOW)
    assert await claim(["brief"], NOW - timedelta(seconds=1)) is None
    job = await claim(["brief"], NOW)
    assert job is not None
    assert (job.kind, job.payload, job.attempt) == ("brief", {"wave": "gps-1"}, 1)
    assert await claim(["brief"], NOW) is None
    await finish(job, NOW)
    assert await claim(["brief"], NOW + timedelta(days=1)) is None


async def test_the_same_work_is_taken_once(database: CanvassEngine) -> None:
    """A second job with the same dedupe key is not added; jobs without a key all are."""
    assert database is not None
    assert await enqueue("shred", {"wave": "gps-1"}, NOW, dedupe="shred gps-1")
    assert not await enqueue("shred", {"wave": "gps-1"}, NOW, dedupe="shred gps-1")
    assert await enqueue("brief", {}, NOW)
    assert await enqueue("brief", {}, NOW)


async def test_a_dead_workers_job_is_taken_over(database: CanvassEngine) -> None:
    """When a lease ends without a word, the next worker gets the job."""
    assert database is not None
    await enqueue("brief", {}, NOW)
    lost = await claim(["brief"], NOW)
    assert lost is not None
    assert await claim(["brief"], NOW + LEASE - timedelta(seconds=1)) is None
    await renew(lost, NOW + timedelta(minutes=1))
    assert await claim(["brief"], NOW + LEASE) is None
    again = await claim(["brief"], NOW + LEASE + timedelta(minutes=1))
    assert again is not None
    assert again.attempt == 2


async def test_a_failed_job_waits_longer_each_time_and_says_why(database: CanvassEngine) -> None:
    """A job that fails is tried again later and later, and given up after eight times."""
    assert database is not None
    await enqueue("brief", {"wave": "gps-1"}, NOW)
    moment, waits = NOW, []
    for _ in range(ATTEMPTS):
        due = moment
        while (job := await claim(["brief"], due)) is None:
            due += timedelta(seconds=5)
        waits.append(due - moment)
        await fail(job, ValueError("no such font"), due)
        moment = due
    assert waits == sorted(waits)
    assert waits[1] >= timedelta(seconds=5)
    assert await claim(["brief"], moment + timedelta(days=365)) is None
    (trouble,) = await list_trouble(moment)
    assert (trouble.kind, trouble.attempts, trouble.given_up) == ("brief", ATTEMPTS, True)
    assert trouble.error == "ValueError: no such font"


@pytest.mark.parametrize("kind", ["shred", "write-back"])
async def test_promises_are_tried_for_ever(database: CanvassEngine, kind: str) -> None:
    """Work that a promise hangs on is never given up, waits an hour at most, and is listed."""
    assert database is not None
    await enqueue(kind, {"wave": "gps-1"}, NOW)
    moment = NOW
    for attempt in range(1, 6 * ATTEMPTS):
        job = await claim([kind], moment)
        assert job is not None, "an hour after the last attempt it is due again"
        await fail(job, RuntimeError("somebody reads the database"), moment)
        (trouble,) = await list_trouble(moment)
        assert (trouble.attempts, trouble.given_up) == (attempt, False)
        moment += timedelta(hours=1)
    assert "tried again" in str(trouble)


async def test_a_late_job_is_trouble(database: CanvassEngine) -> None:
    """A job that nobody has run an hour after its time is listed; one that waits is not."""
    assert database is not None
    await enqueue("brief", {"wave": "gps-1"}, NOW)
    assert await list_trouble(NOW + timedelta(minutes=59)) == ()
    (trouble,) = await list_trouble(NOW + timedelta(minutes=61))
    assert str(trouble).startswith("brief gps-1: is overdue")


async def test_a_job_that_ended_can_be_revived(database: CanvassEngine) -> None:
    """Done or given up, it runs again; one that waits keeps its time; one settled runs no more."""
    assert database is not None
    for end in ("done_at", "failed_at"):
        await revive("shred", {"wave": end}, NOW, dedupe=end)
        await run(f"UPDATE job SET {end} = {{}} WHERE dedupe = {{}}", NOW, end)  # noqa: S608
        assert await claim(["shred"], NOW) is None
        await revive("shred", {"wave": end}, NOW, dedupe=end)
        await revive("shred", {"wave": end}, NOW + timedelta(days=1), dedupe=end)
        job = await claim(["shred"], NOW)
        assert job is not None
        assert (job.payload, job.attempt) == ({"wave": end}, 1)
        await settle(end, NOW)
        assert await claim(["shred"], NOW + timedelta(days=2)) is None


async def test_a_worker_leaves_kinds_it_does_not_know(database: CanvassEngine) -> None:
    """A job of a newer version waits for a worker that can do it."""
    assert database is not None
    await enqueue("translate", {}, NOW)
    assert await claim(["brief", "shred"], NOW) is None


async def test_many_workers_do_every_job_once(database: CanvassEngine) -> None:
    """Eight workers at once do forty jobs, each exactly once."""
    assert database is not None
    for number in range(40):
        await enqueue("brief", {"number": str(number)}, NOW)
    done: Counter[str] = Counter()

    async def brief(payload: Payload) -> None:
        await asyncio.sleep(0)
        done[payload["number"]] += 1

    await asyncio.gather(*(run_due({"brief": brief}) for _ in range(8)))
    assert done == Counter({str(number): 1 for number in range(40)})


async def test_the_worker_survives_a_failing_job(
    database: CanvassEngine, caplog: pytest.LogCaptureFixture
) -> None:
    """One job's failure is noted and the next job runs."""
    assert database is not None
    await enqueue("bad", {}, NOW)
    await enqueue("good", {}, NOW)
    finished = asyncio.Event()

    async def bad(payload: Payload) -> None:
        raise RuntimeError(f"broken {payload}")

    async def good(payload: Payload) -> None:
        assert payload == {}
        finished.set()

    worker = asyncio.create_task(work({"bad": bad, "good": good}, poll_seconds=0.01))
    async with asyncio.timeout(10):
        await finished.wait()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert "broken" in caplog.text
    rows = await run("SELECT last_error FROM job WHERE kind = 'bad'")
    assert rows[0]["last_error"].startswith("RuntimeError: broken")


async def test_a_stopped_worker_stops_its_job(database: CanvassEngine) -> None:
    """Stopping the server does not wait for a long job; the job is taken up again later."""
    assert database is not None
    await enqueue("long", {}, NOW)
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def long(payload: Payload) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            assert payload == {}
            cancelled.set()

    worker = asyncio.create_task(work({"long": long}))
    async with asyncio.timeout(10):
        await started.wait()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        await cancelled.wait()
    rows = await run("SELECT done_at, last_error FROM job")
    assert rows == [{"done_at": None, "last_error": None}]
