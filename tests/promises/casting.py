"""A server process to be killed: casts ballots and writes a line for each that is confirmed."""

import asyncio
import hashlib
import sys
from pathlib import Path

from backend.ballots.box import BallotBox
from backend.ballots.papers import Paper
from backend.db.engine import open_database
from backend.settings import Settings

AT_ONCE = 16


def paper(number: int) -> Paper:
    """Give the same paper for the same number in every process."""
    return Paper("gps-1", "parks", hashlib.sha256(f"paper {number}".encode()).digest())


async def cast_all(database: str, start: int, stop: int) -> None:
    """Cast these papers, 16 at a time; a line says which one is confirmed, and how."""
    async with open_database(Settings(database=database, data=Path())) as engine:
        box = BallotBox(engine)
        await box.start()
        numbers = iter(range(start, stop))

        async def voter() -> None:
            for number in numbers:
                outcome = await box.cast(paper(number), b"\x01" * 20, f"attempt {number}")
                sys.stdout.write(f"{number} {outcome.name}\n")
                sys.stdout.flush()

        await asyncio.gather(*(voter() for _ in range(AT_ONCE)))
        await box.stop()


if __name__ == "__main__":
    asyncio.run(cast_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
