"""Fixtures for tests of the booth."""

from collections.abc import AsyncIterator

import pytest

from backend.ballots.box import BallotBox
from backend.booth.app import create_booth
from backend.db.engine import CanvassEngine
from backend.settings import Settings
from tests.backend.web.reader import Reader
from tests.backend.web.scenes import OpenCity, an_open_city


@pytest.fixture
async def box(sqlite: CanvassEngine) -> AsyncIterator[BallotBox]:
    """Give a ballot box that takes ballots."""
    made = BallotBox(sqlite)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def city(box: BallotBox) -> OpenCity:
    """Give a city with an open wave."""
    del box
    return await an_open_city()


@pytest.fixture
async def booth(box: BallotBox, sqlite_settings: Settings) -> AsyncIterator[Reader]:
    """Give a reader of the booth; every page it gets is checked."""
    async with Reader(create_booth(sqlite_settings, box), cookies=False) as reader:
        yield reader
