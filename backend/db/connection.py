"""One SQLite connection on a thread of its own, safe against cancelled callers."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from backend.errors import (
    DatabaseDamagedError,
    DatabaseError,
    DatabaseFullError,
    DatabaseReadOnlyError,
)

T = TypeVar("T")
Row = dict[str, Any]

BUSY_TIMEOUT_SECONDS = 10
# Set on every connection: SQLite keeps most of these per connection, not per file.
_PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA trusted_schema = OFF;
PRAGMA secure_delete = ON;
PRAGMA cell_size_check = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16000;
PRAGMA journal_size_limit = 67108864;
"""


def translated(error: sqlite3.Error, path: Path) -> DatabaseError:
    """Say in plain words what SQLite complained about, and how to mend it."""
    code = (getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR) & 0xFF
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return DatabaseReadOnlyError(
            f"{path}: cannot be opened for writing. SQLite writes the file and its directory "
            f"{path.parent}: give the user who runs Canvass write permission to both, or set "
            "CANVASS_DATABASE to a place that may be written."
        )
    if code == sqlite3.SQLITE_FULL:
        return DatabaseFullError(
            f"{path}: the disk is full. Nothing was half-written. Free some space under "
            f"{path.parent}; Canvass goes on by itself."
        )
    if code == sqlite3.SQLITE_IOERR:
        return DatabaseFullError(
            f"{path}: the disk cannot be read or written ({error}). It is full or failing: look at "
            f"the free space under {path.parent} and at the system's log. Nothing was half-written."
        )
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return DatabaseDamagedError(
            f"{path}: is not a sound SQLite database ({error}). Check CANVASS_DATABASE, or restore "
            "the file from a backup."
        )
    if code == sqlite3.SQLITE_BUSY:
        return DatabaseError(
            f"{path}: another program held the database for more than {BUSY_TIMEOUT_SECONDS} "
            "seconds. Stop other tools that have the file open, then try again."
        )
    return DatabaseError(f"{path}: {error}")


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
    )
    try:
        connection.executescript(_PRAGMAS)
    except sqlite3.Error:
        connection.close()
        raise
    connection.row_factory = _row
    return connection


class SQLiteConnection:
    """Runs statements in the order they were asked for, one at a time, on its own thread.

    A caller that is cancelled only stops listening: what it asked for still runs to its end or is
    taken off the queue, so the connection is always in a known state for the next statement.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="canvass-sqlite")
        self._connection: sqlite3.Connection | None = None

    async def _ask(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.DatabaseError as error:
            # Only what is wrong with file or disk; a wrong value is the caller's own mistake.
            if type(error) in {sqlite3.OperationalError, sqlite3.DatabaseError}:
                raise translated(error, self.path) from error
            raise

    async def open(self) -> None:
        """Open the file with every promise-keeping setting."""

        def work() -> None:
            self._connection = _connect(self.path)

        try:
            await self._ask(work)
        except BaseException:
            await self.close()
            raise

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and give all its rows."""

        def work() -> list[Row]:
            return self._open_connection.execute(sql, parameters).fetchall()

        return await self._ask(work)

    def roll_back_leftovers(self) -> None:
        """Queue a rollback of whatever a cancelled or failed caller left behind, without waiting.

        The queue is first in, first out, so it runs before any later statement.
        """

        def work() -> None:
            connection = self._connection
            if connection is not None and connection.in_transaction:
                # A rollback that fails leaves nothing to undo: SQLite has rolled back by itself.
                with suppress(sqlite3.Error):
                    connection.rollback()

        self._thread.submit(work)

    async def close(self) -> None:
        """Finish what is queued, close the file and end the thread."""

        def work() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))
        self._thread.shutdown(wait=True)

    @property
    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise DatabaseError(f"{self.path}: the connection is closed.")
        return self._connection
