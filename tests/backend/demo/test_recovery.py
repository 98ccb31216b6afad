"""The demo end to end: what the simulation planted, the releases recover."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from analysis.disclosure.release import Published, Release, Suppressed, decode_release, release_hash
from analysis.methods.change import Direction, Flag
from analysis.methods.gates import VerdictKind

pytestmark = pytest.mark.slow

Truth = dict[str, dict[str, dict[str, float]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a demo that ran through the real booth."""
    out = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "backend", "demo", "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def releases(made: Path) -> list[Release]:
    """Give the six releases, oldest first."""
    return [decode_release(f.read_bytes()) for f in sorted((made / "releases").glob("*.json"))]


@pytest.fixture(scope="module")
def truth(made: Path) -> Truth:
    """Give the planted mean scores: wave, group, series."""
    loaded: Truth = json.loads((made / "planted-truth.json").read_text(encoding="utf-8"))
    return loaded


def test_limits_hold_the_planted_scores(releases: list[Release], truth: Truth) -> None:
    """At least 93 of 100 published limits contain the true score of all employees."""
    inside = total = 0
    for release in releases:
        for result in release.results:
            planted = truth[release.wave.id].get(result.group, {}).get(result.series)
            if isinstance(result.value, Published) and planted is not None:
                total += 1
                inside += result.value.low <= planted <= result.value.high
    assert total > 3000
    assert inside / total >= 0.93


def test_worry_jumps_at_announcement_and_falls_where_staff_were_asked(
    releases: list[Release],
) -> None:
    """Water is announced before wave 2 and consulted before wave 3; Parks is never consulted."""
    moved = {
        (release.wave.number, department): change.direction
        for release in releases[1:3]
        for department in ("water", "parks")
        if (result := release.headline(department, "surveillance")) is not None
        and (change := result.change) is not None
        and not isinstance(change, Suppressed)
    }
    assert moved == {
        (2, "water"): Direction.WORSE,
        (2, "parks"): Direction.WORSE,
        (3, "water"): Direction.BETTER,
        (3, "parks"): Direction.NO_CLEAR_CHANGE,
    }


def test_announcement_raises_an_alert(releases: list[Release]) -> None:
    """A fall of some 25 points in a department of 86 people does not go unnoticed."""
    result = releases[-1].headline("library", "surveillance")
    assert result is not None
    assert result.change is not None
    assert not isinstance(result.change, Suppressed)
    assert result.change.flag is Flag.ALERT


def test_the_department_that_gets_worse_is_told_to_stop(releases: list[Release]) -> None:
    """Code Enforcement is the one in which the data is used against people."""
    last = releases[-1]
    assert last.verdict("code").verdict is VerdictKind.STOP
    assert last.verdict("sanitation").verdict is VerdictKind.GO


def test_releases_form_a_chain(releases: list[Release]) -> None:
    """Each release names the hash of the one before."""
    hashes = [None, *map(release_hash, releases[:-1])]
    assert [release.previous_hash for release in releases] == hashes


def test_every_wave_has_a_two_page_briefing(made: Path) -> None:
    """Leadership gets two pages for each wave."""
    briefings = sorted((made / "briefings").glob("*.pdf"))
    assert [len(PdfReader(file).pages) for file in briefings] == [2] * 6


def test_small_crews_never_appear_alone(releases: list[Release]) -> None:
    """The night crew of 8 and the winter crew of 9 are part of larger cells."""
    ids = {group.id for release in releases for group in release.groups}
    assert not ids & {"san-night", "str-snow"}
    assert min(group.headcount for group in releases[0].groups) >= 26
