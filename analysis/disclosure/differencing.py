"""The second pair of eyes: attack a finished release with every size known, and tell what fell.

Shares no code with the plan. Where the plan walks the tree, this looks only at which cells each
shown group covers. Cells covered by exactly the same shown groups cannot be told apart; whoever
adds and subtracts shown totals reaches just the unions of such classes (for nested groups).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose

from analysis.arrays import IntArray
from analysis.counts import Counts, Series
from analysis.disclosure.policy import Policy
from analysis.disclosure.results import (
    Change,
    Participation,
    Published,
    Reason,
    Release,
    Result,
    Shares,
    Suppressed,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an attacker could learn, or one rule the release breaks."""

    layer: str
    series: str
    groups: tuple[str, ...]
    size: int
    problem: str

    def __str__(self) -> str:
        where = f"{self.layer} {self.series}".strip()
        return f"{where}, groups {', '.join(self.groups)}: {self.problem} ({self.size})."


def check_release(
    release: Release, counts: Counts, headcounts: IntArray, earlier: Sequence[Release] = ()
) -> tuple[Finding, ...]:
    """Attack a release by differencing, with the exact size of every cell in hand.

    Parameters
    ----------
    release : Release
        The finished release; only its shown pattern and its coarse numbers are looked at.
    counts : Counts
        Exact counts per cell of the same wave.
    headcounts : IntArray, shape (cell,)
        People in each cell.
    earlier : sequence of Release
        Earlier releases of the rollout, with which this one states changes.

    Returns
    -------
    tuple of Finding
        Empty if no sum or difference of shown numbers concerns fewer people than agreed, and
        every number is as coarse as agreed.

    Notes
    -----
    For groups that are nested or apart the check is complete: a set of cells can be isolated
    by adding and subtracting shown totals if and only if it is a union of classes of cells
    with the same covering groups. Groups that overlap otherwise are a finding by themselves.
    Constructs are set beside their items: the sums of both that cancel for everybody who answered
    all items must leave nobody, or enough. It does not cover what people know about each other,
    nor collusion of respondents.

    References
    ----------
    .. [1] A. Hundepool et al., "Statistical disclosure control", Wiley (2012), section 4.4.
    """
    cells = {group.id: frozenset(group.cells) for group in release.groups}
    people = dict(zip(counts.cells, map(int, headcounts), strict=True))
    findings = list(_overlaps(cells))
    for layer in _layers(release, counts, people):
        findings += _small_groups(layer, cells)
        findings += _small_classes(layer, cells)
    findings += _constructs_minus_items(release, counts, cells)
    findings += _own_zeros(release)
    findings += _fine_ballots(release)
    findings += _fine_values(release, counts)
    findings += _changes_of_few(release, earlier)
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _Layer:
    """A family of shown numbers: which groups show it, whom each cell counts, the threshold."""

    name: str
    series: str
    shown: Sequence[str]
    sizes: Mapping[str, int]
    k: int


def _layers(release: Release, counts: Counts, people: Mapping[str, int]) -> Iterator[_Layer]:
    policy = release.policy
    by_series: dict[str, list[tuple[str, Published]]] = defaultdict(list)
    for result in release.results:
        if isinstance(result.value, Published):
            by_series[result.series].append((result.group, result.value))
    for series, shown in by_series.items():
        column = counts.index(series)
        answered = _per_cell(counts, counts.answered[:, column])
        replied = _per_cell(counts, counts.answered[:, column] + counts.dont_know[:, column])
        shares = [group for group, value in shown if isinstance(value.shares, Shares)]
        unsure = [group for group, value in shown if value.dont_know is not None]
        scores = [group for group, _ in shown]
        # The mean of yes and no is the share of yes.
        pair = counts.series[column].size == len(("yes", "no"))
        k = policy.answers_for_shares if pair else policy.k_scores
        yield _Layer("score", series, scores, answered, k)
        yield _Layer("shares", series, shares, answered, policy.answers_for_shares)
        yield _Layer("don't-know share", series, unsure, replied, policy.answers_for_shares)
    rates = [each.group for each in release.participation if isinstance(each, Participation)]
    yield _Layer("response rate", "", rates, people, policy.k_response_rate)
    scored = sorted({group for shown in by_series.values() for group, _ in shown})
    yield _Layer("wave", "", scored, _per_cell(counts, counts.ballots), policy.k_scores)


def _per_cell(counts: Counts, sizes: IntArray) -> dict[str, int]:
    return dict(zip(counts.cells, map(int, sizes), strict=True))


