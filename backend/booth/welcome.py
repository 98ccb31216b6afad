"""The first page: what this is, in five sentences, and the field for the card's code."""

from typing import Any

from litestar import Request, Response, get

from backend.booth.scene import Booth, BoothPart, FieldError, FormPart, wanted_language
from backend.store.rollouts import Rollout, list_rollouts
from backend.store.waves import Wave, WaveState, list_waves, wave_questionnaire
from backend.web.dates import long_date
from backend.web.words import Words
from surveys.agreement import Agreement


@get("/")
async def welcome(
    request: Request[Any, Any, Any], booth: BoothPart, search: FormPart
) -> Response[str]:
    """Say what this is and ask for the code."""
    return await welcome_page(booth, booth.language(wanted_language(request, search, booth.words)))


async def welcome_page(
    booth: Booth,
    words: Words,
    typed: str = "",
    error: FieldError | None = None,
    status: int = 200,
) -> Response[str]:
    """Show the first page, with what was typed and its error if there was one."""
    rollouts = await list_rollouts()
    asked = [(rollout, wave) for rollout in rollouts for wave in await _open_waves(rollout)]
    rollout = asked[0][0] if len({each.id for each, _ in asked}) == 1 else None
    words = booth.language(words.code, rollout.languages if rollout else None)
    return booth.page(
        "welcome.html",
        words,
        words("welcome_title"),
        status,
        rollout=rollout,
        here="/",
        sentences=_sentences(words, rollout, [wave for _, wave in asked]),
        typed=typed,
        errors=[error] if error else [],
        is_open=bool(asked),
        until=long_date(asked[0][1].closes_on, words.code) if rollout else None,
    )


def _sentences(words: Words, rollout: Rollout | None, waves: list[Wave]) -> list[str]:
    """Give the five sentences; the first is left out while nothing in particular is asked."""
    first = []
    if rollout:
        minutes = wave_questionnaire(waves[0]).minutes
        first.append(
            words(
                "welcome_what",
                organisation=rollout.organisation,
                tool=rollout.plan.tool,
                minutes=minutes,
            )
        )
    k = rollout.agreement.k_scores if rollout else Agreement(purpose="").k_scores
    rest = ("who_sees", "cannot_know", "voluntary", "results")
    return first + [words(f"welcome_{key}", k=k) for key in rest]


async def _open_waves(rollout: Rollout) -> list[Wave]:
    return [wave for wave in await list_waves(rollout.id) if wave.state is WaveState.OPEN]
