"""SPSS files: codes with their value labels, and the questions from the variable labels."""

from pathlib import Path

import pyreadstat

from backend.external.errors import FileError, Problem
from backend.external.file_kind import FileKind
from backend.external.table import Table, cell_text, checked, text_frame


def read_spss(path: Path) -> Table:
    """Read an SPSS file; values that SPSS itself calls missing are left empty."""
    try:
        raw, meta = pyreadstat.read_sav(path)
    except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError) as error:
        what = f"the SPSS file cannot be read ({error})."
        raise FileError([Problem(path.name, what, "Save it again in SPSS or PSPP.")]) from None
    labels = {
        column: {cell_text(code): str(label).strip() for code, label in pairs.items()}
        for column, pairs in meta.variable_value_labels.items()
    }
    questions = {
        column: str(label).strip()
        for column, label in meta.column_names_to_labels.items()
        if label and str(label).strip() != column
    }
    frame = checked(path, text_frame(raw, first_row=1))
    note = f"SPSS: {len(labels)} columns with value labels"
    return Table(path, FileKind.SPSS, frame, labels, questions, (note,))
