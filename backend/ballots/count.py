"""Open the box of a closed wave and count it; nobody's row leaves this module."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.counts import Counts, IntArray, Series, count_answers
from analysis.pairs import Pairs, count_pairs
from backend.db.sql import run
from backend.db.tables import bound_engine
from backend.errors import CountError
from backend.series import counted_constructs, counted_items, series_codes
from backend.store.counts import WaveCounts, find_counts, save_counts
from backend.store.wave_state import hold_wave
from backend.store.waves import Wave, WaveState, get_wave, mark_counted, wave_questionnaire
from surveys.answers import DONT_KNOW, NOT_ASKED, SKIPPED
from surveys.questionnaire import Questionnaire

Codes = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]
Progress = Callable[[int, int], None]

CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class _Opened:
    """Some ballots out of the box: cell ids and answers, no longer bound to a paper."""

    cells: Sequence[str]
    answers: Sequence[bytes]


async def count_wave(
    wave_id: str, progress: Progress | None = None, *, chunk: int = CHUNK
) -> WaveCounts:
    """Count a closed wave and keep the counts; a second call gives what the first one kept.

    Stopped half-way, it has changed nothing and may be started again.
    """
    wave = await get_wave(wave_id)
    if wave.state in {WaveState.PLANNED, WaveState.OPEN}:
        raise CountError(
            f"Wave {wave_id} is {wave.state}, so its box stays shut. Close it first: "
            f"canvass wave close {wave_id}"
        )
    if wave.state is WaveState.CLOSED:
        counted = await _count(wave, progress or _no_progress, chunk)
        async with bound_engine().transaction():
            # Another process may have been quicker; the same box gives the same counts.
            if await hold_wave(wave_id) is WaveState.CLOSED:
                await save_counts(wave_id, counted)
                await mark_counted(wave_id)
    found = await find_counts(wave_id)
    if found is None:
        raise CountError(f"Wave {wave_id} is {wave.state}, but its counts are missing. Restore a "
                         "backup.")  # fmt: skip
    return found


async def _count(wave: Wave, progress: Progress, chunk: int) -> WaveCounts:
    questionnaire = wave_questionnaire(wave)
    items = counted_items(questionnaire)
    total = await _number(wave.id)
    counted = _count_part(wave, questionnaire, items, _Opened((), ()))
    done = 0
    progress(done, total)
    async for opened in _open_box(wave.id, chunk):
        part = _count_part(wave, questionnaire, items, opened)
        counted = WaveCounts(
            counted.counts + part.counts, counted.pairs + part.pairs, counted.spoilt + part.spoilt
        )
        done += len(opened.answers)
        progress(done, total)
    return counted


def _count_part(
    wave: Wave, questionnaire: Questionnaire, items: Sequence[Series], opened: _Opened
) -> WaveCounts:
    places = {cell.id: place for place, cell in enumerate(wave.cells)}
    width = len(questionnaire.items)
    # A ballot of the wrong length or cell cannot be read at all: it is spoilt, and said so.
    readable = [
        (places[cell], answers)
        for cell, answers in zip(opened.cells, opened.answers, strict=True)
        if cell in places and len(answers) == width
    ]
    cell_index = np.array([place for place, _ in readable], dtype=np.int64)
    packed = b"".join(answers for _, answers in readable)
    codes = np.frombuffer(packed, dtype=np.uint8).reshape(len(readable), width)
    sound = _sound(questionnaire, codes)
    spread = series_codes(questionnaire, codes[sound])
    counts, pairs = _tables(wave, questionnaire, items, cell_index[sound], spread)
    return WaveCounts(counts, pairs, len(opened.answers) - int(sound.sum()))


def _tables(
    wave: Wave,
    questionnaire: Questionnaire,
    items: Sequence[Series],
    cell_index: IntArray,
    spread: Codes,
) -> tuple[Counts, Pairs]:
    cells = [cell.id for cell in wave.cells]
    constructs = counted_constructs(questionnaire)
    return (
        count_answers(cells, items, constructs, cell_index, spread),
        count_pairs(items, spread),
    )


def _sound(questionnaire: Questionnaire, codes: Codes) -> BoolArray:
    sizes = np.array([questionnaire.instrument.scale_of(item).size for item in questionnaire.items])
    known = (codes < sizes) | np.isin(codes, (DONT_KNOW, SKIPPED, NOT_ASKED))
    return np.asarray(known.all(axis=1))


async def _number(wave_id: str) -> int:
    rows = await run("SELECT COUNT(*) AS ballots FROM ballot WHERE wave = {}", wave_id)
    return int(rows[0]["ballots"])


async def _open_box(wave_id: str, chunk: int) -> AsyncIterator[_Opened]:
    last = b""
    while True:
        rows = await run(
            "SELECT nullifier, cell, answers FROM ballot WHERE wave = {} AND nullifier > {} "
            "ORDER BY nullifier LIMIT {}",
            wave_id,
            last,
            chunk,
        )
        if not rows:
            return
        last = bytes(rows[-1]["nullifier"])
        yield _Opened([row["cell"] for row in rows], [bytes(row["answers"]) for row in rows])


def _no_progress(done: int, total: int) -> None:
    del done, total
