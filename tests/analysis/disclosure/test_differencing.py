"""The independent check finds what a wrong plan would let out."""

from dataclasses import replace as replace_inputs

import numpy as np
import pytest
from msgspec.structs import replace

from analysis.disclosure.differencing import Finding, check_release
from analysis.disclosure.release import (
    Change,
    Participation,
    Published,
    Reason,
    Release,
    Result,
    ShareEstimate,
    Shares,
    Suppressed,
    make_release,
)
from analysis.methods.change import Direction, Flag
from tests.builders.release import build_inputs, city_releases

INPUTS = build_inputs()
RELEASE = make_release(INPUTS)


def attack(release: Release, earlier: tuple[Release, ...] = ()) -> tuple[Finding, ...]:
    """Check a release of the city with the city's exact counts."""
    return check_release(release, INPUTS.counts, INPUTS.headcounts, earlier)


def with_result(group: str, series: str, **change: object) -> Release:
    """Change one result of the sound release by hand."""
    return replace(
        RELEASE,
        results=tuple(
            replace(each, **change) if (each.group, each.series) == (group, series) else each
            for each in RELEASE.results
        ),
    )


def withheld(reason: Reason) -> Result:
    """Find a result that is withheld for this reason."""
    return next(each for each in RELEASE.results if each.value == Suppressed(reason))


def published() -> Published:
    """Find the whole city's result on its first question."""
    value = RELEASE.results[0].value
    assert isinstance(value, Published)
    return value


def test_finds_nothing_in_a_sound_release() -> None:
    """What make_release makes passes."""
    assert attack(RELEASE) == ()


@pytest.mark.parametrize("reason", [Reason.TOO_FEW, Reason.PROTECTS_OTHERS])
def test_finds_each_withheld_score_that_is_put_back(reason: Reason) -> None:
    """Showing any one withheld group makes somebody small computable."""
    hidden = [each for each in RELEASE.results if each.value == Suppressed(reason)]
    found = 0
    for each in hidden:
        score = replace(published(), shares=Suppressed(Reason.TOO_FEW), dont_know=None)
        found += bool(attack(with_result(each.group, each.series, value=score)))
    assert found == len(hidden) > 0


def test_says_where_and_how_many() -> None:
    """A finding names the layer, the series, the groups and the size."""
    score = replace(published(), shares=Suppressed(Reason.TOO_FEW), dont_know=None)
    hidden = withheld(Reason.TOO_FEW)
    texts = [str(each) for each in attack(with_result(hidden.group, hidden.series, value=score))]
    assert any(
        f"score {hidden.series}, groups {hidden.group}: shown with" in text for text in texts
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"answers": 293}, "answers not rounded"),
        ({"score": 97}, "score beyond the cap"),
        ({"dont_know": 0.01}, "don't-know share beyond the cap"),
    ],
)
def test_finds_numbers_that_are_too_fine(change: dict[str, float], problem: str) -> None:
    """Exact answers, scores beyond a cap and small don't-know shares are findings."""
    value = replace(published(), **change)
    release = with_result(RELEASE.results[0].group, RELEASE.results[0].series, value=value)
    assert [each.problem for each in attack(release)] == [problem]


@pytest.mark.parametrize(
    ("share", "problem"),
    [(0.333, "share finer than a whole percent"), (0.99, "share beyond the cap")],
)
def test_finds_shares_that_are_too_fine(share: float, problem: str) -> None:
    """Tenths of a percent and shares beyond a cap are findings."""
    value = published()
    assert isinstance(value.shares, Shares)
    fine = ShareEstimate(share=share, low=0, high=1, capped=False)
    changed = replace(value, shares=replace(value.shares, favourable=fine))
    release = with_result(RELEASE.results[0].group, RELEASE.results[0].series, value=changed)
    assert problem in [each.problem for each in attack(release)]


def test_finds_exact_ballots() -> None:
    """Participation must be rounded."""
    first = RELEASE.participation[0]
    assert isinstance(first, Participation)
    exact = (replace(first, ballots=343), *RELEASE.participation[1:])
    findings = attack(replace(RELEASE, participation=exact))
    assert [each.problem for each in findings] == ["ballots not rounded"]


def test_finds_groups_that_overlap() -> None:
    """Groups that are neither nested nor apart cannot be proved safe, so they are a finding."""
    crossing = replace(RELEASE.groups[1], cells=("library", "streets-paving"))
    findings = attack(replace(RELEASE, groups=(RELEASE.groups[0], crossing, *RELEASE.groups[2:])))
    assert "groups overlap without nesting" in {each.problem for each in findings}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"headcount": 541}, "differ by a few people"),
        ({"cells": ("library",)}, "different cells"),
    ],
)
def test_finds_changes_of_a_few_people(change: dict[str, object], problem: str) -> None:
    """A change between waves whose people differ by one to nine is a finding."""
    first, second = city_releases(2)
    inputs = build_inputs(wave=2)
    moved = replace(first, groups=(replace(first.groups[0], **change), *first.groups[1:]))
    findings = check_release(second, inputs.counts, inputs.headcounts, (moved,))
    assert findings
    assert all(problem in each.problem for each in findings)
    assert check_release(second, inputs.counts, inputs.headcounts, (first,)) == ()


def test_finds_a_change_of_something_unpublished() -> None:
    """A change needs two published scores, and is their difference."""
    change = Change(
        difference=3, low=1, high=5, direction=Direction.BETTER, flag=Flag.NONE, since="gps-0"
    )
    findings = attack(
        with_result(RELEASE.results[0].group, RELEASE.results[0].series, change=change)
    )
    assert [each.problem for each in findings] == ["compares with a score that was not published"]


def test_counts_people_not_ballots_for_response_rates() -> None:
    """Response rates rest on head counts: a crew that shrinks below ten becomes a finding."""
    few = np.minimum(INPUTS.headcounts, 9)
    inputs = replace_inputs(INPUTS, headcounts=few)
    findings = check_release(RELEASE, inputs.counts, inputs.headcounts)
    assert "response rate" in {each.layer for each in findings}
