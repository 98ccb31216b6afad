"""Issue the cards of a wave and print them, one file for each cell."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.ballots.papers import issue_cards
from backend.db.sql import run
from backend.db.tables import bound_engine
from backend.errors import CanvassError
from backend.files import new_folder
from backend.store.rollouts import Rollout, get_rollout
from backend.store.wave_state import WaveState, hold_wave
from backend.store.waves import Wave, get_wave
from reports.briefings.cards import cards_html
from reports.pdf import Renderer
from surveys.languages import Language, load_language

SPARE = 1.1  # a tenth more cards than people, so that spoilt cards can be replaced
LONGEST_NAME = 80


class CardsError(CanvassError):
    """Cards that cannot be written."""


async def write_cards(
    wave_id: str, folder: Path, booth: str, language: str, *, again: bool = False
) -> tuple[Path, ...]:
    """Issue cards for every cell and write one PDF for each; codes exist nowhere else.

    Cards that could not be printed are withdrawn. A second set needs `again`, which makes the
    first one worthless; it is refused once somebody has answered.
    """
    wave = await get_wave(wave_id)
    rollout = await get_rollout(wave.rollout)
    words = load_language(language)
    before = await _issued(wave.id)
    await _check_issuing(wave, before, again=again)
    try:
        with new_folder(folder) as draft:
            codes = await issue_cards(wave, {c.id: int(c.headcount * SPARE) for c in wave.cells})
            names = await asyncio.to_thread(_write_all, rollout, wave, codes, booth, words, draft)
            await _withdraw(wave.id, before, unless_used=True)
    except BaseException:
        # Nobody has seen these codes. Cancelling must not stop half-way.
        await asyncio.shield(_withdraw(wave.id, await _issued(wave.id) - before))
        raise
    return tuple(folder / name for name in names)


def cards_pdf(
    rollout: Rollout,
    wave: Wave,
    codes: Mapping[str, Sequence[str]],
    booth: str,
    language: str,
    renderer: Renderer | None = None,
) -> bytes:
    """Print the cards of the named cells as one PDF."""
    html = _html(rollout, wave, codes, booth, load_language(language))
    if renderer is not None:
        return renderer.render(html)
    with Renderer() as fresh:
        return fresh.render(html)


async def _check_issuing(wave: Wave, before: set[bytes], *, again: bool) -> None:
    if wave.state not in {WaveState.PLANNED, WaveState.OPEN}:
        raise CardsError(
            f"Wave {wave.id} is {wave.state.value}. Cards are issued before a wave closes."
        )
    if before and not again:
        raise CardsError(
            f"Wave {wave.id} has its cards already ({len(before)}); a second set would let people "
            "answer twice. If the first set was lost before anybody answered, add --again: it "
            "makes those cards worthless and prints new ones."
        )
    if before and again:
        await _check_unused(wave.id)


async def _check_unused(wave_id: str) -> None:
    if await run("SELECT cell FROM ballot WHERE wave = {} LIMIT 1", wave_id):
        raise CardsError(
            f"Wave {wave_id}: somebody has answered with a card of the first set, so it stays "
            "valid. Hand out the spare cards instead. Nothing was changed."
        )


async def _issued(wave_id: str) -> set[bytes]:
    rows = await run("SELECT digest FROM paper WHERE wave = {}", wave_id)
    return {bytes(row["digest"]) for row in rows}


async def _withdraw(wave_id: str, digests: set[bytes], *, unless_used: bool = False) -> None:
    """Make cards worthless; with `unless_used`, only while the wave's box is empty."""
    if not digests:
        return
    async with bound_engine().transaction():
        await hold_wave(wave_id)
        if unless_used:
            await _check_unused(wave_id)
        for digest in digests:
            await run("DELETE FROM paper WHERE digest = {}", digest)


def _write_all(
    rollout: Rollout,
    wave: Wave,
    codes: Mapping[str, Sequence[str]],
    booth: str,
    language: Language,
    folder: Path,
) -> tuple[str, ...]:
    names = []
    with Renderer() as renderer:
        for number, cell in enumerate(wave.cells, 1):
            html = _html(rollout, wave, {cell.name: codes[cell.id]}, booth, language)
            names.append(f"{number:02}-{_file_name(cell.id)}.pdf")
            (folder / names[-1]).write_bytes(renderer.render(html))
    return tuple(names)


def _html(
    rollout: Rollout,
    wave: Wave,
    codes: Mapping[str, Sequence[str]],
    booth: str,
    language: Language,
) -> str:
    return cards_html(rollout.organisation, rollout.plan.tool, wave.name, booth, codes, language)


def _file_name(cell: str) -> str:
    return re.sub(r"[^\w+.-]", "-", cell)[:LONGEST_NAME].strip("-.")
