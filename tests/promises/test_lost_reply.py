"""Promise: if you saw "saved", it counts, and only once, even if your connection broke."""

from backend.ballots.box import BallotBox, CastOutcome
from backend.db.engine import CanvassEngine, open_database
from backend.db.sql import run
from backend.settings import Settings
from tests.backend.builders import ATTEMPT, an_open_wave, some_papers

FIRST, SECOND = bytes([4, 4, 4]), bytes([0, 0, 0])


async def _stored() -> list[bytes]:
    return [bytes(row["answers"]) for row in await run("SELECT answers FROM ballot")]


async def test_a_retry_after_a_lost_reply_counts_once(database: CanvassEngine) -> None:
    """The same attempt sent again is accepted again, and there is one ballot."""
    (paper,) = await some_papers(await an_open_wave(), 1)
    box = BallotBox(database)
    await box.start()
    outcomes = [await box.cast(paper, FIRST, ATTEMPT) for _ in range(3)]
    assert outcomes == [CastOutcome.ACCEPTED, CastOutcome.REPEATED, CastOutcome.REPEATED]
    assert await _stored() == [FIRST]
    await box.stop()


async def test_a_used_card_changes_nothing(database: CanvassEngine) -> None:
    """Someone who finds a used card can neither answer with it nor change the answers."""
    (paper,) = await some_papers(await an_open_wave(), 1)
    box = BallotBox(database)
    await box.start()
    await box.cast(paper, FIRST, ATTEMPT)
    assert await box.cast(paper, SECOND, "another attempt") is CastOutcome.ALREADY_USED
    assert await _stored() == [FIRST]
    await box.stop()


async def test_a_retry_with_other_answers_keeps_the_first(database: CanvassEngine) -> None:
    """An attempt that was accepted is closed: sent again with other answers, it stays as it was."""
    (paper,) = await some_papers(await an_open_wave(), 1)
    box = BallotBox(database)
    await box.start()
    await box.cast(paper, FIRST, ATTEMPT)
    assert await box.cast(paper, SECOND, ATTEMPT) is CastOutcome.REPEATED
    assert await _stored() == [FIRST]
    await box.stop()


async def test_a_retry_after_a_restart_counts_once(database_settings: Settings) -> None:
    """A server that restarts between try and retry still knows the attempt."""
    async with open_database(database_settings) as engine:
        (paper,) = await some_papers(await an_open_wave(), 1)
        box = BallotBox(engine)
        await box.start()
        assert await box.cast(paper, FIRST, ATTEMPT) is CastOutcome.ACCEPTED
        await box.stop()
    async with open_database(database_settings) as engine:
        box = BallotBox(engine)
        await box.start()
        assert await box.cast(paper, FIRST, ATTEMPT) is CastOutcome.REPEATED
        assert await _stored() == [FIRST]
        await box.stop()


async def test_two_servers_take_a_card_once(database_settings: Settings) -> None:
    """Two processes with a box each never both accept the same card."""
    async with open_database(database_settings) as engine:
        papers = await some_papers(await an_open_wave(), 25)
        boxes = [BallotBox(engine), BallotBox(engine)]
        for box in boxes:
            await box.start()
        outcomes = [
            [await box.cast(paper, FIRST, f"{number}") for number, box in enumerate(boxes)]
            for paper in papers
        ]
        assert all(pair.count(CastOutcome.ACCEPTED) == 1 for pair in outcomes)
        assert len(await _stored()) == 25
        for box in boxes:
            await box.stop()
