"""Promise: everyone sees the same results, and nobody sees them earlier."""

from collections.abc import AsyncIterator
from hashlib import sha256
from importlib.resources import files
from io import BytesIO

import pytest
from pypdf import PdfReader

from analysis.disclosure.release import release_hash
from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.booth.app import create_booth
from backend.briefing import write_leadership_briefing
from backend.db.engine import CanvassEngine
from backend.office.app import create_office
from backend.releasing import release_wave
from backend.settings import Settings
from backend.store.accounts import Role
from backend.store.waves import close_wave
from tests.backend.builders import LAST_DAY
from tests.backend.office.people import come_in
from tests.backend.web.reader import Reader, Seen
from tests.backend.web.scenes import OpenCity, a_city_that_worries, an_open_city, cast
from tests.browser import text_of

WAVES = ("gps-1", "gps-2")
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
    await close_wave(city.wave, LAST_DAY)
    await count_wave(city.wave)
    return city


def numbers(page: Seen) -> list[str]:
    """Give every fact, topic and table row of a results page, gate lines included, as one reads."""
    topics = [
        text_of(item)
        for group in page.tree.iter("ul")
        if group.get("class") == "topics"
        for item in group.iter("li")
    ]
    facts = [text_of(item) for item in page.tree.findall(".//dl[@class='facts']/div")]
    rows = [
        text_of(row) for row in page.tree.iter("tr") if row.find("th[@scope='row']") is not None
    ]
    return facts + topics + rows


def test_the_numbers_compared_are_all_there_are() -> None:
    """Booth and office show results through one template, so nothing else can differ."""
    for app in ("booth", "office"):
        template = files(f"backend.{app}").joinpath("templates", "results.html").read_text("utf-8")
        assert template.count('{% include "results_tables.html" %}') == 1
        assert "view." not in template.replace("{{ view.group.name }}", "")


async def test_all_roles_and_employees_read_the_same(
    box: BallotBox, sqlite_settings: Settings
) -> None:
    """For every unit and wave the office shows each role what the booth shows everyone."""
    await a_city_that_worries(box)
    async with Reader(create_booth(sqlite_settings, box), cookies=False) as booth:
        public = [
            numbers(await booth.get(f"/results?wave={wave}&unit={unit}&lang=en"))
            for wave in WAVES
            for unit in UNITS
        ]
    text = " ".join(line for page in public for line in page)
    assert "Alert" in text
    assert "points (" in text
    for role in Role:
        async with Reader(create_office(sqlite_settings), cookies=True) as office:
            await come_in(office, role)
            seen = [
                numbers(await office.get(f"/waves/{wave}/results?unit={unit}"))
                for wave in WAVES
                for unit in UNITS
            ]
        assert seen == public, role


async def test_all_get_the_same_files(box: BallotBox, sqlite_settings: Settings) -> None:
    """Briefing and release file are the same bytes for every role and for everyone else."""
    city = await a_counted_city(box)
    release = await release_wave(city.wave)
    briefing = await write_leadership_briefing(city.wave)
    async with Reader(create_booth(sqlite_settings, box), cookies=False) as booth:
        public = [
            await booth.client.get(f"/results/{name}?wave={city.wave}")
            for name in ("briefing.pdf", "release.json")
        ]
    assert [response.status_code for response in public] == [200, 200]
    assert public[0].content == briefing
    assert sha256(public[1].content).hexdigest() == release_hash(release)
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(briefing)).pages)
    assert release_hash(release) in "".join(printed.split())
    for role in Role:
        async with Reader(create_office(sqlite_settings), cookies=True) as office:
            await come_in(office, role)
            for name, response in zip(("briefing", "release.json"), public, strict=True):
                given = await office.client.get(f"/waves/{city.wave}/{name}")
                assert given.content == response.content, (role, name)


async def test_nobody_sees_results_before_the_release(
    box: BallotBox, sqlite_settings: Settings
) -> None:
    """A counted wave that is not released shows nothing to anyone, on a page or in a file."""
    city = await a_counted_city(box)
    async with Reader(create_booth(sqlite_settings, box), cookies=False) as booth:
        assert not numbers(await booth.get("/results?lang=en"))
        for name in ("briefing.pdf", "release.json"):
            assert (await booth.get(f"/results/{name}?wave={city.wave}")).status == 404
            assert (await booth.get(f"/results/{name}")).status == 404
    for role in Role:
        async with Reader(create_office(sqlite_settings), cookies=True) as office:
            await come_in(office, role)
            for name in ("results", "briefing", "release.json"):
                page = await office.get(f"/waves/{city.wave}/{name}")
                assert page.status == 404
                assert not numbers(page)
