"""Releasing a wave: under the rules, units and days of the wave itself, whatever changed since."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from analysis.disclosure.release import Change, Release
from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.ballots.papers import issue_cards
from backend.ballots.shredding import shred_wave
from backend.db.engine import CanvassEngine, open_database
from backend.releasing import release_wave
from backend.store.participation import participation
from backend.store.rollouts import get_rollout, save_rollout
from backend.store.waves import Wave, close_wave, get_wave, open_wave
from surveys.agreement import Agreement, Gate
from surveys.organisation import Unit, unit_tree
from tests.backend.builders import FIRST_DAY, LAST_DAY, a_planned_wave, a_signed_rollout
from tests.backend.web.scenes import cast
from tests.databases import sqlite_settings

RULES = Agreement(purpose="Learn.", gates=(Gate("surveillance", 30, 10),))
SECOND = FIRST_DAY + timedelta(weeks=12)


async def _answered(engine: CanvassEngine, wave: Wave, choices: tuple[int, ...]) -> None:
    codes = await issue_cards(wave, {cell.id: 25 for cell in wave.cells})
    box = BallotBox(engine)
    await box.start()
    await cast(box, wave.id, tuple(code for drawn in codes.values() for code in drawn), choices)
    await box.stop()


async def _second_release(engine: CanvassEngine, *, shredded: bool) -> Release:
    """Release two waves, the ballots of the first shredded in between or not."""
    await a_signed_rollout(RULES)
    for number, day, choices in ((1, FIRST_DAY, (0, 1, 2)), (2, SECOND, (2, 3, 4))):
        wave = await open_wave((await a_planned_wave(number, day)).id, day)
        await _answered(engine, wave, choices)
        await close_wave(wave.id, day + timedelta(days=11))
        await count_wave(wave.id)
        release = await release_wave(wave.id)
        if shredded:
            await shred_wave(wave.id)
    return release


async def test_a_release_follows_the_wave_not_today(database: CanvassEngine) -> None:
    """Gates, thresholds, units and phases changed after the count leave the release as agreed."""
    rollout = await a_signed_rollout(RULES)
    wave = await open_wave((await a_planned_wave()).id, FIRST_DAY)
    await _answered(database, wave, (0, 1, 2, 3, 4))
    await close_wave(wave.id, LAST_DAY)
    await count_wave(wave.id)
    tighter = replace(RULES, gates=(Gate("surveillance", 100, 99),), k_shares=30)
    units = unit_tree((Unit("city", "City", None, 0), Unit("all", "All", "city", 70)))
    await save_rollout(
        replace(rollout, agreement=tighter, tree=units, plan=replace(rollout.plan, starts=()))
    )
    assert await participation(wave.id, LAST_DAY)
    release = await release_wave(wave.id)
    (gate,) = release.verdicts[0].gates
    assert (gate.minimum, gate.stop_below, release.policy.k_shares) == (30, 10, 20)
    assert [group.id for group in release.groups] == ["city", "parks", "roads"]
    assert {group.phase for group in release.groups} == {"Announced"}
    frozen = (await get_wave(wave.id)).terms
    assert release.agreement_hash == frozen.terms_hash
    assert release.agreement_hash != (await get_rollout("gps")).terms_hash


async def test_a_release_tells_the_days_it_was_open(database: CanvassEngine) -> None:
    """Opened and closed are the days on which that happened, not those that were planned."""
    await a_signed_rollout(RULES)
    planned = await a_planned_wave()
    wave = await open_wave(planned.id, FIRST_DAY + timedelta(days=3))
    await _answered(database, wave, (0, 1, 2))
    await close_wave(wave.id, LAST_DAY + timedelta(days=20))
    await count_wave(wave.id)
    release = await release_wave(wave.id)
    assert release.wave.opened == FIRST_DAY + timedelta(days=3) != planned.opens_on
    assert release.wave.closed == LAST_DAY + timedelta(days=20) != planned.closes_on
    assert {group.event_weeks for group in release.groups} == {-4}


async def test_shredding_changes_no_later_release(tmp_path: Path) -> None:
    """Whether the first wave is shredded or not, the second one says the same about change."""
    found = []
    for shredded in (True, False):
        settings = sqlite_settings(tmp_path / f"{shredded}.sqlite")
        async with open_database(settings) as engine:
            found.append(await _second_release(engine, shredded=shredded))
    assert any(isinstance(result.change, Change) for result in found[0].results)
    assert found[0] == found[1]
