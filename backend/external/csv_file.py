"""Delimited text: encoding, delimiter and decimal sign found from the file itself."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pandas as pd

from backend.external.errors import FileError, Problem
from backend.external.file_kind import FileKind
from backend.external.table import Table, checked

DELIMITERS = ",;\t|"
DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+$")
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
IDLE_ZEROS = re.compile(r"\.0+$")
WHOLE_NUMBER = re.compile(r"^[+-]?\d+$")
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """What the mapping states about a delimited file; an empty text means: find out."""

    delimiter: str = ""
    encoding: str = ""
    decimal: str = ""


def read_csv(path: Path, options: CsvOptions) -> Table:
    """Read a delimited text file into a table."""
    text, encoding = _decoded(path, options.encoding)
    delimiter = options.delimiter or _delimiter(text)
    rows = _rows(path, text, delimiter)
    header, body = rows[0], rows[1:]
    frame = pd.DataFrame(
        [row for _, row in body], columns=_names(header[1]), index=[n for n, _ in body], dtype=str
    )
    frame, turned = _with_points(checked(path, frame), options.decimal)
    frame = _without_idle_zeros(frame)
    notes = [f"CSV: encoding {encoding}, delimiter {_name_of(delimiter)}"]
    if turned:
        notes.append(f"decimal comma read in {', '.join(turned)}")
    return Table(path, FileKind.CSV, frame, notes=("; ".join(notes),))


def _decoded(path: Path, encoding: str) -> tuple[str, str]:
    raw = path.read_bytes()
    for candidate in (encoding,) if encoding else _encodings(raw):
        try:
            return raw.decode(candidate), candidate
        except UnicodeDecodeError:
            continue
        except LookupError:
            what = f'there is no encoding "{encoding}".'
            raise FileError(
                [Problem("[file] encoding", what, 'Usual: "utf-8", "cp1252".')]
            ) from None
    what = "its letters cannot be decoded."
    mend = 'Save it as "CSV UTF-8", or state [file] encoding in the mapping.'
    raise FileError([Problem(path.name, what, mend)])


def _encodings(raw: bytes) -> tuple[str, ...]:
    if raw.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8", "cp1252")


def _delimiter(text: str) -> str:
    """Give the delimiter that cuts the first rows into equally many columns, and the most."""
    head = text.splitlines(keepends=True)[:LOOKED_AT]

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(head, delimiter=delimiter) if row]
        if not widths or widths[0] == 1:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    return max(DELIMITERS, key=evenness)


def _rows(path: Path, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    try:
        every = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        what = f"a quotation mark or line is broken ({error})."
        raise FileError([Problem(path.name, what, "Export it again.")]) from None
    rows = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(every, start=1)
        if any(cell.strip() for cell in row)
    ]
    if len(rows) < 2:  # noqa: PLR2004 - a heading and one row
        what = "has no rows of answers." if rows else "has no text."
        raise FileError([Problem(path.name, what, "Export it again with its rows.")])
    return _even(path, rows)


def _even(path: Path, rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    width = len(rows[0][1])
    uneven = [(number, len(row)) for number, row in rows if len(row) != width]
    problems = [
        Problem(
            f"{path.name}, row {number}",
            f"has {found} cells, but the heading has {width}.",
            "Check the delimiter and the quotation marks there.",
        )
        for number, found in uneven
    ]
    if problems:
        raise FileError(problems)
    return rows


def _names(header: list[str]) -> list[str]:
    return [name or f"column {position}" for position, name in enumerate(header, start=1)]


def _with_points(frame: pd.DataFrame, decimal: str) -> tuple[pd.DataFrame, list[str]]:
    """Turn decimal commas into points in the columns that hold only such numbers."""
    if decimal == ".":
        return frame, []
    commas = [str(name) for name in frame.columns if _has_decimal_commas(frame[name])]
    points: Mapping[str, pd.Series] = {name: frame[name].str.replace(",", ".") for name in commas}
    return frame.assign(**points), commas


def _without_idle_zeros(frame: pd.DataFrame) -> pd.DataFrame:
    """Write 3.0 as 3 in columns of numbers: one empty cell makes many programs add the zero."""
    numbers = [name for name in frame.columns if _is_numeric(frame[name])]
    plain = {str(n): frame[n].str.replace(IDLE_ZEROS, "", regex=True) for n in numbers}
    return frame.assign(**plain)


def _is_numeric(cells: "pd.Series[str]") -> bool:
    values = [value for value in cells.unique() if value]
    return any("." in value for value in values) and all(NUMBER.match(value) for value in values)


def _has_decimal_commas(cells: "pd.Series[str]") -> bool:
    values = [value for value in cells.unique() if value]
    numbers = all(DECIMAL_COMMA.match(value) or WHOLE_NUMBER.match(value) for value in values)
    return numbers and any("," in value for value in values)


def _name_of(delimiter: str) -> str:
    return {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(delimiter, delimiter)
