"""A survey file of another tool obeys the same rules as any wave, in whatever format it comes."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pandas as pd
import pytest

from analysis.disclosure.release import (
    Change,
    Participation,
    Published,
    Release,
    Shares,
    Suppressed,
    encode_release,
)
from analysis.methods.gates import VerdictKind
from backend.external.analyse import analyse_file, default_mapping, display_names
from backend.external.errors import DataError
from tests.backend.external.survey_files import (
    MAPPING,
    survey_frame,
    write_csv,
    write_excel,
    write_parquet,
    write_spss,
)

K = 10


def mapping_file(folder: Path, text: str = MAPPING) -> Path:
    """Write the mapping beside the survey."""
    path = folder / "survey.mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def released(folder: Path, frame: pd.DataFrame, text: str = MAPPING) -> tuple[Release, ...]:
    """Put a frame through the whole analysis."""
    path = folder / "survey.csv"
    frame.to_csv(path, index=False)
    return analyse_file(path, mapping_file(folder, text)).releases


@pytest.mark.parametrize("write", [write_excel, write_spss, write_parquet])
def test_every_format_gives_the_identical_release(
    write: Callable[[Path], Path], tmp_path: Path
) -> None:
    """Excel, SPSS and Parquet give byte for byte the releases of the CSV file."""
    mapping = mapping_file(tmp_path)
    expected = analyse_file(write_csv(tmp_path), mapping).releases
    found = analyse_file(write(tmp_path), mapping).releases
    assert [encode_release(each) for each in found] == [encode_release(each) for each in expected]


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    """Shuffled rows give the identical release."""
    shuffled = survey_frame().sample(frac=1, random_state=1)
    found, expected = released(tmp_path, shuffled), released(tmp_path, survey_frame())
    assert encode_release(found[1]) == encode_release(expected[1])


def test_scores_equal_an_independent_mean(tmp_path: Path) -> None:
    """Every published score is the mean of the rows, mirrored where a high value is bad."""
    frame = survey_frame().replace({"trust": {9: float("nan")}})
    frame["trust"] = (frame["trust"] - 1) * 25
    frame["strain"] = 100 - (frame["strain"] - 1) * 25
    releases = released(tmp_path, survey_frame())
    for release in releases:
        rows = frame[frame["round"] == release.wave.number]
        for group in release.groups:
            units = [cell.split("/") for cell in group.cells]
            chosen = rows[
                [[a, b] in units for a, b in zip(rows["site"], rows["team"], strict=True)]
            ]
            for series in ("trust", "strain"):
                result = release.find(group.id, series)
                assert result is not None
                assert isinstance(result.value, Published)
                assert result.value.score == pytest.approx(chosen[series].mean(), abs=0.5001)
                assert result.value.answers == pytest.approx(chosen[series].count(), abs=2.5)


def test_dont_knows_are_no_answers(tmp_path: Path) -> None:
    """A don't-know counts towards its own share and not towards the score."""
    release = released(tmp_path, survey_frame())[0]
    result = release.find(release.root.id, "trust")
    assert result is not None
    assert isinstance(result.value, Published)
    first = survey_frame().query("round == 1")["trust"].dropna()
    assert result.value.dont_know == pytest.approx((first == 9).mean(), abs=0.005)


def test_waves_form_a_chain_and_are_compared(tmp_path: Path) -> None:
    """The second release knows the first and tells the change since it."""
    first, second = released(tmp_path, survey_frame())
    result = second.find(second.root.id, "trust")
    assert result is not None
    assert isinstance(result.change, Change)
    assert first.previous_hash is None
    assert second.previous_hash is not None


