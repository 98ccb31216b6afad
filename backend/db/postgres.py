"""Piccolo on PostgreSQL with a pool, clear errors, and transactions that survive cancelling."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from backend.errors import DatabaseError, DatabaseFullError, DatabaseUnreachableError

POOL_SIZE = 8
CONNECT_SECONDS = 5
_DEFAULT_PORT = 5432
# Lost connections as asyncpg and the operating system report them.
_LOST = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, TimeoutError)
_STOPPING = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)


class TurnBackTransaction(PostgresTransaction):
    """A transaction that always gives its connection back, even when its task is cancelled."""

    __slots__ = ()

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        engine = cast("PooledPostgresEngine", self.engine)
        self.connection = await engine.borrow()
        try:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        except BaseException as error:
            await engine.give_back(self.connection)
            raise engine.translated(error) from error
        self.context = engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._parent is not None:
            return False
        engine = cast("PooledPostgresEngine", self.engine)
        engine.current_transaction.reset(self.context)
        try:
            if exception is None and not (self._committed or self._rolled_back):
                await self.transaction.commit()
                self._committed = True
        except _LOST as error:
            raise engine.translated(error) from error
        finally:
            # The pool rolls back whatever is still open before it lends the connection again.
            await engine.give_back(self.connection)
        return False


class PooledPostgresEngine(PostgresEngine):
    """PostgreSQL through a pool that confirms a commit only when it is on disk."""

    __slots__ = ("dsn",)

    def __init__(self, dsn: str, pool_size: int = POOL_SIZE) -> None:
        self.dsn = dsn
        super().__init__(
            config={
                "dsn": dsn,
                "timeout": CONNECT_SECONDS,
                "min_size": 1,
                "max_size": pool_size,
                "server_settings": {"application_name": "canvass", "synchronous_commit": "on"},
            }
        )

    async def check_version(self) -> None:
        """Leave the version to ``open_database``: making an engine must not connect."""

    async def prep_database(self) -> None:
        """Do nothing: Canvass needs no extension."""

    @property
    def place(self) -> str:
        """Host, port and database name, without the password."""
        parts = urlsplit(self.dsn)
        host = parts.hostname or "the local socket"
        return f"{host}, port {parts.port or _DEFAULT_PORT}, database {parts.path.strip('/')!r}"

    def translated(self, error: BaseException) -> BaseException:
        """Give a lost or refused connection as an error with clear text, others unchanged."""
        if isinstance(
            error, asyncpg.InvalidPasswordError | asyncpg.InvalidAuthorizationSpecificationError
        ):
            advice = "refuses the user or password. Check both in CANVASS_DATABASE and pg_hba.conf."
        elif isinstance(error, asyncpg.InvalidCatalogNameError):
            advice = "has no such database. Make it with: createdb NAME"
        elif isinstance(error, asyncpg.TooManyConnectionsError):
            advice = "has no connection left. Raise max_connections or stop other programs."
        elif isinstance(error, asyncpg.DiskFullError):
            return DatabaseFullError(
                f"PostgreSQL at {self.place}: the disk is full. Nothing was half-written. Free "
                "some space on the server; Canvass goes on by itself."
            )
        elif isinstance(error, _LOST + _STOPPING) and not isinstance(error, DatabaseError):
            advice = (
                f"does not answer ({str(error) or type(error).__name__}). Check that it runs, "
                "that host and port in CANVASS_DATABASE are right, and that a firewall lets "
                "Canvass through."
            )
        else:
            return error
        return DatabaseUnreachableError(f"PostgreSQL at {self.place} {advice}")

    async def start_connection_pool(self, **kwargs: Any) -> None:  # noqa: ANN401  Piccolo's own
        """Connect; says what to check if the server cannot be reached."""
        try:
            await super().start_connection_pool(**kwargs)
        except (asyncpg.PostgresError, *_LOST) as error:
            raise self.translated(error) from error

    async def borrow(self) -> Any:  # noqa: ANN401  asyncpg's pooled proxy
        """Take a connection out of the pool."""
        if self.pool is None:
            raise DatabaseError("The database is not open. Use it inside open_database(settings).")
        try:
            return await self.pool.acquire()
        except (asyncpg.PostgresError, *_LOST) as error:
            raise self.translated(error) from error

    async def give_back(self, connection: Any) -> None:  # noqa: ANN401  asyncpg's pooled proxy
        """Return a connection; a broken one is thrown away by the pool."""
        if self.pool is not None:
            await self.pool.release(connection)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:  # noqa: ANN401
        """Run one composed statement."""
        try:
            return await super().run_querystring(querystring, in_pool)
        except (asyncpg.PostgresError, *_LOST) as error:
            raise self.translated(error) from error

    async def _run_in_new_connection(self, query: str, args: Sequence[Any] | None = None) -> Any:  # noqa: ANN401  Piccolo's own
        del query, args
        raise DatabaseError("The database is not open. Use it inside open_database(settings).")

    def transaction(self, allow_nested: bool = True) -> PostgresTransaction:
        """Begin a transaction."""
        return TurnBackTransaction(engine=self, allow_nested=allow_nested)
