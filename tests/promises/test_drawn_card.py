"""Promise: you draw your card yourself, and there is no list of who has which card."""

import re
from collections.abc import Mapping
from hashlib import sha256

from backend.ballots.papers import find_paper, issue_cards
from backend.db.engine import CanvassEngine, PooledSQLiteEngine
from backend.db.sql import run
from backend.store.accounts import Role, create_account
from tests.backend.builders import an_open_wave

# A card is known by its digest, a ballot by its nullifier; both belong to a wave and a cell.
PAPER = {"digest", "wave", "cell"}
BALLOT = {"nullifier", "wave", "cell", "answers", "attempt"}
CARDS = {"digest", "nullifier", "attempt", "paper", "card", "code", "ballot"}
PEOPLE = re.compile(r"(^|_)(person|people|employee|account|user|email|name|member|staff)(_|$)")


async def tables_of(engine: CanvassEngine) -> dict[str, set[str]]:
    """Read every table and its columns from the database itself."""
    if isinstance(engine, PooledSQLiteEngine):
        rows = await run(
            "SELECT m.name AS name, c.name AS field FROM sqlite_master AS m "
            "JOIN pragma_table_info(m.name) AS c WHERE m.type IN ('table', 'view')"
        )
    else:
        rows = await run(
            "SELECT table_name AS name, column_name AS field FROM information_schema.columns "
            "WHERE table_schema = current_schema()"
        )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["name"], set()).add(row["field"])
    return found


def joining(tables: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """List the tables that know both a card or ballot and a person."""
    return {
        name: columns
        for name, columns in tables.items()
        if columns & CARDS and any(PEOPLE.search(column) for column in columns)
    }


async def test_no_table_joins_a_card_to_a_person(database: CanvassEngine) -> None:
    """No table has a column for a card or ballot beside one for a person or an account."""
    tables = await tables_of(database)
    assert {"paper", "ballot", "account", "wave"} <= tables.keys(), "the search itself must work"
    assert (tables["paper"], tables["ballot"]) == (PAPER, BALLOT)
    # Sign-ins of the office have a digest too: that of the session, and no ballot knows it.
    assert joining(tables).keys() <= {"staff_session"}
    assert joining(tables | {"drawn": {"digest", "employee"}}).keys() >= {"drawn"}


async def test_no_key_leads_from_a_card_to_anything(database: CanvassEngine) -> None:
    """No table refers to papers or ballots, and they refer to none but their wave."""
    if isinstance(database, PooledSQLiteEngine):
        rows = await run(
            'SELECT m.name AS name, f."table" AS target FROM sqlite_master AS m '
            "JOIN pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'"
        )
    else:
        rows = await run(
            "SELECT conrelid::regclass::text AS name, confrelid::regclass::text AS target "
            "FROM pg_constraint WHERE contype = 'f'"
        )
    links = {(row["name"], row["target"]) for row in rows}
    assert not {(a, b) for a, b in links if b in {"paper", "ballot"}}
    assert {b for a, b in links if a in {"paper", "ballot"}} <= {"wave"}


async def test_codes_are_kept_as_digests_only(database: CanvassEngine) -> None:
    """No code stands in any table, in any spelling; only the card itself leads to its paper."""
    wave = await an_open_wave()
    await create_account("hr@city.example", "Hannah Reyes", Role.HR, "correct horse battery")
    codes = (await issue_cards(wave, {"parks": 12}))["parks"]
    stored = {
        name: repr(await run(f'SELECT * FROM "{name}"'))  # noqa: S608  names from the database
        for name in await tables_of(database)
        if not name.startswith("pg_")
    }
    assert "Hannah Reyes" in stored["account"], "the search itself must work"
    for code in codes:
        for spelling in (code, code.lower(), code.replace("-", ""), code.replace("-", "").lower()):
            assert not [name for name, text in stored.items() if spelling in text]
    assert all([await find_paper(code) is not None for code in codes])


async def test_cards_come_in_no_order_of_what_is_stored(database: CanvassEngine) -> None:
    """The pile is dealt in an order that neither digests nor the letters of the codes give."""
    assert database is not None
    wave = await an_open_wave()
    codes = (await issue_cards(wave, {"parks": 60}))["parks"]
    digests = [
        sha256(b"canvass paper\0" + code.replace("-", "").encode()).digest() for code in codes
    ]
    kept = [bytes(row["digest"]) for row in await run("SELECT digest FROM paper")]
    nullifiers = []
    for code in codes:
        paper = await find_paper(code)
        assert paper is not None
        nullifiers.append(paper.nullifier)
    assert kept == sorted(digests)
    for order in (digests, nullifiers, list(codes)):
        assert len(set(order)) == 60
        assert order not in (sorted(order), sorted(order, reverse=True))