def test_small_groups_are_really_hidden(tmp_path: Path) -> None:
    """No score of fewer than ten answers is shown, nor computable as parent minus the others."""
    frame = survey_frame().query("round == 1")
    small = frame.query("site == 'North' and team == 'Day'").index[4:]
    frame = frame.drop(index=small)
    text = MAPPING.replace("[headcount]", "[policy]\nwanted_cell = 10\n[headcount]")
    text = text.replace(text[text.index("[[wave]]\nvalue = 2") : text.index("[policy]")], "")
    (release,) = released(tmp_path, frame, text)
    exact = frame.assign(cell=frame["site"] + "/" + frame["team"])
    for series in ("trust", "strain"):
        answered = exact[exact[series].notna() & (exact[series] != 9)].groupby("cell").size()
        shown = {
            group.id: sum(int(answered.get(cell, 0)) for cell in group.cells)
            for group in release.groups
            if isinstance(_value(release, group.id, series), Published)
        }
        assert "North/Day" not in shown
        assert all(people >= K for people in shown.values())
        for group in release.groups:
            inner = [shown[child.id] for child in release.children(group.id) if child.id in shown]
            if group.id in shown and inner:
                assert shown[group.id] - sum(inner) == 0 or shown[group.id] - sum(inner) >= K
    assert isinstance(_value(release, "North/Day", "trust"), Suppressed)


def _value(release: Release, group: str, series: str) -> Published | Suppressed:
    result = release.find(group, series)
    assert result is not None
    return result.value


def test_stated_head_counts_give_a_response_rate(tmp_path: Path) -> None:
    """With head counts the share of people who answered is known."""
    release = released(tmp_path, survey_frame())[0]
    part = release.participation_of(release.root.id)
    assert isinstance(part, Participation)
    assert part.headcount == 160
    # 119 of the 120 people of the first wave gave an answer; ballots are rounded to 5
    assert part.rate == 120 / 160


def test_head_counts_from_rows_claim_nothing(tmp_path: Path) -> None:
    """If only the rows are known there is no response rate, and limits stay wide."""
    unknown = released(tmp_path, survey_frame(), MAPPING.replace("each = 40", "from_rows = true"))[
        0
    ]
    known = released(tmp_path, survey_frame())[0]
    assert all(isinstance(part, Suppressed) for part in unknown.participation)
    assert all(group.headcount % 5 == 0 for group in unknown.groups)
    for group in unknown.groups:
        wide, narrow = _value(unknown, group.id, "trust"), _value(known, group.id, "trust")
        assert isinstance(wide, Published)
        assert isinstance(narrow, Published)
        assert wide.score == narrow.score
        assert wide.high - wide.low >= narrow.high - narrow.low > 0


def test_percentages_show_no_split_they_do_not_have(tmp_path: Path) -> None:
    """The share of those who are not favourable is not called unfavourable."""
    path = tmp_path / "units.csv"
    path.write_text("office,yes\nA,40\nB,60\nC,50\n", encoding="utf-8")
    text = MAPPING.partition("wave_column")[0] + (
        '[unit]\ncolumns = ["office"]\n[headcount]\neach = 50\n'
        '[[wave]]\nname = "Only"\nopened = 2026-01-01\nclosed = 2026-01-01\n'
        '[[item]]\ncolumn = "yes"\nkind = "percent"\nanswers = 30\n'
    )
    analysis = analyse_file(path, mapping_file(tmp_path, text))
    (release,) = analysis.releases
    value = _value(release, "A", "yes")
    assert isinstance(value, Published)
    assert value.score == 40
    assert isinstance(value.shares, Suppressed)
    assert any("by up to 1.7 points" in note for note in analysis.notes)


def test_several_items_make_a_construct(tmp_path: Path) -> None:
    """Items with one construct are also reported as the mean of each person's answers."""
    frame = survey_frame()
    text = MAPPING.replace("\ncolumn = ", '\nconstruct = "mood"\ncolumn = ')
    release = released(tmp_path, frame, text)[0]
    value = _value(release, release.root.id, "mood")
    assert isinstance(value, Published)
    frame = frame.query("round == 1").replace({"trust": {9: float("nan")}})
    people = pd.concat([(frame["trust"] - 1) * 25, 100 - (frame["strain"] - 1) * 25], axis=1)
    assert value.score == pytest.approx(people.mean(axis=1).mean(), abs=0.5001)
    assert isinstance(value.shares, Shares)
    assert [series.id for series in release.series if series.core] == ["mood"]


