"""Changes between waves: what they are measured from, when they are withheld, when they flag."""

from dataclasses import replace as replace_inputs
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace

from analysis.disclosure.release import (
    Change,
    EarlierWave,
    Published,
    Reason,
    Release,
    Suppressed,
    make_release,
)
from analysis.methods.change import Direction, Flag
from tests.builders.city import CITY
from tests.builders.release import build_inputs, build_release, city_releases

RELEASES = city_releases(6)


def second_wave(first_headcounts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Release:
    """Release two waves of the city, the first with other head counts."""
    before = replace_inputs(build_inputs(wave=1), headcounts=first_headcounts)
    earlier = EarlierWave(counts=before.counts, release=make_release(before))
    return make_release(build_inputs(wave=2, earlier=(earlier,)))


def test_the_first_wave_has_no_changes() -> None:
    """Without an earlier wave there is nothing to compare with, and nothing is withheld."""
    assert {result.change for result in build_release().results} == {None}


def test_a_change_is_the_difference_of_two_published_scores() -> None:
    """Whoever subtracts two releases gets the printed change."""
    for before, now in pairwise(RELEASES):
        for result in now.results:
            if isinstance(result.change, Change):
                then = before.find(result.group, result.series)
                assert then is not None
                assert isinstance(then.value, Published)
                assert isinstance(result.value, Published)
                assert result.change.difference == result.value.score - then.value.score
                assert result.change.low < result.change.difference < result.change.high


def test_changes_since_the_first_wave_go_back_to_it() -> None:
    """The change since the first wave is measured from the first wave that asked."""
    result = RELEASES[-1].find("city", "sv1")
    assert result is not None
    assert isinstance(result.change, Change)
    assert isinstance(result.change_since_first, Change)
    assert (result.change.since, result.change_since_first.since) == ("gps-5", "gps-1")


def test_a_withheld_score_has_a_withheld_change() -> None:
    """Where either wave withholds the score, the change is withheld too."""
    before, now = RELEASES[1], RELEASES[2]
    for result in now.results:
        then = before.find(result.group, result.series)
        if isinstance(result.value, Suppressed):
            assert result.change == result.value
        elif then is not None and isinstance(then.value, Suppressed):
            assert result.change == then.value


@pytest.mark.parametrize(
    ("joined", "withheld"), [(0, False), (1, True), (9, True), (10, False), (40, False)]
)
def test_a_few_newcomers_withhold_the_change(joined: int, withheld: bool) -> None:
    """With one to nine more people in a crew, it and all groups above it state no change."""
    before = CITY.headcounts.copy()
    before[0] += joined
    release = second_wave(before)
    for group in ("city", "sanitation", "sanitation-north"):
        result = release.find(group, "sv1")
        assert result is not None
        assert isinstance(result.value, Published)
        assert (result.change == Suppressed(Reason.MEMBERSHIP)) == withheld
    elsewhere = release.find("streets-paving", "sv1")
    assert elsewhere is not None
    assert elsewhere.change != Suppressed(Reason.MEMBERSHIP)


def test_the_planted_worsening_is_flagged() -> None:
    """Parks loses 22 points in wave 4: its scores are flagged, hardly any others are."""
    release = RELEASES[3]
    flagged = [
        result.group
        for result in release.results
        if isinstance(result.change, Change) and result.change.flag is not Flag.NONE
    ]
    parks = [group for group in flagged if group.startswith("parks")]
    assert len(parks) > 10
    assert len(flagged) - len(parks) - flagged.count("city") <= 3 * release.expected_chance_flags
    change = release.find("parks", "js2")
    assert change is not None
    assert isinstance(change.change, Change)
    assert change.change.flag is Flag.ALERT
    assert change.change.direction is Direction.WORSE


def test_only_worsening_is_flagged() -> None:
    """No improvement carries a flag, however large."""
    for release in RELEASES:
        for result in release.results:
            if isinstance(result.change, Change) and result.change.difference > 0:
                assert result.change.flag is Flag.NONE


def test_only_core_series_are_flagged() -> None:
    """Series outside the pulse are not part of the family of tests."""
    inputs = build_inputs(
        wave=4,
        earlier=(EarlierWave(counts=build_inputs(wave=3).counts, release=RELEASES[2]),),
    )
    side = tuple(replace(series, core=False) for series in inputs.series)
    release = make_release(replace_inputs(inputs, series=side))
    flags = {each.change.flag for each in release.results if isinstance(each.change, Change)}
    assert flags == {Flag.NONE}
    assert release.expected_chance_flags == 0


def test_a_skipped_wave_is_looked_behind() -> None:
    """A series the last wave did not ask is compared with the last wave that did."""
    first, second = build_inputs(wave=1), build_inputs(wave=2)
    earlier = (
        EarlierWave(counts=first.counts, release=make_release(first)),
        EarlierWave(
            counts=second.counts,
            release=make_release(replace_inputs(second, series=second.series[1:], gates=())),
        ),
    )
    release = make_release(build_inputs(wave=3, earlier=earlier))
    skipped, asked = release.find("city", "js2"), release.find("city", "sv1")
    assert skipped is not None
    assert asked is not None
    assert isinstance(skipped.change, Change)
    assert isinstance(asked.change, Change)
    assert (skipped.change.since, asked.change.since) == ("gps-1", "gps-2")
