"""What commands print: one line for each thing, in words, at any width of the screen."""

import subprocess
import sys

from tests.backend.cli.installation import PASSWORD, PEOPLE, Installation, is_refused


def test_status_has_a_line_for_each_group(opened: Installation) -> None:
    """The status of a wave tells every group in one line, indented under the one above it."""
    lines = opened.done("wave", "status", "crane-1").splitlines()
    assert lines[:2] == [
        "crane-1  Announcement: open",
        "Planned from 2026-01-19 to 2026-01-30",
    ]
    assert lines[-4].startswith("Ballots in groups of 10 people or more, rounded")
    assert lines[-3:] == [
        "  Harbour Works  fewer than 5 of 70",
        "    Cranes       fewer than 5 of 40",
        "    Yard         fewer than 5 of 30",
    ]
    planned = opened.done("wave", "status", "crane-2").splitlines()
    assert planned == ["crane-2  In use: planned", "Planned from 2026-04-13 to 2026-04-24"]


def test_agreement_is_in_words(signed: Installation) -> None:
    """The agreement is shown as sentences and lines, never as Python values."""
    said = signed.done("agreement", "show", "crane")
    assert "{" not in said
    assert "(5, 95)" not in said
    assert "Gate job security     go from 50, stop below 35" in said
    assert "Signed by             Tomas Okafor for the staff side (union)" in said


def test_signing_says_who_is_missing(unsigned: Installation) -> None:
    """After one side has signed, the other one is named; after both, the next command."""
    sign = ("agreement", "sign", "crane", "--password", PASSWORD, "--email")
    shown = unsigned.done("agreement", "show", "crane")
    assert "Not signed yet by     the staff side (union)" in shown
    first = unsigned.done(*sign, "hr@harbour.example")
    assert "Still to sign: the staff side (union)." in first
    assert "Next: " in unsigned.done(*sign, "union@harbour.example")


def test_lists_are_aligned_and_say_when_empty(signed: Installation) -> None:
    """Accounts, rollouts and waves stand in columns."""
    users = signed.done("user", "list").splitlines()
    assert [line.split(None, 2) for line in users] == [
        [role, f"{role}@harbour.example", PEOPLE[role]] for role in ("coo", "hr", "union")
    ]
    assert signed.done("rollout", "list") == "crane         Crane Assist (Harbour Works)\n"
    waves = signed.done("wave", "list", "crane").splitlines()
    assert waves[0].split(None, 2) == [
        "crane-1", "planned", "2026-01-19 to 2026-01-30  Announcement"
    ]  # fmt: skip


def test_rollout_shows_cells_and_waves(signed: Installation) -> None:
    """A rollout is shown with its phases, cells and waves."""
    said = signed.done("rollout", "show", "crane")
    assert said.startswith("Crane Assist, Harbour Works\n")
    assert "Phases: Announced, Steady use" in said
    assert "      40  Cranes (Harbour Works)" in said


def test_names_are_never_taken_for_markup(signed: Installation) -> None:
    """A name with square brackets is printed as it was typed."""
    signed.done("user", "add", "x@harbour.example", "--name", "[bold]Xenia", "--role", "coo",
                "--password", PASSWORD)  # fmt: skip
    assert "[bold]Xenia" in signed.done("user", "list")


def test_steps_done_twice_say_so(opened: Installation) -> None:
    """Counting again changes nothing and says so; releasing again is refused."""
    opened.done("wave", "close", "crane-1")
    is_refused(opened.run("wave", "close", "crane-1"), "closed already")
    assert "is counted. Next" in opened.done("wave", "count", "crane-1")
    assert "already; nothing changed" in opened.done("wave", "count", "crane-1")
    is_refused(opened.run("brief", "crane-1"), "counted", "canvass wave release crane-1")
    opened.done("wave", "release", "crane-1")
    is_refused(opened.run("wave", "release", "crane-1"), "is released")
    assert "released already" in opened.done("wave", "count", "crane-1")
    late = opened.run("wave", "cards", "crane-1", "--out", str(opened.folder / "cards"))
    is_refused(late, "is released", "before a wave closes")
    is_refused(opened.run("brief", "crane-1", "--out", opened.file("f", "")), "cannot be written")


def test_help_loads_no_statistics() -> None:
    """Asking for help, or for a list, waits for neither the statistics nor the web server."""
    code = (
        "import sys, backend.cli.waves, backend.cli.serving, backend.cli.demonstration;"
        "print([m for m in ('scipy', 'pandas', 'litestar', 'weasyprint') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
