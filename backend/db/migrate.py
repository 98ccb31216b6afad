"""Bring a database up to this version: silently, completely or not at all."""

import contextlib
import importlib
import io
import os
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

from backend.db import migrations, piccolo_conf
from backend.db.piccolo_app import APP_NAME
from backend.db.sql import SQLITE, run
from backend.db.tables import AnyEngine
from backend.errors import DatabaseTooNewError

# Any number, the same in every process: two that start at once must not both migrate.
_LOCK = 20250614


def known_migrations() -> dict[str, ModuleType]:
    """Every migration of this version by id, oldest first."""
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    modules = [importlib.import_module(f"{migrations.__name__}.{name}") for name in names]
    return {str(module.ID): module for module in modules}


async def migrate(engine: AnyEngine) -> list[str]:
    """Run what has not run yet, in one transaction, and give the ids that ran."""
    known = known_migrations()
    async with engine.transaction():
        if engine.engine_type != SQLITE:
            await run("SELECT pg_advisory_xact_lock({})", _LOCK, engine=engine)
        done = await _already_run()
        newer = sorted(set(done) - set(known))
        if newer:
            raise DatabaseTooNewError(
                f"The database was last used by a newer Canvass (it has the change {newer[-1]!r}, "
                f"this version ends at {max(known)!r}). Install that version or a later one, or "
                "restore a backup made with this one. Nothing was changed."
            )
        missing = [id_ for id_ in known if id_ not in done]
        with _piccolo_uses(engine):
            for id_ in missing:
                await _run_one(id_, known[id_])
    return missing


async def _already_run() -> list[str]:
    if not await Migration.table_exists():
        await Migration.create_table()
    return await Migration.get_migrations_which_ran(app_name=APP_NAME)


async def _run_one(id_: str, module: ModuleType) -> None:
    manager: Any = await module.forwards()
    if isinstance(manager, MigrationManager):
        # Piccolo prints its progress; the caller decides what a person should read.
        with contextlib.redirect_stdout(io.StringIO()):
            await manager.run()
    await Migration.insert(Migration(name=id_, app_name=APP_NAME))


@contextlib.contextmanager
def _piccolo_uses(engine: AnyEngine) -> Iterator[None]:
    """Let Piccolo's migration code find this engine: it looks only where this variable points."""
    before = os.environ.get("PICCOLO_CONF")
    os.environ["PICCOLO_CONF"] = piccolo_conf.__name__
    piccolo_conf.DB = engine
    try:
        yield
    finally:
        piccolo_conf.DB = None
        if before is None:
            del os.environ["PICCOLO_CONF"]
        else:
            os.environ["PICCOLO_CONF"] = before
