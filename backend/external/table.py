"""A survey file as one table of text, the same whatever format it came in."""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backend.external.errors import FileError, Problem
from backend.external.file_kind import FileKind

MOST_ROWS = 5_000_000
MOST_COLUMNS = 5_000
ROWS_NAMED = 5
LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a survey file as text; the index is the row number a spreadsheet shows."""

    path: Path
    kind: FileKind
    frame: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns in the order of the file."""
        return tuple(str(name) for name in self.frame.columns)


def cell_text(value: object) -> str:
    """Write one cell as text: 3.0 as "3", a missing value as nothing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | np.floating):
        if not math.isfinite(value):
            return ""
        # str() of a float32 gives its own shortest digits; repr(float()) would show noise
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return str(value).strip()


def text_frame(raw: pd.DataFrame, first_row: int) -> pd.DataFrame:
    """Turn any frame into text, each distinct value once, rows numbered from `first_row`."""
    texts = {str(name): _texts(raw[name]) for name in raw.columns}
    index = pd.RangeIndex(first_row, first_row + len(raw))
    return pd.DataFrame(texts, index=index, columns=[str(name) for name in raw.columns], dtype=str)


def checked(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the table without wholly empty rows, or say why it cannot be a survey."""
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        what = f"the column {quoted(twice)} appears more than once."
        raise FileError([Problem(path.name, what, "Give each column its own name.")])
    if len(names) > MOST_COLUMNS or len(frame) > MOST_ROWS:
        what = f"has {len(frame)} rows and {len(names)} columns, more than can be read at once."
        raise FileError([Problem(path.name, what, f"Limits: {MOST_ROWS} rows, {MOST_COLUMNS}.")])
    filled = frame[(frame != "").any(axis=1)]
    if filled.empty:
        what = "has a heading but no rows of answers."
        raise FileError([Problem(path.name, what, "Export it again with its rows.")])
    return filled


def rows_text(rows: Sequence[int]) -> str:
    """Name the first few rows and count the others: "rows 3, 7, 12 and 5 more"."""
    named = ", ".join(str(row) for row in rows[:ROWS_NAMED])
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {named}{more}"


def short(text: str) -> str:
    """Quote the value of a cell without flooding the screen."""
    return f'"{text[:LONGEST_VALUE]}…"' if len(text) > LONGEST_VALUE else f'"{text}"'


def quoted(names: list[str] | tuple[str, ...]) -> str:
    """Write names in quotation marks, separated by commas."""
    return ", ".join(f'"{name}"' for name in names)


def _texts(cells: "pd.Series[str]") -> NDArray[np.object_]:
    # Missing values have the position -1, which is the last of the texts: nothing
    positions, distinct = pd.factorize(cells)
    # tolist() would give a float32 the noise digits of a float64
    values = distinct.to_numpy() if distinct.dtype == np.float32 else distinct.tolist()
    texts = np.array([*(cell_text(value) for value in values), ""], object)
    return texts[positions]
