"""The rule between waves: no statement about change where almost nobody came or left."""

from collections.abc import Sequence

import numpy as np

from analysis.arrays import BoolArray
from analysis.disclosure.results import Release, ReleasedGroup


def stable_groups(groups: Sequence[ReleasedGroup], earlier: Release, k: int) -> BoolArray:
    """Tell which groups may be compared with themselves in an earlier wave.

    Parameters
    ----------
    groups : sequence of ReleasedGroup
        The groups of the wave now.
    earlier : Release
        The earlier release.
    k : int
        Threshold.

    Returns
    -------
    BoolArray, shape (group,)
        True where the group existed, consists of the same cells, and its head count moved by 0
        or by at least ``k``: otherwise two scores differ by the answers of a few people who
        came or left.

    References
    ----------
    .. [1] A. Hundepool et al., "Statistical disclosure control", Wiley (2012), section 4.2.
    """
    before = {group.id: group for group in earlier.groups}
    return np.array([_is_stable(group, before.get(group.id), k) for group in groups])


def _is_stable(now: ReleasedGroup, then: ReleasedGroup | None, k: int) -> bool:
    if then is None or set(now.cells) != set(then.cells):
        return False
    moved = abs(now.headcount - then.headcount)
    return moved == 0 or moved >= k
