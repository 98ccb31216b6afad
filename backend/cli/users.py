"""`canvass init` and `canvass user`: the database and the people who may sign in."""

from urllib.parse import urlsplit

import click

from backend.cli.running import console, with_database
from backend.settings import Settings
from backend.store.accounts import SHORTEST_PASSWORD, Role, create_account, list_accounts


@click.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Create the database, or bring it up to this version."""

    async def nothing() -> None:
        return None

    with_database(settings, nothing, create=True)
    console.print(f"Ready: {_shown(settings.database)}")
    console.print("Next: canvass user add EMAIL --name NAME --role hr (and one with --role union)")


@click.group()
def user() -> None:
    """Add and list the people who may sign in to the office."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As it stands under signatures.")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.password_option(help=f"At least {SHORTEST_PASSWORD} characters; asked for if left out.")
@click.pass_obj
def add(settings: Settings, email: str, name: str, role: str, password: str) -> None:
    """Add an account; there is no default password."""
    with_database(settings, lambda: create_account(email, name, Role(role), password))
    console.print(f"{name} <{email}> can sign in as {role}.")


@user.command("list")
@click.pass_obj
def list_users(settings: Settings) -> None:
    """List the accounts."""
    accounts = with_database(settings, list_accounts)
    width = max((len(account.email) for account in accounts), default=0)
    for account in accounts:
        console.print(f"{account.role.value:8}  {account.email:{width}}  {account.name}")
    if not accounts:
        console.print("No accounts yet. Add one: canvass user add EMAIL --name NAME --role hr")


def _shown(database: str) -> str:
    """Give a database address without the password it may hold."""
    password = urlsplit(database).password
    return database.replace(f":{password}@", "@") if password else database
