"""Look for bytes in every file a database has written."""

from collections.abc import Iterator
from pathlib import Path

from backend.db.engine import CanvassEngine, PooledSQLiteEngine
from backend.db.sql import run


async def written_bytes(engine: CanvassEngine, *, tables_only: bool = False) -> list[bytes]:
    """Give the content of every file of the database: data, write-ahead log, server log."""
    if isinstance(engine, PooledSQLiteEngine):
        return [path.read_bytes() for path in engine.file.parent.glob(f"{engine.file.name}*")]
    await run("CHECKPOINT")
    (row,) = await run("SHOW data_directory")
    data = Path(row["data_directory"])
    folder = data / "base" if tables_only else data.parent
    return list(_readable(folder))


def _readable(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file():
            try:
                yield path.read_bytes()
            except FileNotFoundError:
                # The server removes files at its own time.
                continue


def occurrences(needle: bytes, files: list[bytes]) -> int:
    """Count how often the bytes stand in the files."""
    return sum(content.count(needle) for content in files)
