"""A small city with an open wave, for tests of pages."""

from dataclasses import dataclass, replace

from backend.ballots.box import BallotBox
from backend.ballots.count import count_wave
from backend.ballots.papers import find_paper, issue_cards
from backend.releasing import release_wave
from backend.store.rollouts import save_rollout
from backend.store.waves import close_wave, get_wave, open_wave, wave_questionnaire
from surveys.agreement import Agreement, Gate
from surveys.answers import pack, parse_answers
from tests.backend.builders import FIRST_DAY, LAST_DAY, a_planned_wave, a_rollout, both_sign

SECOND_DAY = FIRST_DAY.replace(month=9)
GATES = (Gate("surveillance", 50, 35), Gate("usefulness", 50, 30))


@dataclass(frozen=True, slots=True)
class OpenCity:
    """A wave that is open, and cards that nobody has used."""

    wave: str
    codes: tuple[str, ...]


async def a_city_before_signing() -> None:
    """Keep a rollout in three languages with gates, unsigned, and plan its first wave."""
    agreement = Agreement(purpose="Find out what staff need.", gates=GATES)
    await save_rollout(replace(a_rollout(agreement), languages=("en", "es", "ar")))
    await a_planned_wave()


async def an_open_city(cards: int = 30) -> OpenCity:
    """Give that city signed, its first wave open and its cards issued."""
    await a_city_before_signing()
    await both_sign()
    wave = await open_wave("gps-1", FIRST_DAY)
    codes = await issue_cards(wave, {cell.id: cards for cell in wave.cells})
    return OpenCity(wave.id, tuple(code for drawn in codes.values() for code in drawn))


async def cast(
    box: BallotBox, wave_id: str, codes: tuple[str, ...], choices: tuple[int, ...] = tuple(range(5))
) -> None:
    """Let a card each cast a ballot; answers differ from card to card, among some choices."""
    questions = wave_questionnaire(await get_wave(wave_id))
    for number, code in enumerate(codes):
        raw = {
            item: str(choices[(number + place) % len(choices)])
            for place, item in enumerate(questions.items)
        }
        answers = parse_answers(questions, raw)
        paper = await find_paper(code)
        assert isinstance(answers, dict)
        assert paper is not None
        await box.cast(paper, pack(questions, answers), f"attempt-{number:04}-{code}")


async def a_released_city(box: BallotBox, choices: tuple[int, ...] = tuple(range(5))) -> OpenCity:
    """Give that city with its first wave answered by 50 people, counted and released."""
    city = await an_open_city()
    await cast(box, city.wave, city.codes[:25] + city.codes[30:55], choices)
    await close_wave(city.wave, LAST_DAY)
    await count_wave(city.wave)
    await release_wave(city.wave)
    await a_planned_wave(2, SECOND_DAY)
    return city


async def a_city_that_worries(box: BallotBox) -> None:
    """Give that city with two released waves: hardly any worry in the first, much in the second."""
    await a_released_city(box, choices=(0, 1))
    wave = await open_wave("gps-2", SECOND_DAY)
    codes = await issue_cards(wave, {cell.id: 30 for cell in wave.cells})
    drawn = tuple(code for each in codes.values() for code in each)
    await cast(box, wave.id, drawn[:25] + drawn[30:55], (3, 4))
    await close_wave(wave.id, SECOND_DAY.replace(day=13))
    await count_wave(wave.id)
    await release_wave(wave.id)
