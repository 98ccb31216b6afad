"""What anyone may read: the released results, and what we can know about people."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from backend.booth.scene import BoothPart, FormPart, wanted_language
from backend.store.releases import list_releases
from backend.store.rollouts import Rollout, list_rollouts
from backend.web.results import results_context
from surveys.agreement import Agreement, SecondKey
from surveys.promises import promises


@get("/results")
async def show_results(
    request: Request[Any, Any, Any], booth: BoothPart, search: FormPart
) -> Response[str]:
    """Show the newest release, or the wave named in the address; the same for every reader."""
    words = booth.language(wanted_language(request, search, booth.words))
    rollouts = await list_rollouts()
    released = [
        (rollout, release)
        for rollout in rollouts
        for release in reversed(await list_releases(rollout.id))
    ]
    chosen = [pair for pair in released if pair[1].wave.id == search.get("wave")] or released[:1]
    if not chosen:
        only = rollouts[0] if len(rollouts) == 1 else None
        heading = words("results_title")
        return booth.page("no_results.html", words, heading, rollout=only, here="/results")
    rollout, release = chosen[0]
    earlier = [each.wave for _, each in released if each.wave.id != release.wave.id]
    words = booth.language(words.code, rollout.languages)
    wave_of = {"wave": release.wave.id, "lang": words.code}
    return booth.page(
        "results.html",
        words,
        words("results_title"),
        rollout=rollout,
        wide=True,
        here="/results",
        earlier=earlier,
        unit_link=lambda unit: f"/results?{urlencode(wave_of | {'unit': unit})}",
        **results_context(release, words, search.get("unit", "")),
    )


@get("/privacy")
async def show_privacy(
    request: Request[Any, Any, Any], booth: BoothPart, search: FormPart
) -> Response[str]:
    """Show the promises, what is kept, and what we cannot protect anyone from."""
    words = booth.language(wanted_language(request, search, booth.words))
    rollouts = await list_rollouts()
    agreement = _loosest(rollouts)
    return booth.page(
        "privacy.html",
        words,
        words("privacy_title"),
        rollout=rollouts[0] if len(rollouts) == 1 else None,
        here="/privacy",
        promises=[promise.words for promise in promises(words.language, agreement)],
        k=agreement.k_scores,
        k_shares=agreement.k_shares,
        one_key=any(each.agreement.second_key is SecondKey.NONE for each in rollouts),
    )


def _loosest(rollouts: tuple[Rollout, ...]) -> Agreement:
    """Give the agreement that promises least, so that the page never promises too much."""
    agreed = [rollout.agreement for rollout in rollouts] or [Agreement(purpose="")]
    return min(agreed, key=lambda each: (each.k_scores, each.k_shares, -each.retention_days))


ROUTES: tuple[HTTPRouteHandler, ...] = (show_results, show_privacy)
