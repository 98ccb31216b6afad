"""Contrasts with earlier waves: which are shown, in what coarse numbers, and which raise a flag."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray
from analysis.disclosure.coarsen import HALF_A_POINT, fewest_answers, round_down, round_up
from analysis.disclosure.inputs import EarlierWave, ReleaseInputs
from analysis.disclosure.membership import stable_groups
from analysis.disclosure.results import (
    Change,
    Published,
    Reason,
    Release,
    ReleasedGroup,
    Suppressed,
)
from analysis.disclosure.values import Value, Values
from analysis.methods.change import (
    Contrast,
    Direction,
    DirectionArray,
    Flag,
    FlagArray,
    change_flags,
    directions,
    expected_chance_flags,
    score_change,
)
from analysis.methods.scores import Scores

Changes = tuple[tuple[Change | Suppressed | None, ...], ...]
"""Rows are groups, columns series."""


@dataclass(frozen=True, slots=True, eq=False)
class WaveChanges:
    """What a release says about change, and how many flags chance alone would raise."""

    since_previous: Changes
    since_first: Changes
    expected_chance_flags: float


@dataclass(frozen=True, slots=True, eq=False)
class _Now:
    """The wave to be released: what it is made of, what it publishes, and how sure that is."""

    inputs: ReleaseInputs
    groups: Sequence[ReleasedGroup]
    values: Values
    scores: Scores


@dataclass(frozen=True, slots=True, eq=False)
class _Reference:
    """Each series in the wave it is compared with: published values, and the scores in them."""

    waves: tuple[EarlierWave | None, ...]
    values: tuple[tuple[Value | None, ...], ...]
    scores: Scores


def changes_of(
    inputs: ReleaseInputs, groups: Sequence[ReleasedGroup], values: Values
) -> WaveChanges:
    """Contrast each published score with the last and the first wave that asked the series.

    Parameters
    ----------
    inputs : ReleaseInputs
        Earlier waves and policy.
    groups : sequence of ReleasedGroup
        The groups of this wave.
    values : tuple of tuple of Published or Suppressed
        What this wave publishes.

    Returns
    -------
    WaveChanges
        A change where both scores are published and the group may be compared with itself; else
        the reason, or None where no earlier wave asked the series.

    Notes
    -----
    One family of tests per wave: every shown change of a core series since the last wave that
    asked it, in every group. Withheld changes are not tested, as a flag on them would be a
    result. A Watch of the last wave is confirmed against the wave it was measured from.

    All of it is computed from published numbers, of this release and of earlier ones: whoever has
    the releases can compute every change, limit, direction and flag again, and learns nothing.
    """
    scores = published_scores(values, inputs.policy.round_counts_to)
    now = _Now(inputs, groups, values, scores)
    last = _reference(now, [_pick(inputs, each.id, -1) for each in inputs.series])
    first = _reference(now, [_pick(inputs, each.id, 0) for each in inputs.series])
    since_last = score_change(last.scores, scores)
    since_first = score_change(first.scores, scores)
    core = np.array([series.core for series in inputs.series], dtype=np.bool_)
    family = _shown(values, last) & core & since_last.tested
    flags = _flags(now, last, since_last, family)
    return WaveChanges(
        since_previous=_grid(values, last, since_last, flags),
        since_first=_grid(values, first, since_first, _no_flags(flags.shape)),
        expected_chance_flags=round(expected_chance_flags(since_last, family), 2),
    )


def _pick(inputs: ReleaseInputs, series: str, place: int) -> EarlierWave | None:
    asked = [wave for wave in inputs.earlier if _was_asked(wave.release, series)]
    return asked[place] if asked else None


def _was_asked(release: Release, series: str) -> bool:
    root = release.find(release.root.id, series)
    return root is not None and root.value != Suppressed(Reason.NOT_ASKED)


def _reference(now: _Now, waves: Sequence[EarlierWave | None]) -> _Reference:
    columns = [
        _then(now, wave, series.id) for wave, series in zip(waves, now.inputs.series, strict=True)
    ]
    values = tuple(tuple(column[row] for column in columns) for row in range(len(now.groups)))
    step = now.inputs.policy.round_counts_to
    return _Reference(tuple(waves), values, published_scores(values, step))


def _then(now: _Now, wave: EarlierWave | None, series: str) -> list[Value | None]:
    """Look up what an earlier wave published, as far as it may be compared with now."""
    if wave is None:
        return [None] * len(now.groups)
    stable = stable_groups(now.groups, wave.release, now.inputs.policy.k_scores)
    found = [wave.release.find(group.id, series) for group in now.groups]
    return [
        result.value if result is not None and same else Suppressed(Reason.MEMBERSHIP)
        for result, same in zip(found, stable, strict=True)
    ]


def published_scores(values: Sequence[Sequence[Value | None]], step: int) -> Scores:
    """Read scores out of what is published, with their spread and the answers that they imply.

    Parameters
    ----------
    values : sequence of sequence of Published, Suppressed or None
        Rows are groups, columns series.
    step : int
        To which answers are rounded.

    Returns
    -------
    Scores, shape (group, series)
        Nan where nothing is published.
    """
    shape = (len(values), len(values[0]))
    score, spread = np.full(shape, np.nan), np.full(shape, np.nan)
    answers = np.zeros(shape, dtype=np.int64)
    for row, each in enumerate(values):
        for column, value in enumerate(each):
            if isinstance(value, Published):
                score[row, column], spread[row, column] = value.score, value.spread
                answers[row, column] = value.answers
    return Scores(score, spread, fewest_answers(answers, step))


def _flags(now: _Now, last: _Reference, contrast: Contrast, family: BoolArray) -> FlagArray:
    """Flag what worsened; a Watch of the last wave is looked at again from where it started."""
    earlier = _no_flags(family.shape)
    baseline: list[EarlierWave | None] = [None] * len(last.waves)
    by_id = {wave.release.wave.id: wave for wave in now.inputs.earlier}
    for column, wave in enumerate(last.waves):
        for row, group in enumerate(now.groups):
            watched = _watch(wave, group.id, now.inputs.series[column].id)
            if watched is not None:
                earlier[row, column] = Flag.WATCH
                baseline[column] = by_id.get(watched.since)
    before = _reference(now, baseline)
    comparable = np.array([[isinstance(each, Published) for each in row] for row in before.values])
    earlier[~comparable] = Flag.NONE
    return change_flags(contrast, family, earlier, score_change(before.scores, now.scores))


def _watch(wave: EarlierWave | None, group: str, series: str) -> Change | None:
    result = wave.release.find(group, series) if wave is not None else None
    if result is None or not isinstance(result.change, Change):
        return None
    return result.change if result.change.flag is Flag.WATCH else None


def _no_flags(shape: tuple[int, ...]) -> FlagArray:
    return np.full(shape, Flag.NONE, dtype=object)


def _shown(values: Values, reference: _Reference) -> BoolArray:
    return np.array(
        [
            [isinstance(now, Published) and isinstance(then, Published) for now, then in pairs]
            for pairs in _pairs(values, reference)
        ]
    )


def _pairs(values: Values, reference: _Reference) -> list[list[tuple[Value, Value | None]]]:
    return [
        list(zip(now, then, strict=True))
        for now, then in zip(values, reference.values, strict=True)
    ]


def _grid(values: Values, reference: _Reference, contrast: Contrast, flags: FlagArray) -> Changes:
    tested = _Tested(contrast, directions(contrast), flags)
    return tuple(
        tuple(
            _statement(tested, reference.waves[column], (row, column), pair)
            for column, pair in enumerate(pairs)
        )
        for row, pairs in enumerate(_pairs(values, reference))
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tested:
    """Contrasts with what follows from them."""

    contrast: Contrast
    directions: DirectionArray
    flags: FlagArray


def _statement(
    tested: _Tested,
    wave: EarlierWave | None,
    at: tuple[int, int],
    pair: tuple[Value, Value | None],
) -> Change | Suppressed | None:
    now, then = pair
    if wave is None or then is None:
        return None
    if not isinstance(now, Published):
        return now
    if not isinstance(then, Published):
        return then
    low, high = _limits(tested.contrast, at, now, then)
    return Change(
        difference=now.score - then.score,
        low=low,
        high=high,
        direction=Direction(tested.directions[at]),
        flag=Flag(tested.flags[at]),
        since=wave.release.wave.id,
    )


def _limits(
    contrast: Contrast, at: tuple[int, int], now: Published, then: Published
) -> tuple[int, int]:
    """Round limits outwards, around the difference of the two published scores."""
    difference = now.score - then.score
    low = int(round_down(contrast.low[at] - HALF_A_POINT))
    high = int(round_up(contrast.high[at] + HALF_A_POINT))
    return max(min(low, difference - 1), -100), min(max(high, difference + 1), 100)
