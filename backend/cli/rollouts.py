"""`canvass rollout`: load and show what is introduced, to whom, when, under which rules."""

from pathlib import Path

import click

from backend.cli.running import console, with_database
from backend.cli.waves import wave_line
from backend.rollout_file import read_rollout_file, store_rollout
from backend.settings import Settings
from backend.store.rollouts import Rollout, get_rollout, list_rollouts
from backend.store.waves import Wave, list_waves
from surveys.agreement import Agreement
from surveys.organisation import Cell, UnitTree, reporting_cells


@click.group()
def rollout() -> None:
    """Load and show a tool's rollout: units, phases, rules and planned waves."""


@rollout.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def load(settings: Settings, file: Path) -> None:
    """Load a rollout FILE (TOML) and plan its waves; load it again after a change."""
    loaded = read_rollout_file(file)

    async def store() -> Rollout:
        await store_rollout(loaded)
        return await get_rollout(loaded.plan.id)

    stored = with_database(settings, store)
    cells = _cells(loaded.tree, loaded.agreement)
    console.print(
        f"{loaded.plan.tool}: {sum(cell.headcount for cell in cells):,} people in "
        f"{_number(len(cells), 'reporting cell')}, {_number(len(loaded.waves), 'wave')} planned."
    )
    joined = [cell.name for cell in cells if len(cell.units) > 1]
    if joined:
        console.print("Reported together, since they are small alone: " + "; ".join(joined))
    console.print(_next(stored))


@rollout.command("list")
@click.pass_obj
def list_command(settings: Settings) -> None:
    """List the rollouts."""
    rollouts = with_database(settings, list_rollouts)
    for found in rollouts:
        console.print(f"{found.id:12}  {found.plan.tool} ({found.organisation})")
    if not rollouts:
        console.print("No rollouts yet. Load one with: canvass rollout load FILE")


@rollout.command("show")
@click.argument("rollout_id")
@click.pass_obj
def show(settings: Settings, rollout_id: str) -> None:
    """Show the phases, reporting cells and waves of a rollout."""

    async def read() -> tuple[Rollout, tuple[Wave, ...]]:
        return await get_rollout(rollout_id), await list_waves(rollout_id)

    found, waves = with_database(settings, read)
    console.print(f"{found.plan.tool}, {found.organisation}")
    console.print(found.plan.description)
    console.print("Phases: " + ", ".join(phase.name for phase in found.plan.phases))
    console.print("Languages: " + ", ".join(found.languages))
    console.print("Reporting cells, with their people:")
    for cell in _cells(found.tree, found.agreement):
        above = f" ({found.tree.unit(cell.parent).name})" if cell.parent else ""
        console.print(f"  {cell.headcount:>6,}  {cell.name}{above}")
    console.print("Waves:" if waves else "Waves: none planned.")
    for wave in waves:
        console.print(f"  {wave_line(wave)}")
    if found.missing_roles:
        console.print(_next(found))


def _cells(tree: UnitTree, agreed: Agreement) -> tuple[Cell, ...]:
    return reporting_cells(tree, agreed.minimum_cell, agreed.wanted_cell)


def _next(found: Rollout) -> str:
    missing = " and ".join(role.value for role in found.missing_roles)
    if missing:
        return f"Next: canvass agreement sign {found.id} (not signed yet by {missing})"
    return f"Next: canvass wave list {found.id}"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
