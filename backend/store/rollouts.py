"""Rollouts: the plan, the organisation and the agreement, and who signed it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import msgspec

from backend.db.sql import SQLITE, run
from backend.db.tables import RolloutTable, SignatureTable, WaveTable, bound_engine
from backend.store.accounts import Role
from backend.store.errors import NotFoundError, RolloutError
from surveys.agreement import Agreement, SecondKey, loosened
from surveys.organisation import Cell, Unit, UnitTree, reporting_cells, unit_tree
from surveys.rollout import RolloutPlan

SIGNING_ROLES = (Role.HR, Role.UNION)


@dataclass(frozen=True, slots=True)
class Signature:
    """One side's consent to one state of the terms, by its hash."""

    role: Role
    name: str
    agreement_hash: str


@dataclass(frozen=True, slots=True)
class AgreedWave:
    """What both sides agree about a wave before it opens: when, and what it asks."""

    number: int
    form: str
    instrument_hash: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Rollout:
    """One tool being introduced in one organisation, under agreed rules.

    Signatures and waves are kept by functions of their own; `save_rollout` leaves them alone.
    """

    id: str
    organisation: str
    plan: RolloutPlan
    tree: UnitTree
    agreement: Agreement
    signatures: tuple[Signature, ...]
    languages: tuple[str, ...]
    waves: tuple[AgreedWave, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The reporting cells that units and agreement make."""
        return reporting_cells(self.tree, self.agreement.minimum_cell, self.agreement.wanted_cell)

    @property
    def terms_hash(self) -> str:
        """SHA-256 of all that is signed: rules, units and their cells, languages and waves."""
        terms = (self.agreement, self.tree.units, self.cells, self.languages, self.waves)
        return hashlib.sha256(msgspec.json.encode(terms)).hexdigest()

    @property
    def needed_roles(self) -> tuple[Role, ...]:
        """Who must sign before a wave may open."""
        return SIGNING_ROLES[:1] if self.agreement.second_key is SecondKey.NONE else SIGNING_ROLES

    @property
    def missing_roles(self) -> tuple[Role, ...]:
        """Who has not signed the terms as they now stand."""
        agreed = self.terms_hash
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
    waves: tuple[AgreedWave, ...] = ()


async def save_rollout(rollout: Rollout) -> None:
    """Keep a new rollout or a new state of one; a signed agreement may only be tightened."""
    document = rollout_document(replace(rollout, waves=()))
    async with bound_engine().transaction():
        await hold_rollout(rollout.id)
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


async def hold_rollout(rollout_id: str) -> None:
    """Let no other transaction change the rollout, or open a wave of it, until this one ends."""
    if bound_engine().engine_type != SQLITE:
        # On SQLite the transaction holds the whole database.
        await run("SELECT id FROM rollout WHERE id = {} FOR UPDATE", rollout_id)


def rollout_document(rollout: Rollout) -> str:
    """Write down a rollout with its agreed waves, without its signatures."""
    document = _Document(
        organisation=rollout.organisation,
        plan=rollout.plan,
        units=rollout.tree.units,
        agreement=rollout.agreement,
        languages=rollout.languages,
        waves=rollout.waves,
    )
    return msgspec.json.encode(document).decode()


async def read_rollout(rollout_id: str, document: str) -> Rollout:
    """Give a rollout as it stood when it was written down, with the signatures it has."""
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
        waves=decoded.waves,
    )


async def sign_agreement(rollout_id: str, role: Role, name: str) -> None:
    """Record that one side consents to the terms as they now stand."""
    if role not in SIGNING_ROLES:
        raise RolloutError(
            f"The role {role.value} does not sign agreements. HR and the staff side "
            f"({Role.UNION.value}) do."
        )
    async with bound_engine().transaction():
        await hold_rollout(rollout_id)
        rollout = await get_rollout(rollout_id)
        if role in rollout.missing_roles or role not in rollout.needed_roles:
            await _add_signature(rollout, role, name)


async def _add_signature(rollout: Rollout, role: Role, name: str) -> None:
    agreed = rollout.terms_hash
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
    return replace(await read_rollout(rollout_id, document), waves=await _agreed_waves(rollout_id))


async def _agreed_waves(rollout_id: str) -> tuple[AgreedWave, ...]:
    rows = (
        await WaveTable.select().where(WaveTable.rollout == rollout_id).order_by(WaveTable.number)
    )
    return tuple(
        AgreedWave(
            number=row["number"],
            form=row["form"],
            instrument_hash=row["instrument_hash"],
            opens_on=row["opens_on"],
            closes_on=row["closes_on"],
        )
        for row in rows
    )
