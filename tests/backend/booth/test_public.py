"""The pages that anyone may read, and how heavy any page is."""

import re
from hashlib import sha256

import pytest

from analysis.disclosure.release import Change, decode_release
from analysis.methods.change import Flag
from backend.ballots.box import BallotBox
from backend.booth.public import loosest
from backend.store.briefings import save_briefing
from backend.store.released import list_released
from backend.store.releases import find_release
from backend.store.rollouts import get_rollout
from backend.web.releases import Releases
from backend.web.static import load_static_files
from backend.web.words import load_words
from surveys.agreement import Agreement, SecondKey
from surveys.languages import load_language
from surveys.promises import promises
from tests.backend.booth.walking import answer_all, enter
from tests.backend.web.reader import Reader, Seen
from tests.backend.web.scenes import (
    OpenCity,
    a_city_that_worries,
    a_released_city,
    an_open_city,
)
from tests.browser import check_headers, text_of

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
    assert len(page.tree.findall(".//tbody/tr[@class='gate']")) == 2
    assert len(page.tree.findall(".//tbody/tr")) == 2 + 3
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


def test_privacy_page_takes_the_worst_of_each_rule() -> None:
    """With several rollouts each number is the worst of them, whichever agreement it stands in."""
    strict_days = Agreement("a", k_scores=10, k_shares=25, k_response_rate=15, retention_days=14)
    strict_k = Agreement("b", k_scores=12, k_shares=20, k_response_rate=12, retention_days=90)
    for agreed in ([strict_days, strict_k], [strict_k, strict_days]):
        worst = loosest(agreed)
        assert (worst.k_scores, worst.k_shares, worst.k_response_rate) == (10, 20, 12)
        assert worst.retention_days == 90
    assert loosest([]) == Agreement("")


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_privacy_page_shows_every_promise(
    booth: Reader, city: OpenCity, language: str
) -> None:
    """Each promise stands on the page word for word, filled with the agreed numbers."""
    del city
    page = await booth.get(f"/privacy?lang={language}")
    agreement = (await get_rollout("gps")).agreement
    for promise in promises(load_language(language), agreement):
        assert promise.words in page.text, promise.id


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_privacy_page_says_that_ballots_are_not_sealed(booth: Reader, language: str) -> None:
    """Before and after a rollout is loaded, with a second key agreed or not, the page says it."""
    said = load_words()[language]("privacy_not_sealed")
    assert said in (await booth.get(f"/privacy?lang={language}")).text
    await an_open_city()
    assert (await get_rollout("gps")).agreement.second_key is SecondKey.UNION
    assert said in (await booth.get(f"/privacy?lang={language}")).text


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_changes_and_flags_are_in_words(booth: Reader, box: BallotBox, language: str) -> None:
    """A score that fell shows its points with limits and its flag, in each unit as well."""
    await a_city_that_worries(box)
    page = await booth.get(f"/results?lang={language}")
    alert = load_words()[language]("flag_alert")
    topics = [text_of(row) for row in page.tree.findall(".//ul[@class='topics']/li")]
    units = [text_of(row) for row in page.tree.findall(".//table[@class='table units']/tbody/tr")]
    assert [row for row in topics if re.search(rf"\u2212\d+.*\(.*\).*{alert}", row)]
    assert len([row for row in units if alert in row]) == 3
    assert weight(page) <= LIGHT


async def test_every_flag_of_a_release_stands_on_a_page(booth: Reader, box: BallotBox) -> None:
    """Whatever the briefing counts and does not list, some results page shows."""
    await a_city_that_worries(box)
    release = await find_release("gps-2")
    assert release is not None
    for group in release.groups:
        page = await booth.get(f"/results?lang=en&unit={group.id}")
        constructs = {series.construct for series in release.series if series.construct}
        headlines = [release.headline(group.id, each) for each in constructs]
        flags = [h.change.flag for h in headlines if h and isinstance(h.change, Change)]
        rows = [text_of(row) for row in page.tree.findall(".//ul[@class='topics']/li")]
        assert sum("Alert" in row for row in rows) == flags.count(Flag.ALERT) > 0
        assert sum("Watch" in row for row in rows) == flags.count(Flag.WATCH)


async def test_gate_lines_are_public(booth: Reader, box: BallotBox) -> None:
    """The agreed lines stand beside the scores and the answers of every unit."""
    await a_released_city(box)
    release = await find_release("gps-1")
    assert release is not None
    for group in release.groups:
        page = await booth.get(f"/results?lang=en&unit={group.id}")
        rows = [text_of(row) for row in page.tree.findall(".//tr[@class='gate']")]
        for gate, row in zip(release.verdict(group.id).gates, rows, strict=True):
            assert row.endswith(f"{gate.minimum}{gate.stop_below}{gate.answer}")


async def test_no_file_before_the_release(booth: Reader, box: BallotBox) -> None:
    """Neither briefing nor release file is given out, by whatever address."""
    del box
    await an_open_city()
    for name in ("briefing.pdf", "release.json"):
        assert (await booth.get(f"/results/{name}")).status == 404
        assert (await booth.get(f"/results/{name}?wave=gps-1")).status == 404


async def test_the_files_of_a_release(booth: Reader, box: BallotBox) -> None:
    """The page links both; the JSON has the fingerprint on the page, the PDF is the kept one."""
    await a_released_city(box)
    page = await booth.get("/results?lang=es")
    links = [a.get("href", "") for a in page.tree.iter("a") if "/results/" in a.get("href", "")]
    assert [link.partition("?")[0] for link in links] == [
        "/results/briefing.pdf",
        "/results/release.json",
    ]
    assert (await booth.get(links[0])).status == 202
    await save_briefing("gps-1", "leadership", "en", b"%PDF-1.7 briefing")
    pdf, file = [await booth.client.get(link) for link in links]
    assert pdf.content == b"%PDF-1.7 briefing"
    assert pdf.headers["content-type"] == "application/pdf"
    assert sha256(file.content).hexdigest() in page.html.replace("<wbr>", "")
    assert decode_release(file.content) == await find_release("gps-1")
    for response in (pdf, file):
        check_headers(dict(response.headers), cookies=False)
    unknown = await booth.get("/results/release.json?wave=nothing")
    assert unknown.status == 404


async def test_a_release_is_decoded_once(box: BallotBox) -> None:
    """However often a page is read, its release is decoded only the first time; others never."""
    await a_city_that_worries(box)
    newest, oldest = await list_released()
    assert (newest.wave, oldest.wave) == ("gps-2", "gps-1")
    releases = Releases()
    first = await releases.get(newest)
    assert await releases.get(newest) is first
    assert (await releases.get(oldest)).wave.id == "gps-1"


async def test_few_releases_are_kept(box: BallotBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory holds a few releases; the one read longest ago goes first."""
    await a_city_that_worries(box)
    monkeypatch.setattr("backend.web.releases.MOST_KEPT", 1)
    newest, oldest = await list_released()
    releases = Releases()
    first = await releases.get(newest)
    await releases.get(oldest)
    assert await releases.get(newest) is not first
