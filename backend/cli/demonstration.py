"""`canvass demo`: the main job from end to end, in a simulated city."""

from pathlib import Path

import click
import uvloop

from backend.cli.running import console
from backend.demo.run import SIGN_INS, Outcome, run_demo


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out"))
@click.option("--seed", type=int, default=2025, show_default=True)
@click.option("--keep", is_flag=True, help="Do nothing if the demo organisation is there already.")
def demo(out: Path, seed: int, *, keep: bool) -> None:
    """Let a simulated city answer six pulses; write releases and briefings."""
    if keep and (out / "city" / SIGN_INS).exists() and (out / "planted-truth.json").exists():
        return
    console.print("A city of 2,400 puts GPS on its trucks. Six pulses, through the real booth:")
    outcome = uvloop.run(run_demo(out, seed, console))
    _tell(outcome)


def _tell(outcome: Outcome) -> None:
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
    console.print(f"  {out}/sample-cards.pdf  the cards employees draw")
    console.print(f"  {out}/planted-truth.json  what the simulation planted, to compare")
    console.print("Look around in the browser: make serve")
