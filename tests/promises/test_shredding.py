"""Promise: ballots are destroyed after the release; only counts of groups remain."""

import secrets
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta

import pytest

from analysis.disclosure.release import Published, Release
from backend import releasing
from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.ballots.papers import find_paper, issue_cards
from backend.ballots.shredding import resume_shredding, shred_wave
from backend.db.engine import CanvassEngine, PooledPostgresEngine, PooledSQLiteEngine
from backend.db.sql import run
from backend.errors import DatabaseError
from backend.jobs.queue import claim, list_trouble
from backend.jobs.worker import run_due
from backend.releasing import release_wave
from backend.store.counts import find_counts, get_counts
from backend.store.errors import WaveError
from backend.store.waves import WaveState, close_wave, get_wave, mark_counted, mark_released
from backend.tasks import job_handlers
from tests.backend.builders import ATTEMPT, LAST_DAY, an_open_wave, some_papers
from tests.backend.web.scenes import cast
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
    await close_wave("gps-1", LAST_DAY)
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
    with pytest.raises(WaveError, match="cannot be shredded"):
        await shred_wave("gps-1")
    await close_wave("gps-1", LAST_DAY)
    with pytest.raises(WaveError, match="cannot be shredded"):
        await shred_wave("gps-1")
    await mark_counted("gps-1")
    with pytest.raises(WaveError, match="cannot be shredded"):
        await shred_wave("gps-1")
    assert len(await run("SELECT * FROM ballot")) == 2


async def test_shredding_twice_does_no_harm(database: CanvassEngine) -> None:
    """A repeated job finds nothing to do, and a shredded wave's cards are worth nothing."""
    await _canaries(database, 2)
    await _release()
    await shred_wave("gps-1")
    await shred_wave("gps-1")
    assert await find_paper("BCDF-GHJK-MNPQ") is None
    assert isinstance(database, PooledPostgresEngine) or await database.checkpoint()


async def _thin_release(engine: CanvassEngine) -> Release:
    """Release a wave in which a single person of Parks answered, so that nobody sees it."""
    wave = await an_open_wave()
    codes = await issue_cards(wave, {"parks": 1, "roads": 30})
    box = BallotBox(engine)
    await box.start()
    await cast(box, wave.id, codes["parks"] + codes["roads"])
    await box.stop()
    await close_wave(wave.id, LAST_DAY)
    await count_wave(wave.id)
    return await release_wave(wave.id)


async def _kept_bytes() -> bytes:
    (row,) = await run("SELECT counts, pairs FROM wave_counts")
    return bytes(row["counts"]) + bytes(row["pairs"])


async def test_no_count_of_few_people_remains(database: CanvassEngine) -> None:
    """The counts of a cell with one ballot are that sheet: after shredding they are gone too."""
    await _thin_release(database)
    before = await get_counts("gps-1")
    assert 0 < before.answered[0].max() < 2, "the only sheet of Parks can be read in its counts"
    old = await _kept_bytes()
    await shred_wave("gps-1")
    after = await find_counts("gps-1")
    assert after is not None
    answered = after.counts.answered
    assert ((answered == 0) | (answered >= 10)).all()
    assert answered.max() >= 30
    pairs = after.pairs.table.sum(axis=(2, 3))
    assert ((pairs == 0) | (pairs >= 10)).all()
    new, files = await _kept_bytes(), await written_bytes(database, tables_only=True)
    pieces = [old[start : start + 24] for start in range(0, len(old), 24)]
    gone = [piece for piece in pieces if piece not in new]
    assert len(gone) > 9
    assert [piece for piece in gone if occurrences(piece, files)] == []
    assert await run("SELECT * FROM turnout") == []


