"""Promise: everyone sees the same results, and nobody sees them earlier."""

from collections.abc import AsyncIterator

import pytest

from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.booth.app import create_booth
from backend.db.engine import CanvassEngine
from backend.office.app import create_office
from backend.releasing import release_wave
from backend.settings import Settings
from backend.store.accounts import Role
from backend.store.waves import close_wave
from tests.backend.office.people import come_in
from tests.backend.web.reader import Reader, Seen
from tests.backend.web.scenes import OpenCity, an_open_city, cast
from tests.browser import text_of

UNITS = ("city", "parks", "roads")


@pytest.fixture
async def box(sqlite: CanvassEngine) -> AsyncIterator[BallotBox]:
    """Give a ballot box."""
    made = BallotBox(sqlite)
    await made.start()
    yield made
    await made.stop()


async def a_counted_city(box: BallotBox) -> OpenCity:
    """Give a city whose wave is answered and counted, not yet released."""
    city = await an_open_city()
    await cast(box, city.wave, city.codes[:25] + city.codes[30:55])
    await close_wave(city.wave)
    await count_wave(city.wave)
    return city


def numbers(page: Seen) -> list[str]:
    """Give every topic and table row of a results page, as one reads it."""
    topics = [
        text_of(item)
        for group in page.tree.iter("ul")
        if group.get("class") == "topics"
        for item in group.iter("li")
    ]
    rows = [
        text_of(row) for row in page.tree.iter("tr") if row.find("th[@scope='row']") is not None
    ]
    return topics + [row for row in rows if "%" in row]


async def test_all_roles_and_employees_read_the_same(
    box: BallotBox, sqlite_settings: Settings
) -> None:
    """For every unit the office shows each role what the booth shows everyone."""
    city = await a_counted_city(box)
    await release_wave(city.wave)
    async with Reader(create_booth(sqlite_settings, box), cookies=False) as booth:
        public = [numbers(await booth.get(f"/results?unit={unit}&lang=en")) for unit in UNITS]
    assert all(public)
    for role in Role:
        async with Reader(create_office(sqlite_settings, box), cookies=True) as office:
            await come_in(office, role)
            seen = [
                numbers(await office.get(f"/waves/{city.wave}/results?unit={unit}"))
                for unit in UNITS
            ]
        assert seen == public, role


async def test_nobody_sees_results_before_the_release(
    box: BallotBox, sqlite_settings: Settings
) -> None:
    """A counted wave that is not released shows nothing to anyone."""
    city = await a_counted_city(box)
    async with Reader(create_booth(sqlite_settings, box), cookies=False) as booth:
        assert not numbers(await booth.get("/results?lang=en"))
    for role in Role:
        async with Reader(create_office(sqlite_settings, box), cookies=True) as office:
            await come_in(office, role)
            page = await office.get(f"/waves/{city.wave}/results")
            assert page.status == 404
            assert not numbers(page)
