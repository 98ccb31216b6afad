"""Promise: no results for groups with fewer answers than agreed, nor a way to compute them."""

from collections.abc import AsyncIterator

import pytest

from analysis.disclosure.release import Published, Release
from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.ballots.papers import issue_cards
from backend.booth.app import create_booth
from backend.db.engine import CanvassEngine
from backend.releasing import release_wave
from backend.settings import Settings
from backend.store.accounts import Role
from backend.store.rollouts import sign_agreement
from backend.store.waves import close_wave, open_wave
from tests.backend.builders import FIRST_DAY, LAST_DAY
from tests.backend.web.reader import Reader
from tests.backend.web.scenes import a_city_before_signing, cast

PARKS, ROADS = 9, 30


@pytest.fixture
async def box(database: CanvassEngine) -> AsyncIterator[BallotBox]:
    """Give a ballot box, on each database."""
    made = BallotBox(database)
    await made.start()
    yield made
    await made.stop()


async def the_release(box: BallotBox) -> Release:
    """Give the release of a wave in which only nine people of Parks answered."""
    await a_city_before_signing()
    await sign_agreement("gps", Role.HR, "Hannah Reyes")
    await sign_agreement("gps", Role.UNION, "Tomas Okafor")
    wave = await open_wave("gps-1", FIRST_DAY)
    codes = await issue_cards(wave, {"parks": PARKS, "roads": ROADS})
    await cast(box, wave.id, codes["parks"] + codes["roads"])
    await close_wave(wave.id, LAST_DAY)
    await count_wave(wave.id)
    return await release_wave(wave.id)


async def test_nine_answers_stay_hidden(box: BallotBox) -> None:
    """No number of a group of nine answers stands in the release, for any question."""
    release = await the_release(box)
    shown = [r for r in release.results if r.group == "parks" and isinstance(r.value, Published)]
    assert not shown
    assert any(isinstance(r.value, Published) for r in release.results)


async def test_nor_can_they_be_subtracted(box: BallotBox) -> None:
    """With the city and Roads both shown, Parks would follow: never both for one question."""
    release = await the_release(box)
    for series in release.series:
        city, roads = (release.find(group, series.id) for group in ("city", "roads"))
        assert city is not None
        assert roads is not None
        assert not (isinstance(city.value, Published) and isinstance(roads.value, Published))


async def test_pages_do_not_show_them(box: BallotBox, database_settings: Settings) -> None:
    """The results page of the small group has no score and says why."""
    await the_release(box)
    async with Reader(create_booth(database_settings, box), cookies=False) as booth:
        page = await booth.get("/results?unit=parks&lang=en")
    scores = [e for e in page.tree.iter("b") if e.get("class") == "score"]
    assert not scores
    assert "too few" in page.text.lower()
