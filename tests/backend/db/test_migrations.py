"""Migrations: up on both engines, silent, equal to the tables, twice without harm."""

import asyncio
import os
from pathlib import Path

import pytest
from piccolo.apps.migrations.auto.schema_snapshot import SchemaSnapshot
from piccolo.table import create_db_tables

from backend.db import migrate, piccolo_conf
from backend.db.engine import CanvassEngine, PooledPostgresEngine, make_engine, open_database
from backend.db.sql import run
from backend.db.tables import TABLES, bind_tables
from backend.settings import Settings
from tests import databases

Columns = dict[str, dict[str, tuple[str, str]]]


async def _columns(engine: CanvassEngine) -> Columns:
    """Give type and nullability of every column of every table but Piccolo's own."""
    found: Columns = {}
    if isinstance(engine, PooledPostgresEngine):
        rows = await run(
            "SELECT table_name, column_name, data_type, is_nullable FROM "
            "information_schema.columns WHERE table_schema = current_schema()"
        )
        for row in rows:
            column = (row["data_type"], row["is_nullable"])
            found.setdefault(row["table_name"], {})[row["column_name"]] = column
        return found
    for table in await run("SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in await run("SELECT * FROM pragma_table_info({})", table["name"]):
            column = (row["type"], str(row["notnull"]))
            found.setdefault(table["name"], {})[row["name"]] = column
    return found


async def _created(settings: Settings) -> Columns:
    """Give the columns of the tables as their classes, not the migrations, create them."""
    engine = make_engine(settings)
    await engine.start_connection_pool()
    try:
        bind_tables(engine)
        await create_db_tables(*TABLES)
        return await _columns(engine)
    finally:
        await engine.close_connection_pool()


async def test_the_head_equals_the_tables_on_sqlite(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    """Creating every table from its class gives the columns that the migrations give."""
    created = await _created(databases.sqlite_settings(tmp_path / "created.sqlite"))
    async with open_database(sqlite_settings) as engine:
        migrated = await _columns(engine)
    for table in TABLES:
        assert created[table._meta.tablename] == migrated[table._meta.tablename]


@pytest.mark.postgres
async def test_the_head_equals_the_tables_on_postgres(
    cluster: databases.Cluster, postgres_settings: Settings, tmp_path: Path
) -> None:
    """The same holds for PostgreSQL."""
    async with databases.fresh_database(cluster, "created"):
        created = await _created(databases.settings_for(cluster.address("created"), tmp_path))
    async with open_database(postgres_settings) as engine:
        migrated = await _columns(engine)
    for table in TABLES:
        assert created[table._meta.tablename] == migrated[table._meta.tablename]


async def test_every_table_column_is_in_a_migration() -> None:
    """Piccolo's own snapshot of the migrations names the same tables and columns."""
    managers = [await module.forwards() for module in migrate.known_migrations().values()]
    snapshot = SchemaSnapshot(managers=managers).get_snapshot()
    migrated = {t.tablename: {c._meta.name for c in t.columns} for t in snapshot}
    declared = {t._meta.tablename: {c._meta.name for c in t._meta.columns} for t in TABLES}
    assert migrated == declared


async def test_migrating_twice_changes_nothing(database: CanvassEngine) -> None:
    """A database at the head is left as it is."""
    before = await _columns(database)
    assert await migrate.migrate(database) == []
    assert await _columns(database) == before


async def test_migrating_is_silent_and_leaves_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Opening a new database prints nothing and leaves no variable behind."""
    before = dict(os.environ)
    await databases.migrate_once(databases.sqlite_settings(tmp_path / "new.sqlite"))
    assert capsys.readouterr() == ("", "")
    assert dict(os.environ) == before
    assert piccolo_conf.DB is None


async def test_a_failing_migration_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the last step fails, the first ones are undone too."""
    settings = databases.sqlite_settings(tmp_path / "new.sqlite")
    last = list(migrate.known_migrations().values())[-1]
    monkeypatch.setattr(last, "_UNIQUE", ("CREATE NONSENSE",))
    with pytest.raises(Exception, match="syntax error"):
        await databases.migrate_once(settings)
    monkeypatch.undo()
    async with open_database(settings):
        assert await run("SELECT id FROM rollout") == []


async def test_data_survives_the_migrations(database: CanvassEngine) -> None:
    """What is stored before a repeated start is there after it."""
    await run("INSERT INTO instrument (content_hash, document) VALUES ('h', '[]')")
    await migrate.migrate(database)
    assert await run("SELECT content_hash FROM instrument") == [{"content_hash": "h"}]


@pytest.mark.postgres
async def test_two_servers_may_start_at_once(cluster: databases.Cluster, tmp_path: Path) -> None:
    """Of several processes that start on a new database, one migrates and the others wait."""
    async with databases.fresh_database(cluster, "startup"):
        settings = databases.settings_for(cluster.address("startup"), tmp_path)
        starts = [databases.migrate_elsewhere(settings) for _ in range(3)]
        assert await asyncio.gather(*starts) == [0, 0, 0]


async def test_two_commands_may_start_at_once(tmp_path: Path) -> None:
    """The same holds for SQLite, where a second command may run beside the server."""
    settings = databases.sqlite_settings(tmp_path / "new.sqlite")
    starts = [databases.migrate_elsewhere(settings) for _ in range(3)]
    assert await asyncio.gather(*starts) == [0, 0, 0]
