"""Accounts and sessions: no default password, no guessable id, nothing that never ends."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters

from backend.db.engine import CanvassEngine
from backend.db.sql import run
from backend.store import accounts
from backend.store.accounts import (
    Account,
    Role,
    create_account,
    disable_account,
    list_accounts,
    verify_password,
)
from backend.store.errors import AccountError
from backend.store.sessions import (
    IDLE,
    LONGEST,
    end_all_sessions,
    end_session,
    find_session,
    start_session,
)

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
PASSWORD = "carts before horses"


async def _an_account() -> Account:
    return await create_account(" HR@City.gov ", "Hannah Reyes", Role.HR, PASSWORD)


async def test_the_right_password_opens(database: CanvassEngine) -> None:
    """Address and password together give the account; neither alone does."""
    assert database is not None
    account = await _an_account()
    assert (account.email, account.role) == ("hr@city.gov", Role.HR)
    assert await verify_password("Hr@city.gov", PASSWORD) == account
    assert await verify_password("hr@city.gov", PASSWORD + ".") is None
    assert await verify_password("nobody@city.gov", PASSWORD) is None
    assert await list_accounts() == (account,)


async def test_the_password_itself_is_nowhere(sqlite: CanvassEngine) -> None:
    """Only an argon2id hash is stored."""
    assert sqlite is not None
    await _an_account()
    (row,) = await run("SELECT * FROM account")
    assert row["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(row)


def test_an_unknown_address_costs_as_much_as_a_known_one() -> None:
    """The stand-in hash has the very parameters of a real one, so timing tells nothing."""
    hasher: PasswordHasher = accounts._HASHER
    assert extract_parameters(accounts._NOBODY) == extract_parameters(hasher.hash("x"))
    assert not accounts._fits(accounts._NOBODY, "")


@pytest.mark.parametrize(
    ("email", "name", "password", "message"),
    [
        ("hr", "Hannah", PASSWORD, "not an e-mail address"),
        ("h r@city.gov", "Hannah", PASSWORD, "not an e-mail address"),
        ("hr@city.gov", " ", PASSWORD, "no name"),
        ("hr@city.gov", "Hannah", "short", "5 characters"),
    ],
)
async def test_a_bad_account_is_refused(
    sqlite: CanvassEngine, email: str, name: str, password: str, message: str
) -> None:
    """An account needs an address, a name and a long password, and the message says which."""
    assert sqlite is not None
    with pytest.raises(AccountError, match=message):
        await create_account(email, name, Role.HR, password)


async def test_an_address_has_one_account(sqlite: CanvassEngine) -> None:
    """The same address, however written, is not used twice."""
    assert sqlite is not None
    await _an_account()
    with pytest.raises(AccountError, match="has an account already"):
        await create_account("HR@CITY.GOV", "Other", Role.COO, PASSWORD)


async def test_a_session_is_found_by_its_token_only(database: CanvassEngine) -> None:
    """The cookie's value finds the session; an id that we did not make finds nothing."""
    assert database is not None
    account = await _an_account()
    new = await start_session(account, NOW)
    found = await find_session(new.token, NOW)
    assert found is not None
    assert (found.account, found.csrf) == (account, new.csrf)
    assert await find_session("attacker-chosen", NOW) is None
    (row,) = await run("SELECT * FROM staff_session")
    assert new.token not in str(row)


async def test_signing_in_kills_the_old_id(sqlite: CanvassEngine) -> None:
    """A session id from before the sign-in is worth nothing after it."""
    assert sqlite is not None
    account = await _an_account()
    old = await start_session(account, NOW)
    new = await start_session(account, NOW, old=old.token)
    assert old.token != new.token
    assert await find_session(old.token, NOW) is None


async def test_an_idle_session_ends(database: CanvassEngine) -> None:
    """Half an hour without a click signs out; a click in time keeps going, up to eight hours."""
    assert database is not None
    account = await _an_account()
    new = await start_session(account, NOW)
    assert await find_session(new.token, NOW + IDLE) is None
    new = await start_session(account, NOW)
    moment = NOW
    while moment < NOW + LONGEST - timedelta(minutes=20):
        moment += timedelta(minutes=20)
        assert (await find_session(new.token, moment) is not None) == (moment < NOW + LONGEST)
    assert await find_session(new.token, NOW + LONGEST) is None


async def test_signing_out_and_shutting_out(sqlite: CanvassEngine) -> None:
    """A signed-out id is dead; a disabled account loses every session and cannot sign in."""
    assert sqlite is not None
    account = await _an_account()
    first, second, third = [await start_session(account, NOW) for _ in range(3)]
    await end_session(first.token)
    assert await find_session(first.token, NOW) is None
    assert await find_session(second.token, NOW) is not None
    await end_all_sessions(account)
    assert await find_session(second.token, NOW) is None
    await disable_account("hr@city.gov")
    assert await find_session(third.token, NOW) is None
    assert await verify_password("hr@city.gov", PASSWORD) is None
