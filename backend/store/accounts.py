"""People who may sign in to the office. Employees never have an account."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from backend.db.tables import AccountTable, StaffSessionTable, bound_engine
from backend.store.errors import AccountError, NotFoundError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
LONGEST_ADDRESS = 320
LONGEST_NAME = 200
# argon2id, 64 MiB, 3 passes: above the 19 MiB and 2 passes that OWASP ASVS asks for.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
# The hash of a random value nobody knows: an unknown address costs as much time as a known one.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=1$c29tZSByYW5kb20gc2FsdA$"
    "R1X0bCkNkqqYx0vlEiJxFq6aWm0u6hV4eQwT0bUvVbM"
)


class Role(StrEnum):
    """What someone who signs in to the office is there for."""

    HR = "hr"
    UNION = "union"
    COO = "coo"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who may sign in."""

    id: int
    email: str
    name: str
    role: Role


async def create_account(email: str, name: str, role: Role, password: str) -> Account:
    """Add an account; there is no default account and no default password."""
    address = email.strip().lower()
    _check(address, name, password)
    hashed = await asyncio.to_thread(_HASHER.hash, password)
    async with bound_engine().transaction():
        if await AccountTable.exists().where(AccountTable.email == address):
            raise AccountError(f"{address} has an account already. Use another address.")
        row = AccountTable(email=address, name=name.strip(), role=role.value, password_hash=hashed)
        await AccountTable.insert(row)
    return await _get_by_email(address)


async def verify_password(email: str, password: str) -> Account | None:
    """Give the account if address and password fit; takes the same time if nobody has it."""
    rows = await AccountTable.select().where(AccountTable.email == email.strip().lower())
    known = rows[0] if rows else None
    stored = _NOBODY if known is None else known["password_hash"]
    fits = await asyncio.to_thread(_fits, stored, password[:LONGEST_PASSWORD])
    if known is None or not fits or known["disabled"]:
        return None
    if _HASHER.check_needs_rehash(stored):
        fresh = await asyncio.to_thread(_HASHER.hash, password)
        await AccountTable.update({AccountTable.password_hash: fresh}).where(
            AccountTable.id == known["id"]
        )
    return _account(known)


async def find_account(account_id: int) -> Account | None:
    """Give an account that may sign in, or None."""
    rows = await AccountTable.select().where(
        (AccountTable.id == account_id) & (AccountTable.disabled == False)  # noqa: E712  SQL
    )
    return _account(rows[0]) if rows else None


async def list_accounts() -> tuple[Account, ...]:
    """Give every account that may sign in, by address."""
    rows = (
        await AccountTable.select()
        .where(AccountTable.disabled == False)  # noqa: E712  Piccolo turns this into SQL
        .order_by(AccountTable.email)
    )
    return tuple(_account(row) for row in rows)


async def disable_account(email: str) -> None:
    """Shut an account out at once: its open sessions end too."""
    async with bound_engine().transaction():
        account = await _get_by_email(email.strip().lower())
        await AccountTable.update({AccountTable.disabled: True}).where(
            AccountTable.id == account.id
        )
        await StaffSessionTable.delete().where(StaffSessionTable.account == account.id)


async def _get_by_email(address: str) -> Account:
    rows = await AccountTable.select().where(AccountTable.email == address)
    if not rows:
        raise NotFoundError(f"No account for {address}. List them with: canvass user list")
    return _account(rows[0])


def _check(address: str, name: str, password: str) -> None:
    before, at, after = address.partition("@")
    if not (before and at and after) or any(character.isspace() for character in address):
        raise AccountError(f'"{address}" is not an e-mail address. Give one like name@city.gov.')
    if not name.strip():
        raise AccountError(f"{address}: no name. Give the name that stands under signatures.")
    if len(address) > LONGEST_ADDRESS or len(name.strip()) > LONGEST_NAME:
        raise AccountError(
            f"{address[:40]}: too long. An address has at most {LONGEST_ADDRESS} characters, a "
            f"name {LONGEST_NAME}."
        )
    if not name.strip().isprintable():
        raise AccountError(f"{address}: the name holds control characters. Type it anew.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(
            f"{address}: the password has {len(password)} characters; use {SHORTEST_PASSWORD} to "
            f"{LONGEST_PASSWORD}. A sentence is easy to remember."
        )


def _fits(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def _account(row: dict[str, Any]) -> Account:
    return Account(id=row["id"], email=row["email"], name=row["name"], role=Role(row["role"]))
