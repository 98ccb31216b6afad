"""What kind of file it is, told from its first bytes and never from its name."""

import zipfile
from enum import StrEnum
from pathlib import Path

from backend.external.errors import FileError, Problem

LARGEST_FILE = 512 * 1024**2
LARGEST_UNPACKED = 2 * 1024**3
READABLE = "Canvass reads CSV, Excel (.xlsx), SPSS (.sav) and Parquet files."


class FileKind(StrEnum):
    """The formats that `canvass analyse` reads."""

    CSV = "CSV"
    EXCEL = "Excel"
    SPSS = "SPSS"
    PARQUET = "Parquet"


FOREIGN = {
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls, .doc)",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"Rar!": "a compressed file (RAR)",
    b"7z\xbc\xaf": "a compressed file (7z)",
    b"SQLite format 3": "a SQLite database",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
    b"<stata_dta>": "a Stata file",
    b"RDX": "an R data file",
}


def file_kind(path: Path) -> FileKind:
    """Tell the kind of a file, or say in one sentence why it cannot be a survey file."""
    head = _first_bytes(path)
    if head.startswith(b"PAR1"):
        return FileKind.PARQUET
    if head.startswith((b"$FL2", b"$FL3")):
        return FileKind.SPSS
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(path)
    for mark, name in FOREIGN.items():
        if head.startswith(mark):
            raise _refused(path, f"is {name}.", f"{READABLE} Save it as one of these.")
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(path, "is not text, and no kind of file that is known.", READABLE)
    return FileKind.CSV


def _first_bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise _refused(path, "there is no such file.", "Check the name and the folder.")
        if path.is_dir():
            raise _refused(path, "is a folder.", "Name the survey file inside it.")
        size = path.stat().st_size
        if size == 0:
            raise _refused(path, "the file is empty.", "Export it again.")
        if size > LARGEST_FILE:
            limit = LARGEST_FILE // 1024**2
            raise _refused(
                path,
                f"has {size // 1024**2} MB; the limit is {limit} MB.",
                "Leave out comment columns, or split the file by wave.",
            )
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise _refused(path, f"cannot be opened ({error.strerror}).", "Check its rights.") from None


def _inside_zip(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise _refused(path, "is a damaged Excel or ZIP file.", "Save it again.") from None
    if "xl/workbook.xml" not in names:
        raise _refused(path, "is a ZIP archive, not an Excel file.", "Unpack it first.")
    if unpacked > LARGEST_UNPACKED:
        raise _refused(path, "unpacks to more than 2 GB.", "Save the sheet as CSV.")
    return FileKind.EXCEL


def _refused(path: Path, what: str, mend: str) -> FileError:
    return FileError([Problem(path.name, what, mend)])
