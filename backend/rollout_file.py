"""A rollout as one TOML file: organisation, units, phases, agreement and planned waves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from backend.ballots.papers import papers_issued
from backend.db.tables import bound_engine
from backend.rollout_entries import (
    Entries,
    PlannedWave,
    RolloutFileError,
    read_entries,
    refuse,
)
from backend.store.rollouts import Rollout, find_rollout, save_rollout
from backend.store.waves import (
    LONGEST_NAME,
    Wave,
    WaveState,
    find_wave,
    list_waves,
    plan_wave,
    withdraw_wave,
)
from surveys.agreement import Agreement, problems
from surveys.errors import SurveysError
from surveys.instrument import load_default_instrument
from surveys.languages import shipped_languages
from surveys.organisation import Unit, UnitTree, reporting_cells, unit_tree
from surveys.rollout import Phase, RolloutPlan, Start, rollout_plan

__all__ = [
    "PlannedWave",
    "RolloutFile",
    "RolloutFileError",
    "parse_rollout_file",
    "read_rollout_file",
    "store_rollout",
]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_MOST_WAVES = 999
_RUNNING = {WaveState.OPEN, WaveState.CLOSED, WaveState.COUNTED}


@dataclass(frozen=True, slots=True)
class RolloutFile:
    """What a rollout file says, checked."""

    organisation: str
    plan: RolloutPlan
    tree: UnitTree
    agreement: Agreement
    languages: tuple[str, ...]
    waves: tuple[PlannedWave, ...]


def read_rollout_file(path: Path) -> RolloutFile:
    """Read and check a rollout file; raises with the place and the remedy."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise RolloutFileError(
            f"{path}: cannot be read ({problem.strerror}). Check the name and the folder."
        ) from problem
    except UnicodeDecodeError as problem:
        raise RolloutFileError(
            f"{path}: is not UTF-8 text. Is it the rollout file (TOML)? If so, save it as UTF-8."
        ) from problem
    return parse_rollout_file(text, str(path))


def parse_rollout_file(text: str, source: str) -> RolloutFile:
    """Check the text of a rollout file, every mistake at once; `source` names it in messages."""
    entries = read_entries(text, source)
    wrong = [*_wrong_head(entries), *_wrong_agreement(entries), *_wrong_waves(entries)]
    try:
        tree = unit_tree(Unit(u.id, u.name, u.parent, u.headcount) for u in entries.unit)
        plan = _plan(entries, tree)
        reporting_cells(tree, entries.agreement.minimum_cell, entries.agreement.wanted_cell)
    except SurveysError as problem:
        wrong += problem.problems
    refuse(source, wrong)
    return RolloutFile(
        entries.organisation, plan, tree, entries.agreement, entries.languages, entries.wave
    )


async def store_rollout(loaded: RolloutFile) -> None:
    """Keep a loaded rollout and plan its waves: all of it, or nothing if a part is refused.

    Loaded again, waves that are planned and no more follow the file.
    """
    async with bound_engine().transaction():
        await _refuse_under_way(loaded)
        await save_rollout(
            Rollout(
                id=loaded.plan.id,
                organisation=loaded.organisation,
                plan=loaded.plan,
                tree=loaded.tree,
                agreement=loaded.agreement,
                signatures=(),
                languages=loaded.languages,
            )
        )
        numbers = {wave.number for wave in loaded.waves}
        for known in await list_waves(loaded.plan.id):
            if known.number not in numbers and known.state is WaveState.PLANNED:
                await withdraw_wave(known.id)
        for wave in loaded.waves:
            await _plan_or_keep(loaded.plan.id, wave)


def _plan(entries: Entries, tree: UnitTree) -> RolloutPlan:
    return rollout_plan(
        id=entries.rollout.id,
        tool=entries.rollout.tool,
        description=entries.rollout.description,
        phases=tuple(Phase(p.id, p.name, p.in_use) for p in entries.phase),
        starts=tuple(Start(s.unit, s.phase, s.on) for s in entries.start),
        tree=tree,
    )


