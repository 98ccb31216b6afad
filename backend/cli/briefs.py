"""`canvass brief`: write the briefing of a released wave."""

from pathlib import Path

import click

from backend.briefing import write_leadership_briefing
from backend.cli.running import console, with_database
from backend.settings import Settings


@click.command()
@click.argument("wave_id")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out"))
@click.pass_obj
def brief(settings: Settings, wave_id: str, out: Path) -> None:
    """Write the leadership briefing of a released wave as PDF."""
    pdf = with_database(settings, lambda: write_leadership_briefing(wave_id))
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{wave_id}-leadership.pdf"
    file.write_bytes(pdf)
    console.print(f"{file} ({len(pdf) // 1024} kB)")
