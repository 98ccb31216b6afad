"""`canvass wave`: open, print cards, follow, close, count and release a wave."""

from pathlib import Path

import click
from rich.progress import Progress

from backend.ballots.count import count_wave
from backend.cards import write_cards
from backend.cli.running import console, with_database
from backend.releasing import release_wave
from backend.settings import Settings
from backend.store.waves import close_wave, get_wave, list_waves, open_wave, participation


@click.group()
def wave() -> None:
    """Run a wave, one fielding of the questions."""


@wave.command("list")
@click.argument("rollout_id")
@click.pass_obj
def list_command(settings: Settings, rollout_id: str) -> None:
    """List the waves of a rollout and where they stand."""
    for found in with_database(settings, lambda: list_waves(rollout_id)):
        console.print(f"{found.id:12} {found.state.value:9} {found.opens_on}  {found.name}")


@wave.command("open")
@click.argument("wave_id")
@click.pass_obj
def open_command(settings: Settings, wave_id: str) -> None:
    """Open a wave: from now on ballots are accepted."""
    with_database(settings, lambda: open_wave(wave_id))
    console.print(f"{wave_id} is open. Next: canvass wave cards {wave_id} --out cards/")


@wave.command("cards")
@click.argument("wave_id")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--address", help="Where the booth is reached (default: CANVASS_BOOTH_ADDRESS).")
@click.option("--lang", default="en", show_default=True)
@click.pass_obj
def cards(settings: Settings, wave_id: str, out: Path, address: str | None, lang: str) -> None:
    """Issue and print the cards of a wave: one PDF for each cell, shown this one time."""
    booth = address or settings.booth_address
    files = with_database(settings, lambda: write_cards(wave_id, out, booth, lang))
    console.print(f"{len(files)} files of cards in {out}. Print them, then delete them.")


@wave.command("status")
@click.argument("wave_id")
@click.pass_obj
def status(settings: Settings, wave_id: str) -> None:
    """Show where a wave stands and how many took part, in cells of 10 people or more."""

    async def read() -> None:
        found = await get_wave(wave_id)
        console.print(f"{found.name}: {found.state.value}")
        for line in await participation(wave_id):
            console.print(f"  {line}")

    with_database(settings, read)


@wave.command("close")
@click.argument("wave_id")
@click.pass_obj
def close(settings: Settings, wave_id: str) -> None:
    """Close a wave: later ballots are refused."""
    with_database(settings, lambda: close_wave(wave_id))
    console.print(f"{wave_id} is closed. Next: canvass wave count {wave_id}")


@wave.command("count")
@click.argument("wave_id")
@click.pass_obj
def count(settings: Settings, wave_id: str) -> None:
    """Open the ballot box of a closed wave and count it."""
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Counting", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        with_database(settings, lambda: count_wave(wave_id, progress))
    console.print(f"{wave_id} is counted. Next: canvass wave release {wave_id}")


@wave.command("release")
@click.argument("wave_id")
@click.pass_obj
def release(settings: Settings, wave_id: str) -> None:
    """Release a counted wave to everyone at the same moment."""
    released = with_database(settings, lambda: release_wave(wave_id))
    console.print(
        f"{wave_id} is released: {len(released.results)} results, "
        f"{released.primary_suppressed + released.complementary_suppressed} hidden. "
        f"Next: canvass brief {wave_id} --out out/"
    )
