"""Release a counted wave: gather what was counted and agreed, make the release, keep it."""

from datetime import UTC, date, datetime
from importlib.metadata import version

import numpy as np

from analysis.disclosure.inputs import EarlierWave, GateRule, GroupMeta, ReleaseInputs
from analysis.disclosure.release import Release, WaveInfo, make_release
from backend.ballots.shredding import queue_shredding
from backend.clock import today
from backend.db.tables import bound_engine
from backend.jobs.queue import enqueue
from backend.reporting import lattice_of, policy_of
from backend.series import released_series
from backend.store.counts import get_counts
from backend.store.errors import WaveError
from backend.store.releases import list_releases, save_release
from backend.store.waves import Wave, WaveState, get_wave, wave_questionnaire
from surveys.agreement import Agreement
from surveys.organisation import Group, reporting_groups
from surveys.questionnaire import Questionnaire
from surveys.rollout import event_weeks, phase_on


async def release_wave(wave_id: str) -> Release:
    """Make the release of a counted wave; keep it and queue briefing and shredding, or nothing.

    Everything follows what was agreed and frozen when the wave opened.
    """
    wave = await get_wave(wave_id)
    if wave.state is not WaveState.COUNTED:
        raise WaveError(
            f"Wave {wave_id} is {wave.state.value}, not counted. "
            f"Close it, then: canvass wave count {wave_id}"
        )
    release = make_release(await _inputs(wave))
    released_on = today()
    async with bound_engine().transaction():
        await save_release(wave_id, release, on=released_on)
        await enqueue("brief", {"wave": wave_id}, datetime.now(UTC), dedupe=f"brief {wave_id}")
        await queue_shredding(wave, released_on)
    return release


async def _inputs(wave: Wave) -> ReleaseInputs:
    rollout = wave.terms
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
            opened=wave.opened_on or wave.opens_on,
            closed=_closed(wave),
        ),
        instrument=f"{instrument.id} {instrument.version}",
        instrument_hash=wave.instrument_hash,
        agreement_hash=wave.agreement_hash,
        assurance=rollout.assurance,
        policy=policy_of(rollout.agreement),
        lattice=lattice_of(groups, wave.cells),
        headcounts=np.array([cell.headcount for cell in wave.cells], dtype=np.int64),
        groups=tuple(_meta(group, wave) for group in groups),
        series=released_series(questionnaire),
        gates=_gates(rollout.agreement, questionnaire),
        counts=await get_counts(wave.id),
        earlier=await _earlier(wave),
        canvass_version=version("canvass-survey"),
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


def _meta(group: Group, wave: Wave) -> GroupMeta:
    """Say phase and event time of a group, where all its units share them."""
    plan, tree = wave.terms.plan, wave.terms.tree
    units = [unit for cell in group.cells for unit in wave.cells[cell].units]
    phases = {_phase(wave, unit) for unit in units}
    weeks = {event_weeks(plan, tree, unit, _closed(wave)) for unit in units}
    return GroupMeta(
        phase=phases.pop() if len(phases) == 1 else None,
        event_weeks=weeks.pop() if len(weeks) == 1 else None,
    )


def _phase(wave: Wave, unit: str) -> str | None:
    found = phase_on(wave.terms.plan, wave.terms.tree, unit, _closed(wave))
    return None if found is None else found.name


def _closed(wave: Wave) -> date:
    return wave.closed_on or wave.closes_on
