"""`canvass agreement`: show the co-signed rules and sign them."""

import click
import msgspec

from backend.cli.running import console, with_database
from backend.errors import CanvassError
from backend.settings import Settings
from backend.store.accounts import verify_password
from backend.store.rollouts import get_rollout, sign_agreement


class SignInFailedError(CanvassError):
    """The e-mail address or password is wrong."""


@click.group()
def agreement() -> None:
    """Show and sign the rules both sides agree on before the first wave."""


@agreement.command("show")
@click.argument("rollout_id")
@click.pass_obj
def show(settings: Settings, rollout_id: str) -> None:
    """Show the agreement of a rollout and who signed it."""
    found = with_database(settings, lambda: get_rollout(rollout_id))
    for name, value in msgspec.to_builtins(found.agreement).items():
        console.print(f"{name:18} {value}")
    console.print(f"{'hash':18} {found.agreement.content_hash}")
    for signature in found.signatures:
        console.print(f"signed by {signature.name} ({signature.role.value})")
    if not found.signatures:
        console.print("not signed yet")


@agreement.command("sign")
@click.argument("rollout_id")
@click.option("--email", prompt=True, help="The account that signs.")
@click.option("--password", prompt=True, hide_input=True)
@click.pass_obj
def sign(settings: Settings, rollout_id: str, email: str, password: str) -> None:
    """Sign the agreement of a rollout as HR or as the staff side."""

    async def check_and_sign() -> str:
        account = await verify_password(email, password)
        if account is None:
            raise SignInFailedError("The e-mail address or the password is wrong.")
        await sign_agreement(rollout_id, account.role, account.name)
        return account.name

    name = with_database(settings, check_and_sign)
    console.print(f"{name} has signed the agreement of {rollout_id}.")
