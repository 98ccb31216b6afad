"""Head counts come from rows, one number, a table or a list, and each mistake is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from backend.external.errors import DataError
from backend.external.headcounts import people_per_unit
from backend.external.mapping import HeadcountSection, UnitHeadcount
from backend.external.mapping_file import parse_mapping
from backend.external.reading import read_table
from backend.external.rows import code_rows
from tests.backend.external.survey_files import MAPPING, write_csv

HEADING = "site,team,round,people\n"


def people(folder: Path, section: HeadcountSection) -> dict[tuple[str, ...], list[int]]:
    """Give the head counts of each unit over the two waves."""
    mapping = replace(parse_mapping(MAPPING, "m.toml"), headcount=section)
    rows = code_rows(read_table(write_csv(folder)), mapping)
    units, counts = people_per_unit(rows, mapping, folder)
    return dict(zip(units, counts.tolist(), strict=True))


def test_rows_are_people(tmp_path: Path) -> None:
    """From rows, a unit has as many people as rows."""
    found = people(tmp_path, HeadcountSection(from_rows=True))
    assert found[("North", "Day")] == [30, 30]


def test_a_list_may_differ_by_wave(tmp_path: Path) -> None:
    """A head count without a wave holds for all waves."""
    section = HeadcountSection(
        unit=(
            UnitHeadcount(("North", "Day"), 50),
            UnitHeadcount(("North", "Night"), 60, 1),
            UnitHeadcount(("North", "Night"), 70, 2),
        )
    )
    found = people(tmp_path, section)
    assert found[("North", "Day")] == [50, 50]
    assert found[("North", "Night")] == [60, 70]


def test_a_table_is_read_like_a_survey_file(tmp_path: Path) -> None:
    """A table beside the mapping gives people per unit and wave; other waves are of no concern."""
    text = HEADING + "North,Day,1,44\nNorth,Day,2,45\nNorth,Day,3,46\n"
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    found = people(tmp_path, HeadcountSection(file="people.csv"))
    assert found[("North", "Day")] == [44, 45]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site,team,heads\nNorth,Day,5\n", 'there is no column "people"'),
        (HEADING + "North,Day,1,many\n", 'row 2: "many" is no number of people'),
        (HEADING + "North,Day,1,0\n", 'row 2: "0" is no number of people'),
        (HEADING + "North,Day,1,9\nNorth,Day,1,9\n", 'row 3: "North", "Day" is there twice'),
    ],
)
def test_a_wrong_table_is_named(text: str, message: str, tmp_path: Path) -> None:
    """Each mistake in a head-count table gives its row."""
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        people(tmp_path, HeadcountSection(file="people.csv"))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ((UnitHeadcount(("North", "Day"), 5, 7),), '"7" is no listed wave'),
        ((UnitHeadcount(("North", "Day"), 5), UnitHeadcount(("North", "Day"), 6, 1)), "twice"),
    ],
)
def test_a_wrong_list_is_named(
    entries: tuple[UnitHeadcount, ...], message: str, tmp_path: Path
) -> None:
    """A wave that is not listed and a unit stated twice are told."""
    with pytest.raises(DataError, match=message):
        people(tmp_path, HeadcountSection(unit=entries))
