"""Small rollouts and waves for tests of the backend."""

from datetime import date, timedelta

from backend.ballots.papers import Paper, find_paper, issue_cards
from backend.store.accounts import Role
from backend.store.rollouts import Rollout, find_rollout, get_rollout, save_rollout, sign_agreement
from backend.store.waves import Wave, get_wave, open_wave, plan_wave
from surveys.agreement import Agreement
from surveys.organisation import Unit, UnitTree, unit_tree
from surveys.rollout import Phase, Start, rollout_plan

FIRST_DAY = date(2025, 3, 3)
LAST_DAY = date(2025, 3, 14)
"""The first wave opens and closes on these days."""
ATTEMPT = "0123456789abcdef0123456789abcdef"


def a_tree() -> UnitTree:
    """Give a city of two departments: 30 and 40 people."""
    return unit_tree(
        (
            Unit("city", "City", None, 0),
            Unit("parks", "Parks", "city", 30),
            Unit("roads", "Roads", "city", 40),
        )
    )


def a_rollout(agreement: Agreement | None = None, rollout_id: str = "gps") -> Rollout:
    """Give a rollout of one tool in that city, not signed yet."""
    tree = a_tree()
    plan = rollout_plan(
        id=rollout_id,
        tool="GPS",
        description="GPS receivers on lorries",
        phases=(
            Phase("announce", "Announced", in_use=False),
            Phase("wave-1", "In use", in_use=True),
        ),
        starts=(
            Start("city", "announce", FIRST_DAY),
            Start("city", "wave-1", FIRST_DAY + timedelta(weeks=8)),
        ),
        tree=tree,
    )
    return Rollout(
        id=rollout_id,
        organisation="City of Brackenford",
        plan=plan,
        tree=tree,
        agreement=agreement or Agreement(purpose="Find out what staff need."),
        signatures=(),
        languages=("en",),
    )


async def a_signed_rollout(agreement: Agreement | None = None) -> Rollout:
    """Keep a rollout that both sides have signed."""
    await save_rollout(a_rollout(agreement))
    await both_sign()
    return await get_rollout("gps")


async def both_sign() -> None:
    """Let both sides sign the terms of the rollout as they stand."""
    await sign_agreement("gps", Role.HR, "Hannah Reyes")
    await sign_agreement("gps", Role.UNION, "Tomas Okafor")


async def a_planned_wave(number: int = 1, opens_on: date = FIRST_DAY) -> Wave:
    """Plan a wave; where both sides had signed, they sign the terms with this wave too."""
    known = await find_rollout("gps")
    wave = await plan_wave(
        "gps", number, f"Pulse {number}", "pulse", opens_on, opens_on + timedelta(days=10)
    )
    if known is not None and not known.missing_roles:
        await both_sign()
    return await get_wave(wave.id)


async def an_open_wave() -> Wave:
    """Give the first wave of a signed rollout, open."""
    await a_signed_rollout()
    return await open_wave((await a_planned_wave()).id, FIRST_DAY)


async def some_papers(wave: Wave, number: int, cell: str = "parks") -> list[Paper]:
    """Issue cards and give their papers."""
    codes = await issue_cards(wave, {cell: number})
    papers = [await find_paper(code) for code in codes[cell]]
    return [paper for paper in papers if paper is not None]
