"""One wave: where it stands, who takes part, and its next step behind a confirmation."""

from dataclasses import dataclass
from datetime import date

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from backend.access import may
from backend.clock import today
from backend.errors import CanvassError
from backend.office.scene import FormPart, Office, OfficePart, Problem
from backend.office.visitor import Visitor, VisitorPart
from backend.office.wave_steps import STEPS, WaveStep
from backend.store.participation import GroupParticipation, participation
from backend.store.waves import Wave, WaveState, get_wave, wave_questionnaire
from backend.web.assurance import weaknesses
from reports.wording import percent

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Participation of one group, in words."""

    name: str
    level: int
    headcount: int
    ballots: int
    rate: str
    as_of: date


@get("/waves/{wave:str}")
async def show_wave(office: OfficePart, visitor: VisitorPart, wave: FromPath[str]) -> Response[str]:
    """Show a wave."""
    found = await get_wave(wave)
    rollout = found.terms
    shown = () if found.state is WaveState.PLANNED else await participation(wave, today())
    questions = wave_questionnaire(found)
    return office.page(
        "wave.html",
        found.name,
        visitor,
        wave=found,
        rollout=rollout,
        weaknesses=[office.words(key) for key in weaknesses([rollout.assurance])],
        states=tuple(WaveState),
        steps=[step for step in STEPS if _offered(step, found, visitor)],
        questions=len(questions.items),
        minutes=questions.minutes,
        smallest=min((cell.headcount for cell in found.cells), default=0),
        people=sum(cell.headcount for cell in found.cells),
        taking_part=[_taking_part(group) for group in shown],
    )


def _routes_of(step: WaveStep) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """Make the confirmation page of a step and the handler of its button."""
    path = f"/waves/{{wave:str}}/{step.name}"

    @get(path)
    async def confirm(
        office: OfficePart, visitor: VisitorPart, wave: FromPath[str]
    ) -> Response[str]:
        """Say what the step means before it is done."""
        return _confirmation(office, visitor, await get_wave(wave), step)

    @post(path, status_code=303)
    async def take(
        office: OfficePart, visitor: VisitorPart, wave: FromPath[str], form: FormPart
    ) -> Response[str] | Redirect:
        """Take the step, or say why it cannot be taken."""
        del form
        found = await get_wave(wave)
        try:
            await step.run(wave)
        except CanvassError as problem:
            return _confirmation(office, visitor, found, step, str(problem))
        return Redirect(f"/waves/{wave}", status_code=303)

    return confirm, take


def _confirmation(
    office: Office, visitor: Visitor, wave: Wave, step: WaveStep, problem: str = ""
) -> Response[str]:
    return office.page(
        "confirm.html",
        step.question,
        visitor,
        CONFLICT if problem else 200,
        wave=wave,
        step=step,
        errors=[Problem(problem)] if problem else [],
    )


def _offered(step: WaveStep, wave: Wave, visitor: Visitor) -> bool:
    allowed = may(visitor.account.role, ("POST", f"/waves/{{wave:str}}/{step.name}"))
    return allowed and wave.state is step.from_state


def _taking_part(group: GroupParticipation) -> TakingPart:
    rate = percent(group.rate)
    return TakingPart(group.name, group.level, group.headcount, group.ballots, rate, group.as_of)


ROUTES: tuple[HTTPRouteHandler, ...] = (
    show_wave,
    *(handler for step in STEPS for handler in _routes_of(step)),
)
