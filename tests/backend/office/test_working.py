"""Working in the office: agreement, waves, results and briefing."""

import re

import pytest

from backend.ballots.box import BallotBox
from backend.office.agreements import second_key
from backend.store.accounts import Role
from backend.store.briefings import save_briefing
from backend.store.rollouts import get_rollout
from backend.store.waves import WaveState, get_wave
from backend.web.words import load_words
from surveys.agreement import Agreement, SecondKey
from tests.backend.office.people import come_in
from tests.backend.web.reader import Reader, Seen
from tests.backend.web.scenes import a_city_before_signing, a_released_city, an_open_city, cast

AGREEMENT = "/rollouts/gps/agreement"


async def take(office: Reader, step: str) -> Seen:
    """Open the confirmation of a step and press its button."""
    page = await office.get(f"/waves/gps-1/{step}")
    return await office.post(f"/waves/gps-1/{step}", page.hidden(f"/waves/gps-1/{step}"))


async def test_empty_office_says_what_to_do(office: Reader) -> None:
    """Before the first rollout the overview tells how to load one."""
    await come_in(office, Role.COO)
    assert "canvass rollout load" in (await office.get("/")).text


async def test_both_sides_sign(office: Reader) -> None:
    """HR and union sign the same fingerprint, each once, and see it."""
    await a_city_before_signing()
    for role in (Role.HR, Role.UNION):
        await come_in(office, role)
        page = await office.get(AGREEMENT)
        assert (await office.post(AGREEMENT, page.hidden(AGREEMENT))).status == 303
        assert not (await office.get(AGREEMENT)).has_form(AGREEMENT)
    assert not (await get_rollout("gps")).missing_roles
    page = await office.get(AGREEMENT)
    assert "Hannah Reyes has signed" in page.text
    assert "Tomas Okafor has signed" in page.text


async def test_only_what_was_read_is_signed(office: Reader) -> None:
    """A signature under rules that have changed meanwhile is refused."""
    await a_city_before_signing()
    await come_in(office, Role.HR)
    fields = (await office.get(AGREEMENT)).hidden(AGREEMENT)
    refused = await office.post(AGREEMENT, fields | {"fingerprint": "0" * 64})
    assert refused.status == 409
    assert "changed" in refused.text
    assert (await get_rollout("gps")).missing_roles == (Role.HR, Role.UNION)


async def test_agreement_shows_every_rule(office: Reader) -> None:
    """Every value of the agreement and every gate can be read by everyone."""
    await a_city_before_signing()
    await come_in(office, Role.AUDITOR)
    text = (await office.get(AGREEMENT)).text
    rollout = await get_rollout("gps")
    agreement = rollout.agreement
    for value in (agreement.k_scores, agreement.k_shares, agreement.wanted_cell,
                  agreement.retention_days, agreement.min_weeks_between, agreement.purpose,
                  rollout.terms_hash, "Parks", "30 people", "Wave 1"):  # fmt: skip
        assert str(value) in text
    assert "Freedom from monitoring5035" in text


async def test_a_wave_from_opening_to_release(office: Reader, box: BallotBox) -> None:
    """HR opens and closes, the union counts and releases; everyone then reads the results."""
    city = await an_open_city()
    await come_in(office, Role.HR)
    await cast(box, city.wave, city.codes[:20] + city.codes[30:50])
    assert (await take(office, "close")).headers["location"] == "/waves/gps-1"
    await come_in(office, Role.UNION)
    assert (await office.get("/waves/gps-1/results")).status == 404
    assert (await take(office, "count")).status == 303
    assert (await take(office, "release")).status == 303
    assert (await get_wave("gps-1")).state is WaveState.RELEASED
    results = await office.get("/waves/gps-1/results")
    assert results.status == 200
    assert "Freedom from monitoring" in results.text


async def test_a_step_out_of_order_says_why(office: Reader) -> None:
    """A wave that cannot make a step stays as it is, and the page says what is missing."""
    await a_city_before_signing()
    await come_in(office, Role.HR)
    for step, word in (("open", "signed"), ("close", "planned"), ("count", "Close it first"),
                       ("release", "planned")):  # fmt: skip
        refused = await take(office, step)
        assert refused.status == 409
        assert word in refused.text
    assert (await get_wave("gps-1")).state is WaveState.PLANNED


async def test_only_the_next_step_is_offered(office: Reader) -> None:
    """The wave page offers a button only to those who may press it, and only when it fits."""
    await an_open_city()
    for role, expected in ((Role.HR, True), (Role.UNION, False), (Role.COO, False)):
        await come_in(office, role)
        page = await office.get("/waves/gps-1")
        offered = page.tree.find(".//a[@href='/waves/gps-1/close']") is not None
        assert offered is expected
        assert page.tree.find(".//a[@href='/waves/gps-1/release']") is None


async def test_every_role_reads_the_same_results(office: Reader, box: BallotBox) -> None:
    """The results page is the same, number for number, for all four roles."""
    await a_released_city(box)
    read = set()
    for role in Role:
        await come_in(office, role)
        page = await office.get("/waves/gps-1/results?unit=parks")
        main = page.tree.find(".//main")
        assert main is not None
        read.add("".join(main.itertext()))
    assert len(read) == 1


async def test_briefing_is_being_made_then_there(office: Reader, box: BallotBox) -> None:
    """Until the job has run the page says so; then the PDF is downloaded."""
    await a_released_city(box)
    await come_in(office, Role.COO)
    waiting = await office.get("/waves/gps-1/briefing")
    assert waiting.status == 202
    assert "being made" in waiting.heading
    await save_briefing("gps-1", "leadership", "en", b"%PDF-1.7 briefing")
    response = await office.client.get("/waves/gps-1/briefing")
    assert response.content == b"%PDF-1.7 briefing"
    assert response.headers["content-type"] == "application/pdf"
    assert "gps-1-leadership-en.pdf" in response.headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    ["/waves/nothing", "/waves/nothing/open", "/waves/nothing/results", "/waves/%27/briefing",
     "/rollouts/nothing/agreement", "/nothing", "/waves/gps-1/delete", "/schema"],
)  # fmt: skip
async def test_what_does_not_exist_is_missing(office: Reader, path: str) -> None:
    """An id or address that does not exist is a checked page with 404."""
    await come_in(office, Role.HR)
    assert (await office.get(path)).status == 404


async def test_no_page_claims_seals_or_keys(office: Reader, box: BallotBox) -> None:
    """Where ballots, keys or results are spoken of, the pages say that nothing is sealed yet."""
    await a_released_city(box)
    await come_in(office, Role.UNION)
    said = load_words()["en"]("privacy_not_sealed")
    for path in (AGREEMENT, "/waves/gps-1", "/waves/gps-1/results"):
        text = (await office.get(path)).text
        assert said in text
        assert not re.search("holds the second key|stays sealed", text)


@pytest.mark.parametrize("holder", SecondKey)
def test_second_key_is_told_as_it_is(holder: SecondKey) -> None:
    """A second key that was agreed is called agreed; held it is only where there are keys."""
    agreement, words = Agreement("p", second_key=holder), load_words()["en"]
    now = second_key(agreement, "C", words).text
    assert now.startswith("Agreed for later")
    assert words("privacy_not_sealed") in now
    assert "later" not in second_key(agreement, "A", words).text