def test_nothing_of_a_row_is_left_in_a_release(tmp_path: Path) -> None:
    """Columns that are not mapped, such as an address, never reach a release."""
    frame = survey_frame().assign(email=lambda rows: "p" + rows.index.astype(str) + "@example.org")
    texts = [encode_release(each).decode() for each in released(tmp_path, frame)]
    assert not any("example.org" in text for text in texts)
    assert "headcount" in msgspec.json.decode(texts[0])["groups"][0]


@pytest.mark.parametrize(
    ("each", "message"),
    [
        ("each = 20", "30 people are in the file, but 20 are stated"),
        (
            '[[headcount.unit]]\nunit = ["North", "Day"]\npeople = 50\n',
            'Head count of "North/Night", wave "Before": 30 people are in the file, but no head',
        ),
    ],
)
def test_head_counts_must_cover_the_rows(each: str, message: str, tmp_path: Path) -> None:
    """A unit cannot have more answers than people."""
    with pytest.raises(DataError, match=message):
        released(tmp_path, survey_frame(), MAPPING.replace("each = 40", each))


def test_too_small_a_survey_is_refused(tmp_path: Path) -> None:
    """An organisation below the smallest cell gets a sentence instead of a release."""
    frame = survey_frame().groupby("round").head(3)
    with pytest.raises(DataError, match="results need at least 10"):
        released(tmp_path, frame, MAPPING.replace("each = 40", "from_rows = true"))


def test_a_unit_where_nobody_answered_counts(tmp_path: Path) -> None:
    """Units from the head-count file take part with their people and no answers."""
    people = pd.DataFrame(
        {"site": ["North", "North", "Süd", "Süd", "West"],
         "team": ["Day", "Night", "Day", "Night", "Day"], "people": [40, 40, 40, 40, 90]}
    )  # fmt: skip
    people.to_csv(tmp_path / "people.csv", index=False)
    text = MAPPING.replace("each = 40", 'file = "people.csv"')
    release = released(tmp_path, survey_frame(), text)[0]
    assert release.root.headcount == 250
    west = next(group for group in release.groups if "West" in group.name or group.id == "West")
    assert isinstance(_value(release, west.id, "trust"), Suppressed)


def test_the_mapping_beside_the_file_is_found(tmp_path: Path) -> None:
    """Its own mapping goes before a shared one."""
    survey = tmp_path / "survey.csv"
    assert default_mapping(survey).name == "survey.mapping.toml"
    (tmp_path / "mapping.toml").touch()
    assert default_mapping(survey).name == "mapping.toml"
    mapping_file(tmp_path)
    assert default_mapping(survey).name == "survey.mapping.toml"


def test_questions_go_by_their_own_names(tmp_path: Path) -> None:
    """Briefings name the survey's own questions, not those of our question bank."""
    analysis = analyse_file(write_csv(tmp_path), mapping_file(tmp_path))
    assert display_names(analysis.mapping).constructs == {"trust": "Trust", "strain": "Strain"}


@pytest.mark.parametrize(
    ("minimum", "stop_below", "verdict"),
    [(20, 10, VerdictKind.GO), (70, 20, VerdictKind.HOLD), (95, 90, VerdictKind.STOP)],
)
def test_agreed_lines_give_a_verdict(
    minimum: int, stop_below: int, verdict: VerdictKind, tmp_path: Path
) -> None:
    """With gates the organisation gets go, hold or stop by its published limits."""
    lines = f"minimum = {minimum}\nstop_below = {stop_below}\n"
    text = f'{MAPPING}[[gate]]\nconstruct = "trust"\n{lines}'
    release = released(tmp_path, survey_frame(), text)[0]
    assert release.verdict(release.root.id).verdict is verdict
    assert release.verdict(release.root.id).gates[0].series == "trust"


def test_units_with_signs_in_their_names_stay_apart(tmp_path: Path) -> None:
    """Signs that join units in a release do not mix up units that contain them."""
    frame = survey_frame().replace({"site": {"North": "R+D / North", "Süd": "="}})
    release = released(tmp_path, frame)[0]
    assert {group.name for group in release.groups if group.level == 1} == {"R+D / North", "="}
