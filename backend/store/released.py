"""Which waves are released, without reading a single release; and the bytes of one of them."""

from dataclasses import dataclass

from backend.db.tables import ReleaseTable, WaveTable


@dataclass(frozen=True, slots=True)
class ReleasedWave:
    """One entry of the ledger: the wave, and the SHA-256 of its release."""

    wave: str
    name: str
    rollout: str
    hash: str


async def list_released() -> tuple[ReleasedWave, ...]:
    """Give every released wave of every rollout, the newest first; documents are not read."""
    entries = await ReleaseTable.select(
        ReleaseTable.wave, ReleaseTable.rollout, ReleaseTable.position, ReleaseTable.hash
    )
    waves = {
        row["id"]: row
        for row in await WaveTable.select(
            WaveTable.id, WaveTable.name, WaveTable.released_on
        ).where(WaveTable.released_on.is_not_null())
    }
    known = [entry for entry in entries if entry["wave"] in waves]
    known.sort(key=lambda entry: (entry["rollout"], -entry["position"]))
    known.sort(key=lambda entry: waves[entry["wave"]]["released_on"], reverse=True)
    return tuple(
        ReleasedWave(
            wave=entry["wave"],
            name=waves[entry["wave"]]["name"],
            rollout=entry["rollout"],
            hash=entry["hash"],
        )
        for entry in known
    )


async def find_document(release_hash: str) -> bytes | None:
    """Give the bytes of the release with this SHA-256, exactly as they were hashed."""
    rows = await ReleaseTable.select(ReleaseTable.document).where(ReleaseTable.hash == release_hash)
    return bytes(rows[0]["document"]) if rows else None