async def test_published_groups_keep_their_counts(database: CanvassEngine) -> None:
    """Every published score can still be computed from what is kept."""
    release = await _thin_release(database)
    before = await get_counts("gps-1")
    await shred_wave("gps-1")
    after = await get_counts("gps-1")
    shown = [result for result in release.results if isinstance(result.value, Published)]
    assert shown
    for result in shown:
        (group,) = (each for each in release.groups if each.id == result.group)
        rows = [before.cells.index(cell) for cell in group.cells]
        column = before.index(result.series)
        kept = after.table[rows, column].sum(axis=0)
        assert kept.tolist() == before.table[rows, column].sum(axis=0).tolist()


async def test_release_and_shredding_are_one_step(
    database: CanvassEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that stops half-way is no release, and can be made again with both its jobs."""

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(releasing, "queue_shredding", killed)
        with pytest.raises(KeyboardInterrupt):
            await _thin_release(database)
    assert (await get_wave("gps-1")).state is WaveState.COUNTED
    assert await run("SELECT kind FROM job WHERE kind <> 'write-back'") == []
    await release_wave("gps-1")
    rows = await run("SELECT kind FROM job WHERE kind <> 'write-back' ORDER BY kind")
    assert [row["kind"] for row in rows] == ["brief", "shred"]


async def test_a_lost_job_comes_back_at_start(database: CanvassEngine) -> None:
    """Whatever became of its job, a server that starts sees that a wave must be shredded."""
    await _thin_release(database)
    wave = await get_wave("gps-1")
    assert wave.released_on is not None
    due = datetime.combine(wave.released_on + timedelta(days=30), time(), UTC)
    for loss in ("DELETE FROM job", "UPDATE job SET failed_at = run_at",
                 "UPDATE job SET done_at = run_at"):  # fmt: skip
        await run(loss)
        await resume_shredding()
        assert await claim(["shred"], due - timedelta(seconds=1)) is None
        job = await claim(["shred"], due)
        assert job is not None
        assert job.payload == {"wave": "gps-1"}
    await shred_wave("gps-1")
    await run("DELETE FROM job")
    await resume_shredding()
    assert await run("SELECT kind FROM job") == []


async def test_a_hindered_shredding_is_not_called_done(sqlite: CanvassEngine) -> None:
    """While another program reads the file, the log keeps bytes, and the wave is not shredded."""
    assert isinstance(sqlite, PooledSQLiteEngine)
    await _thin_release(sqlite)
    with closing(sqlite3.connect(sqlite.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM wave").fetchall()
        with pytest.raises(DatabaseError, match="tried again"):
            await shred_wave("gps-1")
    assert not (await get_wave("gps-1")).shredded
    await shred_wave("gps-1")
    assert (await get_wave("gps-1")).shredded


async def test_a_hindered_closing_is_finished_later(sqlite: CanvassEngine) -> None:
    """The log with the order of ballots is emptied by a job once the other reader is gone."""
    assert isinstance(sqlite, PooledSQLiteEngine)
    canaries = await _canaries(sqlite, 9)
    log = sqlite.file.with_name(f"{sqlite.file.name}-wal")
    with closing(sqlite3.connect(sqlite.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM wave").fetchall()
        await close_wave("gps-1", LAST_DAY)
        assert any(occurrences(canary, [log.read_bytes()]) for canary in canaries)
        assert await run_due(job_handlers()) == 1
        assert "still in the log" in str((await list_trouble(datetime.now(UTC)))[0])
    later = datetime.now(UTC) + timedelta(hours=1)
    assert await run_due(job_handlers(), clock=lambda: later) == 1
    assert await list_trouble(later) == ()
    # What the job itself has noted since is all that the log holds.
    assert not any(occurrences(canary, [log.read_bytes()]) for canary in canaries)


async def test_an_unhindered_closing_needs_no_job(database: CanvassEngine) -> None:
    """Where nobody reads, closing empties the log at once."""
    assert database is not None
    await _canaries(database, 3)
    await close_wave("gps-1", LAST_DAY)
    assert await run_due(job_handlers()) == 0
