"""People who sign in to the office."""

from datetime import UTC, datetime

from backend.db.tables import AccountTable
from backend.store.accounts import Account, Role, create_account
from backend.store.sessions import start_session
from tests.backend.web.reader import Reader, Seen

PASSWORD = "correct horse battery"
NAMES = {
    Role.HR: "Hannah Reyes",
    Role.UNION: "Tomas Okafor",
    Role.COO: "Carla Meyer",
    Role.AUDITOR: "Ines Vidal",
}


async def an_account(role: Role) -> Account:
    """Give an account whose password nobody needs, since hashing one takes half a second."""
    email = f"{role.value}@city.example"
    row = AccountTable(email=email, name=NAMES[role], role=role.value, password_hash="none")
    await AccountTable.insert(row)
    found = await AccountTable.select(AccountTable.id).where(AccountTable.email == email)
    return Account(found[0]["id"], email, NAMES[role], role)


async def come_in(office: Reader, role: Role) -> str:
    """Let the reader be signed in as a role; gives the token that its forms carry."""
    session = await start_session(await an_account(role), datetime.now(UTC))
    office.client.cookies.set("canvass-session", session.token)
    return session.csrf


async def sign_in(office: Reader, email: str, password: str = PASSWORD) -> Seen:
    """Sign in by the form."""
    page = await office.get("/sign-in")
    fields = page.hidden("/sign-in") | {"email": email, "password": password}
    return await office.post("/sign-in", fields)


async def an_account_with_password(role: Role = Role.HR) -> Account:
    """Give an account that can sign in by the form."""
    return await create_account(f"{role.value}@city.example", NAMES[role], role, PASSWORD)
