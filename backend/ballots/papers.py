"""The counter's side: cards with one-time codes that no list connects to a person.

Only digests of the codes are kept. People draw their card from a pile, so not even the list of
codes, which exists on paper only, would say whose ballot is whose.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.db.sql import run, run_rows
from backend.db.tables import bound_engine
from backend.errors import PaperError
from backend.store.wave_state import WaveState, hold_wave
from backend.store.waves import Wave

# No vowels, so that no card spells a word; no L, which reads as I or 1. 20 ** 12 codes: with 8,000
# cards in use, one guess in 500,000,000,000 hits.
ALPHABET = "BCDFGHJKMNPQRSTVWXYZ"
LETTERS = 12
_GROUP = 4
_ROWS_PER_INSERT = 500


@dataclass(frozen=True, slots=True)
class Paper:
    """The right to cast one ballot of one cell in one wave."""

    wave: str
    cell: str
    nullifier: bytes


def normalise(code: str) -> str | None:
    """Give the twelve letters of a code however it was typed, or None if it cannot be one."""
    letters = "".join(
        character
        for character in unicodedata.normalize("NFKC", code).upper()
        if not (character.isspace() or unicodedata.category(character) in {"Pd", "Cf"})
    )
    fits = len(letters) == LETTERS and all(letter in ALPHABET for letter in letters)
    return letters if fits else None


def printed(letters: str) -> str:
    """Write twelve letters the way a card shows them: XXXX-XXXX-XXXX."""
    return "-".join(letters[start : start + _GROUP] for start in range(0, LETTERS, _GROUP))


async def issue_cards(wave: Wave, numbers: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Make cards for each cell and give their codes, this one time; only digests are kept."""
    _check_numbers(wave, numbers)
    codes = _draw(sum(numbers.values()))
    shares: dict[str, tuple[str, ...]] = {}
    for cell, number in numbers.items():
        shares[cell], codes = tuple(codes[:number]), codes[number:]
    rows = [(_digest(code), wave.id, cell) for cell, drawn in shares.items() for code in drawn]
    # In the order of the digests, which says nothing about who gets which card.
    rows.sort()
    engine = bound_engine()
    async with engine.transaction():
        state = await hold_wave(wave.id)
        if state not in {WaveState.PLANNED, WaveState.OPEN}:
            raise PaperError(f"Wave {wave.id} is {state}. Cards are issued before it closes.")
        for start in range(0, len(rows), _ROWS_PER_INSERT):
            await run_rows(
                engine,
                "INSERT INTO paper (digest, wave, cell) VALUES %s",
                rows[start : start + _ROWS_PER_INSERT],
            )
    return {cell: tuple(printed(code) for code in drawn) for cell, drawn in shares.items()}


async def find_paper(code: str) -> Paper | None:
    """Give the paper of a card's code, or None if there is no such card."""
    letters = normalise(code)
    if letters is None:
        return None
    rows = await run("SELECT wave, cell FROM paper WHERE digest = {}", _digest(letters))
    if not rows:
        return None
    return Paper(wave=rows[0]["wave"], cell=rows[0]["cell"], nullifier=_nullifier(letters))


async def papers_issued(wave_id: str) -> dict[str, int]:
    """Count the cards issued for each cell of a wave, so that both sides can compare."""
    rows = await run(
        "SELECT cell, COUNT(*) AS issued FROM paper WHERE wave = {} GROUP BY cell", wave_id
    )
    return {row["cell"]: int(row["issued"]) for row in rows}


def _check_numbers(wave: Wave, numbers: Mapping[str, int]) -> None:
    cells = {cell.id for cell in wave.cells}
    for cell, number in numbers.items():
        if cell not in cells:
            raise PaperError(f"Wave {wave.id}: no cell {cell!r}. Its cells: {sorted(cells)}.")
        if number < 0:
            raise PaperError(f"Wave {wave.id}, cell {cell!r}: {number} cards. Ask for 0 or more.")


def _draw(number: int) -> Sequence[str]:
    drawn: set[str] = set()
    while len(drawn) < number:
        drawn.add("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)))
    codes = list(drawn)
    secrets.SystemRandom().shuffle(codes)
    return codes


def _digest(letters: str) -> bytes:
    return hashlib.sha256(b"canvass paper\0" + letters.encode()).digest()


def _nullifier(letters: str) -> bytes:
    # Another hash of the same code: without the card, no one can tell which paper became which
    # ballot.
    return hashlib.sha256(b"canvass nullifier\0" + letters.encode()).digest()
