"""A construct beside its items never leaves the answers of a few."""

from dataclasses import replace as replace_inputs

import numpy as np
import pytest
from msgspec.structs import replace

from analysis.counts import ConstructRule, count_answers, item_series
from analysis.disclosure.differencing import check_release
from analysis.disclosure.families import Family, withhold_constructs
from analysis.disclosure.release import (
    Published,
    Reason,
    Release,
    ReleasedSeries,
    ReleaseInputs,
    Suppressed,
    make_release,
)
from tests.builders.lattices import lattice_of
from tests.builders.release import build_inputs

TREE = lattice_of([-1, 0, 0, 0], [0, 1, 1, 1])
SKIPPED = 251
RULE = ConstructRule("ease", ("ez1", "ez2"), 2)


def shown(complete: list[int], partial: list[int]) -> list[bool]:
    """Give the groups that show a construct, where all of them show items and would show it."""
    everything = np.ones((4, 3), dtype=np.bool_)
    some = np.array(complete) + np.array(partial)
    answered = np.stack([np.array(complete), some, some], axis=1)
    family = Family(0, (1, 2), np.array(complete), np.array(partial))
    keep = withhold_constructs(TREE, everything, answered, family, 10)
    return [bool(each) for each in keep]


@pytest.mark.parametrize(
    ("partial", "groups"),
    [
        ([0, 0, 0], [True, True, True, True]),
        ([10, 12, 0], [True, True, True, True]),
        ([1, 0, 0], [False, False, False, False]),
        ([1, 12, 0], [True, False, False, True]),
        ([9, 9, 9], [True, False, False, False]),
    ],
)
def test_few_who_skipped_an_item_are_hidden_among_more(
    partial: list[int], groups: list[bool]
) -> None:
    """One to nine people with some items only join those of other crews, or hide the construct."""
    assert shown([30, 32, 34], partial) == groups


def test_a_crew_without_a_construct_is_not_left_over() -> None:
    """Items shown for a department only, and the construct for its crews but a small one."""
    family = Family(0, (1, 2), np.array([30, 32, 5]), np.zeros(3, dtype=np.int64))
    pattern = np.array(
        [[False, True, True], [True, False, False], [True, False, False], [False] * 3]
    )
    answered = np.repeat(np.array([[30], [32], [5]]), 3, axis=1)
    keep = withhold_constructs(TREE, pattern, answered, family, 10)
    assert keep.sum() == 1


def test_without_joint_sizes_a_construct_is_withheld() -> None:
    """Counts that do not say who answered all items release the items alone."""
    pattern = np.ones((4, 3), dtype=np.bool_)
    answered = np.full((3, 3), 40)
    family = Family(0, (1, 2), None, None)
    assert not withhold_constructs(TREE, pattern, answered, family, 10).any()


def inputs_with(skipping: int, people: int = 40) -> ReleaseInputs:
    """Ask two items of a construct of one group, of whom some leave out the second."""
    rng = np.random.default_rng(skipping)
    codes = rng.integers(0, 5, (people, 2)).astype(np.uint8)
    codes[:skipping, 1] = SKIPPED
    items = [item_series(name, 5, 1, (3, 4), (2,), (0, 1)) for name in RULE.members]
    counts = count_answers(("c0",), items, (RULE,), np.zeros(people, dtype=np.int64), codes)
    series = tuple(
        ReleasedSeries(
            id=name, item=name, wording="always", construct="ease", core=False, kind=kind,
            comparable=True,
        )
        for name, kind in (("ez1", "item"), ("ez2", "item"), ("ease", "construct"))
    )  # fmt: skip
    return replace_inputs(
        build_inputs(), lattice=lattice_of([-1], [1]), headcounts=np.array([people + 10]),
        groups=(), gates=(), series=series, counts=counts,
    )  # fmt: skip


@pytest.mark.parametrize(("skipping", "published"), [(0, True), (1, False), (9, False), (10, True)])
def test_who_skipped_one_item_cannot_be_computed(skipping: int, published: bool) -> None:
    """Two items less twice their mean are the answers of those who gave one of them only."""
    release = make_release(inputs_with(skipping))
    for item in RULE.members:
        assert isinstance(_value(release, item), Published)
    assert isinstance(_value(release, "ease"), Published) == published
    if not published:
        assert _value(release, "ease") == Suppressed(Reason.PROTECTS_OTHERS)


def test_the_second_pair_of_eyes_finds_it_too() -> None:
    """A construct put back beside its items is a finding."""
    inputs = inputs_with(3)
    release = make_release(inputs)
    score = _value(release, "ez1")
    back = tuple(
        replace(each, value=score) if each.series == "ease" else each for each in release.results
    )
    findings = check_release(replace(release, results=back), inputs.counts, inputs.headcounts)
    assert [(each.layer, each.size) for each in findings] == [("construct", 3)]


def test_the_second_pair_of_eyes_finds_a_group_that_was_not_asked() -> None:
    """One group's "not asked" beside others' answers is a finding."""
    release = make_release(build_inputs())
    hidden = replace(release.results[-1], value=Suppressed(Reason.NOT_ASKED))
    told = replace(release, results=(*release.results[:-1], hidden))
    findings = check_release(told, build_inputs().counts, build_inputs().headcounts)
    assert "says that nobody in this group was asked" in [each.problem for each in findings]


def _value(release: Release, series: str) -> Published | Suppressed:
    result = release.find(release.root.id, series)
    assert result is not None
    return result.value
