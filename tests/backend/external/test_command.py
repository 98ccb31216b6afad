"""`canvass analyse` writes everything or nothing, and says what it did."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis.disclosure.release import decode_release, release_hash
from backend.external.command import analyse
from tests.backend.external.survey_files import MAPPING, write_csv, write_excel


def run(*arguments: str | Path) -> Result:
    """Run the command as a user would."""
    return CliRunner().invoke(analyse, [str(each) for each in arguments])


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Give a survey file with its mapping beside it."""
    (tmp_path / "survey.mapping.toml").write_text(MAPPING, encoding="utf-8")
    return write_csv(tmp_path)


def test_results_are_written(survey: Path, tmp_path: Path) -> None:
    """A run leaves releases, briefings, a table and a summary, and names them."""
    result = run(survey, "--out", tmp_path / "made")
    assert result.exit_code == 0, result.output
    made = sorted(str(p.relative_to(tmp_path / "made")) for p in (tmp_path / "made").rglob("*.*"))
    assert made == [
        "analysis.json",
        "briefing-wave-1.pdf",
        "briefing-wave-2.pdf",
        "releases/wave-1.json",
        "releases/wave-2.json",
        "results.csv",
    ]
    assert (tmp_path / "made" / "briefing-wave-2.pdf").read_bytes().startswith(b"%PDF")
    assert "Counted 240 rows and forgot them" in result.output
    assert "briefing-wave-2.pdf" in result.output.splitlines()[-3]


@pytest.mark.slow
def test_a_run_can_be_repeated(survey: Path, tmp_path: Path) -> None:
    """The same file gives the same bytes again, in the same folder, and leaves no draft behind."""
    out = tmp_path / "made"
    assert run(survey, "--out", out).exit_code == 0
    before = {path.name: path.read_bytes() for path in out.rglob("*.*")}
    assert run(survey, "--out", out).exit_code == 0
    assert {path.name: path.read_bytes() for path in out.rglob("*.*")} == before
    assert not list(tmp_path.glob(".made*"))


def test_json_says_what_was_made(survey: Path, tmp_path: Path) -> None:
    """With --json a machine reads the waves and the hash of each release."""
    result = run(survey, "--out", tmp_path / "made", "--json")
    told = json.loads(result.stdout)
    assert [wave["name"] for wave in told["waves"]] == ["Before", "After"]
    release = decode_release((tmp_path / "made" / told["waves"][1]["release"]).read_bytes())
    assert told["waves"][1]["hash"] == release_hash(release)


def test_problems_leave_nothing_behind(survey: Path, tmp_path: Path) -> None:
    """A wrong row gives exit code 1, one line per problem, and no folder."""
    survey.write_text(survey.read_text().replace("North,Day,1,2", "North,Day,1,8", 1))
    result = run(survey, "--out", tmp_path / "made")
    assert result.exit_code == 1
    assert "Nothing was written: 1 problem." in result.stderr
    assert 'Item "trust": "8" in row' in result.stderr
    assert not (tmp_path / "made").exists()


def test_problems_are_told_to_machines(tmp_path: Path) -> None:
    """With --json problems come as where, what and how to mend."""
    result = run(tmp_path / "none.csv", "--init", "--json")
    assert result.exit_code == 1
    problem = json.loads(result.stdout)["problems"][0]
    assert problem["where"] == "none.csv"
    assert problem["what"] == "there is no such file."


def test_a_folder_with_other_files_is_spared(survey: Path, tmp_path: Path) -> None:
    """Results never replace a folder that holds anything else."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    result = run(survey, "--out", tmp_path / "mine")
    assert result.exit_code == 1
    assert "which would be lost" in result.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("blocked", ["file", "file/inside"])
def test_a_folder_that_cannot_be_made_is_named(blocked: str, survey: Path, tmp_path: Path) -> None:
    """Where no folder can be made the message names it."""
    (tmp_path / "file").write_text("not a folder")
    result = run(survey, "--out", tmp_path / blocked)
    assert result.exit_code == 1
    assert str(tmp_path / blocked) in result.stderr
    assert "with --out" in result.stderr


@pytest.mark.slow
def test_init_writes_a_mapping_that_works(tmp_path: Path) -> None:
    """A workbook can go from --init to results with the proposal as it stands."""
    survey = write_excel(tmp_path)
    proposal = run(survey, "--init")
    assert proposal.exit_code == 0, proposal.output
    assert 'unit: "site", "team"' in proposal.stdout
    assert (tmp_path / "survey.mapping.toml").exists()
    result = run(survey, "--out", tmp_path / "made")
    assert result.exit_code == 0, result.output


def test_init_never_overwrites(survey: Path) -> None:
    """A mapping someone wrote is not replaced by a guess."""
    result = run(survey, "--init")
    assert result.exit_code == 1
    assert "survey.mapping.toml: exists already" in result.stderr
    assert (survey.parent / "survey.mapping.toml").read_text() == MAPPING


def test_without_a_mapping_the_way_to_one_is_told(tmp_path: Path) -> None:
    """A first-time user is told about --init."""
    result = run(write_csv(tmp_path))
    assert result.exit_code == 1
    assert "canvass analyse FILE --init" in result.stderr


def test_a_missing_survey_is_told_before_its_mapping(tmp_path: Path) -> None:
    """A misspelt file name is not answered with a question about its mapping."""
    result = run(tmp_path / "survye.csv")
    assert result.exit_code == 1
    assert "survye.csv: there is no such file" in result.stderr
