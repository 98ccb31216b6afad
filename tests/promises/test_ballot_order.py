"""Promise: not even the order of the ballots tells who gave which answer."""

import asyncio
import hashlib
import shutil
from itertools import groupby
from pathlib import Path

import pytest

from backend.ballots.box import BallotBox
from backend.ballots.papers import Paper
from backend.db.engine import CanvassEngine, PooledSQLiteEngine, open_database
from backend.db.sql import run
from backend.settings import Settings
from backend.store.waves import close_wave
from tests import databases
from tests.backend.builders import ATTEMPT, LAST_DAY, an_open_wave, some_papers

PACKED = bytes(range(20))
PAGE = 4096


async def _cast_in_turn(engine: CanvassEngine, number: int) -> list[Paper]:
    """Cast one ballot after the other, each in a batch of its own: the hardest case."""
    papers = await some_papers(await an_open_wave(), number, "roads")
    box = BallotBox(engine)
    await box.start()
    for paper in papers:
        await box.cast(paper, PACKED, ATTEMPT)
    await box.stop()
    return papers


async def test_a_closed_box_reads_in_an_order_of_its_own(database: CanvassEngine) -> None:
    """Whoever reads the closed box row by row sees the order of nullifiers, not of arrival."""
    papers = await _cast_in_turn(database, 80)
    await close_wave("gps-1", LAST_DAY)
    stored = [bytes(row["nullifier"]) for row in await run("SELECT nullifier FROM ballot")]
    arrived = [paper.nullifier for paper in papers]
    assert stored == sorted(arrived)
    assert arrived not in (stored, stored[::-1])


async def _pages_after(settings: Settings, papers: list[Paper]) -> set[tuple[bytes, ...]]:
    """Cast these papers in turn, close, and give how nullifiers lie in each page of the file."""
    async with open_database(settings) as engine:
        assert isinstance(engine, PooledSQLiteEngine)
        await an_open_wave()
        box = BallotBox(engine)
        await box.start()
        for paper in papers:
            await box.cast(paper, PACKED, ATTEMPT)
        await box.stop()
        await close_wave("gps-1", LAST_DAY)
        content = engine.file.read_bytes()
    assert [paper for paper in papers if content.count(paper.nullifier) != 1] == []
    places = sorted((content.index(paper.nullifier), paper.nullifier) for paper in papers)
    pages = groupby(places, key=lambda place: place[0] // PAGE)
    return {tuple(nullifier for _, nullifier in page) for _, page in pages}


async def test_the_sqlite_file_itself_has_forgotten_the_order(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """The bytes of every page are the same whether people answered in this order or another."""
    papers = [
        Paper("gps-1", "roads", hashlib.sha256(f"{number}".encode()).digest())
        for number in range(200)
    ]
    found = []
    for name, order in (("forwards", papers), ("backwards", papers[::-1])):
        file = tmp_path / f"{name}.sqlite"
        shutil.copy(sqlite_template, file)
        found.append(await _pages_after(databases.sqlite_settings(file), order))
    assert len(found[0]) > 3
    assert found[0] == found[1]


@pytest.mark.postgres
async def test_postgres_has_forgotten_the_order(postgres: CanvassEngine) -> None:
    """After the close, rows lie in the order of nullifiers and carry one transaction number."""
    papers = await _cast_in_turn(postgres, 80)
    await close_wave("gps-1", LAST_DAY)
    rows = await run("SELECT nullifier, xmin::text AS xmin FROM ballot ORDER BY ctid")
    assert [bytes(row["nullifier"]) for row in rows] == sorted(p.nullifier for p in papers)
    assert len({row["xmin"] for row in rows}) == 1


@pytest.mark.postgres
async def test_a_batch_is_mixed_while_the_wave_is_open(postgres: CanvassEngine) -> None:
    """Ballots that came together lie in the order of their nullifiers from the start."""
    papers = await some_papers(await an_open_wave(), 60)
    box = BallotBox(postgres)
    await box.start()
    await asyncio.gather(*(box.cast(paper, PACKED, ATTEMPT) for paper in papers))
    await box.stop()
    rows = await run("SELECT nullifier, xmin::text AS xmin FROM ballot ORDER BY ctid")
    for _, batch in groupby(rows, key=lambda row: str(row["xmin"])):
        order = [bytes(row["nullifier"]) for row in batch]
        assert order == sorted(order)


async def test_papers_lie_in_no_order_of_issue(database: CanvassEngine) -> None:
    """The list of papers is in the order of their digests, whatever cell they are for."""
    wave = await an_open_wave()
    assert database is not None
    await some_papers(wave, 40, "parks")
    rows = await run("SELECT digest FROM paper")
    assert [bytes(row["digest"]) for row in rows] == sorted(bytes(r["digest"]) for r in rows)


async def test_rewriting_loses_no_ballot(database: CanvassEngine) -> None:
    """What lay in the box before the close lies in it afterwards, byte for byte."""
    await _cast_in_turn(database, 50)
    before = await run("SELECT * FROM ballot ORDER BY nullifier")
    await close_wave("gps-1", LAST_DAY)
    assert await run("SELECT * FROM ballot ORDER BY nullifier") == before
