"""An installation used through its command line only, and what a refusal must look like."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from backend.cli import canvass
from backend.settings import Settings
from tests.builders.rollout_file import SMALL_ROLLOUT

PASSWORD = "a long enough password"
PEOPLE = {"hr": "Hannah Reyes", "union": "Tomas Okafor", "coo": "Claire Duval"}


@dataclass(frozen=True, slots=True)
class Installation:
    """A database and a folder to work in."""

    settings: Settings
    folder: Path

    def run(self, *arguments: str, **environ: str) -> Result:
        """Run a command as typed; `environ` adds to the settings."""
        settings = {
            "CANVASS_DATABASE": self.settings.database,
            "CANVASS_DATA": str(self.folder / "data"),
            **environ,
        }
        return CliRunner().invoke(canvass, list(arguments), env=settings)

    def done(self, *arguments: str) -> str:
        """Run a command that must succeed, and give what it printed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def file(self, name: str, text: str | bytes) -> str:
        """Write a file into the folder and give its path."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def kept(self) -> list[str]:
        """Give everything the SQLite database holds, to see that nothing was lost or added."""
        connection = sqlite3.connect(self.settings.database.removeprefix("sqlite:///"))
        try:
            return list(connection.iterdump())
        finally:
            connection.close()


def add_people(made: Installation) -> None:
    """Load the small rollout and add an account for each role."""
    made.done("rollout", "load", made.file("crane.toml", SMALL_ROLLOUT))
    for role, name in PEOPLE.items():
        made.done("user", "add", f"{role}@harbour.example", "--name", name, "--role", role,
                  "--password", PASSWORD)  # fmt: skip


def sign_for_both(made: Installation) -> None:
    """Sign the small rollout's agreement as HR and as the staff side."""
    for role in ("hr", "union"):
        made.done("agreement", "sign", "crane", "--email", f"{role}@harbour.example",
                  "--password", PASSWORD)  # fmt: skip


def is_refused(result: Result, *words: str) -> None:
    """Check that a command failed with one message that holds these words."""
    assert result.exit_code != 0, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    said = result.stderr
    messages = [line for line in said.splitlines() if line.startswith(("canvass: ", "Error: "))]
    assert len(messages) == 1 or said.startswith("Nothing was written: "), said
    for word in words:
        assert word in said, said
