"""What can be wrong with a survey file or its mapping, in words its owner can act on."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it is, what it is, and how to mend it."""

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        """Give the problem as one line."""
        return f"{self.where}: {self.what} {self.mend}".rstrip()


class ExternalError(Exception):
    """A survey file cannot be analysed; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.shown))

    @property
    def shown(self) -> tuple[Problem, ...]:
        """Give the problems worth printing; a broken file may have one per row."""
        if len(self.problems) <= SHOWN_AT_MOST:
            return self.problems
        rest = len(self.problems) - SHOWN_AT_MOST
        closing = Problem("And more", f"{rest} further problems are not printed.", "Mend these.")
        return (*self.problems[:SHOWN_AT_MOST], closing)


class FileError(ExternalError):
    """The survey file cannot be opened or read as a table."""


class MappingError(ExternalError):
    """The mapping file cannot be used."""


class DataError(ExternalError):
    """The rows do not fit what the mapping says about them."""


class OutputError(ExternalError):
    """The results cannot be written."""
