"""The ledger: one release for each wave, append-only, each naming the hash of the one before."""

from datetime import date

import msgspec

from analysis.disclosure.release import Release, decode_release, encode_release, release_hash
from backend.db.tables import ReleaseTable, bound_engine
from backend.store.errors import LedgerError
from backend.store.waves import mark_released


async def save_release(wave_id: str, release: Release, *, on: date) -> None:
    """Append a release to the ledger and mark its wave released, both or neither."""
    if release.wave.id != wave_id:
        raise LedgerError(f"A release of wave {release.wave.id} cannot stand for wave {wave_id}.")
    async with bound_engine().transaction():
        await mark_released(wave_id, on)
        position, before = await _end(release.rollout)
        if release.previous_hash != before:
            raise LedgerError(
                f"The release of {wave_id} follows {release.previous_hash or 'nothing'}, but the "
                f"ledger of {release.rollout} ends with {before or 'nothing'}. Make it again."
            )
        await ReleaseTable.insert(
            ReleaseTable(
                wave=wave_id,
                rollout=release.rollout,
                position=position + 1,
                hash=release_hash(release),
                previous_hash=before,
                document=encode_release(release),
            )
        )


async def find_release(wave_id: str) -> Release | None:
    """Give the release of a wave, or None before it is released."""
    rows = await ReleaseTable.select(ReleaseTable.document).where(ReleaseTable.wave == wave_id)
    return decode_release(bytes(rows[0]["document"])) if rows else None


async def list_releases(rollout_id: str) -> tuple[Release, ...]:
    """Give every release of a rollout, oldest first."""
    rows = (
        await ReleaseTable.select(ReleaseTable.document)
        .where(ReleaseTable.rollout == rollout_id)
        .order_by(ReleaseTable.position)
    )
    return tuple(decode_release(bytes(row["document"])) for row in rows)


async def ledger_problems(rollout_id: str) -> list[str]:
    """List every place where the chain of a rollout's releases does not hold."""
    problems = []
    before: str | None = None
    rows = (
        await ReleaseTable.select()
        .where(ReleaseTable.rollout == rollout_id)
        .order_by(ReleaseTable.position)
    )
    for place, row in enumerate(rows, 1):
        try:
            release = decode_release(bytes(row["document"]))
        except msgspec.DecodeError as problem:
            problems.append(f"{row['wave']}: cannot be read ({problem}).")
            before = row["hash"]
            continue
        if row["position"] != place:
            problems.append(f"{row['wave']}: stands at place {row['position']}, not {place}.")
        if release_hash(release) != row["hash"]:
            problems.append(f"{row['wave']}: its content does not have the hash {row['hash']}.")
        if release.previous_hash != before:
            problems.append(f"{row['wave']}: does not follow the release before it.")
        before = row["hash"]
    return problems


async def _end(rollout_id: str) -> tuple[int, str | None]:
    """Give place and hash of the newest release of a rollout; (0, None) before the first."""
    rows = (
        await ReleaseTable.select(ReleaseTable.hash, ReleaseTable.position)
        .where(ReleaseTable.rollout == rollout_id)
        .order_by(ReleaseTable.position, ascending=False)
        .limit(1)
    )
    return (int(rows[0]["position"]), str(rows[0]["hash"])) if rows else (0, None)
