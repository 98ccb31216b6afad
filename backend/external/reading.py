"""Read a survey file of any known format into one table of text."""

from dataclasses import dataclass, field
from pathlib import Path

from backend.external.csv_file import CsvOptions, read_csv
from backend.external.excel_file import read_excel
from backend.external.file_kind import FileKind, file_kind
from backend.external.parquet_file import read_parquet
from backend.external.spss_file import read_spss
from backend.external.table import Table


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the file, where the file itself does not tell."""

    sheet: str = ""
    csv: CsvOptions = field(default_factory=CsvOptions)


def read_table(path: Path, options: ReadOptions | None = None) -> Table:
    """Read a survey file, or raise `FileError` with what is wrong and how to mend it."""
    wanted = options or ReadOptions()
    match file_kind(path):
        case FileKind.CSV:
            return read_csv(path, wanted.csv)
        case FileKind.EXCEL:
            return read_excel(path, wanted.sheet)
        case FileKind.SPSS:
            return read_spss(path)
        case FileKind.PARQUET:
            return read_parquet(path)
