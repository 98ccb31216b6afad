"""`canvass wave`: open, print cards, follow, close, count and release a wave."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from rich.progress import Progress

from backend.cli.running import console, with_database
from backend.clock import today
from backend.settings import Settings
from backend.store.rollouts import get_rollout
from backend.store.waves import (
    Wave,
    WaveState,
    close_wave,
    get_wave,
    list_waves,
    open_wave,
)

if TYPE_CHECKING:
    from backend.store.participation import GroupParticipation

# Statistics and PDF take seconds to load: the commands that need them import them.


@click.group()
def wave() -> None:
    """Run a wave, one fielding of the questions."""


@wave.command("list")
@click.argument("rollout_id")
@click.pass_obj
def list_command(settings: Settings, rollout_id: str) -> None:
    """List the waves of a rollout and where they stand."""

    async def read() -> tuple[Wave, ...]:
        await get_rollout(rollout_id)
        return await list_waves(rollout_id)

    found = with_database(settings, read)
    for each in found:
        console.print(wave_line(each))
    if not found:
        console.print("No waves yet. Add [[wave]] entries to the rollout file and load it again.")


@wave.command("open")
@click.argument("wave_id")
@click.pass_obj
def open_command(settings: Settings, wave_id: str) -> None:
    """Open a wave: from now on ballots are accepted."""
    with_database(settings, lambda: open_wave(wave_id, today()))
    console.print(f"{wave_id} is open. Next: canvass wave cards {wave_id} --out cards/")


def _address(context: click.Context, parameter: click.Parameter, given: str | None) -> str | None:
    if given is None:
        return None
    parts = urlsplit(given.strip().rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise click.BadParameter(
            f'"{given}" is no full address. Give one like https://pulse.city.gov.',
            context,
            parameter,
        )
    return parts.geturl()


@wave.command("cards")
@click.argument("wave_id")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option(
    "--address",
    callback=_address,
    help="Where the booth is reached (default: CANVASS_BOOTH_ADDRESS).",
)
@click.option("--lang", default="en", show_default=True)
@click.option("--again", is_flag=True, help="Replace a lost first set; nobody may have answered.")
@click.pass_obj
def cards(
    settings: Settings, wave_id: str, out: Path, address: str | None, lang: str, *, again: bool
) -> None:
    """Issue and print the cards of a wave: one PDF for each cell, shown this one time."""
    from backend.cards import write_cards  # noqa: PLC0415

    booth = address or settings.booth_address
    files = with_database(settings, lambda: write_cards(wave_id, out, booth, lang, again=again))
    number = "1 file" if len(files) == 1 else f"{len(files)} files"
    console.print(f"{number} of cards in {out}. Print, then delete them: codes are kept nowhere.")


@wave.command("status")
@click.argument("wave_id")
@click.pass_obj
def status(settings: Settings, wave_id: str) -> None:
    """Show where a wave stands and how many took part, in groups large enough to say so."""
    from backend.store.participation import participation  # noqa: PLC0415  statistics load slowly

    async def read() -> tuple[Wave, "tuple[GroupParticipation, ...]"]:
        found = await get_wave(wave_id)
        begun = found.state is not WaveState.PLANNED
        return found, await participation(wave_id, today()) if begun else ()

    found, groups = with_database(settings, read)
    agreed = found.terms.agreement
    console.print(f"{found.id}  {found.name}: {found.state.value}")
    console.print(f"Planned from {found.opens_on} to {found.closes_on}")
    if found.opened_on is not None:
        until = f", closed on {found.closed_on}" if found.closed_on else ""
        console.print(f"Opened on {found.opened_on}{until}")
    if groups:
        console.print(
            f"Ballots in groups of {agreed.k_response_rate} people or more, "
            f"rounded to {agreed.round_counts_to}, as of {groups[0].as_of} "
            "(they move once a day at most):"
        )
    width = max((2 * group.level + len(group.name) for group in groups), default=0)
    for group in groups:
        console.print("  " + _taken_part(group, agreed.round_counts_to, width))


def _taken_part(group: "GroupParticipation", step: int, width: int) -> str:
    name = f"{'  ' * group.level}{group.name}"
    if group.ballots == 0:
        return f"{name:{width}}  fewer than {step} of {group.headcount:,}"
    return f"{name:{width}}  {group.ballots:>5,} of {group.headcount:>5,}  {group.rate:>4.0%}"


@wave.command("close")
@click.argument("wave_id")
@click.pass_obj
def close(settings: Settings, wave_id: str) -> None:
    """Close a wave: later ballots are refused."""
    with_database(settings, lambda: close_wave(wave_id, today()))
    console.print(f"{wave_id} is closed. Next: canvass wave count {wave_id}")


@wave.command("count")
@click.argument("wave_id")
@click.pass_obj
def count(settings: Settings, wave_id: str) -> None:
    """Open the ballot box of a closed wave and count it."""
    from backend.ballots.count import count_wave  # noqa: PLC0415

    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Counting", total=None)

        async def work() -> WaveState:
            before = (await get_wave(wave_id)).state
            await count_wave(
                wave_id, lambda done, all_: bar.update(task, completed=done, total=all_)
            )
            return before

        before = with_database(settings, work)
    if before is WaveState.RELEASED:
        console.print(f"{wave_id} was counted and released already. Nothing changed.")
        return
    already = " already; nothing changed" if before is WaveState.COUNTED else ""
    console.print(f"{wave_id} is counted{already}. Next: canvass wave release {wave_id}")


@wave.command("release")
@click.argument("wave_id")
@click.pass_obj
def release(settings: Settings, wave_id: str) -> None:
    """Release a counted wave to everyone at the same moment."""
    from backend.releasing import release_wave  # noqa: PLC0415

    released = with_database(settings, lambda: release_wave(wave_id))
    console.print(
        f"{wave_id} is released: {len(released.results):,} results, "
        f"{released.primary_suppressed + released.complementary_suppressed:,} of them hidden. "
        f"Next: canvass brief {wave_id} --out out/"
    )


def wave_line(found: Wave) -> str:
    """Tell a wave in one line: id, state, dates, name."""
    return (
        f"{found.id:12}  {found.state.value:8}  {found.opens_on} to {found.closes_on}  {found.name}"
    )
