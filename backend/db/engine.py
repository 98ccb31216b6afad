"""Open the database named in the settings: right engine, tables bound, schema up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from backend.db.migrate import migrate
from backend.db.postgres import PooledPostgresEngine
from backend.db.postgres_rules import check_server
from backend.db.sqlite import PooledSQLiteEngine
from backend.db.tables import bind_tables
from backend.settings import Settings

CanvassEngine = PooledSQLiteEngine | PooledPostgresEngine

_SQLITE_PREFIX = "sqlite:///"


def make_engine(settings: Settings) -> CanvassEngine:
    """Make the engine for the settings, without touching the database yet."""
    if settings.database.startswith(_SQLITE_PREFIX):
        return PooledSQLiteEngine(Path(settings.database.removeprefix(_SQLITE_PREFIX)))
    return PooledPostgresEngine(settings.database)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[CanvassEngine]:
    """Open, check and migrate the database; close it at the end."""
    engine = make_engine(settings)
    await engine.start_connection_pool()
    try:
        bind_tables(engine)
        if isinstance(engine, PooledPostgresEngine):
            await check_server(engine)
        await migrate(engine)
        yield engine
    finally:
        await engine.close_connection_pool()


__all__ = [
    "CanvassEngine",
    "PooledPostgresEngine",
    "PooledSQLiteEngine",
    "make_engine",
    "open_database",
]
