"""What is kept after the count: counts, participation, the ledger of releases, briefings."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from analysis.counts import ConstructRule, count_answers, item_series
from analysis.disclosure.policy import Policy
from analysis.disclosure.release import SCHEMA, Participation, Release, WaveInfo, release_hash
from analysis.pairs import count_pairs
from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.db.engine import CanvassEngine
from backend.db.sql import run
from backend.releasing import release_wave
from backend.store.briefings import find_briefing, save_briefing
from backend.store.counts import WaveCounts, find_counts, get_counts, save_counts
from backend.store.errors import LedgerError, NotFoundError, WaveError
from backend.store.participation import GroupParticipation, participation
from backend.store.releases import find_release, ledger_problems, list_releases, save_release
from backend.store.waves import (
    Wave,
    WaveState,
    close_wave,
    get_wave,
    mark_counted,
    open_wave,
    wave_questionnaire,
)
from surveys.agreement import Agreement
from surveys.answers import pack, parse_answers
from tests.backend.builders import (
    ATTEMPT,
    FIRST_DAY,
    LAST_DAY,
    a_planned_wave,
    a_signed_rollout,
    an_open_wave,
    some_papers,
)

DAY = date(2025, 3, 20)


def _counted() -> WaveCounts:
    series = (
        item_series("a", 5, 1, (3, 4), (2,), (0, 1)),
        item_series("b", 5, -1, (3, 4), (2,), (0, 1)),
    )
    rng = np.random.default_rng(1)
    codes = rng.choice([0, 1, 2, 3, 4, 250, 251, 252], size=(200, 2)).astype(np.uint8)
    cells = rng.integers(0, 2, size=200)
    rule = ConstructRule("both", ("a", "b"), 1)
    counts = count_answers(("parks", "roads"), series, (rule,), cells, codes)
    return WaveCounts(counts, count_pairs(series, codes), 3)


def _release(number: int, previous: str | None) -> Release:
    return Release(
        schema=SCHEMA,
        organisation="City",
        rollout="gps",
        tool="GPS",
        tool_description="GPS receivers",
        wave=WaveInfo(
            id=f"gps-{number}", number=number, name="Pulse", form="pulse", opened=DAY, closed=DAY
        ),
        instrument="buyin44 0.1.0",
        instrument_hash="i",
        agreement_hash="a",
        assurance="A",
        policy=Policy(),
        groups=(),
        series=(),
        results=(),
        participation=(),
        verdicts=(),
        primary_suppressed=0,
        complementary_suppressed=0,
        expected_chance_flags=0.5,
        previous_hash=previous,
        canvass_version="0.1.0",
    )


async def _counted_wave() -> None:
    await an_open_wave()
    await close_wave("gps-1", LAST_DAY)
    await mark_counted("gps-1")


async def test_counts_come_back_exactly(database: CanvassEngine) -> None:
    """Counts and Pairs are read back bit for bit, and saving again replaces them."""
    assert database is not None
    counted = _counted()
    assert await find_counts("gps-1") is None
    await save_counts("gps-1", replace(counted, spoilt=9))
    await save_counts("gps-1", counted)
    assert await find_counts("gps-1") == counted
    assert await get_counts("gps-1") == counted.counts
    with pytest.raises(NotFoundError, match=r"gps-2 is not counted"):
        await get_counts("gps-2")


async def _cast(database: CanvassEngine, wave: Wave, ballots: dict[str, int]) -> None:
    questions = wave_questionnaire(wave)
    sheet = parse_answers(questions, dict.fromkeys(questions.items, "2"))
    assert isinstance(sheet, dict)
    box = BallotBox(database)
    await box.start()
    for cell, number in ballots.items():
        for paper in await some_papers(wave, number, cell):
            await box.cast(paper, pack(questions, sheet), ATTEMPT)
    await box.stop()


def _shown(lines: tuple[GroupParticipation, ...]) -> dict[str, int]:
    return {line.group: line.ballots for line in lines}


async def test_participation_is_rounded_as_the_release_rounds_it(database: CanvassEngine) -> None:
    """One count is rounded in one way only, before and after the release."""
    wave = await an_open_wave()
    await _cast(database, wave, {"parks": 13, "roads": 28})
    before = await participation(wave.id, LAST_DAY)
    assert _shown(before) == {"city": 40, "parks": 15, "roads": 30}
    await close_wave(wave.id, LAST_DAY)
    await count_wave(wave.id)
    release = await release_wave(wave.id)
    after = await participation(wave.id, date(2025, 4, 1))
    assert _shown(after) == _shown(before)
    for line in after:
        released = release.participation_of(line.group)
        assert isinstance(released, Participation)
        assert (released.ballots, released.headcount) == (line.ballots, line.headcount)
        assert line.as_of == LAST_DAY


async def test_participation_moves_once_a_day(database: CanvassEngine) -> None:
    """Whoever watches the numbers does not see the moment at which somebody answers."""
    wave = await an_open_wave()
    await _cast(database, wave, {"parks": 7})
    morning = await participation(wave.id, FIRST_DAY)
    assert _shown(morning)["parks"] == 5
    for _ in range(5):
        await _cast(database, wave, {"parks": 1})
        assert await participation(wave.id, FIRST_DAY) == morning
    tomorrow = await participation(wave.id, FIRST_DAY + timedelta(days=1))
    assert (_shown(tomorrow)["parks"], tomorrow[0].as_of) == (10, FIRST_DAY + timedelta(days=1))
    assert await participation(wave.id, FIRST_DAY) == tomorrow


async def test_participation_cannot_be_subtracted(database: CanvassEngine) -> None:
    """Beside a group too small to be shown, no other group gives its number away."""
    rules = Agreement(purpose="Learn.", k_response_rate=32)
    await a_signed_rollout(rules)
    wave = await open_wave((await a_planned_wave()).id, FIRST_DAY)
    await _cast(database, wave, {"parks": 13, "roads": 28})
    shown = _shown(await participation(wave.id, LAST_DAY))
    assert not {"city", "roads"} <= shown.keys(), "parks has 30 people, fewer than 32"
    assert shown


async def test_a_release_is_kept_and_its_wave_marked(database: CanvassEngine) -> None:
    """A saved release comes back equal, and its wave is released."""
    assert database is not None
    await _counted_wave()
    release = _release(1, None)
    assert await find_release("gps-1") is None
    await save_release("gps-1", release, on=DAY)
    assert await find_release("gps-1") == release
    wave = await get_wave("gps-1")
    assert (wave.state, wave.released_on) == (WaveState.RELEASED, DAY)


async def test_releases_form_a_chain(database: CanvassEngine) -> None:
    """Each release names the one before; one that does not is refused and nothing is kept."""
    assert database is not None
    await _counted_wave()
    first = _release(1, None)
    await save_release("gps-1", first, on=DAY)
    await a_planned_wave(2, date(2025, 6, 1))
    await open_wave("gps-2", date(2025, 6, 1))
    await close_wave("gps-2", date(2025, 6, 11))
    await mark_counted("gps-2")
    with pytest.raises(LedgerError, match="Make it again"):
        await save_release("gps-2", _release(2, "something else"), on=DAY)
    assert (await get_wave("gps-2")).state is WaveState.COUNTED
    second = _release(2, release_hash(first))
    await save_release("gps-2", second, on=DAY)
    assert await list_releases("gps") == (first, second)
    assert await ledger_problems("gps") == []


async def test_a_wave_is_released_once(database: CanvassEngine) -> None:
    """A second release of the same wave, or one under a wrong name, is refused."""
    assert database is not None
    await _counted_wave()
    with pytest.raises(LedgerError, match="cannot stand for"):
        await save_release("gps-1", _release(2, None), on=DAY)
    await save_release("gps-1", _release(1, None), on=DAY)
    with pytest.raises(WaveError, match="released already"):
        await save_release("gps-1", _release(1, None), on=DAY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE release SET hash = 'forged'",
        "DELETE FROM release",
        "UPDATE release SET position = 9",
    ],
)
async def test_the_ledger_is_append_only(database: CanvassEngine, statement: str) -> None:
    """The database itself refuses to change or delete a release."""
    assert database is not None
    await _counted_wave()
    await save_release("gps-1", _release(1, None), on=DAY)
    with pytest.raises(Exception, match="append-only"):
        await run(statement)
    assert await ledger_problems("gps") == []


async def test_a_forged_ledger_is_noticed(sqlite: CanvassEngine) -> None:
    """Someone who removes the guard and changes a release leaves a broken chain."""
    assert sqlite is not None
    await _counted_wave()
    await save_release("gps-1", _release(1, None), on=DAY)
    await run("DROP TRIGGER release_no_update")
    await run("UPDATE release SET document = replace(CAST(document AS TEXT), 'City', 'Town')")
    await run("UPDATE release SET document = CAST(document AS BLOB)")
    (problem,) = await ledger_problems("gps")
    assert problem.startswith("gps-1: its content does not have the hash")


async def test_a_newer_rendering_replaces_a_briefing(database: CanvassEngine) -> None:
    """A briefing is found by wave, audience and language, in its newest rendering."""
    assert database is not None
    await save_briefing("gps-1", "leadership", "en", b"%PDF-1")
    await save_briefing("gps-1", "leadership", "en", b"%PDF-2")
    await save_briefing("gps-1", "union", "es", b"%PDF-3")
    assert await find_briefing("gps-1", "leadership", "en") == b"%PDF-2"
    assert await find_briefing("gps-1", "leadership", "es") is None
