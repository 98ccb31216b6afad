"""The published examples: every released number agrees with pandas on the raw file."""

import math
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis.disclosure.release import (
    Change,
    Published,
    Release,
    ReleasedGroup,
    Shares,
    Suppressed,
    decode_release,
)
from backend.external.analyse import analyse_file

EXAMPLES = Path(__file__).parents[3] / "examples"
READINESS = {"job_satisfaction": "JSAT", "commitment": "COMMIT", "readiness": "READY"}
ATTITUDE = {
    "overall": "rating",
    "complaints": "complaints",
    "privileges": "privileges",
    "learning": "learning",
    "raises": "raises",
    "critical": "critical",
    "advancement": "advance",
}
HALF = 0.5 + 1e-4


@cache
def releases(example: str) -> tuple[Release, ...]:
    """Analyse an example once for all tests."""
    folder = EXAMPLES / example
    return analyse_file(folder / "data.csv", folder / "mapping.toml").releases


@cache
def raw(example: str) -> pd.DataFrame:
    """Read the raw file with pandas alone."""
    return pd.read_csv(EXAMPLES / example / "data.csv", dtype={"BTN": str})


def soldiers(wave: int, group: ReleasedGroup) -> pd.DataFrame:
    """Give the raw rows of a group: its cells name battalions or companies."""
    rows = raw("readiness")
    rows = rows[rows["TIME"] == wave]
    units = {unit for cell in group.cells for unit in cell.split("+")}
    company = rows["BTN"] + "/" + rows["COMPANY"]
    return rows[rows["BTN"].isin(units) | company.isin(units)]


def departments(group: ReleasedGroup) -> pd.DataFrame:
    """Give the raw rows of a group of departments."""
    rows = raw("attitude")
    return rows[rows["department"].isin({unit for cell in group.cells for unit in cell.split("+")})]


@pytest.mark.parametrize("wave", [0, 1, 2])
def test_every_readiness_score_is_the_mean_of_its_rows(wave: int) -> None:
    """All scores, answers and shares of three waves agree with an independent computation."""
    release = releases("readiness")[wave]
    checked = 0
    for group in release.groups:
        rows = soldiers(wave, group)
        for series, column in READINESS.items():
            result = release.find(group.id, series)
            assert result is not None
            assert isinstance(result.value, Published)
            score = (rows[column].mean() - 1) / 4 * 100
            assert result.value.score == pytest.approx(score, abs=HALF)
            assert result.value.low <= score <= result.value.high
            assert result.value.answers == pytest.approx(rows[column].count(), abs=2.5)
            _check_shares(result.value, rows[column].dropna())
            checked += 1
    assert checked == len(release.results) == 54


def _check_shares(value: Published, scores: "pd.Series[float]") -> None:
    """Shares are whole percent; beside a capped one they are coarser, by design."""
    if not isinstance(value.shares, Shares):
        return
    each = (value.shares.favourable, value.shares.neutral, value.shares.unfavourable)
    shares = ((scores > 3.49).mean(), scores.between(2.51, 3.49).mean(), (scores < 2.51).mean())
    coarse = any(estimate.capped for estimate in each)
    for estimate, share in zip(each, shares, strict=True):
        assert estimate.share == pytest.approx(share, abs=0.0751 if coarse else 0.0101)


def test_every_attitude_score_is_the_share_of_its_departments() -> None:
    """All scores agree with percentages counted back from 35 people in each department."""
    (release,) = releases("attitude")
    assert len(release.results) == 31 * 7
    for group in release.groups:
        rows = departments(group)
        for series, column in ATTITUDE.items():
            result = release.find(group.id, series)
            assert result is not None
            assert isinstance(result.value, Published)
            people = [math.floor(percent * 35 / 100 + 0.5) for percent in rows[column]]
            assert result.value.score == pytest.approx(
                100 * sum(people) / (35 * len(people)), abs=HALF
            )
            # Half a person of 35 is what counting back can move a published percentage
            assert result.value.score == pytest.approx(rows[column].mean(), abs=HALF + 50 / 35)


def test_changes_between_waves_are_differences_of_means() -> None:
    """Each published change is the difference of the raw means, within its own limits."""
    first, second, third = releases("readiness")
    for now, before, wave in ((second, first, 1), (third, second, 2)):
        for result in now.results:
            group, column = now.group(result.group), READINESS[result.series]
            difference = (
                soldiers(wave, group)[column].mean() - soldiers(wave - 1, group)[column].mean()
            )
            assert isinstance(result.change, Change)
            assert result.change.since == before.wave.id
            assert result.change.difference == pytest.approx(difference * 25, abs=1.01)
            assert result.change.low <= difference * 25 <= result.change.high


def test_readiness_rises_over_the_waves() -> None:
    """The published study's rise of readiness is found, and its size is right."""
    last = releases("readiness")[-1]
    result = last.find(last.root.id, "readiness")
    assert result is not None
    assert isinstance(result.change_since_first, Change)
    assert result.change_since_first.difference == 5
    assert result.change_since_first.low > 0


@pytest.mark.parametrize("example", ["readiness", "attitude"])
def test_groups_of_an_example_are_large_enough(example: str) -> None:
    """Small battalions and companies are merged until each group has ten people or more."""
    for release in releases(example):
        assert min(group.headcount for group in release.groups) >= 10
        assert all(isinstance(part, Suppressed) for part in release.participation)


@pytest.mark.parametrize("example", ["readiness", "attitude"])
def test_shipped_results_are_up_to_date(example: str) -> None:
    """The releases in the repository are those the command makes today."""
    for release in releases(example):
        shipped = EXAMPLES / example / "results" / "releases" / f"{release.wave.id}.json"
        assert decode_release(shipped.read_bytes()).results == release.results
