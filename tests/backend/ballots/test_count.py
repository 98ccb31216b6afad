"""The count: every readable ballot once, in any order, stopped and started again."""

import pytest

from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.ballots.papers import Paper
from backend.db.engine import CanvassEngine
from backend.errors import CountError
from backend.store.counts import find_counts
from backend.store.waves import Wave, WaveState, close_wave, get_wave, wave_questionnaire
from surveys.answers import pack, parse_answers
from tests.backend.builders import ATTEMPT, LAST_DAY, an_open_wave, some_papers


def _filled(wave: Wave, choice: str) -> bytes:
    questionnaire = wave_questionnaire(wave)
    raw = {item: choice for item in questionnaire.items if item != "ex1"}
    answers = parse_answers(questionnaire, raw | {"ex1": "0"})
    assert isinstance(answers, dict)
    return pack(questionnaire, answers)


async def _cast_all(engine: CanvassEngine, papers: list[Paper], packed: bytes) -> None:
    box = BallotBox(engine)
    await box.start()
    for paper in papers:
        await box.cast(paper, packed, ATTEMPT)
    await box.stop()


async def test_every_ballot_is_counted_in_its_cell(database: CanvassEngine) -> None:
    """The counts hold each ballot once, in the cell its card was issued for."""
    wave = await an_open_wave()
    await _cast_all(database, await some_papers(wave, 12, "parks"), _filled(wave, "4"))
    await _cast_all(database, await some_papers(wave, 5, "roads"), _filled(wave, "1"))
    await close_wave(wave.id, LAST_DAY)
    counted = await count_wave(wave.id, chunk=4)
    places = {cell: place for place, cell in enumerate(counted.counts.cells)}
    assert counted.counts.ballots[places["parks"]] == 12
    assert counted.counts.ballots[places["roads"]] == 5
    js2 = counted.counts.index("js2")
    assert counted.counts.table[places["parks"], js2].tolist()[:5] == [0, 0, 0, 0, 12]
    assert counted.counts.table[places["roads"], js2].tolist()[:5] == [0, 5, 0, 0, 0]
    assert counted.spoilt == 0
    assert (await get_wave(wave.id)).state is WaveState.COUNTED


async def test_counting_again_gives_the_same(database: CanvassEngine) -> None:
    """A second count of the same wave gives what the first one kept."""
    wave = await an_open_wave()
    await _cast_all(database, await some_papers(wave, 7), _filled(wave, "2"))
    await close_wave(wave.id, LAST_DAY)
    first = await count_wave(wave.id)
    assert await count_wave(wave.id) == first


async def test_an_interrupted_count_starts_again(database: CanvassEngine) -> None:
    """A count that stops half-way keeps nothing; the next one is complete."""
    wave = await an_open_wave()
    await _cast_all(database, await some_papers(wave, 9), _filled(wave, "2"))
    await close_wave(wave.id, LAST_DAY)

    def pull_the_plug(done: int, total: int) -> None:
        if 0 < done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await count_wave(wave.id, pull_the_plug, chunk=4)
    assert await find_counts(wave.id) is None
    assert (await count_wave(wave.id)).counts.ballots.sum() == 9


async def test_unreadable_ballots_are_spoilt_not_fatal(database: CanvassEngine) -> None:
    """Ballots of a wrong length, with unknown codes, or of a strange cell are reported, no more."""
    wave = await an_open_wave()
    good = _filled(wave, "3")
    papers = await some_papers(wave, 4)
    await _cast_all(database, papers[:1], good)
    await _cast_all(database, papers[1:2], good[:-1])
    await _cast_all(database, papers[2:3], bytes([99]) + good[1:])
    stranger = Paper(wave.id, "nowhere", papers[3].nullifier)
    await _cast_all(database, [stranger], good)
    await close_wave(wave.id, LAST_DAY)
    counted = await count_wave(wave.id)
    assert counted.spoilt == 3
    assert counted.counts.ballots.sum() == 1


async def test_an_open_box_is_not_counted(sqlite: CanvassEngine) -> None:
    """No one looks into the box before the wave is closed."""
    wave = await an_open_wave()
    assert sqlite is not None
    with pytest.raises(CountError, match="Close it first"):
        await count_wave(wave.id)


async def test_progress_ends_at_the_total(sqlite: CanvassEngine) -> None:
    """The progress bar starts at nothing and ends at all."""
    wave = await an_open_wave()
    await _cast_all(sqlite, await some_papers(wave, 5), _filled(wave, "2"))
    await close_wave(wave.id, LAST_DAY)
    steps: list[tuple[int, int]] = []
    await count_wave(wave.id, lambda done, total: steps.append((done, total)), chunk=2)
    assert steps == [(0, 5), (2, 5), (4, 5), (5, 5)]


async def test_an_empty_box_is_counted_as_empty(database: CanvassEngine) -> None:
    """A wave nobody answered has counts of zero."""
    wave = await an_open_wave()
    assert database is not None
    await close_wave(wave.id, LAST_DAY)
    assert (await count_wave(wave.id)).counts.ballots.sum() == 0
