"""Write the briefings of a released wave and keep them beside the release."""

import asyncio

from backend.store.briefings import find_briefing, save_briefing
from backend.store.releases import list_releases
from backend.store.waves import get_wave
from reports.briefings.leadership import leadership_html
from reports.pdf import Renderer
from surveys.languages import load_language


async def write_leadership_briefing(wave_id: str, renderer: Renderer | None = None) -> bytes:
    """Give the leadership briefing of a released wave as PDF; it is made once, then kept."""
    found = await find_briefing(wave_id, "leadership", "en")
    if found is not None:
        return found
    wave = await get_wave(wave_id)
    releases = [r for r in await list_releases(wave.rollout) if r.wave.number <= wave.number]
    html = leadership_html(releases, load_language("en"))
    pdf = await asyncio.to_thread(_render, html, renderer)
    await save_briefing(wave_id, "leadership", "en", pdf)
    return pdf


def _render(html: str, renderer: Renderer | None) -> bytes:
    if renderer is not None:
        return renderer.render(html)
    with Renderer() as fresh:
        return fresh.render(html)
