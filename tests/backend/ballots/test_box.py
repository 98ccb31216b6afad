"""The ballot box: one ballot for each card, durable before the answer, whoever else fails."""

import asyncio

import pytest

from backend.ballots.box import BallotBox, CastOutcome
from backend.ballots.papers import Paper
from backend.db.engine import CanvassEngine
from backend.db.sql import run
from backend.errors import BoxBusy
from backend.store.waves import close_wave
from tests.backend.builders import ATTEMPT, LAST_DAY, an_open_wave, some_papers

PACKED = bytes([4, 3, 2])


async def _stored() -> int:
    return int((await run("SELECT COUNT(*) AS n FROM ballot"))[0]["n"])


async def test_a_ballot_is_accepted_and_stored(database: CanvassEngine) -> None:
    """A ballot of an open wave is accepted, and lies in the box when the answer comes."""
    (paper,) = await some_papers(await an_open_wave(), 1)
    box = BallotBox(database)
    await box.start()
    assert await box.cast(paper, PACKED, ATTEMPT) is CastOutcome.ACCEPTED
    rows = await run("SELECT cell, answers FROM ballot")
    assert [(row["cell"], bytes(row["answers"])) for row in rows] == [("parks", PACKED)]
    await box.stop()


async def test_many_cards_at_once_all_count_once(database: CanvassEngine) -> None:
    """Ballots of one batch, doubled cards among them, give one ballot for each card."""
    papers = await some_papers(await an_open_wave(), 30)
    box = BallotBox(database)
    await box.start()
    casts = [box.cast(paper, PACKED, f"{try_}") for paper in papers for try_ in range(3)]
    outcomes = await asyncio.gather(*casts)
    assert outcomes.count(CastOutcome.ACCEPTED) == 30
    assert outcomes.count(CastOutcome.ALREADY_USED) == 60
    assert await _stored() == 30
    await box.stop()


async def test_a_late_ballot_is_refused(database: CanvassEngine) -> None:
    """After a wave is closed, its unused cards give nothing, and its used ones say so."""
    wave = await an_open_wave()
    used, unused = await some_papers(wave, 2)
    box = BallotBox(database)
    await box.start()
    await box.cast(used, PACKED, ATTEMPT)
    await close_wave(wave.id, LAST_DAY)
    assert await box.cast(unused, PACKED, ATTEMPT) is CastOutcome.WAVE_CLOSED
    assert await box.cast(used, PACKED, ATTEMPT) is CastOutcome.REPEATED
    assert await box.cast(used, PACKED, "another") is CastOutcome.ALREADY_USED
    assert await _stored() == 1
    await box.stop()


async def test_closing_and_casting_at_the_same_moment_agree(database: CanvassEngine) -> None:
    """Every accepted ballot was in the box when the wave closed, and none came in after."""
    wave = await an_open_wave()
    papers = await some_papers(wave, 300, "roads")
    box = BallotBox(database, batch=7)
    await box.start()
    casts = [asyncio.create_task(box.cast(paper, PACKED, ATTEMPT)) for paper in papers]
    await asyncio.wait(casts, return_when=asyncio.FIRST_COMPLETED)
    await close_wave(wave.id, LAST_DAY)
    at_close = await _stored()
    outcomes = await asyncio.gather(*casts)
    assert set(outcomes) <= {CastOutcome.ACCEPTED, CastOutcome.WAVE_CLOSED}
    assert outcomes.count(CastOutcome.ACCEPTED) == at_close == await _stored()
    await box.stop()


async def test_a_cancelled_caller_harms_no_one(database: CanvassEngine) -> None:
    """A voter whose connection drops takes nobody else's ballot along."""
    papers = await some_papers(await an_open_wave(), 40)
    box = BallotBox(database)
    await box.start()
    casts = [asyncio.create_task(box.cast(paper, PACKED, ATTEMPT)) for paper in papers]
    await asyncio.sleep(0)
    for cast in casts[::2]:
        cast.cancel()
    outcomes = await asyncio.gather(*casts, return_exceptions=True)
    assert outcomes[1::2] == [CastOutcome.ACCEPTED] * 20
    await box.stop()
    assert await _stored() == 40


async def test_a_ballot_that_cannot_be_written_fails_alone(database: CanvassEngine) -> None:
    """A ballot the database refuses is an error for its own caller only."""
    wave = await an_open_wave()
    good, other = await some_papers(wave, 2)
    broken = Paper(wave.id, "parks", nullifier=None)  # type: ignore[arg-type] # NOT NULL refuses it
    box = BallotBox(database)
    await box.start()
    casts = [box.cast(paper, PACKED, ATTEMPT) for paper in (good, broken, other)]
    outcomes = await asyncio.gather(*casts, return_exceptions=True)
    assert isinstance(outcomes[1], Exception)
    assert [outcomes[0], outcomes[2]] == [CastOutcome.ACCEPTED] * 2
    await box.stop()


async def test_a_full_box_says_busy(sqlite: CanvassEngine) -> None:
    """More callers than the box can take are told to come back, and nothing is half-kept."""
    papers = await some_papers(await an_open_wave(), 12)
    box = BallotBox(sqlite, capacity=5)
    await box.start()
    outcomes = await asyncio.gather(
        *(box.cast(paper, PACKED, ATTEMPT) for paper in papers), return_exceptions=True
    )
    accepted = outcomes.count(CastOutcome.ACCEPTED)
    assert sum(isinstance(outcome, BoxBusy) for outcome in outcomes) == 12 - accepted
    assert await _stored() == accepted > 0
    await box.stop()


async def test_a_stopped_box_has_written_everything(sqlite: CanvassEngine) -> None:
    """Stopping the server loses no ballot that waits; afterwards the box is shut."""
    papers = await some_papers(await an_open_wave(), 20)
    box = BallotBox(sqlite, batch=3)
    await box.start()
    casts = [asyncio.create_task(box.cast(paper, PACKED, ATTEMPT)) for paper in papers]
    await asyncio.sleep(0)
    await box.stop()
    assert await asyncio.gather(*casts) == [CastOutcome.ACCEPTED] * 20
    with pytest.raises(BoxBusy):
        await box.cast(papers[0], PACKED, ATTEMPT)


async def test_find_outcome_tells_the_state_of_a_card(database: CanvassEngine) -> None:
    """A card is free, used by this attempt, used by another, or too late."""
    wave = await an_open_wave()
    used, unused = await some_papers(wave, 2)
    box = BallotBox(database)
    await box.start()
    await box.cast(used, PACKED, ATTEMPT)
    assert await box.find_outcome(unused) is None
    assert await box.find_outcome(used) is CastOutcome.ALREADY_USED
    assert await box.find_outcome(used, ATTEMPT) is CastOutcome.REPEATED
    await close_wave(wave.id, LAST_DAY)
    assert await box.find_outcome(unused) is CastOutcome.WAVE_CLOSED
    await box.stop()
