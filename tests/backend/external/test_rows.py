"""Each row is coded as the mapping says; whatever does not fit is told with its row."""

from pathlib import Path

import pandas as pd
import pytest

from backend.external.errors import DataError
from backend.external.file_kind import FileKind
from backend.external.mapping import ItemEntry, ItemKind, SurveyMapping
from backend.external.mapping_file import parse_mapping
from backend.external.rows import DONT_KNOW, SKIPPED, CodedRows, code_rows
from backend.external.table import Table
from tests.backend.external.survey_files import MAPPING, mapping_of, rating


def table_of(labels: dict[str, dict[str, str]] | None = None, /, **columns: list[str]) -> Table:
    """Give a table as a CSV file would."""
    index = pd.RangeIndex(2, 2 + len(next(iter(columns.values()))))
    frame = pd.DataFrame(columns, index=index, dtype=str)
    return Table(Path("survey.csv"), FileKind.CSV, frame, labels or {})


def coded(item: ItemEntry, *cells: str, labels: dict[str, str] | None = None) -> CodedRows:
    """Code one column of answers."""
    table = table_of({item.column: labels or {}}, unit=["A"] * len(cells), q=list(cells))
    return code_rows(table, mapping_of(item))


def test_categories_are_coded_by_their_order() -> None:
    """A category becomes its position; empty cells are skipped, don't know stays apart."""
    rows = coded(rating(values=("low", "high"), dont_know=("?",), missing=("-",)),
                 "high", "low", "?", "-", "")  # fmt: skip
    assert rows.codes[:, 0].tolist() == [1, 0, DONT_KNOW, SKIPPED, SKIPPED]


def test_codes_and_labels_of_spss_mean_the_same() -> None:
    """A mapping may name the code or its label, and the file may hold either."""
    labels = {"1": "No", "2": "Yes", "9": "Refused"}
    by_code = coded(rating(values=(1, 2), missing=(9,)), "2", "No", "9", labels=labels)
    by_label = coded(
        rating(values=("No", "Yes"), missing=("Refused",)), "2", "No", "9", labels=labels
    )
    assert by_code.codes.tolist() == by_label.codes.tolist() == [[1], [0], [SKIPPED]]


@pytest.mark.parametrize(
    ("text", "position"),
    [("1", 0), ("1.333333", 1), ("1.33", 1), ("1.3", 1), ("5", 12), ("4.6667", 11)],
)
def test_scores_fall_on_their_grid(text: str, position: int) -> None:
    """A rounded mean of three questions is counted at the third it stands for."""
    score = ItemEntry("q", ItemKind.SCORE, minimum=1, maximum=5, steps=3)
    assert coded(score, text).codes.tolist() == [[position]]


@pytest.mark.parametrize("text", ["1.5", "0.6", "5.4", "x", "inf", "nan", "1e300"])
def test_scores_off_the_grid_are_refused(text: str) -> None:
    """A number between two steps or outside the range is a problem, not a guess."""
    score = ItemEntry("q", ItemKind.SCORE, minimum=1, maximum=5, steps=3)
    with pytest.raises(DataError, match="is not on the answer scale"):
        coded(score, text)


def test_units_are_sorted_as_people_sort_them() -> None:
    """Battalion 4 comes before battalion 104."""
    table = table_of(unit=["104", "4", "4"], q=["1", "2", "3"])
    assert code_rows(table, mapping_of(rating())).units == (("4",), ("104",))


def test_percentages_become_people() -> None:
    """43 % of 35 people are 15 people; a percentage of bad answers is turned round."""
    good = ItemEntry("q", ItemKind.PERCENT, answers=35)
    bad = ItemEntry("q", ItemKind.PERCENT, answers=35, direction=-1)
    assert coded(good, "43").favourable.tolist() == [[15]]
    assert coded(bad, "43").favourable.tolist() == [[20]]


