"""`canvass init` and `canvass user`: the database and the people who may sign in."""

import click

from backend.cli.running import console, with_database
from backend.settings import Settings
from backend.store.accounts import Role, create_account, list_accounts

MINIMUM_PASSWORD = 12


@click.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Create the database, or bring it up to this version."""

    async def nothing() -> None:
        return None

    with_database(settings, nothing)
    console.print(f"Ready: {settings.database}")
    console.print("Next: canvass user add EMAIL --name NAME --role hr (and one with --role union)")


@click.group()
def user() -> None:
    """Add and list the people who may sign in to the office."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As it stands under signatures.")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.password_option(help=f"At least {MINIMUM_PASSWORD} characters; asked for if left out.")
@click.pass_obj
def add(settings: Settings, email: str, name: str, role: str, password: str) -> None:
    """Add an account; there is no default password."""
    if len(password) < MINIMUM_PASSWORD:
        raise click.BadParameter(
            f"has {len(password)} characters; use at least {MINIMUM_PASSWORD}.",
            param_hint="--password",
        )
    with_database(settings, lambda: create_account(email, name, Role(role), password))
    console.print(f"{name} <{email}> can sign in as {role}.")


@user.command("list")
@click.pass_obj
def list_users(settings: Settings) -> None:
    """List the accounts."""
    for account in with_database(settings, list_accounts):
        console.print(f"{account.role.value:8} {account.email:30} {account.name}")
