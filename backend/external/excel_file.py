"""Excel workbooks: the named sheet, or the first one that holds anything."""

import warnings
import zipfile
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from backend.external.errors import FileError, Problem
from backend.external.file_kind import FileKind
from backend.external.table import Table, checked, quoted, text_frame


def read_excel(path: Path, sheet: str) -> Table:
    """Read one sheet of a workbook into a table."""
    sheets = _sheets(path)
    if sheet and sheet not in sheets:
        what = f'there is no sheet "{sheet}"; the workbook has {quoted(list(sheets))}.'
        raise FileError([Problem("[file] sheet", what, "Name one of these.")])
    filled = [name for name, cells in sheets.items() if not cells.dropna(how="all").empty]
    if not filled or (sheet and sheet not in filled):
        what = f'the sheet "{sheet}" is empty.' if sheet else "every sheet is empty."
        raise FileError([Problem(path.name, what, "Save the workbook again with its rows.")])
    chosen = sheet or filled[0]
    notes = [f'Excel: sheet "{chosen}"']
    if not sheet and len(filled) > 1:
        notes.append(f'of {quoted(filled)}; name another with "sheet" under [file]')
    frame = _with_heading(path, sheets[chosen])
    return Table(path, FileKind.EXCEL, frame, notes=(" ".join(notes),))


def _sheets(path: Path) -> dict[str, pd.DataFrame]:
    try:
        with warnings.catch_warnings():
            # openpyxl warns about styles and drop-down lists that it does not need to read
            warnings.simplefilter("ignore", UserWarning)
            return pd.read_excel(
                path, sheet_name=None, header=None, dtype=object, engine="openpyxl", na_values=[],
                keep_default_na=False,
            )  # fmt: skip
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError) as error:
        what = f"the workbook cannot be read ({error})."
        mend = "Open and save it again in Excel or LibreOffice, without a password."
        raise FileError([Problem(path.name, what, mend)]) from None


def _with_heading(path: Path, cells: pd.DataFrame) -> pd.DataFrame:
    texts = text_frame(cells, first_row=1)
    texts = texts.loc[:, (texts != "").any(axis=0)]
    filled = texts[(texts != "").any(axis=1)]
    heading = filled.iloc[0]
    body = texts[texts.index > filled.index[0]]
    body.columns = pd.Index(
        [name or f"column {position}" for position, name in enumerate(heading, start=1)]
    )
    return checked(path, body)
