"""The table of results holds what is published and nothing else."""

import csv
from io import StringIO
from pathlib import Path

from analysis.disclosure.release import Published, Suppressed
from backend.external.analyse import analyse_file
from backend.external.results_csv import COLUMNS, results_csv
from tests.backend.external.survey_files import MAPPING, survey_frame

NUMBERS = COLUMNS[COLUMNS.index("answers") : COLUMNS.index("response_rate")]


def rows_of(folder: Path) -> tuple[list[dict[str, str]], int, int]:
    """Give the table of a survey with one tiny team, and how much of it is shown and hidden."""
    frame = survey_frame()
    frame = frame.drop(index=frame.query("site == 'North' and team == 'Day'").index[8:])
    frame["site"] = frame["site"].replace("North", "=North")
    frame.to_csv(folder / "survey.csv", index=False)
    mapping = folder / "survey.mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    releases = analyse_file(folder / "survey.csv", mapping).releases
    values = [result.value for release in releases for result in release.results]
    table = list(csv.DictReader(StringIO(results_csv(releases, {"trust": "Trust?"}))))
    shown = sum(isinstance(value, Published) for value in values)
    return table, shown, sum(isinstance(value, Suppressed) for value in values)


def test_hidden_results_have_a_reason_and_no_number(tmp_path: Path) -> None:
    """A hidden line has no score, share or change at all, and says why."""
    table, shown, hidden = rows_of(tmp_path)
    assert hidden > 0
    assert [row["shown"] for row in table].count("no") == hidden
    assert [row["shown"] for row in table].count("yes") == shown
    for row in table:
        if row["shown"] == "no":
            assert row["why_not"]
            assert not any(row[name] for name in NUMBERS)
        else:
            assert row["score"]


def test_names_are_no_formulas(tmp_path: Path) -> None:
    """A unit called "=North" does not become a formula in a spreadsheet."""
    table, *_ = rows_of(tmp_path)
    assert any(row["group"].startswith("'=North") for row in table)
    assert not any(cell.startswith("=") for row in table for cell in row.values())
