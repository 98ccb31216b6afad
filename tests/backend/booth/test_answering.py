"""The way of a ballot through the pages."""

import pytest

from backend.ballots.box import BallotBox
from backend.ballots.papers import find_paper
from backend.db.sql import run
from backend.store.waves import close_wave, get_wave, wave_questionnaire
from surveys.answers import DONT_KNOW, NOT_ASKED, SKIPPED, unpack
from tests.backend.booth.walking import answer_all, change, enter, press
from tests.backend.builders import LAST_DAY
from tests.backend.web.reader import Reader
from tests.backend.web.scenes import OpenCity, a_city_before_signing, cast


async def the_ballot(city: OpenCity) -> dict[str, int]:
    """Give the answers of the one ballot in the box."""
    rows = await run("SELECT answers FROM ballot")
    assert len(rows) == 1
    return unpack(wave_questionnaire(await get_wave(city.wave)), bytes(rows[0]["answers"]))


async def test_answers_arrive_as_given(booth: Reader, city: OpenCity) -> None:
    """What is marked, skipped or not known on the pages is what lies in the box."""
    page = await enter(booth, city.codes[0].lower())
    page = await press(booth, page, "next", "1")
    page = await press(booth, page, "skip", "3")
    page = await press(booth, page, "next", "dk")
    receipt = await booth.post("/cast", (await answer_all(booth, page, "4")).hidden("/cast"))
    assert receipt.status == 201
    ballot = await the_ballot(city)
    given = list(ballot.values())
    assert given[:3] == [1, SKIPPED, DONT_KNOW]
    assert set(given[3:]) <= {4, NOT_ASKED}


async def test_sending_twice_counts_once(booth: Reader, city: OpenCity) -> None:
    """A repeated send of the same page gives the same receipt and no second ballot."""
    review = await answer_all(booth, await enter(booth, city.codes[0]))
    first = await booth.post("/cast", review.hidden("/cast"))
    second = await booth.post("/cast", review.hidden("/cast"))
    assert first.status == second.status == 201
    assert first.text == second.text
    assert await the_ballot(city)


async def test_used_card_is_refused(booth: Reader, city: OpenCity, box: BallotBox) -> None:
    """A card that has cast a ballot gets 409 at the door, on a later page, and when sending."""
    review = await answer_all(booth, await enter(booth, city.codes[0]))
    page = await enter(booth, city.codes[0])
    await cast(box, city.wave, city.codes[:1])
    assert (await enter(booth, city.codes[0])).status == 409
    assert (await press(booth, page, "next", "1")).status == 409
    refused = await booth.post("/cast", review.hidden("/cast"))
    assert refused.status == 409
    assert "used" in refused.heading


async def test_closed_wave_is_gone(booth: Reader, city: OpenCity) -> None:
    """After the close a card gets 410 at every step, and nothing is stored."""
    review = await answer_all(booth, await enter(booth, city.codes[0]))
    await close_wave(city.wave, LAST_DAY)
    assert (await enter(booth, city.codes[0])).status == 410
    assert (await booth.post("/cast", review.hidden("/cast"))).status == 410
    assert not await run("SELECT * FROM ballot")


async def test_planned_wave_is_not_open_yet(booth: Reader) -> None:
    """Before the opening the first page says that nothing is open, and takes no code."""
    await a_city_before_signing()
    page = await booth.get("/")
    assert "No survey is open" in page.text
    assert not page.has_form("/card")


@pytest.mark.parametrize("code", ["KWMT-HRDB-PXNF", "no code", "\u200b", "a" * 900, "<b>'\"&"])
async def test_unknown_code_keeps_what_was_typed(booth: Reader, city: OpenCity, code: str) -> None:
    """A code we do not know leads back to the field, with its text and what to do about it."""
    del city
    page = await enter(booth, code)
    assert page.status == (404 if code.strip() else 400)
    field = next(each for each in page.tree.iter("input") if each.get("id") == "code")
    assert field.get("value") == code[:40]
    assert page.tree.find(".//a[@href='#code']") is not None


async def test_next_without_a_choice_says_so(booth: Reader, city: OpenCity) -> None:
    """Without a choice the same question comes back with a message that leads to the answers."""
    page = await enter(booth, city.codes[0])
    again = await press(booth, page, "next")
    assert again.status == 400
    assert again.heading == page.heading
    assert again.hidden("/answer") == page.hidden("/answer")
    assert again.tree.find(".//a[@href='#choice']") is not None


async def test_back_shows_the_answer_given(booth: Reader, city: OpenCity) -> None:
    """Back leads to the question before, with its answer marked, and loses no answer."""
    first = await enter(booth, city.codes[0])
    second = await press(booth, first, "next", "1")
    third = await press(booth, second, "next", "2")
    back = await press(booth, third, "back", "3")
    assert back.heading == second.heading
    assert back.checked() == "2"
    again = await press(booth, back, "next", "2")
    assert again.heading == third.heading
    assert again.checked() == "3"


async def test_change_returns_to_the_review(booth: Reader, city: OpenCity) -> None:
    """From the review one answer can be changed, and the review comes back with it."""
    review = await answer_all(booth, await enter(booth, city.codes[0]))
    question = await change(booth, review, "js2")
    assert question.checked() == "1"
    review = await press(booth, question, "next", "4")
    assert review.hidden("/cast")["a.js2"] == "4"


async def test_changed_exposure_asks_again_in_other_words(booth: Reader, city: OpenCity) -> None:
    """An answer about expectation is never kept as one about experience."""
    review = await answer_all(booth, await enter(booth, city.codes[0]))
    question = await change(booth, review, "ex1")
    asked = await press(booth, question, "next", "4")
    assert "a.us1" not in asked.hidden("/answer")
    assert "a.js2" in asked.hidden("/answer")
    review = await answer_all(booth, asked, "3")
    assert review.hidden("/cast")["a.us1"] == "3"
    assert review.hidden("/cast")["a.js2"] == "1"


async def test_busy_box_keeps_every_answer(booth: Reader, city: OpenCity, box: BallotBox) -> None:
    """When the box takes nothing, the page says so with 503 and still holds every answer."""
    review = await answer_all(booth, await enter(booth, city.codes[0]))
    await box.stop()
    busy = await booth.post("/cast", review.hidden("/cast"))
    assert busy.status == 503
    assert busy.headers["retry-after"] == "3"
    assert busy.hidden("/cast") == review.hidden("/cast")
    await box.start()
    assert (await booth.post("/cast", busy.hidden("/cast"))).status == 201


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_every_page_speaks_the_language(booth: Reader, city: OpenCity, language: str) -> None:
    """The chosen language stays until the receipt."""
    pages = [await booth.get(f"/?lang={language}"), await enter(booth, city.codes[0], language)]
    pages.append(await answer_all(booth, pages[-1]))
    pages.append(await booth.post("/cast", pages[-1].hidden("/cast")))
    assert {page.tree.get("lang") for page in pages} == {language}


async def test_paper_of_a_shown_code_is_the_typed_one(city: OpenCity) -> None:
    """Codes may be typed small and without dashes."""
    typed = city.codes[0].replace("-", "").lower()
    assert await find_paper(typed) == await find_paper(city.codes[0])
