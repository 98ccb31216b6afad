"""What is kept of a wave's ballots: Counts and Pairs."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from analysis.counts import Counts, Series
from analysis.pairs import Pairs
from backend.db.tables import WaveCountsTable
from backend.store.errors import NotFoundError

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """The two tables of a wave, and how many ballots could not be read."""

    counts: Counts
    pairs: Pairs
    spoilt: int


class _Names(msgspec.Struct, frozen=True):
    cells: tuple[str, ...]
    series: tuple[Series, ...]


async def save_counts(wave_id: str, counted: WaveCounts) -> None:
    """Keep the counts of a wave; counting again replaces them by the same."""
    counts, pairs = counted.counts, counted.pairs
    tables = {
        "table": counts.table,
        "dont_know": counts.dont_know,
        "skipped": counts.skipped,
        "ballots": counts.ballots,
    }
    if counts.joint is not None:
        tables["joint"] = counts.joint
    row = WaveCountsTable(
        wave=wave_id,
        spoilt=counted.spoilt,
        counts=_packed(_Names(counts.cells, counts.series), tables),
        pairs=_packed(_Names((), pairs.series), {"table": pairs.table}),
    )
    await WaveCountsTable.delete().where(WaveCountsTable.wave == wave_id)
    await WaveCountsTable.insert(row)


async def find_counts(wave_id: str) -> WaveCounts | None:
    """Give all that is kept of a wave's ballots, or None before the count."""
    rows = await WaveCountsTable.select().where(WaveCountsTable.wave == wave_id)
    if not rows:
        return None
    names, tables = _unpacked(rows[0]["counts"])
    pair_names, pair_tables = _unpacked(rows[0]["pairs"])
    return WaveCounts(
        counts=Counts(
            names.cells,
            names.series,
            tables["table"],
            tables["dont_know"],
            tables["skipped"],
            tables["ballots"],
            tables.get("joint"),
        ),
        pairs=Pairs(pair_names.series, pair_tables["table"]),
        spoilt=int(rows[0]["spoilt"]),
    )


async def get_counts(wave_id: str) -> Counts:
    """Give the Counts of a counted wave."""
    found = await find_counts(wave_id)
    if found is None:
        raise NotFoundError(
            f"Wave {wave_id} is not counted. Count it: canvass wave count {wave_id}"
        )
    return found.counts


def _packed(names: _Names, tables: Arrays) -> bytes:
    buffer = io.BytesIO()
    text = np.frombuffer(msgspec.json.encode(names), dtype=np.uint8)
    named: dict[str, Any] = {"names": text, **tables}
    np.savez_compressed(buffer, **named)
    return buffer.getvalue()


def _unpacked(data: bytes) -> tuple[_Names, Arrays]:
    with np.load(io.BytesIO(bytes(data)), allow_pickle=False) as file:
        tables = {key: file[key] for key in file.files}
    return msgspec.json.decode(tables.pop("names").tobytes(), type=_Names), tables
