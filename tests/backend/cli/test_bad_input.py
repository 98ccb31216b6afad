"""Wrong input at the command line: one message, a failing exit code, and nothing changed."""

import shlex
from pathlib import Path

import pytest

from tests import databases
from tests.backend.cli.installation import PASSWORD, Installation, is_refused
from tests.builders.rollout_file import SMALL_ROLLOUT

SECRET = shlex.quote(PASSWORD)
ADD = "user add {} --name Ann --role hr --password " + SECRET
SIGN = "agreement sign crane --email {} --password {}"

BEFORE_OPENING = [
    ("wave status nope", ["No wave 'nope'", "canvass wave list"]),
    ("wave open nope", ["No wave 'nope'", "canvass wave list"]),
    ("wave close nope", ["No wave 'nope'"]),
    ("wave count nope", ["No wave 'nope'"]),
    ("wave release nope", ["No wave 'nope'"]),
    ("wave cards nope --out {folder}/cards", ["No wave 'nope'"]),
    ("brief nope", ["No wave 'nope'"]),
    ("wave list nope", ["No rollout 'nope'", "canvass rollout list"]),
    ("rollout show nope", ["No rollout 'nope'"]),
    ("agreement show nope", ["No rollout 'nope'"]),
    ("wave open crane-2", ["crane-2", "crane-1 is planned", "release it first"]),
    ("wave close crane-1", ["planned", "must be open first"]),
    ("wave count crane-1", ["planned", "canvass wave close crane-1"]),
    ("wave release crane-1", ["planned", "canvass wave count crane-1"]),
    ("brief crane-1", ["planned", "canvass wave release crane-1"]),
    ("agreement sign nope --email hr@harbour.example --password x", ["No rollout 'nope'"]),
    (SIGN.format("hr@harbour.example", "wrong"), ["wrong", "nothing was signed"]),
    (SIGN.format("nobody@harbour.example", SECRET), ["wrong", "canvass user list"]),
    (SIGN.format("coo@harbour.example", SECRET), ["coo does not sign", "union"]),
    (ADD.format("hr@harbour.example"), ["has an account already"]),
    (ADD.format("hr"), ["is not an e-mail address"]),
    (ADD.format("x" * 400 + "@harbour.example"), ["too long", "320"]),
    ("user add a@b.example --name Ann --role hr --password short", ["5 characters", "12 to"]),
    ("user add a@b.example --name ' ' --role hr --password " + SECRET, ["no name"]),
    ("user add a@b.example --name Ann --role boss --password " + SECRET, ["boss", "union"]),
    ("rollout load {folder}/nothing.toml", ["nothing.toml", "No such file"]),
    ("rollout load {folder}", ["Is a directory"]),
    ("no-such-command", ["No such command"]),
]

WHILE_OPEN = [
    ("wave open crane-1", ["open already", "Nothing changed"]),
    ("wave count crane-1", ["is open", "canvass wave close crane-1"]),
    ("wave release crane-1", ["is open, not counted", "canvass wave count crane-1"]),
    ("brief crane-1", ["is open", "canvass wave release crane-1"]),
    ("wave open crane-2", ["crane-1 is open", "release it first"]),
    ("wave cards crane-1 --out {folder}", ["is not empty", "Name a new or an empty folder"]),
    ("wave cards crane-1 --out {folder}/canvass.sqlite", ["canvass.sqlite", "cannot be written"]),
    ("wave cards crane-1 --out {folder}/cards --lang xx", ['No language "xx"', "en"]),
    ("wave cards crane-1 --out {folder}/cards --address booth", ["no full address", "https://"]),
]


@pytest.mark.parametrize(("command", "words"), BEFORE_OPENING)
def test_a_mistake_before_a_wave_changes_nothing(
    signed: Installation, command: str, words: list[str]
) -> None:
    """What cannot be done yet, or names what is not there, is refused and leaves no trace."""
    before = signed.kept()
    is_refused(signed.run(*shlex.split(command.format(folder=signed.folder))), *words)
    assert signed.kept() == before
    assert sorted(path.name for path in signed.folder.iterdir()) == ["canvass.sqlite"]


