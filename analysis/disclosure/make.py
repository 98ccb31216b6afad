"""Make the release of a wave: plan, estimate, coarsen, judge, and attack before it leaves."""

from collections.abc import Iterator

import numpy as np

from analysis.arrays import IntArray
from analysis.counts import Counts, SeriesKind
from analysis.disclosure.changes import WaveChanges, changes_of
from analysis.disclosure.coarsen import round_counts
from analysis.disclosure.differencing import check_release
from analysis.disclosure.encoding import release_hash
from analysis.disclosure.errors import InputsError, UnsafeRelease
from analysis.disclosure.families import Family
from analysis.disclosure.inputs import GroupMeta, ReleaseInputs
from analysis.disclosure.plan import Decision, Plan, Sizes, make_plan
from analysis.disclosure.results import (
    SCHEMA,
    Participation,
    Reason,
    Release,
    ReleasedGroup,
    Result,
    Suppressed,
    Verdict,
)
from analysis.disclosure.values import REASONS, Values, coarse_numbers, published_values
from analysis.disclosure.verdicts import group_verdict
from analysis.estimates import choose_series, estimate

YES_AND_NO = 2
"""Options of a question whose mean score is a share."""


def make_release(inputs: ReleaseInputs) -> Release:
    """Make the release of one wave, the only thing about it that anyone will ever read.

    Parameters
    ----------
    inputs : ReleaseInputs
        Counts of this wave and of earlier ones, groups, rules and names.

    Returns
    -------
    Release
        Results in the order of the lattice's groups and the inputs' series.

    Raises
    ------
    InputsError
        If the inputs do not fit together; the message says which.
    UnsafeRelease
        If the independent check finds anything that could be computed from the release. This
        means an error in the plan: nothing is published.

    Notes
    -----
    The order matters: the plan is made from sizes before any result is computed, verdicts are
    drawn from what is published, and the check at the end sees the finished release.
    """
    _check(inputs)
    counts = _chosen(inputs)
    plan = make_plan(inputs.lattice, _sizes(inputs.headcounts, counts), inputs.policy)
    groups = _groups(inputs)
    people = inputs.lattice.sizes(_people(inputs))
    rolled = counts.roll_up(inputs.lattice.ids, inputs.lattice.membership)
    estimates = estimate(rolled)
    with_shares = plan.shares == Decision.SHOWN
    numbers = coarse_numbers(estimates, counts.series, people, with_shares, inputs.policy)
    values = published_values(plan, numbers)
    changes = changes_of(inputs, groups, values)
    results = _results(inputs, values, changes)
    participation, over_headcount = _participation(inputs, plan, rolled.ballots)
    release = Release(
        schema=SCHEMA,
        organisation=inputs.organisation,
        rollout=inputs.rollout,
        tool=inputs.tool,
        tool_description=inputs.tool_description,
        wave=inputs.wave,
        instrument=inputs.instrument,
        instrument_hash=inputs.instrument_hash,
        agreement_hash=inputs.agreement_hash,
        assurance=inputs.assurance,
        policy=inputs.policy,
        groups=groups,
        series=inputs.series,
        results=results,
        participation=participation,
        verdicts=_verdicts(inputs, results, participation),
        primary_suppressed=_suppressed(results, Reason.TOO_FEW),
        complementary_suppressed=_suppressed(results, Reason.PROTECTS_OTHERS),
        expected_chance_flags=changes.expected_chance_flags,
        previous_hash=release_hash(inputs.earlier[-1].release) if inputs.earlier else None,
        canvass_version=inputs.canvass_version,
        over_headcount=over_headcount,
    )
    earlier = tuple(wave.release for wave in inputs.earlier)
    findings = check_release(release, counts, inputs.headcounts, earlier)
    if findings:
        raise UnsafeRelease(
            "The release was not published, since the check found: "
            + " ".join(str(finding) for finding in findings)
        )
    return release


def _check(inputs: ReleaseInputs) -> None:
    cells = len(inputs.counts.cells)
    if inputs.lattice.membership.shape[1] != cells or inputs.headcounts.shape != (cells,):
        raise InputsError(
            f"Counts have {cells} cells, the lattice {inputs.lattice.membership.shape[1]}, head "
            f"counts {inputs.headcounts.shape[0]}. Use the wave's cells, in one order."
        )
    if inputs.groups and len(inputs.groups) != len(inputs.lattice.ids):
        raise InputsError(
            f"{len(inputs.groups)} groups are described, but the lattice has "
            f"{len(inputs.lattice.ids)}."
        )
    numbers = [each.release.wave.number for each in inputs.earlier]
    if numbers != sorted(set(numbers)) or any(each >= inputs.wave.number for each in numbers):
        raise InputsError(
            f"Earlier waves are numbered {numbers}, this one {inputs.wave.number}. List each "
            "earlier wave once, oldest first."
        )


