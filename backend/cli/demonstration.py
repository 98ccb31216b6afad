"""`canvass demo`: the main job from end to end, in a simulated city."""

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click
import uvloop

from backend.cli.problems import Interrupted
from backend.cli.running import console
from backend.demo import SAMPLE, SIGN_INS, TRUTH
from backend.files import FileWriteError

if TYPE_CHECKING:
    from backend.demo.run import Outcome


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--seed", type=int, default=2025, show_default=True)
@click.option("--keep", is_flag=True, help="Do nothing if the demo organisation is there already.")
def demo(out: Path, seed: int, *, keep: bool) -> None:
    """Let a simulated city answer six pulses; write releases and briefings."""
    if keep and (out / "city" / SIGN_INS).exists() and (out / TRUTH).exists():
        return
    if out.exists() and not out.is_dir():
        raise FileWriteError(f"{out}: is a file. Name a folder with --out.")
    # Statistics take seconds to load.
    from backend.demo.run import run_demo  # noqa: PLC0415

    console.print("A city of 2,400 puts GPS on its trucks. Six pulses, through the real booth:")

    async def run() -> "Outcome":
        _stop_in_order()
        return await run_demo(out, seed, console)

    try:
        outcome = uvloop.run(run())
    except asyncio.CancelledError as problem:
        raise Interrupted("stopped; run the demo again to have it whole.") from problem
    _tell(outcome)


def _stop_in_order() -> None:
    """Let a request to end cancel the demo, so that it stops its server first."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  called from a coroutine
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _tell(outcome: "Outcome") -> None:
    out = outcome.folder
    hidden = sum(r.primary_suppressed + r.complementary_suppressed for r in outcome.releases)
    shown = sum(len(r.results) for r in outcome.releases) - hidden
    console.print(
        f"\n{outcome.ballots:,} ballots counted in {len(outcome.releases)} waves; "
        f"{shown:,} results released, {hidden:,} hidden to protect small groups."
    )
    console.print(
        f"  {out}/briefings/        the six leadership briefings (PDF); read the last one"
    )
    console.print(f"  {out}/releases/         the six releases (JSON)")
    console.print(f"  {out}/{SAMPLE}  the cards employees draw")
    console.print(f"  {out}/{TRUTH}  what the simulation planted, to compare")
    console.print("Look around in the browser: make serve")
