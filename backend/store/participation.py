"""How many took part, in groups large enough to say so, and never to the person."""

from collections import Counter
from dataclasses import dataclass

from backend.db.sql import run
from backend.store.counts import find_counts
from backend.store.rollouts import get_rollout
from backend.store.wave_record import Wave, get_wave
from surveys.organisation import reporting_groups


@dataclass(frozen=True, slots=True)
class GroupParticipation:
    """Ballots of one group, rounded, beside its head count."""

    group: str
    name: str
    level: int
    headcount: int
    ballots: int

    @property
    def rate(self) -> float:
        """Response rate as a share of the head count, from the rounded number."""
        return min(self.ballots / self.headcount, 1.0)

    def __str__(self) -> str:
        return f"{self.name}: about {self.ballots} of {self.headcount} ({self.rate:.0%})"


async def participation(wave_id: str) -> tuple[GroupParticipation, ...]:
    """Give the rounded participation of every group with enough people.

    Small groups are left out, and counts are rounded down to the agreed step: watching the number
    must not show the moment at which one person answers.
    """
    wave = await get_wave(wave_id)
    rollout = await get_rollout(wave.rollout)
    ballots = await _ballots(wave)
    step = rollout.agreement.round_counts_to
    return tuple(
        GroupParticipation(
            group=group.id,
            name=group.name,
            level=group.level,
            headcount=group.headcount,
            ballots=sum(ballots[wave.cells[cell].id] for cell in group.cells) // step * step,
        )
        for group in reporting_groups(rollout.tree, wave.cells)
        if group.headcount >= rollout.agreement.k_response_rate
    )


async def _ballots(wave: Wave) -> Counter[str]:
    counts = await find_counts(wave.id)
    if counts is not None:
        numbers = counts.counts.ballots.tolist()
        return Counter(dict(zip(counts.counts.cells, numbers, strict=True)))
    rows = await run(
        "SELECT cell, COUNT(*) AS ballots FROM ballot WHERE wave = {} GROUP BY cell", wave.id
    )
    return Counter({row["cell"]: int(row["ballots"]) for row in rows})