def test_the_number_of_answers_may_stand_in_a_column() -> None:
    """Each unit can have its own number of answers; none at all means not asked there."""
    item = ItemEntry("q", ItemKind.PERCENT, answers_column="n")
    table = table_of(unit=["A", "B", "C"], q=["50", "25", ""], n=["20", "40", ""])
    rows = code_rows(table, mapping_of(item))
    assert rows.favourable.tolist() == [[10], [10], [0]]
    assert rows.answers.tolist() == [[20], [40], [0]]


def _survey(**changes: list[str]) -> Table:
    columns = {
        "site": ["N", "N", "S", "S"],
        "team": ["Day", "Day", "Day", "Day"],
        "round": ["1", "2", "1", "2"],
        "trust": ["1", "2", "9", "5"],
        "strain": ["1", "1.33", "", "5"],
    }
    return table_of(**(columns | changes))


BAD = [
    ({"trust": ["1", "7", "7", "5"]}, 'Item "trust": "7" in rows 3, 4 is not on the answer scale'),
    ({"strain": ["1", "1.5", "2", "2"]}, 'Item "strain": "1.5" in row 3'),
    ({"site": ["N", "", "S", ""]}, 'Unit "site": is empty in rows 3, 5'),
    ({"round": ["1", "2", "1", "3"]}, 'Wave "round": "3" in row 5 is no listed wave'),
    ({"round": ["1", "1", "1", "1"]}, '"After": no row has the value "2"'),
]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_a_row_that_does_not_fit_is_named(changes: dict[str, list[str]], message: str) -> None:
    """The message names column, value and rows."""
    with pytest.raises(DataError, match=message):
        code_rows(_survey(**changes), parse_mapping(MAPPING, "m.toml"))


def test_every_problem_of_the_rows_is_told() -> None:
    """Four kinds of mistakes in one file give four problems."""
    changes = {name: values for bad, _ in BAD[:4] for name, values in bad.items()}
    with pytest.raises(DataError) as caught:
        code_rows(_survey(**changes), parse_mapping(MAPPING, "m.toml"))
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('column = "trust"', 'column = "turst"', 'no column "turst". Did you mean "trust"'),
        ('wave_column = "round"', 'wave_column = "WAVE"', 'no column "WAVE". The file has "site"'),
        ('columns = ["site"', 'columns = ["sites"', 'no column "sites". Did you mean "site"'),
    ],
)
def test_a_column_that_is_not_there_is_named(old: str, new: str, message: str) -> None:
    """A misspelt column gives the nearest one in the file."""
    with pytest.raises(DataError, match=message):
        code_rows(_survey(), parse_mapping(MAPPING.replace(old, new), "m.toml"))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"unit": ["A"], "q": ["140"], "n": ["20"]}, '"140" in row 2 is not a percentage'),
        ({"unit": ["A"], "q": ["some"], "n": ["20"]}, '"some" in row 2 is not a percentage'),
        ({"unit": ["A"], "q": ["40"], "n": ["2.5"]}, '"2.5" in row 2 is not a whole number'),
        ({"unit": ["A", "A"], "q": ["1", "2"], "n": ["9", "9"]}, "rows 2, 3 give the same unit"),
    ],
)
def test_wrong_percentages_are_named(columns: dict[str, list[str]], message: str) -> None:
    """A row that is a unit needs one percentage and one number of people."""
    item = ItemEntry("q", ItemKind.PERCENT, answers_column="n")
    with pytest.raises(DataError, match=message):
        code_rows(table_of(**columns), mapping_of(item))


def test_a_survey_without_units_is_one_unit() -> None:
    """Without unit columns everyone is reported together."""
    mapping: SurveyMapping = mapping_of(rating(), columns=())
    assert code_rows(table_of(q=["1", "2"]), mapping).units == ((),)


def test_a_long_text_is_cut_in_the_message() -> None:
    """A comment in the wrong column does not fill the screen."""
    with pytest.raises(DataError) as caught:
        coded(rating(), "I think that " * 50)
    assert len(str(caught.value)) < 200
