"""How commands run: one database, opened for the length of the command."""

from collections.abc import Callable, Coroutine
from typing import TypeVar

import uvloop
from piccolo.engine.base import Engine
from rich.console import Console

from backend.db.engine import open_database
from backend.settings import Settings

Result = TypeVar("Result")
console = Console(highlight=False)


def with_database(settings: Settings, use: Callable[[], Coroutine[None, None, Result]]) -> Result:
    """Open the database of the settings, run the coroutine, close."""

    async def run() -> Result:
        async with open_database(settings):
            return await use()

    return uvloop.run(run())


__all__ = ["Engine", "console", "with_database"]
