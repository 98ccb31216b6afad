"""The command line: `canvass --help` tells all."""

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from analysis.errors import AnalysisError
from backend.errors import CanvassError
from backend.settings import Settings
from reports.errors import ReportsError
from surveys.errors import SurveysError

COMMANDS = {
    "agreement": "backend.cli.agreements",
    "analyse": "backend.external.command",
    "brief": "backend.cli.briefs",
    "demo": "backend.cli.demonstration",
    "doctor": "backend.cli.serving",
    "init": "backend.cli.users",
    "rollout": "backend.cli.rollouts",
    "serve": "backend.cli.serving",
    "user": "backend.cli.users",
    "wave": "backend.cli.waves",
}


class _LazyGroup(click.Group):
    """Commands are imported when they are called: statistics take a second to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101  a wrong line in COMMANDS
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the installation (default: $CANVASS_DATA, else ./canvass-data).",
)
@click.version_option(package_name="canvass-survey", prog_name="canvass")
@click.pass_context
def canvass(context: click.Context, data: Path | None) -> None:
    """Find out, together, whether the people who must live with a new tool believe in it."""
    environ = dict(os.environ)
    if data is not None:
        environ["CANVASS_DATA"] = str(data)
    context.obj = Settings.from_env(environ)


def main() -> None:
    """Run the command line; a known problem is one clear message and exit code 1."""
    try:
        canvass()
    except (CanvassError, SurveysError, AnalysisError, ReportsError) as problem:
        click.echo(f"canvass: {problem}", err=True)
        sys.exit(1)
