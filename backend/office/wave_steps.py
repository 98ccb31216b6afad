"""What a wave can be made to do next: the words of each step and the store call behind it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from backend.ballots.count import count_wave
from backend.clock import today
from backend.releasing import release_wave
from backend.store.waves import WaveState, close_wave, open_wave


@dataclass(frozen=True, slots=True)
class WaveStep:
    """One button of the wave page, and what it says before it is done."""

    name: str
    label: str
    question: str
    from_state: WaveState
    sentences: tuple[str, ...]
    run: Callable[[str], Awaitable[object]]
    final: bool = False


async def _open(wave_id: str) -> object:
    return await open_wave(wave_id, today())


async def _close(wave_id: str) -> object:
    return await close_wave(wave_id, today())


async def _count(wave_id: str) -> object:
    return await count_wave(wave_id)


STEPS = (
    WaveStep(
        "open",
        "Open the wave",
        "Open this wave?",
        WaveState.PLANNED,
        (
            "From now on the booth takes ballots from people with a card of this wave.",
            "Questions, reporting cells and rules are frozen as they stand now.",
            "It cannot be opened a second time.",
        ),
        _open,
    ),
    WaveStep(
        "close",
        "Close the wave",
        "Close this wave?",
        WaveState.OPEN,
        (
            "From now on the booth takes no more ballots. People who come later hear that.",
            "No page has shown an answer so far, and none will before the release.",
            "It cannot be opened again.",
        ),
        _close,
        final=True,
    ),
    WaveStep(
        "count",
        "Count the ballots",
        "Count the ballots?",
        WaveState.CLOSED,
        (
            "The computer counts the ballots into tables.",
            "Single ballots stay in the database until the agreed day after the release.",
            "This takes a few seconds. No page shows a number of them yet.",
        ),
        _count,
    ),
    WaveStep(
        "release",
        "Release to everyone",
        "Release the results to everyone?",
        WaveState.COUNTED,
        (
            "Staff, union and leadership get the same results, briefing and file from now on.",
            "Numbers of groups that are too small stay hidden for everyone.",
            "A release is never changed and cannot be taken back.",
        ),
        release_wave,
        final=True,
    ),
)
