"""Which problems the command line tells in one message, without a traceback."""

from typing import IO, Any

import click

from analysis.errors import AnalysisError
from backend.errors import CanvassError
from reports.errors import ReportsError
from surveys.errors import SurveysError

KNOWN_PROBLEMS = (CanvassError, SurveysError, AnalysisError, ReportsError)
_SIGINT_CODE = 130


class Refusal(click.ClickException):
    """A known problem, told in one message on the error output; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message without the usage of the command."""
        click.echo(f"canvass: {self.message}", err=file is None, file=file)


class Interrupted(Refusal):
    """Somebody pressed Ctrl-C; the exit code is the one shells expect."""

    exit_code = _SIGINT_CODE


def in_words(problem: OSError) -> str:
    """Say which file the operating system refused, and why."""
    place = f"{problem.filename}: " if problem.filename else ""
    return f"{place}{problem.strerror or problem}. Check the name, the rights and the free space."