def _overlaps(cells: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    names = list(cells)
    for position, left in enumerate(names):
        for right in names[position + 1 :]:
            common = cells[left] & cells[right]
            if common and common not in (cells[left], cells[right]):
                yield Finding(
                    "lattice", "", (left, right), len(common), "groups overlap without nesting"
                )


def _small_groups(layer: _Layer, cells: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    for group in layer.shown:
        size = sum(layer.sizes[cell] for cell in cells[group])
        if size < layer.k:
            problem = f"shown with fewer than {layer.k}"
            yield Finding(layer.name, layer.series, (group,), size, problem)


def _small_classes(layer: _Layer, cells: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    totals: dict[tuple[str, ...], int] = defaultdict(int)
    for cell, size in layer.sizes.items():
        covering = tuple(group for group in layer.shown if cell in cells[group])
        if covering:
            totals[covering] += size
    for covering, size in totals.items():
        if 0 < size < layer.k:
            problem = f"differencing isolates fewer than {layer.k}"
            yield Finding(layer.name, layer.series, covering, size, problem)


def _constructs_minus_items(
    release: Release, counts: Counts, cells: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    """Find constructs that, subtracted from their items, leave the answers of a few."""
    shown: dict[str, set[str]] = defaultdict(set)
    for result in release.results:
        if isinstance(result.value, Published):
            shown[result.series].add(result.group)
    for column, series in enumerate(counts.series):
        members = [each for each in series.members if shown[each]]
        if shown[series.id] and members:
            marks = {
                each: {
                    cell: frozenset(group for group in shown[each] if cell in cells[group])
                    for cell in counts.cells
                }
                for each in (series.id, *members)
            }
            for size, groups in _left_over(release.policy.k_scores, counts, column, marks):
                problem = "construct minus its items isolates a few"
                yield Finding("construct", series.id, tuple(sorted(groups)), size, problem)


def _left_over(
    k: int,
    counts: Counts,
    column: int,
    marks: Mapping[str, Mapping[str, frozenset[str]]],
) -> Iterator[tuple[int, frozenset[str]]]:
    """Give the size of each set of people that a construct and its items single out."""
    construct, *members = marks
    people = {
        cell: [0, 1] if counts.joint is None else counts.joint[row, column].tolist()
        for row, cell in enumerate(counts.cells)
    }
    alike: dict[tuple[frozenset[str], ...], list[str]] = defaultdict(list)
    for cell in counts.cells:
        alike[tuple(marks[each][cell] for each in marks)].append(cell)
    some: dict[frozenset[str], int] = defaultdict(int)
    bare: dict[frozenset[str], int] = defaultdict(int)
    free: set[str] = set()
    for (covered, *_), cells in alike.items():
        complete, partial = (sum(people[cell][place] for cell in cells) for place in (0, 1))
        if covered and complete >= k:
            some[covered] += partial
        else:
            free.update(cells)
            bare[covered] += complete + partial
    for covered in (some.keys() | bare.keys()) - {frozenset()}:
        # Where few answered all items, only those who answered some hide what is left over.
        if 0 < some[covered] < k or (bare[covered] and not some[covered]):
            yield some[covered] or bare[covered], covered
    for member in members:
        linked = {marks[member][cell] for cell in counts.cells if marks[construct][cell]}
        loose: dict[frozenset[str], int] = defaultdict(int)
        for row, cell in enumerate(counts.cells):
            if cell in free:
                loose[marks[member][cell]] += int(counts.answered[row, counts.index(member)])
        for covered in linked - {frozenset()}:
            if 0 < loose[covered] < k:
                yield loose[covered], covered


def _own_zeros(release: Release) -> Iterator[Finding]:
    """Find series said not to be asked of some groups only: who was asked what is an answer."""
    asked = {
        result.series for result in release.results if result.value != Suppressed(Reason.NOT_ASKED)
    }
    for result in release.results:
        if result.series in asked and result.value == Suppressed(Reason.NOT_ASKED):
            problem = "says that nobody in this group was asked"
            yield Finding("wording", result.series, (result.group,), 0, problem)


def _fine_ballots(release: Release) -> Iterator[Finding]:
    step = release.policy.round_counts_to
    for each in release.participation:
        if isinstance(each, Participation) and each.ballots % step:
            yield Finding("response rate", "", (each.group,), each.ballots, "ballots not rounded")


def _fine_values(release: Release, counts: Counts) -> Iterator[Finding]:
    for result in release.results:
        if isinstance(result.value, Published):
            series = counts.series[counts.index(result.series)]
            for problem in _fine_parts(result.value, series, release.policy):
                size = result.value.answers
                yield Finding("score", result.series, (result.group,), size, problem)


def _fine_parts(value: Published, series: Series, policy: Policy) -> Iterator[str]:
    low, high = policy.capped_share, 1 - policy.capped_share
    if value.answers % policy.round_counts_to:
        yield "answers not rounded"
    if not 100 * low <= value.score <= 100 * high:
        yield "score beyond the cap"
    if value.dont_know is not None and not low <= value.dont_know <= high + 1e-9:
        yield "don't-know share beyond the cap"
    if isinstance(value.shares, Shares):
        for share, categories in (
            (value.shares.favourable.share, series.favourable),
            (value.shares.neutral.share, series.neutral),
            (value.shares.unfavourable.share, series.unfavourable),
        ):
            if categories and not (low <= share <= high or isclose(share, high)):
                yield "share beyond the cap"
            if not isclose(100 * share, round(100 * share)):
                yield "share finer than a whole percent"


def _changes_of_few(release: Release, earlier: Sequence[Release]) -> Iterator[Finding]:
    """Find changes of groups that are not the same people but for at least k, or unpublished."""
    before = {each.wave.id: each for each in earlier}
    for result in release.results:
        for change in (result.change, result.change_since_first):
            if isinstance(change, Change):
                problem = _change_problem(release, before.get(change.since), result, change)
                if problem:
                    people = release.group(result.group).headcount
                    yield Finding("change", result.series, (result.group,), people, problem)


def _change_problem(
    release: Release, then: Release | None, result: Result, change: Change
) -> str | None:
    found = then.find(result.group, result.series) if then is not None else None
    if then is None or found is None or not isinstance(found.value, Published):
        return "compares with a score that was not published"
    if not isinstance(result.value, Published):
        return "states the change of a withheld score"
    old, new = then.group(result.group), release.group(result.group)
    if sorted(old.cells) != sorted(new.cells):
        return "compares groups of different cells"
    if 0 < abs(new.headcount - old.headcount) < release.policy.k_scores:
        return "compares groups that differ by a few people"
    if change.difference != result.value.score - found.value.score:
        return "is finer than the difference of the published scores"
    return None
