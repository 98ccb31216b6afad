"""Promise: a ballot that was confirmed is not lost, even if the server is killed at once."""

import asyncio
import random
import sys

import pytest

from backend.ballots.box import CastOutcome
from backend.db.engine import open_database
from backend.db.sql import run
from backend.settings import Settings
from tests.backend.builders import an_open_wave
from tests.promises import casting

KILLS = 6
BALLOTS = 3000


async def _serve_until_killed(
    settings: Settings, start: int, lines: int | None
) -> list[tuple[int, CastOutcome]]:
    """Run the casting process, kill it without warning after some lines, and give its lines."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.promises.casting", settings.database, str(start),
        str(BALLOTS), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    said: list[bytes] = []
    async for line in process.stdout:
        said.append(line)
        if len(said) == lines:
            process.kill()
    await process.wait()
    pairs = [line.decode().split() for line in said if line.endswith(b"\n")]
    return [(int(number), CastOutcome[name]) for number, name in pairs]


@pytest.mark.slow
async def test_confirmed_ballots_survive_kill_9(database_settings: Settings) -> None:
    """Every ballot confirmed before a kill is there afterwards, and retries double none."""
    async with open_database(database_settings):
        await an_open_wave()
    rng = random.Random(7)  # noqa: S311  where to kill, no secret
    confirmed: set[int] = set()
    start = 0
    for kill in range(KILLS + 1):
        lines = rng.randint(20, 400) if kill < KILLS else None
        said = await _serve_until_killed(database_settings, start, lines)
        assert {outcome for _, outcome in said} <= {CastOutcome.ACCEPTED, CastOutcome.REPEATED}
        again = {number for number, outcome in said if outcome is CastOutcome.ACCEPTED}
        assert not again & confirmed, "confirmed before, yet new to the box: it was lost"
        confirmed |= {number for number, _ in said}
        missing = next((n for n in range(BALLOTS) if n not in confirmed), BALLOTS)
        start = max(0, missing - 20)
    assert confirmed == set(range(BALLOTS))
    async with open_database(database_settings):
        stored = [bytes(row["nullifier"]) for row in await run("SELECT nullifier FROM ballot")]
    assert sorted(stored) == sorted(casting.paper(number).nullifier for number in range(BALLOTS))