@pytest.mark.parametrize(("command", "words"), WHILE_OPEN)
def test_a_mistake_during_a_wave_changes_nothing(
    opened: Installation, command: str, words: list[str]
) -> None:
    """A step out of order, or cards for the wrong place, leaves an open wave as it was."""
    before = opened.kept()
    is_refused(opened.run(*shlex.split(command.format(folder=opened.folder))), *words)
    assert opened.kept() == before
    assert sorted(path.name for path in opened.folder.iterdir()) == ["canvass.sqlite"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, ["no such file"]),
        (b"", ["is empty"]),
        (bytes(range(256)) * 20, ["is not text"]),
        (b"unit;q1\nroads;1\n", ["no such mapping file", "--init"]),
    ],
)
def test_a_survey_file_that_is_none(
    signed: Installation, file: bytes | None, words: list[str]
) -> None:
    """A missing, empty or binary survey file, or one without a mapping, writes nothing."""
    path = str(signed.folder / "survey.csv")
    if file is not None:
        signed.file("survey.csv", file)
    out = signed.folder / "results"
    is_refused(signed.run("analyse", path, "--out", str(out)), *words)
    assert not out.exists()


def test_cards_are_printed_once(anywhere: Installation) -> None:
    """A second set of cards is refused; a lost set can be replaced while nobody has answered."""
    cards = ("wave", "cards", "crane-1", "--out")
    anywhere.done(*cards, str(anywhere.folder / "cards"))
    assert (anywhere.folder / "cards").stat().st_mode & 0o077 == 0, "codes are for their owner"
    is_refused(anywhere.run(*cards, str(anywhere.folder / "more")), "answer twice", "--again")
    assert not (anywhere.folder / "more").exists()
    anywhere.done(*cards, str(anywhere.folder / "more"), "--again")
    assert len(list((anywhere.folder / "more").iterdir())) == 2


def test_units_stand_still_while_a_wave_is_open(anywhere: Installation) -> None:
    """A rollout loaded again during a wave may not change units or rules, and then changes none."""
    same = anywhere.file("same.toml", SMALL_ROLLOUT)
    other = anywhere.file("other.toml", SMALL_ROLLOUT.replace("= 40", "= 60"))
    anywhere.done("rollout", "load", same)
    before = anywhere.done("rollout", "show", "crane")
    is_refused(anywhere.run("rollout", "load", other), "crane-1 is open", "Nothing was changed")
    assert anywhere.done("rollout", "show", "crane") == before


def test_dates_of_an_opened_wave_stay(anywhere: Installation) -> None:
    """A rollout loaded again moves planned waves, never one that has opened."""
    later = anywhere.file("later.toml", SMALL_ROLLOUT.replace("2026-04-24", "2026-05-01"))
    anywhere.done("rollout", "load", later)
    assert "2026-05-01" in anywhere.done("wave", "list", "crane")
    moved = anywhere.file("moved.toml", SMALL_ROLLOUT.replace("2026-01-30", "2026-02-06"))
    is_refused(anywhere.run("rollout", "load", moved), "crane-1 is open", "Put them back")
    assert "2026-05-01" in anywhere.done("wave", "list", "crane")


@pytest.mark.parametrize("command", ["user list", "rollout list", "wave list crane", "serve"])
def test_a_mistyped_folder_is_not_a_new_installation(tmp_path: Path, command: str) -> None:
    """Only `canvass init` makes a database; other commands say that there is none."""
    file = tmp_path / "typo" / "canvass.sqlite"
    made = Installation(databases.sqlite_settings(file), tmp_path)
    is_refused(made.run(*command.split()), str(file), "there is no database", "canvass init")
    assert not file.parent.exists()


def test_a_wave_needs_both_signatures(unsigned: Installation) -> None:
    """A wave does not open before both sides have signed, and the message says who is missing."""
    is_refused(unsigned.run("wave", "open", "crane-1"), "not signed by hr and union")
    unsigned.done("agreement", "sign", "crane", "--email", "hr@harbour.example",
                  "--password", PASSWORD)  # fmt: skip
    is_refused(unsigned.run("wave", "open", "crane-1"), "not signed by union", "agreement sign")
