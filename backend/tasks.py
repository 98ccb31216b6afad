"""What the job worker does: write briefings, shred ballots."""

from collections.abc import Mapping

from backend.ballots.shredding import shred_wave
from backend.briefing import write_leadership_briefing
from backend.jobs.worker import Handler, Payload
from backend.settings import Settings


def job_handlers(settings: Settings) -> Mapping[str, Handler]:
    """Every kind of job and the function that does it."""
    del settings

    async def brief(payload: Payload) -> None:
        await write_leadership_briefing(payload["wave"])

    async def shred(payload: Payload) -> None:
        await shred_wave(payload["wave"])

    return {"brief": brief, "shred": shred}
