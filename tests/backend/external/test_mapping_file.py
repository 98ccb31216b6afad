"""A mapping file is read as it is meant, or refused with everything that is wrong."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from backend.external.errors import SHOWN_AT_MOST, ExternalError, MappingError, Problem
from backend.external.mapping import (
    FileSection,
    ItemEntry,
    ItemKind,
    PolicySection,
    SurveyMapping,
    UnitSection,
    WaveEntry,
)
from backend.external.mapping_file import parse_mapping, read_mapping
from tests.backend.external.survey_files import MAPPING


def test_a_mapping_is_read() -> None:
    """Every section of a mapping file arrives in its place."""
    mapping = parse_mapping(MAPPING, "m.toml")
    assert mapping.unit.columns == ("site", "team")
    assert [wave.name for wave in mapping.wave] == ["Before", "After"]
    assert mapping.wave[0].opened == date(2026, 1, 1)
    assert [item.kind for item in mapping.item] == [ItemKind.CATEGORIES, ItemKind.SCORE]
    assert mapping.headcount.each == 40


WRONG = [
    ('organisation = "Harbour"', "organisation = 7", 'organisation: needs text in "quotes", but'),
    ('organisation = "Harbour"', "", '"organisation" is missing'),
    ('organisation = "Harbour"', 'organisation = " "', "organisation: is empty"),
    ('tool = "Crane', 'toll = "Crane', '"toll" is not a known word. Did you mean "tool"'),
    ('column = "trust"', 'colum = "trust"', r'\[item number 1\]: "colum" is not a known word'),
    ("[file]", "[file", "this is not valid TOML"),
    ("opened = 2026-01-01", 'opened = "soon"', "wave number 1 opened"),
    ("opened = 2026-01-01", "opened = 2026-01-20", "closes before it opens"),
    ("opened = 2026-03-01", "opened = 2025-03-01", 'opens before "Before"'),
    ("value = 2", "value = 1", 'the value "1" is listed twice'),
    ("value = 2", "", "a wave has no value"),
    ('wave_column = "round"', "", "2 waves, but no column"),
    ('wave_column = "round"', 'wave_column = "team"', "is also a unit column"),
    ('columns = ["site", "team"]', 'columns = ["site", "site"]', "a column is named twice"),
    ('["site", "team"]', '["site", "team"]\ntitles = ["Site"]', "has 1 words for 2 columns"),
    ('kind = "score"', 'kind = "mean"', "item number 2 kind"),
    ("direction = -1", "direction = 0", "item number 2 direction"),
    ('values = ["1", "2", "3", "4", "5"]', "", "needs its list of values"),
    ('values = ["1", "2", "3", "4", "5"]', "values = [1, 1, 2]", 'the value "1" is listed twice'),
    ("dont_know = [9]", "dont_know = [5]", "is listed as an answer and as missing or don't know"),
    ("dont_know = [9]", "steps = 2", 'item of kind "categories"'),
    ("maximum = 5", "maximum = 0", "maximum is not above minimum"),
    ("steps = 3", "steps = 0", "steps must be 1 or more"),
    ("maximum = 5", "maximum = 4.5", "does not divide into steps of 1/3"),
    ("steps = 3", "steps = 500", "has 2001 possible values"),
    ('id = "strain"', 'id = "trust"', 'the id "trust" is used twice'),
    ('column = "strain"', 'column = "team"', "is already the unit or the wave"),
    ("each = 40", "", "needs exactly one source of head counts"),
    ("each = 40", "each = 40\nfrom_rows = true", "needs exactly one source of head counts"),
    ("each = 40", "each = -4", "is negative"),
    ("each = 40", '[[headcount.unit]]\nunit = ["North"]\npeople = 9', "names 1 levels"),
    ("each = 40", '[[headcount.unit]]\nunit = ["N", "D"]\npeople = 0', "has no people"),
    ("[headcount]", "[policy]\nk_scores = 9\n[headcount]", "k_scores: is 9; the rule may be made"),
    ("[headcount]", "[policy]\nk_shares = 15\n[headcount]", "Use 20 or more"),
    ("[headcount]", "[policy]\nk_scores = 30\n[headcount]", "is below k_scores"),
    ("[headcount]", "[policy]\nround_counts_to = 1\n[headcount]", "Use 5 or 10"),
    ("[headcount]", "[policy]\ncap_percent = [1, 99]\n[headcount]", "Use .5, 95. or narrower"),
    ("[headcount]", "[policy]\nminimum_cell = 30\n[headcount]", "is below minimum_cell"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG)
def test_a_wrong_mapping_is_refused(old: str, new: str, message: str) -> None:
    """Each mistake gives a message that says where it is and how to mend it."""
    assert old in MAPPING
    with pytest.raises(MappingError, match=message):
        parse_mapping(MAPPING.replace(old, new, 1), "m.toml")


GATE = '[[gate]]\nconstruct = "{}"\nminimum = {}\nstop_below = {}\n'


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        (GATE.format("hope", 60, 40), 'no item measures this construct. Known: "strain", "trust"'),
        (GATE.format("trust", 40, 60), "Use 0 <= stop_below <= minimum <= 100"),
    ],
)
def test_a_wrong_gate_is_refused(gate: str, message: str) -> None:
    """A gate needs a construct that is asked and two lines in order."""
    with pytest.raises(MappingError, match=message):
        parse_mapping(MAPPING + gate, "m.toml")


def test_percentages_and_people_do_not_mix() -> None:
    """Rows are either people or whole units."""
    percent = '[[item]]\ncolumn = "share"\nid = "share"\nkind = "percent"\nanswers = 30\n'
    with pytest.raises(MappingError, match="Put them in two mappings"):
        parse_mapping(MAPPING + percent, "m.toml")


def test_a_percentage_needs_its_number_of_answers() -> None:
    """Without the number of people behind it a percentage has no limits."""
    text = MAPPING.partition("[[item]]")[0] + '[[item]]\ncolumn = "a"\nkind = "percent"\n'
    with pytest.raises(MappingError, match="needs the number of answers behind each percentage"):
        parse_mapping(text, "m.toml")


def test_all_problems_are_told_at_once() -> None:
    """Three mistakes give three problems in one go."""
    text = MAPPING.replace("each = 40", "").replace("steps = 3", "steps = 0")
    with pytest.raises(MappingError) as caught:
        parse_mapping(text.replace('wave_column = "round"', ""), "m.toml")
    assert len(caught.value.problems) == 3


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The message says how to make a mapping."""
    with pytest.raises(MappingError, match="canvass analyse FILE --init"):
        read_mapping(tmp_path / "none.toml")


def test_a_mapping_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A workbook given as mapping is refused in words."""
    path = tmp_path / "m.toml"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(MappingError, match="is not UTF-8 text"):
        read_mapping(path)


def test_a_long_list_of_problems_is_cut() -> None:
    """A file with a problem in every row does not flood the screen, yet says how many there are."""
    error = ExternalError([Problem(f"row {row}", "is wrong.") for row in range(100)])
    assert len(error.shown) == SHOWN_AT_MOST + 1
    assert "60 further problems" in str(error)


DOCS = Path(__file__).parents[3] / "docs" / "analyse.md"


def test_the_documented_mapping_works() -> None:
    """The mapping in the documentation is read as it stands, and shows every word there is."""
    blocks = [block.split("```")[0] for block in DOCS.read_text().split("```toml\n")[1:]]
    mapping = parse_mapping(blocks[0], "analyse.md")
    assert mapping.unit.names == {"North/3": "Night shift"}
    assert mapping.policy == PolicySection()
    for section in (SurveyMapping, FileSection, UnitSection, WaveEntry, ItemEntry, PolicySection):
        for field in fields(section):
            assert field.name in "".join(blocks), f"{section.__name__}.{field.name}"
