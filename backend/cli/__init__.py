"""The command line: `canvass --help` tells all."""

import os
import sys
from pathlib import Path

import click

from analysis.errors import AnalysisError
from backend.cli.agreements import agreement
from backend.cli.briefs import brief
from backend.cli.demonstration import demo
from backend.cli.rollouts import rollout
from backend.cli.serving import doctor, serve
from backend.cli.users import init, user
from backend.cli.waves import wave
from backend.errors import CanvassError
from backend.external.command import analyse
from backend.settings import Settings
from reports.errors import ReportsError
from surveys.errors import SurveysError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (init, user, rollout, agreement, wave, brief, analyse, serve, demo, doctor):
    canvass.add_command(command)


def main() -> None:
    """Run the command line; a known problem is one clear message and exit code 1."""
    try:
        canvass()
    except (CanvassError, SurveysError, AnalysisError, ReportsError) as problem:
        click.echo(f"canvass: {problem}", err=True)
        sys.exit(1)
