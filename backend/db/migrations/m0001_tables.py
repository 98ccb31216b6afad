"""The first tables: rollouts, waves, counts, releases, briefings, staff accounts and jobs."""

from collections.abc import Mapping
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import (
    Boolean,
    Bytea,
    Column,
    Date,
    Integer,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)

ID = "0001-tables"
VERSION = "1.38.0"
DESCRIPTION = "The first tables"

_Columns = Mapping[str, tuple[type[Column], dict[str, Any]]]
_HASH = (Varchar, {"length": 64})
_KEY = {"primary_key": True}
_EMPTY = {"null": True, "default": None}

_TABLES: Mapping[str, _Columns] = {
    "rollout": {
        "id": (Varchar, {"length": 80, **_KEY}),
        "document": (Text, {}),
    },
    "signature": {
        "id": (Serial, _KEY),
        "rollout": (Varchar, {"length": 80, "index": True}),
        "role": (Varchar, {"length": 20}),
        "name": (Varchar, {"length": 200}),
        "agreement_hash": _HASH,
    },
    "instrument": {
        "content_hash": (Varchar, {"length": 64, **_KEY}),
        "document": (Text, {}),
    },
    "wave": {
        "id": (Varchar, {"length": 100, **_KEY}),
        "rollout": (Varchar, {"length": 80, "index": True}),
        "number": (Integer, {}),
        "name": (Varchar, {"length": 200}),
        "form": (Varchar, {"length": 80}),
        "opens_on": (Date, {}),
        "closes_on": (Date, {}),
        "state": (Varchar, {"length": 20}),
        "instrument_hash": _HASH,
        "agreement_hash": _HASH,
        "frame": (Text, {}),
        "terms": (Text, {}),
        "opened_on": (Date, _EMPTY),
        "closed_on": (Date, _EMPTY),
        "released_on": (Date, _EMPTY),
        "shredded": (Boolean, {"default": False}),
    },
    "wave_counts": {
        "wave": (Varchar, {"length": 100, **_KEY}),
        "spoilt": (Integer, {}),
        "counts": (Bytea, {}),
        "pairs": (Bytea, {}),
    },
    "turnout": {
        "wave": (Varchar, {"length": 100, **_KEY}),
        "day": (Date, {}),
        "document": (Text, {}),
    },
    "release": {
        "wave": (Varchar, {"length": 100, **_KEY}),
        "rollout": (Varchar, {"length": 80, "index": True}),
        "position": (Integer, {}),
        "hash": _HASH,
        "previous_hash": (Varchar, {"length": 64, **_EMPTY}),
        "document": (Bytea, {}),
    },
    "briefing": {
        "id": (Serial, _KEY),
        "wave": (Varchar, {"length": 100}),
        "audience": (Varchar, {"length": 20}),
        "language": (Varchar, {"length": 20}),
        "pdf": (Bytea, {}),
    },
    "account": {
        "id": (Serial, _KEY),
        "email": (Varchar, {"length": 320, "unique": True}),
        "name": (Varchar, {"length": 200}),
        "role": (Varchar, {"length": 20}),
        "password_hash": (Varchar, {"length": 300}),
        "disabled": (Boolean, {"default": False}),
    },
    "staff_session": {
        "digest": (Varchar, {"length": 64, **_KEY}),
        "account": (Integer, {"index": True}),
        "csrf": _HASH,
        "started_at": (Timestamptz, {}),
        "seen_at": (Timestamptz, {}),
    },
    "job": {
        "id": (Serial, _KEY),
        "kind": (Varchar, {"length": 40}),
        "payload": (Text, {}),
        "run_at": (Timestamptz, {}),
        "lease_until": (Timestamptz, {}),
        "attempts": (Integer, {"default": 0}),
        "done_at": (Timestamptz, _EMPTY),
        "failed_at": (Timestamptz, _EMPTY),
        "last_error": (Text, _EMPTY),
        "dedupe": (Varchar, {"length": 200, **_EMPTY, "unique": True}),
    },
}


def _class_name(tablename: str) -> str:
    return "".join(word.title() for word in tablename.split("_")) + "Table"


async def forwards() -> MigrationManager:
    """Create the tables."""
    manager = MigrationManager(migration_id=ID, app_name="canvass", description=DESCRIPTION)
    for tablename, columns in _TABLES.items():
        manager.add_table(_class_name(tablename), tablename=tablename)
        for name, (column_class, params) in columns.items():
            manager.add_column(
                table_class_name=_class_name(tablename),
                tablename=tablename,
                column_name=name,
                column_class=column_class,
                params=dict(params),
            )
    return manager
