"""The first page of the office: every rollout, its waves, and what needs doing next."""

from dataclasses import dataclass

from litestar import Response, get

from backend.office.next_step import NextStep, next_step
from backend.office.scene import OfficePart
from backend.office.visitor import VisitorPart
from backend.store.rollouts import Rollout, list_rollouts
from backend.store.waves import Wave, list_waves


@dataclass(frozen=True, slots=True)
class RolloutRow:
    """One rollout as the overview shows it."""

    rollout: Rollout
    waves: tuple[Wave, ...]
    next: NextStep
    mine: bool


@get("/")
async def overview(office: OfficePart, visitor: VisitorPart) -> Response[str]:
    """Show every rollout."""
    rows = []
    for rollout in await list_rollouts():
        waves = await list_waves(rollout.id)
        step = next_step(rollout, waves)
        rows.append(RolloutRow(rollout, waves, step, visitor.account.role in step.roles))
    return office.page("overview.html", "Rollouts", visitor, rows=rows)
