"""What anyone may read: the released results, and what we can know about people."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from backend.booth.scene import BoothPart, FormPart, wanted_language
from backend.store.released import ReleasedWave, list_released
from backend.store.rollouts import Rollout, get_rollout, list_rollouts
from backend.web.assurance import weaknesses
from backend.web.releases import briefing_file, release_file
from backend.web.results import results_context
from surveys.agreement import Agreement
from surveys.promises import promises

NOT_FOUND, IN_THE_MAKING = 404, 202
SOON = {"Retry-After": "60"}


@get("/results")
async def show_results(
    request: Request[Any, Any, Any], booth: BoothPart, search: FormPart
) -> Response[str]:
    """Show the newest release, or the wave named in the address; the same for every reader."""
    words = booth.language(wanted_language(request, search, booth.words))
    released = await list_released()
    chosen = _chosen(released, search.get("wave", "")) or next(iter(released), None)
    if chosen is None:
        rollouts = await list_rollouts()
        only = rollouts[0] if len(rollouts) == 1 else None
        heading = words("results_title")
        return booth.page("no_results.html", words, heading, rollout=only, here="/results")
    release, rollout = await booth.releases.get(chosen), await get_rollout(chosen.rollout)
    words = booth.language(words.code, rollout.languages)
    of_wave = {"wave": chosen.wave, "lang": words.code}
    return booth.page(
        "results.html",
        words,
        words("results_title"),
        rollout=rollout,
        wide=True,
        here="/results",
        others=await _links([each for each in released if each != chosen], rollout),
        fingerprint=chosen.hash,
        files_of=urlencode(of_wave),
        unit_link=lambda unit: f"/results?{urlencode(of_wave | {'unit': unit})}",
        **results_context(release, words, search.get("unit", "")),
    )


@get("/results/briefing.pdf")
async def download_briefing(
    request: Request[Any, Any, Any], booth: BoothPart, search: FormPart
) -> Response[Any]:
    """Give everyone the briefing that leaders get, from the same minute on."""
    words = booth.language(wanted_language(request, search, booth.words))
    chosen = await _named(search)
    if chosen is None:
        return booth.message(words, "missing", NOT_FOUND)
    made = await briefing_file(chosen)
    return made or booth.message(words, "making", IN_THE_MAKING, headers=SOON)


@get("/results/release.json")
async def download_release(
    request: Request[Any, Any, Any], booth: BoothPart, search: FormPart
) -> Response[Any]:
    """Give everyone the file that every published number comes from."""
    chosen = await _named(search)
    if chosen is not None:
        return await release_file(chosen)
    words = booth.language(wanted_language(request, search, booth.words))
    return booth.message(words, "missing", NOT_FOUND)


@get("/privacy")
async def show_privacy(
    request: Request[Any, Any, Any], booth: BoothPart, search: FormPart
) -> Response[str]:
    """Show the promises, what is kept, and what we cannot protect anyone from."""
    words = booth.language(wanted_language(request, search, booth.words))
    rollouts = await list_rollouts()
    agreement = loosest([rollout.agreement for rollout in rollouts])
    return booth.page(
        "privacy.html",
        words,
        words("privacy_title"),
        rollout=rollouts[0] if len(rollouts) == 1 else None,
        here="/privacy",
        promises=[promise.words for promise in promises(words.language, agreement)],
        k=agreement.k_scores,
        k_shares=agreement.k_shares,
        taking_part=words("privacy_taking_part", k_response_rate=agreement.k_response_rate),
        weaknesses=[words(key) for key in weaknesses(each.assurance for each in rollouts)],
    )


def loosest(agreed: Sequence[Agreement]) -> Agreement:
    """Take the worst of each rule that the page names, so that it never promises too much."""
    if not agreed:
        return Agreement(purpose="")
    return replace(
        agreed[0],
        k_scores=min(each.k_scores for each in agreed),
        k_shares=min(each.k_shares for each in agreed),
        k_response_rate=min(each.k_response_rate for each in agreed),
        retention_days=max(each.retention_days for each in agreed),
    )


async def _links(others: Sequence[ReleasedWave], shown: Rollout) -> list[tuple[str, str]]:
    """Name the other waves; one of another rollout by its tool as well."""
    links = []
    for each in others:
        tool = "" if each.rollout == shown.id else (await get_rollout(each.rollout)).plan.tool
        links.append((each.wave, f"{tool}: {each.name}" if tool else each.name))
    return links


def _chosen(released: Sequence[ReleasedWave], wave: str) -> ReleasedWave | None:
    return next((each for each in released if each.wave == wave), None)


async def _named(search: FormPart) -> ReleasedWave | None:
    """Find the wave that the address names; without a name, the newest one."""
    released = await list_released()
    return _chosen(released, search["wave"]) if "wave" in search else next(iter(released), None)


ROUTES: tuple[HTTPRouteHandler, ...] = (
    show_results,
    download_briefing,
    download_release,
    show_privacy,
)
