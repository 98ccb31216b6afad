"""What a wave asks and for whom, kept ready for the pages of one sheet after another."""

import time
from dataclasses import dataclass

from backend.store.rollouts import Rollout
from backend.store.waves import Wave, WaveState, get_wave, wave_questionnaire
from surveys.questionnaire import Questionnaire

SECONDS_KEPT = 5.0


@dataclass(frozen=True, slots=True)
class Fielding:
    """A wave with its questions, and the rollout as it stood when the wave opened."""

    wave: Wave
    rollout: Rollout
    questions: Questionnaire


class Fieldings:
    """Waves that have opened; what they ask cannot change any more, so it is read rarely.

    Whether a wave still takes ballots is never read from here: the box decides that.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Fielding]] = {}

    async def get(self, wave_id: str) -> Fielding:
        """Give the fielding of a wave, read in the last few seconds."""
        until, fielding = self._kept.get(wave_id, (0.0, None))
        if fielding is not None and time.monotonic() < until:
            return fielding
        wave = await get_wave(wave_id)
        fielding = Fielding(wave, wave.terms, wave_questionnaire(wave))
        if wave.state is not WaveState.PLANNED:
            self._kept[wave_id] = (time.monotonic() + SECONDS_KEPT, fielding)
        return fielding
