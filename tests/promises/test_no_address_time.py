"""Promise: we write down neither your address, nor your device, nor when you answered."""

import re
import secrets
from datetime import date, datetime

import pytest

from backend.ballots.box import BallotBox
from backend.ballots.papers import find_paper, issue_cards
from backend.db.engine import CanvassEngine, PooledPostgresEngine, PooledSQLiteEngine
from backend.db.sql import run
from backend.db.tables import TABLES
from backend.errors import DatabaseError
from backend.store.waves import close_wave
from tests.backend.builders import LAST_DAY, an_open_wave
from tests.promises.files import occurrences, written_bytes

PAPER = {"digest": bytes, "wave": str, "cell": str}
BALLOT = {"wave": str, "nullifier": bytes, "cell": str, "answers": bytes, "attempt": bytes}
TRACES = re.compile(r"(^|_)(ip|addr|address|agent|device|browser|phone|host|referr?er)($|_)")


async def _cast_by_card(engine: CanvassEngine, number: int) -> list[str]:
    """Cast that many ballots and give the codes and attempts that were used."""
    wave = await an_open_wave()
    secrets_used = []
    box = BallotBox(engine)
    await box.start()
    for code in (await issue_cards(wave, {"parks": number}))["parks"]:
        attempt = secrets.token_hex(16)
        paper = await find_paper(code.lower())
        assert paper is not None
        await box.cast(paper, b"\x01\x02\x03", attempt)
        secrets_used += [code, code.replace("-", ""), attempt]
    await box.stop()
    return secrets_used


async def test_papers_and_ballots_have_no_other_columns(database: CanvassEngine) -> None:
    """A stored paper or ballot has exactly these fields: no time, no number, no address."""
    await _cast_by_card(database, 3)
    for table, columns in (("paper", PAPER), ("ballot", BALLOT)):
        rows = await run(f"SELECT * FROM {table}")  # noqa: S608  one of two names above
        assert len(rows) == 3
        for row in rows:
            assert {name: type(value) for name, value in row.items()} == columns


async def test_sqlite_keeps_no_hidden_number(sqlite: CanvassEngine) -> None:
    """SQLite's hidden row number, which counts arrivals, does not exist for papers and ballots."""
    assert isinstance(sqlite, PooledSQLiteEngine)
    for table in ("paper", "ballot"):
        with pytest.raises(DatabaseError, match="no such column: rowid"):
            await run(f"SELECT rowid FROM {table}")  # noqa: S608  one of two names above


@pytest.mark.postgres
async def test_postgres_fills_in_nothing(postgres: CanvassEngine) -> None:
    """PostgreSQL adds no default, serial number or trigger to papers and ballots."""
    assert isinstance(postgres, PooledPostgresEngine)
    defaults = await run(
        "SELECT column_name FROM information_schema.columns WHERE table_name IN "
        "('paper', 'ballot') AND (column_default IS NOT NULL OR is_identity = 'YES')"
    )
    triggers = await run(
        "SELECT tgname FROM pg_trigger WHERE tgrelid IN ('paper'::regclass, 'ballot'::regclass)"
    )
    assert (defaults, triggers) == ([], [])


def test_no_table_has_a_place_for_traces() -> None:
    """Nowhere in the database is there a column for an address or a device."""
    names = {column._meta.name for table in TABLES for column in table._meta.columns}
    assert not {name for name in names if TRACES.search(name)}


def test_waves_know_days_only() -> None:
    """A wave opens and closes on days; only staff sessions and jobs have a time of day."""
    timed = {
        table._meta.tablename
        for table in TABLES
        for column in table._meta.columns
        if column.value_type is datetime
    }
    assert timed == {"staff_session", "job"}
    assert issubclass(datetime, date)


async def test_no_code_reaches_a_file(database: CanvassEngine) -> None:
    """Neither codes nor attempts stand in data files, write-ahead log or server log."""
    used = await _cast_by_card(database, 20)
    for moment in ("while the wave is open", "after it is closed"):
        files = await written_bytes(database)
        assert occurrences(b"parks", files) > 0, "the search itself must work"
        found = [text for text in used if occurrences(text.encode(), files)]
        assert found == [], moment
        if moment.startswith("while"):
            await close_wave("gps-1", LAST_DAY)
