"""Ballots through the whole booth: HTTP, durable commit, receipt; on SQLite and PostgreSQL.

Run with `python -m benchmarks.booth`. Server and simulated phones share this machine, so the
figures are what one small computer gives, not what the server could give alone.
"""

import asyncio
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import numpy as np

from backend.ballots.papers import issue_cards
from backend.db.engine import open_database
from backend.db.sql import run
from backend.rollout_file import parse_rollout_file, store_rollout
from backend.settings import Settings
from backend.store.accounts import Role
from backend.store.rollouts import sign_agreement
from backend.store.waves import get_wave, open_wave
from tests.builders.rollout_file import SMALL_ROLLOUT
from tests.databases import find_postgres, running_cluster

BALLOTS = 6_000
PHONES = 64
ANSWERS = {"a.ex1": "1", "a.js2": "1", "a.sv1": "3", "a.us1": "2", "a.st1": "4"}


def main() -> None:
    """Print durable ballots per second and latency for each database."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "canvass.sqlite"
        asyncio.run(measure("SQLite", f"sqlite:///{file}", Path(folder)))
        if find_postgres() is not None:
            with running_cluster() as cluster:
                asyncio.run(measure("PostgreSQL", cluster.address(), Path(folder)))


async def measure(name: str, database: str, folder: Path) -> None:
    """Cast ballots from many phones at once; every receipt is checked against the box."""
    settings = Settings.from_env(
        {
            "CANVASS_DATABASE": database,
            "CANVASS_DATA": str(folder),
            "CANVASS_BOOTH_PORT": str(_free_port()),
            "CANVASS_OFFICE_PORT": str(_free_port()),
        }
    )
    async with open_database(settings):
        codes = await _open_wave()
        async with _served(settings):
            seconds, latencies = await _cast_all(settings.booth_address, codes)
        rows = await run("SELECT COUNT(*) AS ballots FROM ballot")
        assert rows[0]["ballots"] == len(codes), "a receipt without a ballot"
    p50, p99 = np.quantile(latencies, [0.5, 0.99]) * 1000
    print(
        f"{name:11} {len(codes) / seconds:7.0f} ballots/s through HTTP, {PHONES} phones: "
        f"p50 {p50:5.1f} ms, p99 {p99:5.1f} ms"
    )


async def _open_wave() -> Sequence[str]:
    await store_rollout(parse_rollout_file(SMALL_ROLLOUT, "benchmark"))
    for role in (Role.HR, Role.UNION):
        await sign_agreement("crane", role, role.value)
    planned = await get_wave("crane-1")
    wave = await open_wave(planned.id, planned.opens_on)
    drawn = await issue_cards(wave, {cell.id: BALLOTS // len(wave.cells) for cell in wave.cells})
    return [code for codes in drawn.values() for code in codes]


async def _cast_all(booth: str, codes: Sequence[str]) -> tuple[float, list[float]]:
    waiting = iter(enumerate(codes))
    latencies: list[float] = []
    async with aiohttp.ClientSession(booth, connector=aiohttp.TCPConnector(limit=PHONES)) as web:

        async def phone() -> None:
            for number, code in waiting:
                form = {"code": code, "lang": "en", "attempt": f"attempt-{number:012}"} | ANSWERS
                began = time.perf_counter()
                async with web.post("/cast", data=form) as answer:
                    await answer.read()
                    assert answer.status == 201, answer.status
                latencies.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(phone() for _ in range(PHONES)))
        return time.perf_counter() - began, latencies


@asynccontextmanager
async def _served(settings: Settings) -> AsyncIterator[None]:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend", "serve", stdout=asyncio.subprocess.DEVNULL,
        env={
            "CANVASS_DATABASE": settings.database,
            "CANVASS_DATA": str(settings.data),
            "CANVASS_BOOTH_PORT": str(settings.booth_port),
            "CANVASS_OFFICE_PORT": str(settings.office_port),
        },
    )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", settings.booth_port)
                except OSError:
                    await asyncio.sleep(0.1)
                    continue
                writer.close()
                break
        yield
    finally:
        server.terminate()
        await server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
