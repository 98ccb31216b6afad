"""Rollouts: read back as they were, signed by the right sides, only ever tightened."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.db.engine import CanvassEngine
from backend.store.accounts import Role
from backend.store.errors import RolloutError
from backend.store.rollouts import (
    find_rollout,
    get_rollout,
    list_rollouts,
    save_rollout,
    sign_agreement,
)
from backend.store.waves import plan_wave, withdraw_wave
from surveys.agreement import Gate
from surveys.organisation import Unit, unit_tree
from tests.backend.builders import FIRST_DAY, a_rollout, a_signed_rollout, both_sign


async def test_a_rollout_is_read_back_as_it_was(database: CanvassEngine) -> None:
    """Plan, tree, agreement and languages come back equal."""
    assert database is not None
    rollout = a_rollout()
    ruled = replace(rollout, agreement=replace(rollout.agreement, gates=(Gate("x", 55, 40),)))
    await save_rollout(ruled)
    assert await get_rollout("gps") == ruled
    await save_rollout(a_rollout(rollout_id="app"))
    assert [found.id for found in await list_rollouts()] == ["app", "gps"]
    assert await find_rollout("other") is None


async def test_signatures_stand_under_one_text(database: CanvassEngine) -> None:
    """Each side signs once; signing again changes nothing."""
    assert database is not None
    rollout = await a_signed_rollout()
    await sign_agreement("gps", Role.UNION, "Someone Else")
    assert (await get_rollout("gps")).signatures == rollout.signatures
    assert [s.name for s in rollout.signatures] == ["Hannah Reyes", "Tomas Okafor"]
    assert rollout.missing_roles == ()
    assert rollout.assurance == "C"


@pytest.mark.parametrize("role", [Role.COO, Role.AUDITOR])
async def test_only_the_two_sides_sign(sqlite: CanvassEngine, role: Role) -> None:
    """A COO or an auditor does not sign agreements."""
    assert sqlite is not None
    await save_rollout(a_rollout())
    with pytest.raises(RolloutError, match="does not sign"):
        await sign_agreement("gps", role, "Claire Duval")


async def test_signed_rules_are_only_tightened(database: CanvassEngine) -> None:
    """After a signature a lower threshold is refused, a higher one kept."""
    assert database is not None
    rollout = await a_signed_rollout()
    tighter = replace(rollout.agreement, k_shares=25)
    await save_rollout(replace(rollout, agreement=tighter))
    with pytest.raises(RolloutError, match=r"k_shares.*25"):
        await save_rollout(rollout)
    assert (await get_rollout("gps")).agreement == tighter


async def test_unsigned_rules_may_change_freely(sqlite: CanvassEngine) -> None:
    """Before anyone signs, a draft may go either way."""
    assert sqlite is not None
    rollout = a_rollout()
    await save_rollout(replace(rollout, agreement=replace(rollout.agreement, k_shares=30)))
    await save_rollout(rollout)
    assert (await get_rollout("gps")).agreement == rollout.agreement


async def test_every_part_of_the_terms_is_signed(database: CanvassEngine) -> None:
    """A split unit, another language, another wave or another date needs both signatures anew."""
    assert database is not None
    rollout = await a_signed_rollout()
    split = unit_tree(
        (*(replace(u, headcount=20) if u.id == "parks" else u for u in rollout.tree.units),
         Unit("trees", "Trees", "city", 10))
    )  # fmt: skip
    changes = (
        replace(rollout, tree=split),
        replace(rollout, languages=("en", "es")),
        replace(rollout, agreement=replace(rollout.agreement, k_shares=25)),
    )
    hashes = {rollout.terms_hash}
    for changed in changes:
        await save_rollout(replace(rollout, agreement=changed.agreement, tree=changed.tree,
                                   languages=changed.languages))  # fmt: skip
        found = await get_rollout("gps")
        assert found.missing_roles == (Role.HR, Role.UNION)
        hashes.add(found.terms_hash)
    for opens_on in (FIRST_DAY, FIRST_DAY + timedelta(days=1)):
        await plan_wave("gps", 1, "P", "pulse", opens_on, opens_on + timedelta(days=9))
        hashes.add((await get_rollout("gps")).terms_hash)
        await withdraw_wave("gps-1")
    await plan_wave("gps", 1, "P", "full", FIRST_DAY, FIRST_DAY + timedelta(days=9))
    hashes.add((await get_rollout("gps")).terms_hash)
    assert len(hashes) == 7
    await both_sign()
    assert (await get_rollout("gps")).missing_roles == ()
