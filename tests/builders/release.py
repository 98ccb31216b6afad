"""Makes realistic releases of a small city, wave by wave, through make_release itself."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.counts import Counts, Series, count_answers, item_series
from analysis.disclosure.policy import Policy
from analysis.disclosure.release import (
    EarlierWave,
    GateRule,
    GroupMeta,
    Release,
    ReleasedSeries,
    ReleaseInputs,
    WaveInfo,
    make_release,
)
from tests.builders.city import CITY, CONSTRUCTS, PHASES, City, in_use, truth

DONT_KNOW, SKIPPED, NOT_ASKED = 250, 251, 252


def city_releases(waves: int = 6, seed: int = 1) -> tuple[Release, ...]:
    """Release wave after wave of a city that puts GPS on its lorries, oldest first."""
    return releases_of(CITY, waves, seed)


def suppressed_release(seed: int = 1) -> Release:
    """Release a wave that hardly anybody answered: every number in it is withheld."""
    return releases_of(replace(CITY, response=0.012), 1, seed)[0]


def build_release(
    city: City = CITY, wave: int = 1, seed: int = 1, policy: Policy | None = None
) -> Release:
    """Release one wave of a city on its own, without earlier waves."""
    return make_release(build_inputs(city, wave, seed, policy))


def releases_of(city: City, waves: int, seed: int) -> tuple[Release, ...]:
    """Release some waves of any city, each compared with those before it."""
    earlier: tuple[EarlierWave, ...] = ()
    for wave in range(1, waves + 1):
        inputs = build_inputs(city, wave, seed, earlier=earlier)
        earlier = (*earlier, EarlierWave(counts=inputs.counts, release=make_release(inputs)))
    return tuple(each.release for each in earlier)


def build_inputs(
    city: City = CITY,
    wave: int = 1,
    seed: int = 1,
    policy: Policy | None = None,
    earlier: tuple[EarlierWave, ...] = (),
) -> ReleaseInputs:
    """Gather what a release of one wave is made from, answers drawn from the planted truth."""
    opened = date(2026, 1, 12) + timedelta(weeks=10 * (wave - 1))
    return ReleaseInputs(
        organisation="City of Marlow Falls",
        rollout="gps",
        tool="RouteGuide",
        tool_description="GPS receivers on lorries and vans",
        wave=WaveInfo(
            id=f"gps-{wave}",
            number=wave,
            name=PHASES[min(wave, len(PHASES)) - 1],
            form="pulse",
            opened=opened,
            closed=opened + timedelta(days=13),
        ),
        instrument="buyin44 0.1.0",
        instrument_hash="1" * 64,
        agreement_hash="2" * 64,
        assurance="B: one key",
        canvass_version="0.1.0",
        policy=policy or Policy(),
        lattice=city.lattice,
        headcounts=city.headcounts,
        groups=tuple(_meta(city, group, wave) for group in range(len(city.lattice.ids))),
        series=released_series(),
        gates=gates(),
        counts=draw_counts(city, wave, seed),
        earlier=earlier,
    )


def released_series() -> tuple[ReleasedSeries, ...]:
    """Describe each question of the pulse in each of its wordings."""
    return tuple(
        ReleasedSeries(
            id=series,
            item=item,
            wording=wording,
            construct=construct,
            core=True,
            kind="item",
            comparable=wording == "always",
        )
        for construct, item, _ in CONSTRUCTS
        for series, wording in _wordings(item)
    )


def gates() -> tuple[GateRule, ...]:
    """Agree on three lines: fear of surveillance, usefulness and readiness."""
    lines = {"surveillance": (50, 35), "usefulness": (55, 40), "readiness": (50, 35)}
    return tuple(
        GateRule(
            construct=construct,
            series=tuple(series for series, _ in _wordings(item)),
            minimum=lines[construct][0],
            stop_below=lines[construct][1],
        )
        for construct, item, _ in CONSTRUCTS
        if construct in lines
    )


def draw_counts(city: City, wave: int, seed: int) -> Counts:
    """Let everybody in the city decide whether and what to answer, and count."""
    rng = np.random.default_rng([seed, wave])
    cells = np.repeat(np.arange(len(city.headcounts)), city.headcounts)
    cells = cells[rng.random(cells.size) < city.response]
    uses = rng.random(cells.size) < np.where(in_use(city, wave), 0.85, 0.1)[cells]
    columns = []
    for construct, item, _ in CONSTRUCTS:
        answers = _answers(rng, truth(city, construct, wave)[cells])
        for _, wording in _wordings(item):
            asked = {"always": np.ones_like(uses), "expect": ~uses, "experience": uses}[wording]
            columns.append(np.where(asked, answers, NOT_ASKED))
    codes = np.stack(columns, axis=1).astype(np.uint8)
    return count_answers(city.cells, _series(), (), cells.astype(np.int64), codes)


def _answers(rng: np.random.Generator, means: FloatArray) -> IntArray:
    """Draw a five-point answer around each person's mean score; some do not know or skip."""
    position = np.rint((means + rng.normal(0, 26, means.size)) / 25).clip(0, 4)
    other = rng.random(means.size)
    return np.select([other < 0.06, other < 0.09], [DONT_KNOW, SKIPPED], position).astype(np.int64)


def _series() -> tuple[Series, ...]:
    return tuple(
        item_series(series, 5, 1, favourable=(3, 4), neutral=(2,), unfavourable=(0, 1))
        for _, item, _ in CONSTRUCTS
        for series, _ in _wordings(item)
    )


def _wordings(item: str) -> tuple[tuple[str, str], ...]:
    changes = next(each for _, name, each in CONSTRUCTS if name == item)
    if changes:
        return ((f"{item}.expect", "expect"), (f"{item}.experience", "experience"))
    return ((item, "always"),)


def _meta(city: City, group: int, wave: int) -> GroupMeta:
    starts = {int(each) for each in city.first_wave[city.lattice.membership[group]]}
    if len(starts) > 1:
        return GroupMeta()
    weeks = 10 * (wave - starts.pop())
    return GroupMeta(phase="in use" if weeks >= 0 else "announced", event_weeks=weeks)
