"""What a database keeps although it was told to forget: order, and bytes of deleted rows."""

from backend.db.sql import SQLITE, run
from backend.db.sqlite import PooledSQLiteEngine
from backend.db.tables import AnyEngine

_REWRITE_SQLITE = (
    # In memory (PRAGMA temp_store), so that no other file ever holds a ballot.
    "CREATE TEMP TABLE taken AS SELECT * FROM ballot WHERE wave = {}",
    "DELETE FROM ballot WHERE wave = {}",
    "INSERT INTO ballot SELECT * FROM taken ORDER BY nullifier",
    "DROP TABLE taken",
)
_REWRITE_POSTGRES = (
    (
        "WITH taken AS (DELETE FROM ballot WHERE wave = {} RETURNING *) "
        "INSERT INTO ballot SELECT * FROM taken ORDER BY nullifier"
    ),
)


async def forget_order(engine: AnyEngine, wave_id: str) -> None:
    """Write a closed wave's ballots anew, in the order of their nullifiers; needs a transaction.

    Otherwise the files keep the order in which people answered: PostgreSQL fills its pages as rows
    come and numbers the transactions, and SQLite fills each page from its end as rows come,
    whatever their key.
    """
    statements = _REWRITE_SQLITE if engine.engine_type == SQLITE else _REWRITE_POSTGRES
    for statement in statements:
        arguments = [wave_id] * statement.count("{}")
        await run(statement, *arguments, engine=engine)


async def write_back(engine: AnyEngine) -> bool:
    """Empty SQLite's write-ahead log, or PostgreSQL's dead rows; False if a reader hindered it."""
    if isinstance(engine, PooledSQLiteEngine):
        return await engine.checkpoint()
    await run("VACUUM ballot", engine=engine)
    await run("VACUUM paper", engine=engine)
    return True


async def overwrite(engine: AnyEngine) -> bool:
    """Leave no byte of deleted ballots, papers and counts in the files; False if hindered.

    SQLite has overwritten them with zeros (secure_delete), so its log is what remains to be
    emptied. PostgreSQL writes the tables into new files and deletes the old ones.
    """
    if isinstance(engine, PooledSQLiteEngine):
        return await engine.checkpoint()
    for table in ("ballot", "paper", "turnout", "wave_counts"):
        await run(f"VACUUM (FULL) {table}", engine=engine)
    return True
