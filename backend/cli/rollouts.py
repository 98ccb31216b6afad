"""`canvass rollout`: load and show what is introduced, to whom, when, under which rules."""

from pathlib import Path

import click

from backend.cli.running import console, with_database
from backend.rollout_file import read_rollout_file, store_rollout
from backend.settings import Settings
from backend.store.rollouts import get_rollout, list_rollouts
from backend.store.waves import list_waves
from surveys.organisation import reporting_cells


@click.group()
def rollout() -> None:
    """Load and show a tool's rollout: units, phases, rules and planned waves."""


@rollout.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def load(settings: Settings, file: Path) -> None:
    """Load a rollout FILE (TOML) and plan its waves."""
    loaded = read_rollout_file(file)
    with_database(settings, lambda: store_rollout(loaded))
    cells = reporting_cells(
        loaded.tree, loaded.agreement.minimum_cell, loaded.agreement.wanted_cell
    )
    people = sum(cell.headcount for cell in cells)
    console.print(
        f"{loaded.plan.tool}: {people:,} people in {len(cells)} reporting cells, "
        f"{len(loaded.waves)} waves planned."
    )
    console.print(f"Next: canvass agreement sign {loaded.plan.id} (HR and staff side)")


@rollout.command("list")
@click.pass_obj
def list_command(settings: Settings) -> None:
    """List the rollouts."""
    for found in with_database(settings, list_rollouts):
        console.print(f"{found.id:12} {found.plan.tool} ({found.organisation})")


@rollout.command("show")
@click.argument("rollout_id")
@click.pass_obj
def show(settings: Settings, rollout_id: str) -> None:
    """Show the units, cells and waves of a rollout."""

    async def read() -> None:
        found = await get_rollout(rollout_id)
        console.print(f"{found.organisation}: {found.plan.tool}. {found.plan.description}")
        agreed = found.agreement
        for cell in reporting_cells(found.tree, agreed.minimum_cell, agreed.wanted_cell):
            console.print(f"  {cell.headcount:5}  {cell.name}")
        for wave in await list_waves(rollout_id):
            console.print(f"  {wave.id:10} {wave.state.value:9} {wave.opens_on}  {wave.name}")

    with_database(settings, read)
