"""How commands run: one database, opened for the length of the command."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TypeVar

import uvloop
from rich.console import Console

from backend.db.engine import open_database
from backend.errors import DatabaseError
from backend.settings import Settings

Result = TypeVar("Result")
# Names are people's own words: no markup in them, and no line broken at the width of a screen.
console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def with_database(
    settings: Settings, use: Callable[[], Coroutine[None, None, Result]], *, create: bool = False
) -> Result:
    """Open the database of the settings, run the coroutine, close."""
    if not create:
        check_exists(settings)

    async def run() -> Result:
        async with open_database(settings):
            return await use()

    return uvloop.run(run())


def check_exists(settings: Settings) -> None:
    """Refuse a SQLite file that is not there: a mistyped folder must not become a new database."""
    name = settings.database.removeprefix("sqlite:///")
    if name == settings.database:
        return
    file = Path(name)
    try:
        found = file.exists()
    except OSError as problem:
        raise DatabaseError(f"{file}: cannot be read ({problem.strerror}).") from problem
    if not found:
        raise DatabaseError(
            f"{file}: there is no database. Check --data and CANVASS_DATABASE, or make one with: "
            "canvass init"
        )