def _people(inputs: ReleaseInputs) -> IntArray:
    """Give the people of each cell: at least as many as voted, whatever the frame said.

    The head count is fixed before the wave, and people join or get a spare card. Ballots beyond
    it enter rounded up, like every number of people.
    """
    step = inputs.policy.round_counts_to
    ballots = -(-inputs.counts.ballots // step) * step
    beyond = inputs.counts.ballots > inputs.headcounts
    people: IntArray = np.where(beyond, ballots, inputs.headcounts)
    return people


def _chosen(inputs: ReleaseInputs) -> Counts:
    """Keep the counts of the series that are released, in the order of the release."""
    counts = choose_series(inputs.counts, [series.id for series in inputs.series])
    choices = [series.id for series in counts.series if series.kind is SeriesKind.CHOICE]
    if choices:
        raise InputsError(f"A choice has no score to release; leave out {', '.join(choices)}.")
    return counts


def _sizes(headcounts: IntArray, counts: Counts) -> Sizes:
    replied = counts.answered + counts.dont_know
    return Sizes(
        headcounts=headcounts,
        ballots=counts.ballots,
        answered=counts.answered,
        replied=replied,
        asked=replied + counts.skipped,
        two_options=np.array([series.size == YES_AND_NO for series in counts.series]),
        families=tuple(_families(counts)),
    )


def _families(counts: Counts) -> Iterator[Family]:
    position = {series.id: column for column, series in enumerate(counts.series)}
    for column, series in enumerate(counts.series):
        if series.kind is SeriesKind.CONSTRUCT:
            joint = None if counts.joint is None or not series.members else counts.joint[:, column]
            yield Family(
                construct=column,
                members=tuple(position[each] for each in series.members if each in position),
                complete=None if joint is None else joint[:, 0],
                partial=None if joint is None else joint[:, 1],
            )


def _groups(inputs: ReleaseInputs) -> tuple[ReleasedGroup, ...]:
    lattice = inputs.lattice
    meta = inputs.groups or (GroupMeta(),) * len(lattice.ids)
    people = lattice.sizes(inputs.headcounts)
    return tuple(
        ReleasedGroup(
            id=group,
            name=lattice.names[position],
            parent=None if lattice.parent[position] < 0 else lattice.ids[lattice.parent[position]],
            level=lattice.levels[position],
            headcount=int(people[position]),
            cells=tuple(
                inputs.counts.cells[cell] for cell in np.flatnonzero(lattice.membership[position])
            ),
            phase=meta[position].phase,
            event_weeks=meta[position].event_weeks,
        )
        for position, group in enumerate(lattice.ids)
    )


def _results(inputs: ReleaseInputs, values: Values, changes: WaveChanges) -> tuple[Result, ...]:
    return tuple(
        Result(
            group=group,
            series=series.id,
            value=values[row][column],
            change=changes.since_previous[row][column],
            change_since_first=changes.since_first[row][column],
        )
        for row, group in enumerate(inputs.lattice.ids)
        for column, series in enumerate(inputs.series)
    )


def _participation(
    inputs: ReleaseInputs, plan: Plan, ballots: IntArray
) -> tuple[tuple[Participation | Suppressed, ...], tuple[str, ...]]:
    """Give the response rates, and the groups without one because more voted than were listed."""
    people = inputs.lattice.sizes(inputs.headcounts)
    rounded = round_counts(ballots, people, inputs.policy.round_counts_to)
    rates: list[Participation | Suppressed] = []
    over = []
    for row, group in enumerate(inputs.lattice.ids):
        decision = Decision(plan.participation[row])
        if decision is not Decision.SHOWN:
            rates.append(Suppressed(REASONS[decision]))
        elif ballots[row] > people[row]:
            rates.append(Suppressed(Reason.UNKNOWN))
            over.append(group)
        else:
            rate = round(int(rounded[row]) / int(people[row]), 2)
            rates.append(
                Participation(
                    group=group, headcount=int(people[row]), ballots=int(rounded[row]), rate=rate
                )
            )
    return tuple(rates), tuple(over)


def _verdicts(
    inputs: ReleaseInputs,
    results: tuple[Result, ...],
    participation: tuple[Participation | Suppressed, ...],
) -> tuple[Verdict, ...]:
    width = len(inputs.series)
    return tuple(
        group_verdict(
            group,
            inputs.gates,
            list(zip(inputs.series, results[row * width : (row + 1) * width], strict=True)),
            participation[row],
        )
        for row, group in enumerate(inputs.lattice.ids)
    )


def _suppressed(results: tuple[Result, ...], reason: Reason) -> int:
    return sum(
        isinstance(result.value, Suppressed) and result.value.reason is reason for result in results
    )
