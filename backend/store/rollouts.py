"""Rollouts: the plan, the organisation and the agreement, and who signed it."""

from dataclasses import dataclass
from functools import lru_cache

import msgspec

from backend.db.tables import RolloutTable, SignatureTable, bound_engine
from backend.store.accounts import Role
from backend.store.errors import NotFoundError, RolloutError
from surveys.agreement import Agreement, SecondKey, loosened
from surveys.organisation import Unit, UnitTree, unit_tree
from surveys.rollout import RolloutPlan

SIGNING_ROLES = (Role.HR, Role.UNION)


@dataclass(frozen=True, slots=True)
class Signature:
    """One side's consent to one agreement, by its hash."""

    role: Role
    name: str
    agreement_hash: str


@dataclass(frozen=True, slots=True)
class Rollout:
    """One tool being introduced in one organisation, under agreed rules."""

    id: str
    organisation: str
    plan: RolloutPlan
    tree: UnitTree
    agreement: Agreement
    signatures: tuple[Signature, ...]
    languages: tuple[str, ...]

    @property
    def needed_roles(self) -> tuple[Role, ...]:
        """Who must sign before a wave may open."""
        return SIGNING_ROLES[:1] if self.agreement.second_key is SecondKey.NONE else SIGNING_ROLES

    @property
    def missing_roles(self) -> tuple[Role, ...]:
        """Who has not signed the agreement as it now stands."""
        agreed = self.agreement.content_hash
        signed = {s.role for s in self.signatures if s.agreement_hash == agreed}
        return tuple(role for role in self.needed_roles if role not in signed)

    @property
    def assurance(self) -> str:
        """C: ballots from drawn cards, not sealed, which every briefing says."""
        return "C"


class _Document(msgspec.Struct, frozen=True):
    organisation: str
    plan: RolloutPlan
    units: tuple[Unit, ...]
    agreement: Agreement
    languages: tuple[str, ...]


async def save_rollout(rollout: Rollout) -> None:
    """Keep a new rollout or a new state of one; a signed agreement may only be tightened."""
    document = msgspec.json.encode(
        _Document(
            organisation=rollout.organisation,
            plan=rollout.plan,
            units=rollout.tree.units,
            agreement=rollout.agreement,
            languages=rollout.languages,
        )
    ).decode()
    async with bound_engine().transaction():
        known = await find_rollout(rollout.id)
        if known is None:
            await RolloutTable.insert(RolloutTable(id=rollout.id, document=document))
            return
        if known.signatures:
            _refuse_loosening(known, rollout)
        await RolloutTable.update({RolloutTable.document: document}).where(
            RolloutTable.id == rollout.id
        )


async def find_rollout(rollout_id: str) -> Rollout | None:
    """Give a rollout, or None if there is none with that id."""
    rows = await RolloutTable.select().where(RolloutTable.id == rollout_id)
    return await _rollout(rows[0]["id"], rows[0]["document"]) if rows else None


async def get_rollout(rollout_id: str) -> Rollout:
    """Give the rollout with that id."""
    found = await find_rollout(rollout_id)
    if found is None:
        raise NotFoundError(f"No rollout {rollout_id!r}. List them with: canvass rollout list")
    return found


async def list_rollouts() -> tuple[Rollout, ...]:
    """Give every rollout, by id."""
    rows = await RolloutTable.select().order_by(RolloutTable.id)
    return tuple([await _rollout(row["id"], row["document"]) for row in rows])


async def sign_agreement(rollout_id: str, role: Role, name: str) -> None:
    """Record that one side consents to the agreement as it now stands."""
    if role not in SIGNING_ROLES:
        raise RolloutError(
            f"The role {role.value} does not sign agreements. HR and the staff side "
            f"({Role.UNION.value}) do."
        )
    async with bound_engine().transaction():
        rollout = await get_rollout(rollout_id)
        if role in rollout.missing_roles or role not in rollout.needed_roles:
            await _add_signature(rollout, role, name)


async def _add_signature(rollout: Rollout, role: Role, name: str) -> None:
    agreed = rollout.agreement.content_hash
    if any(s.role == role and s.agreement_hash == agreed for s in rollout.signatures):
        return
    await SignatureTable.insert(
        SignatureTable(rollout=rollout.id, role=role.value, name=name, agreement_hash=agreed)
    )


def _refuse_loosening(known: Rollout, new: Rollout) -> None:
    weaker = loosened(known.agreement, new.agreement)
    if weaker:
        raise RolloutError(
            f"Rollout {known.id}: its agreement is signed, so it can only be tightened:\n"
            + "\n".join(f"- {problem.rule}: {problem.problem}" for problem in weaker)
        )


@lru_cache(maxsize=32)
def _decoded(document: str) -> tuple[_Document, UnitTree]:
    # Every page of the booth needs it, and one document always decodes to the same value.
    decoded = msgspec.json.decode(document, type=_Document)
    return decoded, unit_tree(decoded.units)


async def _rollout(rollout_id: str, document: str) -> Rollout:
    decoded, tree = _decoded(document)
    signatures = (
        await SignatureTable.select()
        .where(SignatureTable.rollout == rollout_id)
        .order_by(SignatureTable.id)
    )
    return Rollout(
        id=rollout_id,
        organisation=decoded.organisation,
        plan=decoded.plan,
        tree=tree,
        agreement=decoded.agreement,
        signatures=tuple(
            Signature(Role(row["role"]), row["name"], row["agreement_hash"]) for row in signatures
        ),
        languages=decoded.languages,
    )
