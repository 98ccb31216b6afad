"""Cancelled and failing transactions leave no lock, no thread and no connection behind."""

import asyncio
import threading

import pytest

from backend.db.engine import CanvassEngine, PooledPostgresEngine
from backend.db.sql import run
from backend.db.tables import RolloutTable

TASKS = 200


async def _write_slowly(number: int, engine: CanvassEngine) -> None:
    async with engine.transaction():
        await RolloutTable.insert(RolloutTable(id=f"r{number}", document="{}"))
        await run("SELECT COUNT(*) FROM rollout")
        await RolloutTable.update({RolloutTable.document: "[]"}).where(
            RolloutTable.id == f"r{number}"
        )


async def test_cancelled_transactions_leave_nothing_behind(database: CanvassEngine) -> None:
    """After 200 tasks cancelled at every possible point, the next write works at once."""
    await _write_slowly(0, database)
    threads = threading.active_count()
    for number in range(1, TASKS + 1):
        task = asyncio.create_task(_write_slowly(number, database))
        for _ in range(number % 23):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(10):
        await _write_slowly(TASKS + 1, database)
    assert threading.active_count() == threads
    assert database.current_transaction.get() is None


async def test_cancelled_crowd_leaves_nothing_behind(database: CanvassEngine) -> None:
    """Tasks cancelled together while they wait for a turn or a connection block nobody later."""
    tasks = [asyncio.create_task(_write_slowly(number, database)) for number in range(TASKS)]
    for _ in range(40):
        await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks, return_exceptions=True)
        await _write_slowly(TASKS, database)
    rows = await run("SELECT id, document FROM rollout")
    assert {row["document"] for row in rows} == {"[]"}
    assert {f"r{number}" for number in range(1, TASKS, 2)} <= {row["id"] for row in rows}


async def test_an_error_in_the_block_rolls_back(database: CanvassEngine) -> None:
    """What a failing block has written is gone, and the next transaction is a fresh one."""
    with pytest.raises(RuntimeError, match="stop"):
        await _fail_after_insert(database)
    assert await run("SELECT id FROM rollout") == []
    assert database.current_transaction.get() is None


async def _fail_after_insert(engine: CanvassEngine) -> None:
    async with engine.transaction():
        await RolloutTable.insert(RolloutTable(id="gone", document="{}"))
        raise RuntimeError("stop")


async def test_a_failing_commit_rolls_back(database: CanvassEngine) -> None:
    """If the COMMIT itself fails, nothing is kept and the connection is clean for the next one."""
    postgres = isinstance(database, PooledPostgresEngine)
    await run("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    await run(
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER "
        "REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    try:
        for _ in range(12):
            with pytest.raises(Exception, match=r"(?i)foreign key"):
                await _break_the_commit(database)
        assert await run("SELECT id FROM child") == []
        await _write_slowly(1, database)
    finally:
        await run("DROP TABLE child" + (" CASCADE" if postgres else ""))
        await run("DROP TABLE parent")


async def _break_the_commit(engine: CanvassEngine) -> None:
    async with engine.transaction():
        await run("INSERT INTO child (id, parent) VALUES (1, 99)")


async def test_transactions_nest_into_one(database: CanvassEngine) -> None:
    """A transaction inside another one belongs to it: an outer failure undoes both."""
    with pytest.raises(RuntimeError, match="outer"):
        await _nest(database)
    assert await run("SELECT id FROM rollout") == []


async def _nest(engine: CanvassEngine) -> None:
    async with engine.transaction():
        await _write_slowly(1, engine)
        raise RuntimeError("outer")
