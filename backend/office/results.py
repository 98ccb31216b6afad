"""Released results and the briefing: the same pages for every role."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from analysis.disclosure.release import Release, release_hash
from backend.office.scene import FormPart, Office, OfficePart
from backend.office.visitor import Visitor, VisitorPart
from backend.store.briefings import find_briefing
from backend.store.releases import find_release
from backend.store.waves import Wave, get_wave
from backend.web.results import Cell, result_cell, results_context

NOT_YET = 404
IN_THE_MAKING = 202
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate of the whole organisation, with the score it was held against."""

    name: str
    cell: Cell
    minimum: int
    stop_below: int
    answer: str


@get("/waves/{wave:str}/results")
async def show_results(
    office: OfficePart, visitor: VisitorPart, wave: FromPath[str], search: FormPart
) -> Response[str]:
    """Show the release of a wave, as a whole or for one unit."""
    found = await get_wave(wave)
    release = await find_release(wave)
    if release is None:
        return _not_released(office, visitor, found)
    context = results_context(release, office.words, search.get("unit", ""))
    return office.page(
        "results.html",
        f"Results of {found.name}",
        visitor,
        wave=found,
        gates=list(_gates(release, context["view"].group.id, office)),
        fingerprint=release_hash(release),
        unit_link=lambda unit: f"/waves/{wave}/results?{urlencode({'unit': unit})}",
        **context,
    )


@get("/waves/{wave:str}/briefing")
async def download_briefing(
    office: OfficePart, visitor: VisitorPart, wave: FromPath[str]
) -> Response[str] | Response[bytes]:
    """Give the leadership briefing as PDF, or say that it is being made."""
    found = await get_wave(wave)
    if await find_release(wave) is None:
        return _not_released(office, visitor, found)
    pdf = await find_briefing(wave, "leadership", LANGUAGE)
    if pdf is None:
        return _in_the_making(office, visitor, found)
    disposition = f'attachment; filename="{wave}-leadership-{LANGUAGE}.pdf"'
    headers = {"Content-Disposition": disposition}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _gates(release: Release, group: str, office: Office) -> Iterator[GateRow]:
    for gate in release.verdict(group).gates:
        yield GateRow(
            name=office.words.language.constructs.get(gate.construct, gate.construct),
            cell=result_cell(release.headline(group, gate.construct)),
            minimum=gate.minimum,
            stop_below=gate.stop_below,
            answer=gate.answer.value,
        )


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
        text="It is usually ready within a minute after the release.",
        back=f"/waves/{wave.id}",
        back_text=wave.name,
        again=f"/waves/{wave.id}/briefing",
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (show_results, download_briefing)
