"""Promise: ballots are destroyed after the release; only counts remain."""

import secrets
from datetime import date

import pytest

from backend.ballots.box import BallotBox
from backend.ballots.papers import find_paper
from backend.ballots.shredding import shred_wave
from backend.db.engine import CanvassEngine, PooledPostgresEngine
from backend.db.sql import run
from backend.store.errors import WaveError
from backend.store.waves import close_wave, get_wave, mark_counted, mark_released
from tests.backend.builders import ATTEMPT, an_open_wave, some_papers
from tests.promises.files import occurrences, written_bytes

DAY = date(2025, 3, 20)


async def _canaries(engine: CanvassEngine, number: int) -> list[bytes]:
    """Cast ballots whose answers and nullifiers can be found again in files."""
    papers = await some_papers(await an_open_wave(), number)
    answers = [secrets.token_bytes(40) for _ in papers]
    box = BallotBox(engine)
    await box.start()
    for paper, packed in zip(papers, answers, strict=True):
        await box.cast(paper, packed, ATTEMPT)
    await box.stop()
    digests = [bytes(row["digest"]) for row in await run("SELECT digest FROM paper")]
    return [*answers, *(paper.nullifier for paper in papers), *digests]


async def _release() -> None:
    await close_wave("gps-1")
    await mark_counted("gps-1")
    await mark_released("gps-1", DAY)


async def test_shredded_bytes_are_gone(database: CanvassEngine) -> None:
    """After shredding no byte of an answer, a nullifier or a paper stands in the tables' files.

    (On SQLite that is every file. PostgreSQL's write-ahead log forgets in its own time, which
    deploy/postgresql.conf keeps short.)
    """
    canaries = await _canaries(database, 15)
    await _release()
    before = await written_bytes(database, tables_only=True)
    assert all(occurrences(canary, before) for canary in canaries), "they were there"
    await shred_wave("gps-1")
    after = await written_bytes(database, tables_only=True)
    assert [canary for canary in canaries if occurrences(canary, after)] == []
    assert await run("SELECT * FROM ballot") == await run("SELECT * FROM paper") == []
    assert (await get_wave("gps-1")).shredded


async def test_other_waves_keep_their_ballots(database: CanvassEngine) -> None:
    """Shredding one wave touches no other."""
    assert database is not None
    await _canaries(database, 3)
    await run(
        "INSERT INTO ballot (wave, nullifier, cell, answers, attempt) "
        "SELECT 'gps-2', nullifier, cell, answers, attempt FROM ballot"
    )
    await _release()
    await shred_wave("gps-1")
    rows = await run("SELECT wave FROM ballot")
    assert [row["wave"] for row in rows] == ["gps-2"] * 3


async def test_nothing_is_shredded_before_the_release(database: CanvassEngine) -> None:
    """Ballots whose counts are not released yet are safe from shredding."""
    await _canaries(database, 2)
    for step in (close_wave, mark_counted):
        with pytest.raises(WaveError, match="cannot be shredded"):
            await shred_wave("gps-1")
        await step("gps-1")
    assert len(await run("SELECT * FROM ballot")) == 2


async def test_shredding_twice_does_no_harm(database: CanvassEngine) -> None:
    """A repeated job finds nothing to do, and a shredded wave's cards are worth nothing."""
    await _canaries(database, 2)
    await _release()
    await shred_wave("gps-1")
    await shred_wave("gps-1")
    assert await find_paper("BCDF-GHJK-MNPQ") is None
    assert isinstance(database, PooledPostgresEngine) or await database.checkpoint()
