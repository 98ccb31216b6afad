"""Change is stated only of groups that are the same people, or clearly others."""

import pytest
from msgspec.structs import replace

from analysis.disclosure.membership import stable_groups
from analysis.disclosure.release import ReleasedGroup
from tests.builders.release import build_release


@pytest.mark.parametrize(
    ("moved", "stable"), [(0, True), (1, False), (-9, False), (9, False), (10, True), (-10, True)]
)
def test_a_head_count_moves_by_nobody_or_by_many(moved: int, stable: bool) -> None:
    """One to nine joiners or leavers withhold the statement, ten do not."""
    earlier = build_release()
    group = earlier.groups[2]
    now = replace(group, headcount=group.headcount + moved)
    assert stable_groups([now], earlier, 10).tolist() == [stable]


@pytest.mark.parametrize(
    "change", [{"cells": ("elsewhere",)}, {"id": "newcomers"}, {"cells": ("a", "b")}]
)
def test_other_cells_are_another_group(change: dict[str, object]) -> None:
    """A group of other cells, or a new one, is not compared."""
    earlier = build_release()
    now: ReleasedGroup = replace(earlier.groups[2], **change)
    assert stable_groups([now], earlier, 10).tolist() == [False]
