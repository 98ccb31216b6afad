"""Cells of every type become the text that people would type."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from backend.external.table import cell_text, rows_text, text_frame

COLUMNS = [
    (pd.Series(np.array([1.1, 2, np.nan], "float32")), ["1.1", "2", ""]),
    (pd.Series([1.5, np.inf, -2.0]), ["1.5", "", "-2"]),
    (pd.Series([1, None, 3], dtype="Int64"), ["1", "", "3"]),
    (pd.Series(["x", None, " y "]), ["x", "", "y"]),
    (pd.Series(pd.Categorical(["x", None, "y"])), ["x", "", "y"]),
    (pd.Series([True, None, False], dtype=object), ["TRUE", "", "FALSE"]),
    (pd.Series([datetime(2026, 1, 1), None, datetime(2026, 1, 2, 3)]),  # noqa: DTZ001 - a cell
     ["2026-01-01", "", "2026-01-02 03:00:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "texts"), COLUMNS)
def test_cells_become_text(cells: "pd.Series[str]", texts: list[str]) -> None:
    """Numbers lose idle zeros, missing values become empty, days lose a midnight."""
    assert text_frame(pd.DataFrame({"c": cells}), 1)["c"].tolist() == texts


def test_a_single_value_is_text() -> None:
    """A code in a mapping is written like the same code in a file."""
    assert [cell_text(value) for value in (3, 3.0, "3", 0.5)] == ["3", "3", "3", "0.5"]


@pytest.mark.parametrize(
    ("rows", "text"),
    [([3], "row 3"), ([3, 4], "rows 3, 4"), (list(range(9)), "rows 0, 1, 2, 3, 4 and 4 more")],
)
def test_rows_are_named(rows: list[int], text: str) -> None:
    """The first five rows are named and the others counted."""
    assert rows_text(rows) == text
