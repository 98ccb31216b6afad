"""The same survey gives the same table, whatever program saved it."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from backend.external.csv_file import CsvOptions
from backend.external.errors import FileError
from backend.external.file_kind import FileKind
from backend.external.reading import ReadOptions, read_table
from tests.backend.external.survey_files import (
    survey_frame,
    write_csv,
    write_excel,
    write_parquet,
    write_spss,
)

WRITERS = {
    FileKind.EXCEL: write_excel,
    FileKind.SPSS: write_spss,
    FileKind.PARQUET: write_parquet,
}


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_gives_the_same_text(kind: FileKind, tmp_path: Path) -> None:
    """A survey saved as Excel, SPSS or Parquet reads as it does from CSV."""
    table = read_table(WRITERS[kind](tmp_path))
    plain = read_table(write_csv(tmp_path))
    assert table.kind is kind
    pd.testing.assert_frame_equal(
        table.frame.reset_index(drop=True), plain.frame.reset_index(drop=True)
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, sep: str, tmp_path: Path) -> None:
    """Every usual encoding and delimiter is told from the file itself."""
    table = read_table(write_csv(tmp_path, encoding=encoding, sep=sep))
    assert table.columns == tuple(survey_frame().columns)
    assert set(table.frame["site"]) == {"North", "Süd"}


def test_decimal_commas_become_points(tmp_path: Path) -> None:
    """A file saved with decimal commas gives the same numbers."""
    comma = read_table(write_csv(tmp_path, sep=";", decimal=","))
    assert "decimal comma read in trust, strain" in comma.notes[0]
    pd.testing.assert_frame_equal(comma.frame, read_table(write_csv(tmp_path)).frame)


def test_commas_in_texts_stay(tmp_path: Path) -> None:
    """A column with other texts keeps its commas."""
    path = tmp_path / "texts.csv"
    path.write_text('unit;q\n"1,5";"Yes, often"\n"2";"No"\n', encoding="utf-8")
    table = read_table(path)
    assert table.frame["q"].tolist() == ["Yes, often", "No"]
    assert table.frame["unit"].tolist() == ["1.5", "2"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    """The first answer stands in row 2, and empty rows are counted but not read."""
    path = tmp_path / "gaps.csv"
    path.write_text("unit,q\nA,1\n\n,\nB,2\n", encoding="utf-8")
    assert read_table(path).frame.index.tolist() == [2, 5]


def test_the_sheet_can_be_chosen(tmp_path: Path) -> None:
    """Of several sheets the named one is read, else the first with content, with a note."""
    path = tmp_path / "two.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"q": [1]}).to_excel(writer, sheet_name="May", index=False)
        pd.DataFrame({"q": [2]}).to_excel(writer, sheet_name="June", index=False)
    assert read_table(path, ReadOptions(sheet="June")).frame["q"].tolist() == ["2"]
    first = read_table(path)
    assert first.frame["q"].tolist() == ["1"]
    assert '"May", "June"' in first.notes[0]


def test_spss_labels_and_questions_are_kept(tmp_path: Path) -> None:
    """Value labels and variable labels of an SPSS file come along."""
    table = read_table(write_spss(tmp_path))
    assert table.labels["trust"]["9"] == "Can't say"
    assert table.questions == {"trust": "How much do you trust the tool?"}


def _bytes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _nothing(_path: Path) -> None:
    """Write no file."""


def _folder(path: Path) -> None:
    path.mkdir()


def _empty_sheets(path: Path) -> None:
    pd.DataFrame().to_excel(path, index=False)


def _nested(path: Path) -> None:
    pd.DataFrame({"unit": ["A"], "many": [[1, 2]]}).to_parquet(path)


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "none.csv": (_nothing, "there is no such file"),
    "folder.csv": (_folder, "is a folder"),
    "empty.csv": (_bytes(b""), "the file is empty"),
    "blank.csv": (_bytes(b"\n\n"), "has no text"),
    "heading.csv": (_bytes(b"unit,q\n"), "has no rows of answers"),
    "twice.csv": (_bytes(b"q,q\n1,2\n"), 'the column "q" appears more than once'),
    "ragged.csv": (_bytes(b"unit,q\nA,1\nB,2,3\nC\n"), "row 3: has 3 cells"),
    "quote.csv": (_bytes(b'unit,q\nA,"1\n'), "a quotation mark or line is broken"),
    "report.csv": (_bytes(b"%PDF-1.7 ..."), "is a PDF document"),
    "old.xlsx": (_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "is an old Excel or Word file"),
    "photo.csv": (_bytes(b"\x89PNG\r\n"), "is a picture"),
    "binary.csv": (_bytes(b"abc\0def"), "is not text"),
    "damaged.xlsx": (_bytes(b"PK\x03\x04 nothing"), "is a damaged Excel or ZIP file"),
    "sheets.xlsx": (_empty_sheets, "every sheet is empty"),
    "damaged.sav": (_bytes(b"$FL2" + b"x" * 500), "the SPSS file cannot be read"),
    "damaged.parquet": (_bytes(b"PAR1 and no more"), "the Parquet file cannot be read"),
    "nested.parquet": (_nested, 'the column "many" holds lists or records'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_survey_is_refused(name: str, tmp_path: Path) -> None:
    """Whatever its ending says, an unreadable file is refused with what it is."""
    write, message = BROKEN[name]
    write(tmp_path / name)
    with pytest.raises(FileError, match=message):
        read_table(tmp_path / name)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ReadOptions(csv=CsvOptions(encoding="utf-7000")), 'there is no encoding "utf-7000"'),
        (ReadOptions(csv=CsvOptions(encoding="ascii")), "its letters cannot be decoded"),
    ],
)
def test_a_wrong_stated_encoding_is_refused(
    options: ReadOptions, message: str, tmp_path: Path
) -> None:
    """An encoding that does not exist or does not fit is named, not guessed around."""
    path = write_csv(tmp_path)
    with pytest.raises(FileError, match=message):
        read_table(path, options)


def test_a_missing_sheet_is_refused_with_the_ones_there_are(tmp_path: Path) -> None:
    """The message lists the sheets of the workbook."""
    path = write_excel(tmp_path)
    with pytest.raises(FileError, match='the workbook has "Empty", "Answers"'):
        read_table(path, ReadOptions(sheet="Anwsers"))


def test_a_zip_is_told_from_a_workbook(tmp_path: Path) -> None:
    """A packed file is refused with the advice to unpack it."""
    path = tmp_path / "survey.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("survey.csv", "q\n1\n")
    with pytest.raises(FileError, match="Unpack it first"):
        read_table(path)
