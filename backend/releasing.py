"""Release a counted wave: gather what was counted and agreed, make the release, keep it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import numpy as np

from analysis.disclosure.inputs import EarlierWave, GateRule, GroupMeta, ReleaseInputs
from analysis.disclosure.lattice import Lattice
from analysis.disclosure.policy import Policy
from analysis.disclosure.release import Release, WaveInfo, make_release
from backend.jobs.queue import enqueue
from backend.series import released_series
from backend.store.counts import get_counts
from backend.store.errors import WaveError
from backend.store.releases import list_releases, save_release
from backend.store.rollouts import Rollout, get_rollout
from backend.store.waves import Wave, WaveState, get_wave, wave_questionnaire
from surveys.agreement import Agreement
from surveys.organisation import Cell, Group, reporting_groups
from surveys.questionnaire import Questionnaire
from surveys.rollout import event_weeks, phase_on


async def release_wave(wave_id: str) -> Release:
    """Make and keep the release of a counted wave; its briefing and shredding are queued."""
    wave = await get_wave(wave_id)
    if wave.state is not WaveState.COUNTED:
        raise WaveError(
            f"Wave {wave_id} is {wave.state.value}, not counted. "
            f"Close it, then: canvass wave count {wave_id}"
        )
    rollout = await get_rollout(wave.rollout)
    release = make_release(await _inputs(wave, rollout))
    await save_release(wave_id, release)
    now = datetime.now(UTC)
    await enqueue("brief", {"wave": wave_id}, now, dedupe=f"brief {wave_id}")
    await enqueue(
        "shred",
        {"wave": wave_id},
        now + timedelta(days=rollout.agreement.retention_days),
        dedupe=f"shred {wave_id}",
    )
    return release


async def _inputs(wave: Wave, rollout: Rollout) -> ReleaseInputs:
    questionnaire = wave_questionnaire(wave)
    instrument = questionnaire.instrument
    groups = reporting_groups(rollout.tree, wave.cells)
    return ReleaseInputs(
        organisation=rollout.organisation,
        rollout=rollout.id,
        tool=rollout.plan.tool,
        tool_description=rollout.plan.description,
        wave=WaveInfo(
            id=wave.id,
            number=wave.number,
            name=wave.name,
            form=wave.form,
            opened=wave.opens_on,
            closed=wave.closes_on,
        ),
        instrument=f"{instrument.id} {instrument.version}",
        instrument_hash=wave.instrument_hash,
        agreement_hash=wave.agreement_hash,
        assurance=rollout.assurance,
        policy=policy_of(rollout.agreement),
        lattice=lattice_of(groups, wave.cells),
        headcounts=np.array([cell.headcount for cell in wave.cells], dtype=np.int64),
        groups=tuple(_meta(group, wave, rollout) for group in groups),
        series=released_series(questionnaire),
        gates=_gates(rollout.agreement, questionnaire),
        counts=await get_counts(wave.id),
        earlier=await _earlier(wave),
        canvass_version=version("canvass-survey"),
    )


def policy_of(agreement: Agreement) -> Policy:
    """Take the disclosure rules out of what both sides signed."""
    low, high = agreement.cap_percent
    return Policy(
        k_scores=agreement.k_scores,
        k_shares=agreement.k_shares,
        k_response_rate=agreement.k_response_rate,
        round_counts_to=agreement.round_counts_to,
        cap=(low / 100, high / 100),
    )


def lattice_of(groups: Sequence[Group], cells: Sequence[Cell]) -> Lattice:
    """Arrange the reporting groups as the tree that disclosure control works on."""
    positions = {group.id: position for position, group in enumerate(groups)}
    membership = np.zeros((len(groups), len(cells)), dtype=np.bool_)
    for position, group in enumerate(groups):
        membership[position, list(group.cells)] = True
    return Lattice(
        ids=tuple(group.id for group in groups),
        names=tuple(group.name for group in groups),
        parent=tuple(-1 if g.parent is None else positions[g.parent] for g in groups),
        membership=membership,
    )


async def _earlier(wave: Wave) -> tuple[EarlierWave, ...]:
    return tuple(
        [
            EarlierWave(counts=await get_counts(release.wave.id), release=release)
            for release in await list_releases(wave.rollout)
            if release.wave.number < wave.number
        ]
    )


def _gates(agreement: Agreement, questionnaire: Questionnaire) -> tuple[GateRule, ...]:
    """Take the agreed lines, each judged on the core question of its construct."""
    rules = []
    for gate in agreement.gates:
        core = questionnaire.instrument.constructs[gate.construct].core_item
        series = tuple(asked.id for asked in questionnaire.series if asked.item == core)
        rules.append(
            GateRule(
                construct=gate.construct,
                series=series,
                minimum=gate.minimum,
                stop_below=gate.stop_below,
            )
        )
    return tuple(rules)


def _meta(group: Group, wave: Wave, rollout: Rollout) -> GroupMeta:
    """Say phase and event time of a group, where all its units share them."""
    units = [unit for cell in group.cells for unit in wave.cells[cell].units]
    phases = {_phase(rollout, unit, wave) for unit in units}
    weeks = {event_weeks(rollout.plan, rollout.tree, unit, wave.closes_on) for unit in units}
    return GroupMeta(
        phase=phases.pop() if len(phases) == 1 else None,
        event_weeks=weeks.pop() if len(weeks) == 1 else None,
    )


def _phase(rollout: Rollout, unit: str, wave: Wave) -> str | None:
    found = phase_on(rollout.plan, rollout.tree, unit, wave.closes_on)
    return None if found is None else found.name
