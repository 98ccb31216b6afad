"""Opening a database: the right settings on every connection, and clear words when it fails."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from backend.db.engine import CanvassEngine, PooledSQLiteEngine, make_engine, open_database
from backend.db.sql import run
from backend.errors import (
    DatabaseDamagedError,
    DatabaseError,
    DatabaseFullError,
    DatabaseReadOnlyError,
    DatabaseSetupError,
    DatabaseTooNewError,
    DatabaseUnreachableError,
)
from backend.settings import Settings
from tests import databases

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
    "cell_size_check": 1,
    "busy_timeout": 10000,
}


async def test_every_sqlite_connection_keeps_the_promises(sqlite: CanvassEngine) -> None:
    """Each pooled connection is durable, overwrites what it deletes, and trusts no schema."""
    assert isinstance(sqlite, PooledSQLiteEngine)
    connections = [await sqlite.get_connection() for _ in range(sqlite.pool_size)]
    for connection in connections:
        found = {}
        for name in PRAGMAS:
            (row,) = await connection.execute(f"PRAGMA {name}")
            found[name] = next(iter(row.values()))
        assert found == PRAGMAS
        sqlite.give_back(connection)


async def test_the_file_is_private(tmp_path: Path) -> None:
    """Nobody but the owner may read the database file or its log."""
    file = tmp_path / "new" / "canvass.sqlite"
    async with open_database(databases.sqlite_settings(file)):
        for path in (file, file.with_name(file.name + "-wal")):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_using_a_closed_database_says_so(sqlite_settings: Settings) -> None:
    """A query outside open_database is an error with clear text, not a new file."""
    async with open_database(sqlite_settings):
        pass
    with pytest.raises(DatabaseError, match="not open"):
        await run("SELECT 1")


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Another kind of file is never overwritten."""
    file = tmp_path / "letter.txt"
    file.write_text("Dear colleague, " * 100)
    with pytest.raises(DatabaseDamagedError, match=r"letter\.txt.*CANVASS_DATABASE"):
        await databases.migrate_once(databases.sqlite_settings(file))
    assert file.read_text().startswith("Dear colleague")


async def test_a_directory_that_cannot_exist_is_named(tmp_path: Path) -> None:
    """If the directory cannot be made, the message names it and the setting."""
    (tmp_path / "file").write_text("")
    settings = databases.sqlite_settings(tmp_path / "file" / "canvass.sqlite")
    with pytest.raises(DatabaseReadOnlyError, match="CANVASS_DATABASE"):
        await databases.migrate_once(settings)


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="needs root")
async def test_a_read_only_disk_is_named(sqlite_template: Path, tmp_path: Path) -> None:
    """On a read-only disk the message says what to change, and nothing is written."""
    with databases.small_disk(tmp_path / "disk") as disk:
        shutil.copy(sqlite_template, disk / "canvass.sqlite")
        databases.remount(disk, "ro")
        with pytest.raises(DatabaseReadOnlyError, match="write permission"):
            await databases.migrate_once(databases.sqlite_settings(disk / "canvass.sqlite"))


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="needs root")
async def test_a_full_disk_refuses_and_recovers(sqlite_template: Path, tmp_path: Path) -> None:
    """With no room left nothing is half-written; with room again, it works without a restart."""
    with databases.small_disk(tmp_path / "disk", "2m") as disk:
        shutil.copy(sqlite_template, disk / "canvass.sqlite")
        async with open_database(databases.sqlite_settings(disk / "canvass.sqlite")) as engine:
            with pytest.raises(DatabaseFullError, match="disk is full"):
                await _fill(engine)
            kept = await run("SELECT COUNT(*) AS n FROM rollout")
            databases.remount(disk, "size=16m")
            await run("INSERT INTO rollout (id, document) VALUES ('after', '{{}}')")
            (row,) = await run("SELECT COUNT(*) AS n FROM rollout")
            assert row["n"] == kept[0]["n"] + 1
            assert await run("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


async def _fill(engine: CanvassEngine) -> None:
    for number in range(1000):
        async with engine.transaction():
            await run("INSERT INTO rollout VALUES ({}, {})", f"r{number}", "x" * 20_000)


async def test_a_database_from_a_newer_canvass_is_left_alone(database_settings: Settings) -> None:
    """A change this version does not know stops it before it touches anything."""
    async with open_database(database_settings):
        await run("INSERT INTO migration (name, app_name) VALUES ('9999-future', 'canvass')")
    try:
        with pytest.raises(DatabaseTooNewError, match=r"newer Canvass.*9999-future"):
            await databases.migrate_once(database_settings)
    finally:
        engine = make_engine(database_settings)
        await engine.start_connection_pool()
        await run("DELETE FROM migration WHERE name = '9999-future'", engine=engine)
        await engine.close_connection_pool()


async def test_an_unreachable_server_says_what_to_check(tmp_path: Path) -> None:
    """A PostgreSQL that does not answer is named by host and port, without the password."""
    settings = databases.settings_for("postgresql://canvass:secret@127.0.0.1:1/canvass", tmp_path)
    with pytest.raises(DatabaseUnreachableError, match=r"127\.0\.0\.1, port 1.*firewall") as caught:
        await databases.migrate_once(settings)
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
async def test_a_missing_database_is_named(cluster: databases.Cluster, tmp_path: Path) -> None:
    """A database that was never created is named, with the command that makes it."""
    settings = databases.settings_for(cluster.address("nowhere"), tmp_path)
    with pytest.raises(DatabaseUnreachableError, match=r"nowhere.*createdb"):
        await databases.migrate_once(settings)


@pytest.mark.postgres
async def test_a_server_that_breaks_promises_is_refused(
    cluster: databases.Cluster, postgres_settings: Settings
) -> None:
    """A server that logs ballots is refused, with the line to change."""
    await databases.execute(cluster, "ALTER DATABASE canvass SET log_min_duration_statement = 0")
    try:
        with pytest.raises(DatabaseSetupError, match="log_min_duration_statement is 0, must be -1"):
            await databases.migrate_once(postgres_settings)
    finally:
        await databases.execute(cluster, "ALTER DATABASE canvass RESET ALL")


def _shipped_options() -> list[str]:
    file = Path(__file__).parents[3] / "deploy" / "postgresql.conf"
    lines = [line.partition("#")[0] for line in file.read_text(encoding="utf-8").splitlines()]
    return [line.replace(" ", "") for line in lines if line.strip()]


@pytest.mark.postgres
async def test_the_shipped_server_settings_are_accepted(
    cluster: databases.Cluster, tmp_path: Path
) -> None:
    """A server with the lines of deploy/postgresql.conf starts, and Canvass accepts it."""
    with databases.running_cluster(_shipped_options()) as server:
        settings = databases.settings_for(server.address(), tmp_path)
        await databases.migrate_once(settings)
    assert cluster.port != server.port


def test_importing_opens_nothing(tmp_path: Path) -> None:
    """Importing the whole database layer touches no file and reads no environment."""
    code = "import backend.db.engine, backend.ballots.count, backend.store.releases"
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (0, b"", [])
