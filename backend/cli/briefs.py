"""`canvass brief`: write the briefing of a released wave."""

from pathlib import Path

import click

from backend.cli.running import console, with_database
from backend.errors import CanvassError
from backend.files import write_whole
from backend.settings import Settings
from backend.store.waves import WaveState, get_wave


class NotReleasedError(CanvassError):
    """A briefing tells what was released, so there is none before the release."""


@click.command()
@click.argument("wave_id")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.pass_obj
def brief(settings: Settings, wave_id: str, out: Path) -> None:
    """Write the leadership briefing of a released wave as PDF."""

    async def make() -> bytes:
        state = (await get_wave(wave_id)).state
        if state is not WaveState.RELEASED:
            raise NotReleasedError(
                f"Wave {wave_id} is {state.value}. Everyone reads results at the same moment: "
                f"release it first with: canvass wave release {wave_id}"
            )
        # Statistics and PDF take seconds to load; a refusal should not.
        from backend.briefing import write_leadership_briefing  # noqa: PLC0415

        return await write_leadership_briefing(wave_id)

    pdf = with_database(settings, make)
    file = out / f"{wave_id}-leadership.pdf"
    write_whole(file, pdf)
    console.print(f"{file} ({len(pdf) // 1024} kB)")
