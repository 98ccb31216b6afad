"""Papers and ballots without order or time, unique pairs, and a ledger that cannot be changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from backend.db.sql import SQLITE
from backend.db.tables import bound_engine

ID = "0002-ballots"
VERSION = "1.38.0"
DESCRIPTION = "Papers, ballots, unique pairs, append-only ledger"

# Nothing but what is needed to count: no time, no serial number, no address. On SQLite WITHOUT
# ROWID, since a rowid would keep the order in which people answered.
_PAPER = """
CREATE TABLE paper (
    digest {bytes} PRIMARY KEY NOT NULL,
    wave {text} NOT NULL,
    cell {text} NOT NULL
){tail}
"""
_BALLOT = """
CREATE TABLE ballot (
    wave {text} NOT NULL,
    nullifier {bytes} NOT NULL,
    cell {text} NOT NULL,
    answers {bytes} NOT NULL,
    attempt {bytes} NOT NULL,
    PRIMARY KEY (wave, nullifier)
){tail}
"""
_UNIQUE = (
    "CREATE UNIQUE INDEX wave_number ON wave (rollout, number)",
    "CREATE UNIQUE INDEX wave_open ON wave (rollout) WHERE state = 'open'",
    "CREATE UNIQUE INDEX signature_once ON signature (rollout, role, agreement_hash)",
    "CREATE UNIQUE INDEX briefing_once ON briefing (wave, audience, language)",
    "CREATE UNIQUE INDEX release_position ON release (rollout, position)",
)
_REFUSAL = "releases are append-only: a release is never changed or deleted"
_LEDGER_SQLITE = (
    (
        f"CREATE TRIGGER release_no_update BEFORE UPDATE ON release "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    ),
    (
        f"CREATE TRIGGER release_no_delete BEFORE DELETE ON release "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    ),
)
_LEDGER_POSTGRES = (
    (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    ),
    (
        "CREATE TRIGGER release_no_change BEFORE UPDATE OR DELETE ON release "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    ),
    (
        "CREATE TRIGGER release_no_truncate BEFORE TRUNCATE ON release "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    ),
)


async def _run() -> None:
    engine = bound_engine()
    sqlite = engine.engine_type == SQLITE
    types = {
        "bytes": "BLOB" if sqlite else "BYTEA",
        "text": "TEXT",
        "tail": " WITHOUT ROWID" if sqlite else "",
    }
    statements = (
        _PAPER.format(**types),
        _BALLOT.format(**types),
        *_UNIQUE,
        *(_LEDGER_SQLITE if sqlite else _LEDGER_POSTGRES),
    )
    for statement in statements:
        await engine.run_ddl(statement)


async def forwards() -> MigrationManager:
    """Create papers, ballots, unique indexes and the ledger's triggers."""
    manager = MigrationManager(migration_id=ID, app_name="canvass", description=DESCRIPTION)
    manager.add_raw(_run)
    return manager
