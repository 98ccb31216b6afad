"""Complementary suppression on a tree of groups, exact and at least cost.

Whoever knows the totals of all shown groups can compute the total of a set of cells only if the
set is a union of *residues*: a shown group minus its largest shown subgroups. (Shown groups are
nested or apart, so their indicator vectors span the same space as the residues' indicators,
which do not overlap; a 0/1 vector in that span is a sum of some of them.) Showing a set of
groups is therefore safe if and only if every residue holds 0 answers or at least k.
"""

from itertools import product

import numpy as np

from analysis.arrays import BoolArray, IntArray
from analysis.disclosure.lattice import Lattice

IMPOSSIBLE = np.int64(2**60)


def choose_shown(lattice: Lattice, sizes: IntArray, allowed: BoolArray, k: int) -> BoolArray:
    """Choose the groups to show, so that nothing small can be computed and least is withheld.

    Parameters
    ----------
    lattice : Lattice
        The groups.
    sizes : IntArray, shape (group, series)
        Answers of each group to each series; the series are solved apart from each other.
    allowed : BoolArray, shape (group, series)
        Groups that may be considered; the others are withheld whatever their size.
    k : int
        Threshold.

    Returns
    -------
    BoolArray, shape (group, series)
        True where a group may be shown. Every shown group has at least ``k`` answers and every
        residue has 0 or at least ``k``. Among all such choices the total of withheld answers
        (each withheld group counts its own) is least; among those, the number of withheld
        groups.

    Notes
    -----
    Dynamic programme from the leaves to the root. State of a group: the answers below it that
    no shown subgroup covers, up to ``k`` (``k`` stands for "at least ``k``"). A group may be
    shown if that state is 0 or ``k``, and then hands 0 to its parent; withheld, it hands its
    state on. Answers of larger groups weigh more, so the higher group is kept where there is a
    choice. Costs O(groups x k^2) per series. Only sizes enter, never what was answered.

    References
    ----------
    .. [1] J. P. Kelly, B. L. Golden, A. A. Assad, "Cell suppression: disclosure protection for
       sensitive tabular data", Networks 22 (1992), 397-417.
    .. [2] A. Hundepool et al., "Statistical disclosure control", Wiley (2012), chapter 4.
    """
    search = _Search(lattice, sizes, allowed & (sizes >= k), k)
    return search.run()


class _Search:
    """Tables of the dynamic programme: axis 0 of each is the series, axis 1 the state."""

    def __init__(self, lattice: Lattice, sizes: IntArray, may_show: BoolArray, k: int) -> None:
        self.sizes = sizes
        self.may_show = may_show
        self.k = k
        self.children = lattice.children
        # Answers first, then the number of groups: one integer orders both.
        self.penalty = sizes * (len(lattice.ids) + 1) + 1
        self.targets = _pairs_by_sum(k)
        self.cost: dict[int, IntArray] = {}
        self.shown_at: dict[int, BoolArray] = {}
        self.inner_full: dict[int, BoolArray] = {}
        self.pairs: dict[tuple[int, int], IntArray] = {}

    def run(self) -> BoolArray:
        """Go up for the costs, then down for the choice.

        Returns
        -------
        BoolArray, shape (group, series)
            True where a group is shown.
        """
        for group in reversed(range(len(self.children))):
            self._close(group, self._gather(group))
        shown = np.zeros(self.sizes.shape, dtype=np.bool_)
        states = {0: self.cost[0].argmin(axis=1)}
        for group in range(len(self.children)):
            self._trace(group, states.pop(group), states, shown)
        return shown

    def _gather(self, group: int) -> IntArray:
        """Cheapest way to leave each uncovered amount below a group, children combined."""
        own = self.sizes[group] - sum(
            (self.sizes[child] for child in self.children[group]), np.zeros_like(self.sizes[group])
        )
        series = np.arange(own.size)
        cheapest = np.full((own.size, self.k + 1), IMPOSSIBLE)
        cheapest[series, np.minimum(own, self.k)] = 0
        for child in self.children[group]:
            cheapest, self.pairs[group, child] = self._combine(cheapest, self.cost[child])
        return cheapest

    def _combine(self, left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
        """Min-plus convolution with sums above k counted as k; also which pair was best."""
        totals = (left[:, :, None] + right[:, None, :]).reshape(len(left), -1)
        best = np.empty_like(left)
        chosen = np.empty_like(left)
        for state, pairs in enumerate(self.targets):
            candidates = totals[:, pairs]
            position = candidates.argmin(axis=1)
            chosen[:, state] = pairs[position]
            best[:, state] = np.take_along_axis(candidates, position[:, None], axis=1)[:, 0]
        return np.minimum(best, IMPOSSIBLE), chosen

    def _close(self, group: int, inner: IntArray) -> None:
        """Decide for each state handed up whether the group itself is shown."""
        withheld = np.minimum(inner + self.penalty[group][:, None], IMPOSSIBLE)
        full = inner[:, self.k] < inner[:, 0]
        shown = np.where(full, inner[:, self.k], inner[:, 0])
        shown = np.where(self.may_show[group], shown, IMPOSSIBLE)
        show = (shown <= withheld[:, 0]) & (shown < IMPOSSIBLE)
        cost = withheld.copy()
        cost[:, 0] = np.where(show, shown, withheld[:, 0])
        self.cost[group], self.shown_at[group], self.inner_full[group] = cost, show, full

    def _trace(
        self, group: int, state: IntArray, states: dict[int, IntArray], shown: BoolArray
    ) -> None:
        """Walk back from the state a group hands up to the states of its children."""
        shown[group] = self.shown_at[group] & (state == 0)
        inner = np.where(shown[group] & self.inner_full[group], self.k, state)
        series = np.arange(inner.size)
        for child in reversed(self.children[group]):
            pair = self.pairs[group, child][series, inner]
            inner, states[child] = pair // (self.k + 1), pair % (self.k + 1)


def _pairs_by_sum(k: int) -> list[IntArray]:
    """For each capped sum, the flat positions of the pairs of states that reach it."""
    targets: list[list[int]] = [[] for _ in range(k + 1)]
    for left, right in product(range(k + 1), repeat=2):
        targets[min(left + right, k)].append(left * (k + 1) + right)
    return [np.array(each, dtype=np.int64) for each in targets]
