"""Plain SQL that runs on both engines, for what Piccolo's tables must not or cannot say."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from piccolo.querystring import QueryString

from backend.db.connection import Row
from backend.db.tables import AnyEngine, bound_engine

SQLITE = "sqlite"


async def run(template: str, *arguments: object, engine: AnyEngine | None = None) -> list[Row]:
    """Run one statement with ``{}`` for each argument and give its rows."""
    used = engine or bound_engine()
    rows = await used.run_querystring(QueryString(template, *arguments))
    return used.transform_response_to_dicts(rows)


async def run_rows(
    engine: AnyEngine,
    template: str,
    rows: Sequence[Sequence[object]],
    *,
    first: Sequence[object] = (),
) -> list[Row]:
    """Run one statement whose ``%s`` is a list of rows, inside the current transaction.

    Arguments in ``first`` belong to placeholders that stand before the list. Piccolo would parse a
    thousand placeholders anew for each batch; this text is made once per size.
    """
    sqlite = engine.engine_type == SQLITE
    head = template.replace("{}", "?") if sqlite else _numbered(template)
    text = head.replace("%s", _marks(sqlite, len(rows), len(rows[0]), len(first)))
    values = [*first, *(value for row in rows for value in row)]
    transaction = cast("Any", engine.current_transaction.get())
    if sqlite:
        return cast("list[Row]", await transaction.connection.execute(text, values))
    return [dict(row) for row in await transaction.connection.fetch(text, *values)]


def _numbered(template: str) -> str:
    pieces = template.split("{}")
    return "".join(
        piece + (f"${number}" if number < len(pieces) else "")
        for number, piece in enumerate(pieces, 1)
    )


@lru_cache(maxsize=1024)
def _marks(sqlite: bool, rows: int, columns: int, before: int) -> str:
    if sqlite:
        return ", ".join(["(" + ", ".join("?" * columns) + ")"] * rows)
    numbers = iter(range(before + 1, before + rows * columns + 1))
    return ", ".join(
        "(" + ", ".join(f"${next(numbers)}" for _ in range(columns)) + ")" for _ in range(rows)
    )
