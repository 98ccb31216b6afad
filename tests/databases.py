"""Databases for tests: a copied SQLite file, or a PostgreSQL cluster that the tests start."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from backend.db.engine import open_database
from backend.settings import Settings

_INSTALLED = Path("/usr/lib/postgresql")
# The server refuses to run as root; these accounts exist on Debian.
_UNPRIVILEGED = ("postgres", "nobody")
_MEMORY = Path("/dev/shm")  # noqa: S108  fsync costs nothing there, so tests may keep it on
_TRUNCATE = """
SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'migration'
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL server that belongs to this test process."""

    port: int
    log: Path
    data: Path
    bin: Path

    def address(self, database: str = "canvass") -> str:
        """Give the address of one of its databases, as CANVASS_DATABASE takes it."""
        return f"postgresql://canvass@127.0.0.1:{self.port}/{database}"


def settings_for(database: str, data: Path) -> Settings:
    """Give settings with this database and nothing else of note."""
    return Settings(database=database, data=data)


def sqlite_settings(file: Path) -> Settings:
    """Give settings with a SQLite file."""
    return settings_for(f"sqlite:///{file}", file.parent)


async def migrate_once(settings: Settings) -> None:
    """Open and close a database, which brings its schema up to date."""
    async with open_database(settings):
        pass


def make_template(file: Path) -> Path:
    """Make an empty, migrated SQLite file to copy for each test."""
    with asyncio.Runner() as runner:
        runner.run(migrate_once(sqlite_settings(file)))
    return file


async def execute(cluster: Cluster, sql: str) -> None:
    """Run one statement as the server's owner."""
    connection = await asyncpg.connect(cluster.address())
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def empty(cluster: Cluster) -> None:
    """Delete every row of the cluster's database, the append-only ledger included."""
    connection = await asyncpg.connect(cluster.address())
    try:
        tables = await connection.fetchval(_TRUNCATE)
        if tables:
            await connection.execute(
                f"SET session_replication_role = replica; TRUNCATE {tables} RESTART IDENTITY"
            )
    finally:
        await connection.close()


def find_postgres() -> Path | None:
    """Give the directory with the newest PostgreSQL server programs, or None."""
    found = [path.parent for path in _INSTALLED.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    program = shutil.which("initdb")
    return Path(program).parent if program else None


@contextmanager
def running_cluster(options: Sequence[str] = (), on: Path | None = None) -> Iterator[Cluster]:
    """Start a PostgreSQL of our own on a free port, in memory or on a disk; stop it at the end."""
    binaries = find_postgres()
    assert binaries is not None, "ask find_postgres first"
    place = on or (_MEMORY if _MEMORY.is_dir() else None)
    base = Path(tempfile.mkdtemp(prefix="canvass-pg-", dir=place))
    _hand_over(base)
    port = _free_port()
    cluster = Cluster(port, base / "log", base / "data", binaries)
    try:
        _run(binaries / "initdb", "-D", cluster.data, "-U", "canvass", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync")  # fmt: skip
        start(cluster, options)
        try:
            _run(binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "canvass",
                 "canvass")  # fmt: skip
            yield cluster
        finally:
            stop(cluster)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def start(cluster: Cluster, options: Sequence[str] = ()) -> None:
    """Start the server and wait until it answers."""
    settings = [
        f"-p {cluster.port}",
        f"-k {cluster.data.parent}",
        "-c listen_addresses=127.0.0.1",
        "-c shared_buffers=16MB",
        *(f"-c {option}" for option in options),
    ]
    _run(cluster.bin / "pg_ctl", "-D", cluster.data, "-l", cluster.log, "-w", "-t", "60",
         "-o", " ".join(settings), "start")  # fmt: skip


def stop(cluster: Cluster, mode: str = "immediate") -> None:
    """Stop the server whose process id stands in its own data directory."""
    _run(cluster.bin / "pg_ctl", "-D", cluster.data, "-m", mode, "-w", "stop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


def _hand_over(directory: Path) -> None:
    user = _user()
    if user is not None:
        shutil.chown(directory, user)


def _run(program: Path, *arguments: str | Path) -> None:
    user = _user()
    prefix = [] if user is None else ["setpriv", f"--reuid={user}", "--clear-groups"]
    done = subprocess.run(
        [*prefix, str(program), *map(str, arguments)],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if program.name != "pg_ctl" else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if program.name != "pg_ctl" else subprocess.DEVNULL,
        cwd="/",
    )
    if done.returncode != 0:
        said = (done.stdout or b"").decode(errors="replace")
        raise RuntimeError(f"{program.name} failed with code {done.returncode}: {said}")


@contextmanager
def small_disk(at: Path, size: str = "8m") -> Iterator[Path]:
    """Mount a disk of that size, to fill it or make it read-only; needs root."""
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


def remount(disk: Path, option: str) -> None:
    """Change a mounted disk: ``ro``, or another size."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(disk)], check=True)


@asynccontextmanager
async def fresh_database(cluster: Cluster, name: str) -> AsyncIterator[None]:
    """Make an empty database without any table, and drop it at the end."""
    connection = await asyncpg.connect(cluster.address())
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


async def migrate_elsewhere(settings: Settings) -> int:
    """Open and close a database in a process of its own; gives its exit code."""
    code = (
        "import asyncio, sys; from pathlib import Path; from backend.settings import Settings; "
        "from tests.databases import migrate_once; "
        "asyncio.run(migrate_once(Settings(database=sys.argv[1], data=Path())))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, settings.database)
    return await process.wait()
