"""The proposed mapping works on the file it was made from, and says what it guessed."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from backend.external.errors import FileError
from backend.external.guess_columns import Role, guess_columns
from backend.external.guess_scale import guess_scale
from backend.external.mapping import ItemKind, SurveyMapping
from backend.external.mapping_file import parse_mapping
from backend.external.propose import propose
from backend.external.reading import read_table
from backend.external.rows import code_rows
from backend.external.table import Table
from tests.backend.external.survey_files import write_csv, write_excel, write_parquet, write_spss

EXAMPLES = Path(__file__).parents[3] / "examples"
TODAY = date(2026, 5, 1)


def proposed(table: Table) -> SurveyMapping:
    """Propose a mapping and read it back; the rows must fit it."""
    mapping = parse_mapping(propose(table, TODAY).text, "proposal.toml")
    code_rows(table, mapping)
    return mapping


@pytest.mark.parametrize("example", ["readiness", "attitude"])
def test_the_proposal_finds_what_the_example_states(example: str) -> None:
    """From the example's data alone come its units, waves, columns and scales."""
    stated = parse_mapping((EXAMPLES / example / "mapping.toml").read_text(), "mapping.toml")
    guessed = proposed(read_table(EXAMPLES / example / "data.csv"))
    assert guessed.unit.columns == stated.unit.columns
    assert guessed.wave_column == stated.wave_column
    assert len(guessed.wave) == len(stated.wave)
    for mine, theirs in zip(guessed.item, stated.item, strict=True):
        assert (mine.column, mine.kind, mine.steps) == (theirs.column, theirs.kind, theirs.steps)
        assert (mine.minimum, mine.maximum) == (theirs.minimum, theirs.maximum)


@pytest.mark.parametrize("write", [write_csv, write_excel, write_spss, write_parquet])
def test_the_proposal_works_for_every_format(write: object, tmp_path: Path) -> None:
    """A proposal from any format reads back and fits the rows."""
    assert callable(write)
    mapping = proposed(read_table(write(tmp_path)))
    assert mapping.unit.columns == ("site", "team")
    assert mapping.wave_column == "round"
    assert [item.column for item in mapping.item] == ["trust", "strain"]
    assert mapping.item[1].direction == -1


def test_spss_labels_become_question_scale_and_dont_know(tmp_path: Path) -> None:
    """Texts that SPSS knows need no guessing."""
    item = proposed(read_table(write_spss(tmp_path))).item[0]
    assert item.text == "How much do you trust the tool?"
    assert item.values == ("1", "2", "3", "4", "5")
    assert item.dont_know == ("9",)


def test_people_are_left_out(tmp_path: Path) -> None:
    """Names, identifiers, times, background and comments are never proposed."""
    path = tmp_path / "people.csv"
    count = 60
    frame = pd.DataFrame(
        {
            "respondent_id": range(1000, 1000 + count),
            "email": [f"p{n}@example.org" for n in range(count)],
            "StartDate": pd.date_range("2026-01-01", periods=count, freq="h"),
            "gender": [1, 2] * 30,
            "department": ["A", "B", "C"] * 20,
            "trust": [1, 2, 3, 4, 5, 99] * 10,
            "comment": [f"I think that number {n} is a long story to tell" for n in range(count)],
        }
    )
    frame.to_csv(path, index=False)
    guesses = {guess.name: guess.role for guess in guess_columns(read_table(path))}
    assert [name for name, role in guesses.items() if role is not Role.LEFT_OUT] == [
        "department",
        "trust",
    ]
    mapping = proposed(read_table(path))
    assert mapping.item[0].missing == ("99",)


def test_the_number_of_answers_is_found_in_the_file(tmp_path: Path) -> None:
    """A table of units with a column of answers needs no assumption."""
    path = tmp_path / "units.csv"
    frame = pd.DataFrame({"office": list("ABCD"), "n": [20, 30, 25, 40], "trust": [55, 61, 70, 12]})
    frame.to_csv(path, index=False)
    mapping = proposed(read_table(path))
    assert mapping.item[0].kind is ItemKind.PERCENT
    assert mapping.item[0].answers_column == "n"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1", "2", "5"), ("1", "2", "3", "4", "5")),
        (("2", "3", "4", "9", "-9"), ("1", "2", "3", "4")),
        (("0", "10", "4"), tuple(str(n) for n in range(11))),
        (("agree", "disagree"), ("Strongly disagree", "disagree", "Neither agree nor disagree",
                                 "agree", "Strongly agree")),
        (("Yes", "No"), ("No", "Yes")),
    ],
)  # fmt: skip
def test_categories_are_completed(values: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Answers that nobody gave belong to the scale too; far-off codes do not."""
    scale = guess_scale(values, {})
    assert scale is not None
    assert scale.values == expected


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    """If nothing looks like a question, that is said instead of writing an empty mapping."""
    path = tmp_path / "names.csv"
    path.write_text("name,comment\nAda,hello\nBob,good bye\n", encoding="utf-8")
    with pytest.raises(FileError, match="no column looks like a question"):
        propose(read_table(path), TODAY)


def test_strange_names_make_a_valid_file(tmp_path: Path) -> None:
    """Quotation marks, line breaks and signs in a heading do not break the mapping."""
    path = tmp_path / "strange.csv"
    text = 'dept,"How ""good""\nis it? # [x] = \\n é"\n' + "A,1\nB,5\n" * 10
    path.write_text(text, encoding="utf-8")
    mapping = proposed(read_table(path))
    assert mapping.item[0].column == 'How "good"\nis it? # [x] = \\n é'
