"""Durable ballots per second and how long a voter waits, at the store, on both databases.

Run with ``python -m benchmarks.ballots``. Each figure counts ballots that were on disk when the
voter got the answer. The alternative is Piccolo as it comes: its stock engine, and one transaction
for each ballot that looks up the wave and inserts the row; nothing else differs.
"""

import argparse
import asyncio
import hashlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine, TransactionType

from backend.ballots.box import BallotBox, CastOutcome
from backend.ballots.papers import Paper
from backend.db.engine import open_database
from backend.db.sql import run
from backend.settings import Settings
from tests import databases
from tests.backend.builders import an_open_wave

CLIENTS = (1, 16, 64, 256)
ANSWERS = bytes(range(20))
INSERT = (
    "INSERT INTO ballot (wave, nullifier, cell, answers, attempt) "
    "VALUES ({}, {}, {}, {}, {}) ON CONFLICT DO NOTHING"
)

Caster = Callable[[Paper, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured."""

    ballots: int
    seconds: float
    waits: tuple[float, ...]

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.waits, n=100) if len(self.waits) > 1 else [0.0] * 99
        return (
            f"{self.ballots / self.seconds:9,.0f} ballots/s   p50 {cuts[49] * 1000:8.2f} ms   "
            f"p99 {cuts[98] * 1000:8.2f} ms   ({self.ballots:,} in {self.seconds:.1f} s)"
        )


def papers(start: int) -> Iterator[Paper]:
    """Give papers without end, each good once."""
    number = start
    while True:
        yield Paper("gps-1", "parks", hashlib.sha256(f"{number}".encode()).digest())
        number += 1


async def measure(cast: Caster, clients: int, seconds: float, start: int) -> Figures:
    """Let so many voters cast one ballot after the other for some seconds."""
    waits: list[float] = []
    supply = papers(start)
    begun = time.perf_counter()

    async def voter() -> None:
        while time.perf_counter() - begun < seconds:
            paper = next(supply)
            sent = time.perf_counter()
            await cast(paper, paper.nullifier.hex())
            waits.append(time.perf_counter() - sent)

    await asyncio.gather(*(voter() for _ in range(clients)))
    return Figures(len(waits), time.perf_counter() - begun, tuple(waits))


@asynccontextmanager
async def canvass(settings: Settings) -> AsyncIterator[Caster]:
    """Cast through Canvass' ballot box."""
    async with open_database(settings) as engine:
        box = BallotBox(engine)
        await box.start()

        async def cast(paper: Paper, attempt: str) -> None:
            assert await box.cast(paper, ANSWERS, attempt) is CastOutcome.ACCEPTED

        yield cast
        await box.stop()


@asynccontextmanager
async def stock(settings: Settings) -> AsyncIterator[Caster]:
    """Cast through Piccolo's own engine, one transaction for each ballot."""
    sqlite = settings.database.startswith("sqlite:///")
    engine = (
        SQLiteEngine(settings.database.removeprefix("sqlite:///"), timeout=60)
        if sqlite
        else PostgresEngine({"dsn": settings.database})
    )
    if isinstance(engine, PostgresEngine):
        await engine.start_connection_pool(min_size=8, max_size=8)

    async def cast(paper: Paper, attempt: str) -> None:
        transaction = (
            engine.transaction(transaction_type=TransactionType.immediate)
            if isinstance(engine, SQLiteEngine)
            else engine.transaction()
        )
        async with transaction:
            (wave,) = await run("SELECT state FROM wave WHERE id = {}", paper.wave, engine=engine)
            assert wave["state"] == "open"
            digest = hashlib.sha256(attempt.encode()).digest()[:16]
            await run(
                INSERT, paper.wave, paper.nullifier, paper.cell, ANSWERS, digest, engine=engine
            )

    yield cast
    if isinstance(engine, PostgresEngine):
        await engine.close_connection_pool()


async def compare(name: str, settings: Settings, seconds: float) -> None:
    """Measure Canvass and the alternative on one database, turn by turn."""
    async with open_database(settings):
        await an_open_wave()
    start = 0
    for clients in CLIENTS:
        for label, way in (("canvass", canvass), ("stock piccolo", stock)):
            async with way(settings) as cast:
                figures = await measure(cast, clients, seconds, start)
            start += 10_000_000
            print(f"{name:10} {clients:4} at once  {label:14} {figures}", flush=True)
    async with open_database(settings):
        (row,) = await run("SELECT COUNT(*) AS ballots FROM ballot")
        print(f"{name:10} {row['ballots']:,} ballots in the box")


def main() -> None:
    """Run the comparison on SQLite, and on PostgreSQL if it is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each run")
    parser.add_argument("--disk", type=Path, help="where the databases lie (default: temporary)")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=given.disk)))
        # The server's own user must be able to enter it.
        folder.chmod(0o755)
        settings = databases.sqlite_settings(folder / "canvass.sqlite")
        asyncio.run(compare("SQLite", settings, given.seconds))
        if databases.find_postgres() is None:
            print("PostgreSQL is not installed: apt-get install postgresql")
            return
        cluster = stack.enter_context(databases.running_cluster(on=folder))
        settings = databases.settings_for(cluster.address(), folder)
        asyncio.run(compare("PostgreSQL", settings, given.seconds))


if __name__ == "__main__":
    main()
