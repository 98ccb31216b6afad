"""The command line: `canvass --help` tells all."""

import errno
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from backend.cli.problems import KNOWN_PROBLEMS, Interrupted, Refusal, in_words
from backend.settings import Settings

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

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's own
        """Run a command; a known problem is one clear message and exit code 1."""
        try:
            return super().invoke(ctx)
        except KNOWN_PROBLEMS as problem:
            raise Refusal(str(problem)) from problem
        except KeyboardInterrupt as problem:
            raise Interrupted("stopped by Ctrl-C.") from problem
        except OSError as problem:
            if problem.errno == errno.EPIPE:  # the reader of our output has seen enough
                raise
            raise Refusal(in_words(problem)) from problem


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
    context.obj = settings_from(data)


def settings_from(data: Path | None) -> Settings:
    """Read the settings from the environment; a folder given on the command line wins."""
    environ = dict(os.environ)
    if data is not None:
        environ["CANVASS_DATA"] = str(data)
    return Settings.from_env(environ)


def main() -> None:
    """Run the command line."""
    canvass(prog_name="canvass")
