"""The pages that anyone may read, and how heavy any page is."""

import pytest

from backend.ballots.box import BallotBox
from backend.web.static import load_static_files
from tests.backend.booth.walking import answer_all, enter
from tests.backend.web.reader import Reader, Seen
from tests.backend.web.scenes import OpenCity, a_released_city

LIGHT = 50_000


def weight(page: Seen) -> int:
    """Give the bytes of a page with its style sheet."""
    return len(page.html.encode()) + len(load_static_files()["booth.css"].content)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_results_before_the_first_release(
    booth: Reader, city: OpenCity, language: str
) -> None:
    """Before a release the page says that nothing has come out, and shows no number."""
    page = await booth.get(f"/results?lang={language}")
    assert page.status == 200
    assert page.tree.find(".//table") is None
    assert city.wave not in page.html


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_results_after_a_release(booth: Reader, box: BallotBox, language: str) -> None:
    """A released wave shows participation, every topic and every unit in each language."""
    await a_released_city(box)
    page = await booth.get(f"/results?lang={language}")
    assert page.status == 200
    assert len(page.tree.findall(".//ul[@class='topics']/li")) == 11
    assert len(page.tree.findall(".//tbody/tr")) == 3
    assert weight(page) <= LIGHT


async def test_a_unit_has_its_own_page(booth: Reader, box: BallotBox) -> None:
    """A unit's page shows that unit, and the way back; an unknown unit shows the whole."""
    await a_released_city(box)
    unit = await booth.get("/results?unit=parks")
    assert "30" in unit.text
    assert unit.tree.find(".//nav[@class='crumbs']/a") is not None
    unknown = await booth.get("/results?unit=nowhere")
    assert unknown.text == (await booth.get("/results")).text


async def test_hidden_numbers_say_why(booth: Reader, box: BallotBox) -> None:
    """A number that is not shown is replaced by its reason, never by an empty cell."""
    await a_released_city(box)
    page = await booth.get("/results")
    cells = page.tree.findall(".//tbody/tr/td")
    assert all("".join(cell.itertext()).strip() for cell in cells)
    whole = [cell for cell in cells if cell.get("class") == "why"]
    reasons = {"too few answers", "protects another group", "not asked"}
    assert {"".join(cell.itertext()) for cell in whole} <= reasons


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_every_page_is_light(booth: Reader, city: OpenCity, language: str) -> None:
    """No page of the booth is heavier than 50 kB with its style sheet."""
    pages = [await booth.get(f"{path}?lang={language}") for path in ("/", "/privacy", "/results")]
    pages.append(await enter(booth, city.codes[0], language))
    pages.append(await answer_all(booth, pages[-1]))
    pages.append(await booth.post("/cast", pages[-1].hidden("/cast")))
    assert max(weight(page) for page in pages) <= LIGHT


async def test_privacy_page_names_the_agreed_numbers(booth: Reader, city: OpenCity) -> None:
    """The promises carry the thresholds and days of the agreement."""
    del city
    page = await booth.get("/privacy")
    assert "fewer than 10" in page.text
    assert "30 days" in page.text
