"""What a database keeps although it was told to forget: order, and bytes of deleted rows."""

from backend.db.sql import SQLITE, run
from backend.db.sqlite import PooledSQLiteEngine
from backend.db.tables import AnyEngine


async def forget_order(engine: AnyEngine, wave_id: str) -> None:
    """Write a closed wave's ballots anew, in the order of their nullifiers, in one transaction.

    PostgreSQL keeps rows in the order they came, with the number of the transaction that wrote
    them; afterwards all rows carry the same number. SQLite stores them in key order anyway.
    """
    if engine.engine_type == SQLITE:
        return
    await run(
        "WITH taken AS (DELETE FROM ballot WHERE wave = {} RETURNING *) "
        "INSERT INTO ballot SELECT * FROM taken ORDER BY nullifier",
        wave_id,
        engine=engine,
    )


async def write_back(engine: AnyEngine) -> bool:
    """Empty SQLite's write-ahead log, or PostgreSQL's dead rows; False if a reader hindered it."""
    if isinstance(engine, PooledSQLiteEngine):
        return await engine.checkpoint()
    await run("VACUUM ballot", engine=engine)
    await run("VACUUM paper", engine=engine)
    return True


async def overwrite(engine: AnyEngine) -> bool:
    """Leave no byte of deleted ballots and papers in the files; False if a reader hindered it.

    SQLite has overwritten them with zeros (secure_delete), so its log is what remains to be
    emptied. PostgreSQL writes both tables into new files and deletes the old ones.
    """
    if isinstance(engine, PooledSQLiteEngine):
        return await engine.checkpoint()
    await run("VACUUM (FULL) ballot", engine=engine)
    await run("VACUUM (FULL) paper", engine=engine)
    return True
