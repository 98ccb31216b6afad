"""`canvass agreement`: show the co-signed rules and sign them."""

from collections.abc import Iterator

import click

from backend.cli.running import console, with_database
from backend.errors import CanvassError
from backend.settings import Settings
from backend.store.accounts import Role, verify_password
from backend.store.rollouts import Rollout, get_rollout, sign_agreement

SIDES = {Role.HR: "the employer (hr)", Role.UNION: "the staff side (union)"}
_WIDTH = 20


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
    # The office says the rules in words already, and takes a moment to load.
    from backend.office.agreements import rules_of  # noqa: PLC0415

    found = with_database(settings, lambda: get_rollout(rollout_id))
    console.print(f"{found.plan.tool}, {found.organisation}")
    console.print(_line("Purpose", found.agreement.purpose))
    for rule in rules_of(found.agreement):
        console.print(_line(rule.name, rule.text))
    for gate in found.agreement.gates:
        topic = gate.construct.replace("_", " ")
        console.print(
            _line(f"Gate {topic}", f"go from {gate.minimum}, stop below {gate.stop_below}")
        )
    if not found.agreement.gates:
        console.print(_line("Gates", "none: results inform, and no line decides"))
    for cell in found.cells:
        console.print(_line("Reported together", f"{cell.name}: {cell.headcount:,} people"))
    for each in found.waves:
        console.print(
            _line(f"Wave {each.number}", f"{each.opens_on} to {each.closes_on}, form {each.form}")
        )
    console.print(_line("Fingerprint", found.terms_hash))
    for line in _signatures(found):
        console.print(line)


@agreement.command("sign")
@click.argument("rollout_id")
@click.option("--email", prompt=True, help="The account that signs.")
@click.option("--password", prompt=True, hide_input=True)
@click.pass_obj
def sign(settings: Settings, rollout_id: str, email: str, password: str) -> None:
    """Sign the agreement of a rollout as HR or as the staff side."""

    async def check_and_sign() -> tuple[str, Rollout]:
        await get_rollout(rollout_id)
        account = await verify_password(email, password)
        if account is None:
            raise SignInFailedError(
                "The e-mail address or the password is wrong; nothing was signed. See the "
                "accounts with: canvass user list"
            )
        await sign_agreement(rollout_id, account.role, account.name)
        return account.name, await get_rollout(rollout_id)

    name, found = with_database(settings, check_and_sign)
    console.print(f"{name} has signed the agreement of {rollout_id}.")
    missing = " and ".join(SIDES[role] for role in found.missing_roles)
    if missing:
        console.print(f"Still to sign: {missing}.")
    else:
        console.print(f"Next: canvass wave list {rollout_id}, then canvass wave open WAVE")


def _signatures(found: Rollout) -> Iterator[str]:
    agreed = found.terms_hash
    for signature in found.signatures:
        earlier = "" if signature.agreement_hash == agreed else ", an earlier state of the rules"
        yield _line("Signed by", f"{signature.name} for {SIDES[signature.role]}{earlier}")
    for role in found.missing_roles:
        yield _line("Not signed yet by", SIDES[role])


def _line(name: str, text: str) -> str:
    return f"{name:{_WIDTH}}  {text}"
