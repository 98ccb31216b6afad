"""Issue the cards of a wave and print them, one file for each cell."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from reports.briefings.cards import cards_html

from backend.ballots.papers import issue_cards
from backend.errors import CanvassError
from backend.store.rollouts import Rollout, get_rollout
from backend.store.waves import Wave, get_wave
from reports.pdf import Renderer
from surveys.languages import load_language

SPARE = 1.1  # a tenth more cards than people, so that spoilt cards can be replaced


class CardsError(CanvassError):
    """Cards that cannot be written."""


async def write_cards(wave_id: str, folder: Path, booth: str, language: str) -> tuple[Path, ...]:
    """Issue cards for every cell and write one PDF for each; codes exist nowhere else."""
    wave = await get_wave(wave_id)
    rollout = await get_rollout(wave.rollout)
    await asyncio.to_thread(_make_empty, folder)
    codes = await issue_cards(wave, {c.id: int(c.headcount * SPARE) for c in wave.cells})
    return await asyncio.to_thread(_write_all, rollout, wave, codes, booth, language, folder)


def _make_empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise CardsError(f"{folder} is not empty. Name an empty folder: cards are printed once.")


def cards_pdf(
    rollout: Rollout,
    wave: Wave,
    codes: Mapping[str, Sequence[str]],
    booth: str,
    language: str,
    renderer: Renderer | None = None,
) -> bytes:
    """Print the cards of the named cells as one PDF."""
    html = cards_html(
        rollout.organisation, rollout.plan.tool, wave.name, booth, codes, load_language(language)
    )
    if renderer is not None:
        return renderer.render(html)
    with Renderer() as fresh:
        return fresh.render(html)


def _write_all(
    rollout: Rollout,
    wave: Wave,
    codes: Mapping[str, Sequence[str]],
    booth: str,
    language: str,
    folder: Path,
) -> tuple[Path, ...]:
    files = []
    with Renderer() as renderer:
        for number, cell in enumerate(wave.cells, 1):
            pdf = cards_pdf(rollout, wave, {cell.name: codes[cell.id]}, booth, language, renderer)
            file = folder / f"{number:02}-{cell.id}.pdf"
            file.write_bytes(pdf)
            files.append(file)
    return tuple(files)
