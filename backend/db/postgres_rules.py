"""Server settings under which a PostgreSQL would break a promise to employees."""

from collections.abc import Callable, Mapping

from backend.db.postgres import PooledPostgresEngine
from backend.db.sql import run
from backend.errors import DatabaseSetupError


def _is_off(value: str) -> bool:
    return value == "off"


def _is_on(value: str) -> bool:
    return value == "on"


def _is_never(value: str) -> bool:
    return value == "-1"


def _is_zero(value: str) -> bool:
    return float(value) == 0.0


# Name -> (test of the value, value to set, what would go wrong).
_RULES: Mapping[str, tuple[Callable[[str], bool], str, str]] = {
    "log_statement": (
        lambda value: value in {"none", "ddl"},
        "none",
        "the server log would hold each ballot with its time",
    ),
    "log_min_duration_statement": (_is_never, "-1", "the log would hold slow ballots with time"),
    "log_min_duration_sample": (_is_never, "-1", "the log would hold some ballots with their time"),
    "log_transaction_sample_rate": (_is_zero, "0", "the log would hold some ballots with time"),
    "log_parameter_max_length_on_error": (_is_zero, "0", "an error would log a ballot's content"),
    "track_commit_timestamp": (_is_off, "off", "the time of each ballot would be stored"),
    "fsync": (_is_on, "on", "a ballot that was confirmed could be lost in a power cut"),
    "full_page_writes": (_is_on, "on", "a power cut could damage ballots"),
}


async def check_server(engine: PooledPostgresEngine) -> None:
    """Refuse a server that would log ballots, time them, or lose them in a power cut."""
    rows = await run(
        "SELECT name, setting FROM pg_settings WHERE name = ANY({})", list(_RULES), engine=engine
    )
    wrong = [
        f"{name} is {value}, must be {_RULES[name][1]}: {_RULES[name][2]}"
        for name, value in sorted((row["name"], row["setting"]) for row in rows)
        if not _RULES[name][0](value)
    ]
    if wrong:
        raise DatabaseSetupError(
            f"PostgreSQL at {engine.place} is set up in a way that breaks a promise to employees:\n"
            + "\n".join(f"- {line}" for line in wrong)
            + "\nUse the lines of deploy/postgresql.conf, then reload or restart the server."
        )
