"""One small survey, written in every format, and the mapping that goes with it."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from backend.external.mapping import (
    HeadcountSection,
    ItemEntry,
    ItemKind,
    SurveyMapping,
    UnitSection,
    WaveEntry,
)

MAPPING = """
organisation = "Harbour"
tool = "Crane assistant"
wave_column = "round"

[file]
missing = ["NA"]

[unit]
columns = ["site", "team"]

[[wave]]
value = 1
name = "Before"
opened = 2026-01-01
closed = 2026-01-14

[[wave]]
value = 2
name = "After"
opened = 2026-03-01
closed = 2026-03-14

[headcount]
each = 40

[[item]]
column = "trust"
id = "trust"
text = "How much do you trust the tool?"
kind = "categories"
values = ["1", "2", "3", "4", "5"]
dont_know = [9]

[[item]]
column = "strain"
id = "strain"
text = "Strain: mean of three questions"
kind = "score"
minimum = 1
maximum = 5
steps = 3
direction = -1
"""


def survey_frame() -> pd.DataFrame:
    """Give 240 people in two sites of two teams, over two waves."""
    rng = np.random.default_rng(20260101)
    frame = pd.DataFrame(
        {
            "site": np.repeat(["North", "Süd"], 120),
            "team": np.tile(np.repeat(["Day", "Night"], 60), 2),
            "round": np.tile([1, 2], 120),
            "trust": rng.choice([1, 2, 3, 4, 5, 9], 240).astype(float),
            "strain": (1 + rng.integers(0, 13, 240) / 3).round(6),
        }
    )
    frame.loc[::17, "trust"] = np.nan
    frame.loc[::23, "strain"] = np.nan
    return frame


def write_csv(folder: Path, **options: str) -> Path:
    """Write the survey as CSV."""
    path = folder / "survey.csv"
    survey_frame().to_csv(path, index=False, **options)  # type: ignore[call-overload] # any option
    return path


def write_excel(folder: Path) -> Path:
    """Write the survey as the second sheet of a workbook whose first one is empty."""
    path = folder / "survey.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame().to_excel(writer, sheet_name="Empty", index=False)
        survey_frame().to_excel(writer, sheet_name="Answers", index=False)
    return path


def value_labels() -> dict[int | float, str]:
    """Give the labels of the codes of one column."""
    return {1: "Not at all", 2: "A little", 3: "Somewhat", 4: "Mostly", 5: "Completely",
            9: "Can't say"}  # fmt: skip


def write_spss(folder: Path) -> Path:
    """Write the survey for SPSS, with value labels and a question text."""
    path = folder / "survey.sav"
    labels = {"trust": value_labels()}
    pyreadstat.write_sav(
        survey_frame(), path, variable_value_labels=labels,
        column_labels={"trust": "How much do you trust the tool?"},
    )  # fmt: skip
    return path


def write_parquet(folder: Path) -> Path:
    """Write the survey as Parquet."""
    path = folder / "survey.parquet"
    survey_frame().to_parquet(path)
    return path


def mapping_of(*items: ItemEntry, columns: tuple[str, ...] = ("unit",)) -> SurveyMapping:
    """Give a mapping of one wave with these items."""
    return SurveyMapping(
        organisation="Harbour",
        item=items,
        wave=(WaveEntry("Only", date(2026, 1, 1), date(2026, 1, 2)),),
        headcount=HeadcountSection(from_rows=True),
        unit=UnitSection(columns),
    )


def rating(column: str = "q", **changes: object) -> ItemEntry:
    """Give an item with five categories."""
    options: dict[str, object] = {"values": (1, 2, 3, 4, 5)} | changes
    return ItemEntry(column, ItemKind.CATEGORIES, **options)  # type: ignore[arg-type] # any field
