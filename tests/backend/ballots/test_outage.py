"""A database server that goes away: voters hear it at once, and it goes on when it is back."""

import asyncio
from pathlib import Path

import pytest

from backend.ballots.box import BallotBox, CastOutcome
from backend.db.engine import open_database
from backend.db.sql import run
from backend.errors import DatabaseError, DatabaseUnreachableError
from tests import databases
from tests.backend.builders import ATTEMPT, an_open_wave, some_papers

PACKED = bytes([1, 2, 3])

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_ballots_survive_a_restart_of_the_server(
    cluster: databases.Cluster, tmp_path: Path, mode: str
) -> None:
    """Confirmed ballots are there after a stop or a crash; refused ones may be sent again."""
    assert cluster.port
    with databases.running_cluster() as server:
        async with open_database(databases.settings_for(server.address(), tmp_path)) as engine:
            papers = await some_papers(await an_open_wave(), 30)
            box = BallotBox(engine)
            await box.start()
            await asyncio.gather(*(box.cast(paper, PACKED, ATTEMPT) for paper in papers[:10]))
            await asyncio.to_thread(databases.stop, server, mode)
            refused = await asyncio.gather(
                *(box.cast(paper, PACKED, ATTEMPT) for paper in papers[10:]),
                return_exceptions=True,
            )
            assert {type(error) for error in refused} == {DatabaseUnreachableError}
            with pytest.raises(DatabaseError, match="does not answer"):
                await run("SELECT 1")
            await asyncio.to_thread(databases.start, server)
            again = await asyncio.gather(*(box.cast(p, PACKED, ATTEMPT) for p in papers))
            assert again.count(CastOutcome.REPEATED) == 10
            assert again.count(CastOutcome.ACCEPTED) == 20
            await box.stop()
