"""The agreement: every rule in words, both signatures, and the button to sign."""

from collections.abc import Iterator
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from backend.access import may
from backend.office.scene import FormPart, Office, OfficePart, Problem
from backend.office.visitor import Visitor, VisitorPart
from backend.store.accounts import Role
from backend.store.rollouts import SIGNING_ROLES, Rollout, get_rollout, sign_agreement
from backend.web.assurance import LOWEST, weaknesses
from backend.web.words import Words
from surveys.agreement import Agreement, SecondKey

CONFLICT = 409
TITLES = {Role.HR: "For the employer (HR)", Role.UNION: "For staff (union)"}
HOLDERS = {
    SecondKey.UNION: "the union or works council",
    SecondKey.REPRESENTATIVE: "an elected staff representative",
    SecondKey.NONE: "nobody: the employer alone can open the box",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One agreed rule in words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """One party to the agreement, and the name that signed for it."""

    title: str
    needed: bool
    name: str


@get("/rollouts/{rollout:str}/agreement")
async def show_agreement(
    office: OfficePart, visitor: VisitorPart, rollout: FromPath[str]
) -> Response[str]:
    """Show the whole agreement."""
    return _agreement_page(office, visitor, await get_rollout(rollout))


@post("/rollouts/{rollout:str}/agreement", status_code=303)
async def sign(
    office: OfficePart, visitor: VisitorPart, rollout: FromPath[str], form: FormPart
) -> Response[str] | Redirect:
    """Sign the rules that stood on the page, and no others."""
    found = await get_rollout(rollout)
    if form.get("fingerprint") != found.terms_hash:
        problem = "The rules have changed since you opened this page. Read them again, then sign."
        return _agreement_page(office, visitor, found, problem)
    await sign_agreement(rollout, visitor.account.role, visitor.account.name)
    return Redirect(f"/rollouts/{rollout}/agreement", status_code=303)


def _agreement_page(
    office: Office, visitor: Visitor, rollout: Rollout, problem: str = ""
) -> Response[str]:
    role = visitor.account.role
    route = ("POST", "/rollouts/{rollout:str}/agreement")
    return office.page(
        "agreement.html",
        "Agreement",
        visitor,
        CONFLICT if problem else 200,
        rollout=rollout,
        sides=list(_sides(rollout)),
        rules=[
            *rules_of(rollout.agreement),
            second_key(rollout.agreement, rollout.assurance, office.words),
        ],
        topics=office.words.language.constructs,
        may_sign=may(role, route) and role in rollout.missing_roles,
        errors=[Problem(problem)] if problem else [],
    )


def _sides(rollout: Rollout) -> Iterator[Side]:
    agreed = rollout.terms_hash
    signed = {each.role: each.name for each in rollout.signatures if each.agreement_hash == agreed}
    for role in SIGNING_ROLES:
        yield Side(TITLES[role], role in rollout.needed_roles, signed.get(role, ""))


def rules_of(agreement: Agreement) -> Iterator[Rule]:
    """Say every rule of an agreement except its purpose, gates and second key."""
    low, high = agreement.cap_percent
    yield Rule("Scores", f"at least {agreement.k_scores} answers to the question")
    yield Rule("Shares", f"at least {agreement.k_shares} answers to the question")
    yield Rule("Response rates", f"groups of at least {agreement.k_response_rate} people")
    yield Rule(
        "Comments",
        f"shown from {agreement.k_comments} answers" if agreement.comments else "not collected",
    )
    yield Rule("Counts", f"rounded to {agreement.round_counts_to}")
    yield Rule("Extreme shares", f"shown as {low}% or fewer, {high}% or more")
    yield Rule(
        "Reporting cells",
        f"at least {agreement.minimum_cell} people, {agreement.wanted_cell} where possible; "
        "smaller crews are joined with their neighbours",
    )
    yield Rule(
        "Ballots", f"destroyed {agreement.retention_days} days after the results are released"
    )
    yield Rule(
        "Contact data",
        f"deleted {agreement.contact_days} days after a wave closes; drawn cards need none, and "
        "this version keeps none",
    )
    yield Rule("Pause between waves", f"at least {agreement.min_weeks_between} weeks")


def second_key(agreement: Agreement, assurance: str, words: Words) -> Rule:
    """Say who holds the second key; where there are no keys yet, that there are none."""
    holder = HOLDERS[agreement.second_key]
    if assurance != LOWEST:
        return Rule("Second key", f"held by {holder}")
    lacking = " ".join(words(key) for key in weaknesses([assurance]))
    return Rule("Second key", f"Agreed for later: held by {holder}. {lacking}")


ROUTES: tuple[HTTPRouteHandler, ...] = (show_agreement, sign)
