"""Fixtures for tests of the office."""

from collections.abc import AsyncIterator

import pytest

from backend.ballots.box import BallotBox
from backend.db.engine import CanvassEngine
from backend.office.app import create_office
from backend.settings import Settings
from tests.backend.web.reader import Reader


@pytest.fixture
async def box(sqlite: CanvassEngine) -> AsyncIterator[BallotBox]:
    """Give a ballot box that takes ballots."""
    made = BallotBox(sqlite)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def office(sqlite: CanvassEngine, sqlite_settings: Settings) -> AsyncIterator[Reader]:
    """Give a reader of the office who has not signed in; every page it gets is checked."""
    del sqlite
    async with Reader(create_office(sqlite_settings), cookies=True) as reader:
        yield reader
