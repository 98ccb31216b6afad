"""Parquet files of flat columns."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from backend.external.errors import FileError, Problem
from backend.external.file_kind import FileKind
from backend.external.table import Table, checked, quoted, text_frame


def read_parquet(path: Path) -> Table:
    """Read a Parquet file into a table."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        what = f"the Parquet file cannot be read ({error})."
        raise FileError([Problem(path.name, what, "Write it again.")]) from None
    nested = [entry.name for entry in table.schema if pa.types.is_nested(entry.type)]
    if nested:
        what = f"the column {quoted(nested)} holds lists or records."
        raise FileError([Problem(path.name, what, "Write one column for each question.")])
    frame = checked(path, text_frame(table.to_pandas(ignore_metadata=True), first_row=1))
    return Table(path, FileKind.PARQUET, frame, notes=(f"Parquet: {len(table.schema)} columns",))
