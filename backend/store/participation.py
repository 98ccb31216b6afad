"""How many took part, in groups large enough to say so, and never at the moment of a ballot."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
import numpy as np

from analysis.disclosure.coarsen import round_counts
from analysis.disclosure.release import Participation, Release
from analysis.disclosure.suppression import choose_shown
from backend.db.sql import run
from backend.db.tables import TurnoutTable
from backend.reporting import lattice_of
from backend.store.releases import find_release
from backend.store.wave_record import Wave, get_wave
from surveys.organisation import Group, reporting_groups


@dataclass(frozen=True, slots=True)
class GroupParticipation:
    """Ballots of one group, rounded, beside its head count, as they stood on a day."""

    group: str
    name: str
    level: int
    headcount: int
    ballots: int
    as_of: date

    @property
    def rate(self) -> float:
        """Response rate as a share of the head count, from the rounded number."""
        return min(self.ballots / self.headcount, 1.0)

    def __str__(self) -> str:
        return f"{self.name}: about {self.ballots} of {self.headcount} ({self.rate:.0%})"


@dataclass(frozen=True, slots=True)
class _Figures:
    """Rounded ballots of the groups that may be shown, and the day they were taken."""

    day: date
    ballots: Mapping[str, int]


async def participation(wave_id: str, today: date) -> tuple[GroupParticipation, ...]:
    """Give the rounded participation of every group that a release would show.

    While a wave is under way the figures move once a day at most: watching them must not show the
    moment at which one person answers. Afterwards they are those of the release, since the same
    count rounded in two ways would tell more than either.
    """
    wave = await get_wave(wave_id)
    release = await find_release(wave_id)
    if release is not None:
        return tuple(_released(release))
    groups = reporting_groups(wave.terms.tree, wave.cells)
    figures = await _kept(wave_id)
    if figures is None or figures.day < today:
        await _keep(wave_id, today, _rounded(wave, groups, await _ballots(wave_id)))
        figures = await _kept(wave_id)
    return () if figures is None else tuple(_under_way(groups, figures))


def _released(release: Release) -> Iterator[GroupParticipation]:
    for group, taken in zip(release.groups, release.participation, strict=True):
        if isinstance(taken, Participation):
            yield GroupParticipation(
                group=group.id,
                name=group.name,
                level=group.level,
                headcount=taken.headcount,
                ballots=taken.ballots,
                as_of=release.wave.closed,
            )


def _under_way(groups: Sequence[Group], figures: _Figures) -> Iterator[GroupParticipation]:
    for group in groups:
        if group.id in figures.ballots:
            yield GroupParticipation(
                group=group.id,
                name=group.name,
                level=group.level,
                headcount=group.headcount,
                ballots=figures.ballots[group.id],
                as_of=figures.day,
            )


def _rounded(wave: Wave, groups: Sequence[Group], ballots: Mapping[str, int]) -> dict[str, int]:
    """Choose groups and round as the release will."""
    rules = wave.terms.agreement
    lattice = lattice_of(groups, wave.cells)
    people = lattice.sizes(np.array([cell.headcount for cell in wave.cells], dtype=np.int64))
    cast = lattice.sizes(np.array([ballots.get(c.id, 0) for c in wave.cells], dtype=np.int64))
    everything = np.ones((len(groups), 1), dtype=np.bool_)
    shown = choose_shown(lattice, people[:, None], everything, rules.k_response_rate)[:, 0]
    rounded = round_counts(cast, people, rules.round_counts_to)
    return {group.id: int(rounded[row]) for row, group in enumerate(groups) if shown[row]}


async def _ballots(wave_id: str) -> Counter[str]:
    rows = await run(
        "SELECT cell, COUNT(*) AS ballots FROM ballot WHERE wave = {} GROUP BY cell", wave_id
    )
    return Counter({row["cell"]: int(row["ballots"]) for row in rows})


async def _kept(wave_id: str) -> _Figures | None:
    rows = await TurnoutTable.select().where(TurnoutTable.wave == wave_id)
    if not rows:
        return None
    ballots = msgspec.json.decode(rows[0]["document"], type=dict[str, int])
    return _Figures(rows[0]["day"], ballots)


async def _keep(wave_id: str, today: date, ballots: Mapping[str, int]) -> None:
    # Of two processes that ask at once, the first one sets the figures of the day.
    await run(
        "INSERT INTO turnout (wave, day, document) VALUES ({}, {}, {}) ON CONFLICT (wave) "
        "DO UPDATE SET day = excluded.day, document = excluded.document "
        "WHERE turnout.day < excluded.day",
        wave_id,
        today,
        msgspec.json.encode(ballots).decode(),
    )
