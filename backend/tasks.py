"""What the job worker does: write briefings, shred ballots, let the database forget an order."""

from collections.abc import Mapping

from backend.ballots.shredding import shred_wave
from backend.briefing import write_leadership_briefing
from backend.db.tables import bound_engine
from backend.db.upkeep import write_back
from backend.errors import DatabaseError
from backend.jobs.worker import Handler, Payload


def job_handlers() -> Mapping[str, Handler]:
    """Every kind of job and the function that does it."""
    return {"brief": _brief, "shred": _shred, "write-back": _write_back}


async def _brief(payload: Payload) -> None:
    await write_leadership_briefing(payload["wave"])


async def _shred(payload: Payload) -> None:
    await shred_wave(payload["wave"])


async def _write_back(payload: Payload) -> None:
    if not await write_back(bound_engine()):
        raise DatabaseError(
            f"Wave {payload['wave']} is closed, but another program is reading the database, so "
            "the order of its ballots is still in the log. Stop that program; this is tried again."
        )
