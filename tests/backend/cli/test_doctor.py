"""`canvass doctor` on what runs unseen: jobs in trouble, and releases that were changed."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from backend.cli.running import with_database
from backend.jobs.queue import claim, enqueue, fail
from tests.backend.cli.installation import Installation, is_refused

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)


def test_doctor_lists_jobs_in_trouble(signed: Installation) -> None:
    """Ballots that could not be shredded are told, with the reason, until they are."""

    async def a_failed_shredding() -> None:
        await enqueue("shred", {"wave": "crane-1"}, NOW)
        job = await claim(["shred"], NOW)
        assert job is not None
        await fail(job, RuntimeError("another program is reading the database"), NOW)

    with_database(signed.settings, a_failed_shredding)
    result = signed.run("doctor")
    is_refused(result, "checks failed")
    assert "- shred crane-1: failed 1 times, will be tried again." in result.stdout
    assert "another program is reading the database" in result.stdout
    assert "ok      ledger" in result.stdout


def test_doctor_sees_a_changed_release(signed: Installation) -> None:
    """Releases whose chain does not hold are told by name."""
    with closing(sqlite3.connect(signed.settings.database.removeprefix("sqlite:///"))) as file:
        file.execute(
            "INSERT INTO release (wave, rollout, position, hash, previous_hash, document) "
            "VALUES ('crane-1', 'crane', 2, 'x', NULL, ?)",
            (b"{}",),
        )
        file.commit()
    result = signed.run("doctor")
    is_refused(result, "checks failed")
    assert "FAILED  ledger: releases were changed" in result.stdout
    assert "- crane-1: " in result.stdout
    assert "ok      jobs" in result.stdout
