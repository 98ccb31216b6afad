"""Every table that Piccolo knows. Papers and ballots are not among them, on purpose.

Piccolo gives each table a serial key, and SQLite gives each table a hidden rowid: both record the
order in which people answered. Papers and ballots are made by raw SQL in a migration instead.
"""

from typing import Any

from piccolo.apps.migrations.tables import Migration
from piccolo.columns import (
    Boolean,
    Bytea,
    Date,
    Integer,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.engine.base import Engine
from piccolo.table import Table

AnyEngine = Engine[Any]


class RolloutTable(Table, tablename="rollout"):
    """One rollout: plan, unit tree and agreement as one JSON document."""

    id = Varchar(length=80, primary_key=True)
    document = Text()


class SignatureTable(Table, tablename="signature"):
    """Who agreed to which state of a rollout's terms, for which side."""

    id = Serial(primary_key=True)
    rollout = Varchar(length=80, index=True)
    role = Varchar(length=20)
    name = Varchar(length=200)
    agreement_hash = Varchar(length=64)


class InstrumentTable(Table, tablename="instrument"):
    """Every instrument a wave was planned with, by its content hash."""

    content_hash = Varchar(length=64, primary_key=True)
    document = Text()


class WaveTable(Table, tablename="wave"):
    """One wave, its state, and all it runs under as that stood when the wave opened."""

    id = Varchar(length=100, primary_key=True)
    rollout = Varchar(length=80, index=True)
    number = Integer()
    name = Varchar(length=200)
    form = Varchar(length=80)
    opens_on = Date()
    closes_on = Date()
    state = Varchar(length=20)
    instrument_hash = Varchar(length=64)
    agreement_hash = Varchar(length=64)
    # The cells as JSON: later changes of the unit tree never move a ballot.
    frame = Text()
    # The rollout as JSON: what both sides had signed, with the hash above.
    terms = Text()
    opened_on = Date(null=True, default=None)
    closed_on = Date(null=True, default=None)
    released_on = Date(null=True, default=None)
    shredded = Boolean(default=False)


class WaveCountsTable(Table, tablename="wave_counts"):
    """What remains of a wave's ballots: Counts and Pairs."""

    wave = Varchar(length=100, primary_key=True)
    spoilt = Integer()
    counts = Bytea()
    pairs = Bytea()


class TurnoutTable(Table, tablename="turnout"):
    """The participation shown while a wave is under way, with the day it is of."""

    wave = Varchar(length=100, primary_key=True)
    day = Date()
    document = Text()


class ReleaseTable(Table, tablename="release"):
    """The ledger: one release per wave, chained by hash, never changed."""

    wave = Varchar(length=100, primary_key=True)
    rollout = Varchar(length=80, index=True)
    position = Integer()
    hash = Varchar(length=64)
    previous_hash = Varchar(length=64, null=True, default=None)
    document = Bytea()


class BriefingTable(Table, tablename="briefing"):
    """A rendered briefing of a release."""

    id = Serial(primary_key=True)
    wave = Varchar(length=100)
    audience = Varchar(length=20)
    language = Varchar(length=20)
    pdf = Bytea()


class AccountTable(Table, tablename="account"):
    """Someone who may sign in to the office; employees have no account."""

    id = Serial(primary_key=True)
    email = Varchar(length=320, unique=True)
    name = Varchar(length=200)
    role = Varchar(length=20)
    password_hash = Varchar(length=300)
    disabled = Boolean(default=False)


class StaffSessionTable(Table, tablename="staff_session"):
    """A signed-in browser of the office, by the hash of its id."""

    digest = Varchar(length=64, primary_key=True)
    account = Integer(index=True)
    csrf = Varchar(length=64)
    started_at = Timestamptz()
    seen_at = Timestamptz()


class JobTable(Table, tablename="job"):
    """Work to be done once, later, by whichever worker takes the lease."""

    id = Serial(primary_key=True)
    kind = Varchar(length=40)
    payload = Text()
    run_at = Timestamptz()
    lease_until = Timestamptz()
    attempts = Integer(default=0)
    done_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    last_error = Text(null=True, default=None)
    dedupe = Varchar(length=200, null=True, default=None, unique=True)


TABLES: tuple[type[Table], ...] = (
    RolloutTable,
    SignatureTable,
    InstrumentTable,
    WaveTable,
    WaveCountsTable,
    TurnoutTable,
    ReleaseTable,
    BriefingTable,
    AccountTable,
    StaffSessionTable,
    JobTable,
)


def bind_tables(engine: AnyEngine) -> None:
    """Let every table speak to this engine."""
    bound: tuple[type[Table], ...] = (*TABLES, Migration)
    for table in bound:
        table._meta.db = engine


def bound_engine() -> AnyEngine:
    """Give the engine the tables are bound to."""
    return RolloutTable._meta.db
