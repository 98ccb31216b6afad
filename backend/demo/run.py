"""Run the demo: six pulses in a simulated city, through the real HTTP interface."""

import asyncio
import json
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analysis.disclosure.release import Release, encode_release
from backend.ballots.count import count_wave
from backend.ballots.papers import issue_cards
from backend.cards import cards_pdf
from backend.db.engine import open_database
from backend.demo import SAMPLE, SIGN_INS, TRUTH
from backend.demo.phones import Sheet, answer_all
from backend.demo.population import Population, field, planted_scores, populate, raw_sheet
from backend.errors import CanvassError
from backend.files import explained, write_whole
from backend.releasing import release_wave
from backend.rollout_file import read_rollout_file, store_rollout
from backend.server import listen
from backend.settings import Settings
from backend.store.accounts import Role, create_account
from backend.store.briefings import find_briefing
from backend.store.rollouts import Rollout, get_rollout, sign_agreement
from backend.store.waves import (
    Wave,
    close_wave,
    get_wave,
    list_waves,
    open_wave,
    wave_questionnaire,
)
from reports.pdf import Renderer
from surveys.organisation import reporting_groups

CITY = Path(__file__).with_name("city.toml")
STAFF = (
    ("hr@brackenford.example", "Hannah Reyes", Role.HR),
    ("union@brackenford.example", "Tomas Okafor", Role.UNION),
    ("coo@brackenford.example", "Claire Duval", Role.COO),
    ("auditor@brackenford.example", "Ade Lindqvist", Role.AUDITOR),
)
SAMPLE_CARDS = 8
BRIEFING_SECONDS = 120.0
DATABASE = "canvass.sqlite"


class DemoError(CanvassError):
    """The demo could not be carried through."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demo made."""

    releases: tuple[Release, ...]
    ballots: int
    folder: Path


def demo_settings(out: Path) -> Settings:
    """Make the settings of the demo organisation inside `out`."""
    city = out / "city"
    return Settings.from_env(
        {
            "CANVASS_DATA": str(city),
            "CANVASS_BOOTH_PORT": str(_free_port()),
            "CANVASS_OFFICE_PORT": str(_free_port()),
        }
    )


async def run_demo(out: Path, seed: int, console: Console) -> Outcome:
    """Make the whole demo afresh in `out`; returns what was made."""
    settings = demo_settings(out)
    await asyncio.to_thread(_check_pdf)
    _prepare(out, settings.data)
    rng = np.random.default_rng(seed)
    async with open_database(settings), _served(settings):
        await _found_city(settings.data)
        rollout = await get_rollout("gps")
        population = populate(rollout.tree, rng)
        waves = await list_waves(rollout.id)
        truth: dict[str, dict[str, dict[str, float]]] = {}
        releases: list[Release] = []
        ballots = 0
        for wave in waves:
            release, cast = await _run_wave(
                wave, rollout, population, settings, rng, truth, console
            )
            releases.append(release)
            ballots += cast
            write_whole(out / "releases" / f"{wave.id}.json", encode_release(release))
        write_whole(out / TRUTH, json.dumps(truth, indent=1).encode())
        await _collect_briefings(waves, out, console)
    return Outcome(tuple(releases), ballots, out)


async def _found_city(data: Path) -> None:
    """Load the rollout, create the accounts and have both sides sign."""
    await store_rollout(read_rollout_file(CITY))
    lines = []
    for email, name, role in STAFF:
        password = secrets.token_urlsafe(12)
        await create_account(email, name, role, password)
        lines.append(f"{role.value:8} {email:28} {password}")
        if role in (Role.HR, Role.UNION):
            await sign_agreement("gps", role, name)
    file = data / SIGN_INS
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


async def _run_wave(
    wave: Wave,
    rollout: Rollout,
    population: Population,
    settings: Settings,
    rng: np.random.Generator,
    truth: dict[str, dict[str, dict[str, float]]],
    console: Console,
) -> tuple[Release, int]:
    """Open, let the city answer, close, count and release one wave."""
    await open_wave(wave.id, wave.opens_on)
    wave = await get_wave(wave.id)
    questionnaire = wave_questionnaire(wave)
    fielding = field(population, questionnaire, rollout.plan, rollout.tree, wave.opens_on, rng)
    groups = {
        group.id: frozenset(unit for cell in group.cells for unit in wave.cells[cell].units)
        for group in reporting_groups(rollout.tree, wave.cells)
    }
    truth[wave.id] = planted_scores(population, fielding, questionnaire, groups)
    cards = await issue_cards(wave, {cell.id: cell.headcount for cell in wave.cells})
    if wave.number == 1:
        await _print_sample(wave, rollout, cards, settings)
    sheets = _deal(wave, population, cards, fielding.responds, rng)
    filled = [
        Sheet(code, raw_sheet(questionnaire, fielding.codes[person]), language)
        for person, code, language in sheets
    ]
    with _bar(console) as bar:
        task = bar.add_task(f"Wave {wave.number}  {wave.name}", total=len(filled))
        await answer_all(
            settings.booth_address,
            filled,
            lambda: bar.advance(task),
        )
    await close_wave(wave.id, wave.closes_on)
    await count_wave(wave.id)
    return await release_wave(wave.id), len(filled)


