"""Promise: this site sets no cookies, and asks no other site for anything."""

from collections.abc import AsyncIterator

import pytest
from litestar.routes import HTTPRoute

from backend.ballots.box import BallotBox
from backend.booth.app import create_booth
from backend.db.engine import CanvassEngine
from backend.settings import Settings
from tests.backend.booth.walking import answer_all, enter, press
from tests.backend.web.reader import Reader
from tests.backend.web.scenes import an_open_city


@pytest.fixture
async def booth(sqlite: CanvassEngine, sqlite_settings: Settings) -> AsyncIterator[Reader]:
    """Give a reader of the booth: it fails on any page that sets a cookie or names a host."""
    box = BallotBox(sqlite)
    await box.start()
    async with Reader(create_booth(sqlite_settings, box), cookies=False) as reader:
        yield reader
    await box.stop()


async def test_a_whole_visit_leaves_no_cookie(booth: Reader) -> None:
    """From the first page to the receipt, by every kind of page, no cookie is set."""
    city = await an_open_city()
    for path in (
        "/",
        "/results",
        "/results/briefing.pdf",
        "/results/release.json",
        "/privacy",
        "/nothing",
    ):
        await booth.get(path)
    page = await enter(booth, city.codes[0])
    page = await press(booth, await press(booth, page, "next"), "next", "1")
    review = await answer_all(booth, page)
    assert (await booth.post("/cast", review.hidden("/cast"))).status == 201
    await enter(booth, city.codes[0])
    assert not booth.client.cookies


async def test_no_route_sets_a_cookie(booth: Reader) -> None:
    """Every route of the booth answers without a cookie, even to a browser that sends some."""
    app = create_booth(Settings("", Settings.from_env({}).data), BallotBox(None))  # type: ignore[arg-type]  # never started
    paths = {route.path for route in app.routes if isinstance(route, HTTPRoute)}
    known = {"/", "/card", "/answer", "/cast", "/results", "/privacy"}
    assert known | {"/results/briefing.pdf", "/results/release.json"} < paths
    for path in paths:
        for method in ("GET", "POST", "OPTIONS", "HEAD", "DELETE"):
            headers = {"Cookie": "session=chosen; canvass-session=chosen"}
            response = await booth.client.request(method, path, headers=headers)
            assert "set-cookie" not in response.headers
            assert response.status_code < 500