def _wrong_head(entries: Entries) -> Iterator[str]:
    if not entries.organisation.strip():
        yield "organisation: no name. Write the name that employees know."
    if not _ID.fullmatch(entries.rollout.id):
        yield (
            f'rollout, id: "{entries.rollout.id}" stands in addresses and file names. Use 1 to 60 '
            "letters a-z, digits and hyphens."
        )
    shipped = shipped_languages()
    if not entries.languages:
        yield f"languages: none. Name at least one of: {', '.join(shipped)}."
    for code in entries.languages:
        if code not in shipped:
            yield f'languages: there is no "{code}". Choose from: {", ".join(shipped)}.'
        elif entries.languages.count(code) > 1:
            yield f'languages: "{code}" stands twice. Keep one.'


def _wrong_agreement(entries: Entries) -> Iterator[str]:
    for found in problems(entries.agreement, load_default_instrument()):
        yield f"agreement, {found.rule}: {found.problem}"


def _wrong_waves(entries: Entries) -> Iterator[str]:
    forms = sorted(load_default_instrument().forms)
    numbers = [wave.number for wave in entries.wave]
    for twice in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield f"wave {twice}: the number is used twice. Give each wave its own."
    for wave in entries.wave:
        if not 1 <= wave.number <= _MOST_WAVES:
            yield f"wave {wave.number}: waves are numbered from 1 to {_MOST_WAVES}."
        if not (1 <= len(wave.name.strip()) <= LONGEST_NAME and wave.name.isprintable()):
            yield f"wave {wave.number}: give a name of 1 to {LONGEST_NAME} printable characters."
        if wave.form not in forms:
            yield f'wave {wave.number}: no form "{wave.form}". Choose one of: {", ".join(forms)}.'
        if wave.closes_on <= wave.opens_on:
            yield (
                f"wave {wave.number}: closes on {wave.closes_on}, opens on {wave.opens_on}. Let it "
                "close on a later day than it opens."
            )
    yield from _wrong_gaps(entries.wave, entries.agreement.min_weeks_between)


def _wrong_gaps(waves: Sequence[PlannedWave], weeks: int) -> Iterator[str]:
    for before, after in pairwise(sorted(waves, key=lambda wave: wave.number)):
        if before.number == after.number:
            continue
        soonest = before.opens_on + timedelta(weeks=weeks)
        if after.opens_on <= before.closes_on:
            yield (
                f"wave {after.number}: opens on {after.opens_on}, before wave {before.number} has "
                f"closed ({before.closes_on}). Number waves in the order of their dates."
            )
        elif after.opens_on < soonest:
            yield (
                f"wave {after.number}: opens on {after.opens_on}. The agreement leaves {weeks} "
                f"weeks between two waves: let it open on {soonest} or later."
            )


async def _refuse_under_way(loaded: RolloutFile) -> None:
    """Units and rules stand still while people answer by them, and until that is released."""
    known = await find_rollout(loaded.plan.id)
    if known is None or (
        known.tree.units == loaded.tree.units
        and known.agreement.content_hash == loaded.agreement.content_hash
    ):
        return
    for wave in await list_waves(known.id):
        begun = wave.state in _RUNNING
        if begun or (wave.state is WaveState.PLANNED and await papers_issued(wave.id)):
            state = wave.state.value if begun else "planned, and its cards are printed"
            raise RolloutFileError(
                f"Rollout {known.id}: wave {wave.id} is {state}. Units and agreement stay as they "
                "are until its results are released. Nothing was changed."
            )


async def _plan_or_keep(rollout_id: str, wave: PlannedWave) -> None:
    known = await find_wave(f"{rollout_id}-{wave.number}")
    if known is not None and _same(known, wave):
        return
    if known is not None and known.state is not WaveState.PLANNED:
        raise RolloutFileError(
            f"Wave {known.id} is {known.state.value} already, so its name, form and dates stay as "
            f'they were: "{known.name}", {known.form}, {known.opens_on} to {known.closes_on}. Put '
            "them back in the file. Nothing was changed."
        )
    if known is not None:
        await withdraw_wave(known.id)
    await plan_wave(rollout_id, wave.number, wave.name, wave.form, wave.opens_on, wave.closes_on)


def _same(known: Wave, wave: PlannedWave) -> bool:
    return (known.name, known.form, known.opens_on, known.closes_on) == (
        wave.name.strip(),
        wave.form,
        wave.opens_on,
        wave.closes_on,
    )
