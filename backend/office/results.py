"""Released results, the briefing and the release file: the same for every role."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from backend.office.scene import FormPart, Office, OfficePart
from backend.office.visitor import Visitor, VisitorPart
from backend.store.waves import Wave, get_wave
from backend.web.assurance import weaknesses
from backend.web.releases import briefing_file, find_released, release_file
from backend.web.results import results_context

NOT_YET = 404
IN_THE_MAKING = 202


@get("/waves/{wave:str}/results")
async def show_results(
    office: OfficePart, visitor: VisitorPart, wave: FromPath[str], search: FormPart
) -> Response[str]:
    """Show the release of a wave, as a whole or for one unit."""
    found, released = await get_wave(wave), await find_released(wave)
    if released is None:
        return _not_released(office, visitor, found)
    release = await office.releases.get(released)
    return office.page(
        "results.html",
        f"Results of {found.name}",
        visitor,
        wave=found,
        fingerprint=released.hash,
        weaknesses=[office.words(key) for key in weaknesses([release.assurance])],
        unit_link=lambda unit: f"/waves/{wave}/results?{urlencode({'unit': unit})}",
        **results_context(release, office.words, search.get("unit", "")),
    )


@get("/waves/{wave:str}/briefing")
async def download_briefing(
    office: OfficePart, visitor: VisitorPart, wave: FromPath[str]
) -> Response[Any]:
    """Give the leadership briefing as PDF, or say that it is being made."""
    found, released = await get_wave(wave), await find_released(wave)
    if released is None:
        return _not_released(office, visitor, found)
    return await briefing_file(released) or _in_the_making(office, visitor, found)


@get("/waves/{wave:str}/release.json")
async def download_release(
    office: OfficePart, visitor: VisitorPart, wave: FromPath[str]
) -> Response[Any]:
    """Give the file that every published number comes from."""
    found, released = await get_wave(wave), await find_released(wave)
    return await release_file(released) if released else _not_released(office, visitor, found)


def _not_released(office: Office, visitor: Visitor, wave: Wave) -> Response[str]:
    return office.page(
        "message.html",
        "Not released yet",
        visitor,
        NOT_YET,
        text=f"{wave.name} is {wave.state.value}. Its results appear here once they are released "
        "to everyone.",
        back=f"/waves/{wave.id}",
        back_text=wave.name,
        again="",
    )


def _in_the_making(office: Office, visitor: Visitor, wave: Wave) -> Response[str]:
    return office.page(
        "message.html",
        "The briefing is being made",
        visitor,
        IN_THE_MAKING,
        text="Nobody has it yet. It is usually ready within a minute after the release.",
        back=f"/waves/{wave.id}",
        back_text=wave.name,
        again=f"/waves/{wave.id}/briefing",
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (show_results, download_briefing, download_release)