def _deal(
    wave: Wave,
    population: Population,
    cards: dict[str, tuple[str, ...]],
    responds: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    rng: np.random.Generator,
) -> list[tuple[int, str, str]]:
    """Let everyone who responds draw a card from the box of their cell, in random order."""
    cell_of = {unit: cell.id for cell in wave.cells for unit in cell.units}
    boxes = {cell: list(codes) for cell, codes in cards.items()}
    people = rng.permutation(np.flatnonzero(responds)).tolist()
    languages = rng.choice(["en", "es", "ar"], size=len(people), p=[0.78, 0.18, 0.04]).tolist()
    return [
        (person, boxes[cell_of[population.units[person]]].pop(), language)
        for person, language in zip(people, languages, strict=True)
    ]


async def _print_sample(
    wave: Wave, rollout: Rollout, cards: dict[str, tuple[str, ...]], settings: Settings
) -> None:
    """Print the first cards of one crew, to show what an employee draws."""
    cell = wave.cells[0]
    codes = cards[cell.id][:SAMPLE_CARDS]
    pdf = await asyncio.to_thread(
        cards_pdf, rollout, wave, {cell.name: codes}, settings.booth_address, "en"
    )
    write_whole(settings.data.parent / SAMPLE, pdf)


async def _collect_briefings(waves: Sequence[Wave], out: Path, console: Console) -> None:
    """Wait for the server's job worker to write each briefing, then copy it out."""
    with _bar(console) as bar:
        task = bar.add_task("Briefings", total=len(waves))
        for wave in waves:
            pdf = await _briefing(wave.id)
            slug = wave.name.lower().replace(" ", "-")
            write_whole(out / "briefings" / f"{wave.number}-{slug}-leadership.pdf", pdf)
            bar.advance(task)


async def _briefing(wave_id: str) -> bytes:
    try:
        async with asyncio.timeout(BRIEFING_SECONDS):
            while (  # noqa: ASYNC110  another process writes it, so there is no event to wait for
                pdf := await find_briefing(wave_id, "leadership", "en")
            ) is None:
                await asyncio.sleep(0.25)
    except TimeoutError:
        raise DemoError(
            f"The briefing of {wave_id} was not written within {BRIEFING_SECONDS:.0f} seconds. The "
            "server's messages above say why; see also: canvass doctor"
        ) from None
    return pdf


@asynccontextmanager
async def _served(settings: Settings) -> AsyncIterator[None]:
    """Run `canvass serve` beside us for the length of the demo."""
    environ = {
        **os.environ,
        "CANVASS_DATABASE": settings.database,
        "CANVASS_DATA": str(settings.data),
        "CANVASS_BOOTH_PORT": str(settings.booth_port),
        "CANVASS_OFFICE_PORT": str(settings.office_port),
    }
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "backend",
        "serve",
        env=environ,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is meant for us; we stop the server when we are done
    )
    try:
        await _answering(server, settings)
        yield
    finally:
        if server.returncode is None:
            server.terminate()
        await server.wait()


async def _answering(server: asyncio.subprocess.Process, settings: Settings) -> None:
    for _ in range(300):
        if server.returncode is not None:
            raise DemoError("The server stopped before it answered; its message stands above.")
        try:
            _, writer = await asyncio.open_connection(settings.booth_host, settings.booth_port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise DemoError(f"The booth did not answer on port {settings.booth_port} within 30 seconds.")


def _check_pdf() -> None:
    """Find out now, not after the first wave, whether PDFs can be made here."""
    with Renderer() as renderer:
        renderer.render('<!doctype html><html lang="en"><title>Check</title><h1>Check</h1></html>')


def _prepare(out: Path, city: Path) -> None:
    """Remove what an earlier demo made, and nothing else; make the folder of the city."""
    with explained(out):
        made = [out / name for name in ("city", "releases", "briefings") if (out / name).exists()]
        if made and not (city / DATABASE).exists():
            raise DemoError(
                f"{made[0]}: was not made by this demo and would be lost. Name another folder with "
                "--out."
            )
        for folder in reversed(made):
            shutil.rmtree(folder)
        for name in (TRUTH, SAMPLE):
            (out / name).unlink(missing_ok=True)
        city.mkdir(parents=True)
        # The mark by which the next demo knows this folder, however early this one ends.
        (city / DATABASE).touch(mode=0o600)


def _free_port() -> int:
    with listen("127.0.0.1", 0, "") as probe:
        return int(probe.getsockname()[1])


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:30}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
