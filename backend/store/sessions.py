"""Signed-in browsers of the office: ids that only we make, of which only hashes are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.db.tables import StaffSessionTable, bound_engine
from backend.store.accounts import Account, find_account

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
# Writing the time of every click would be needless writing; a minute is exact enough for IDLE.
_TOUCH_AFTER = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser gets, once: the cookie's value and the form token."""

    token: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Session:
    """A valid session: who it belongs to, and the token its forms must carry."""

    account: Account
    csrf: str


async def start_session(account: Account, now: datetime, *, old: str | None = None) -> NewSession:
    """Sign an account in under a fresh id; the id it came with, if any, is dead from now on."""
    new = NewSession(secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_urlsafe(_TOKEN_BYTES))
    async with bound_engine().transaction():
        if old is not None:
            await end_session(old)
        await StaffSessionTable.delete().where(StaffSessionTable.started_at < now - LONGEST)
        await StaffSessionTable.insert(
            StaffSessionTable(
                digest=_digest(new.token),
                account=account.id,
                csrf=new.csrf,
                started_at=now,
                seen_at=now,
            )
        )
    return new


async def find_session(token: str, now: datetime) -> Session | None:
    """Give the session of an id we made, if it is fresh enough and its account may sign in."""
    digest = _digest(token)
    rows = await StaffSessionTable.select().where(StaffSessionTable.digest == digest)
    if not rows:
        return None
    row = rows[0]
    if now - row["seen_at"] >= IDLE or now - row["started_at"] >= LONGEST:
        await end_session(token)
        return None
    account = await find_account(row["account"])
    if account is None:
        return None
    if now - row["seen_at"] >= _TOUCH_AFTER:
        await StaffSessionTable.update({StaffSessionTable.seen_at: now}).where(
            StaffSessionTable.digest == digest
        )
    return Session(account, row["csrf"])


async def end_session(token: str) -> None:
    """Sign out: the id means nothing any more."""
    await StaffSessionTable.delete().where(StaffSessionTable.digest == _digest(token))


async def end_all_sessions(account: Account) -> None:
    """Sign an account out everywhere."""
    await StaffSessionTable.delete().where(StaffSessionTable.account == account.id)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
