"""Rendered briefings, kept beside the release they tell of."""

from backend.db.tables import BriefingTable, bound_engine


async def save_briefing(wave_id: str, audience: str, language: str, pdf: bytes) -> None:
    """Keep a briefing; a newer rendering of the same release replaces it."""
    row = BriefingTable(wave=wave_id, audience=audience, language=language, pdf=pdf)
    async with bound_engine().transaction():
        await BriefingTable.delete().where(
            (BriefingTable.wave == wave_id)
            & (BriefingTable.audience == audience)
            & (BriefingTable.language == language)
        )
        await BriefingTable.insert(row)


async def find_briefing(wave_id: str, audience: str, language: str) -> bytes | None:
    """Give the PDF of a briefing, or None if it has not been made."""
    rows = await BriefingTable.select(BriefingTable.pdf).where(
        (BriefingTable.wave == wave_id)
        & (BriefingTable.audience == audience)
        & (BriefingTable.language == language)
    )
    return bytes(rows[0]["pdf"]) if rows else None
