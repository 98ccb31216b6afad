"""Where everything of a trend chart stands: scores over waves with limits, phases and breaks.

A line joins waves only where people were asked in the same words. Where the wording changes from
what people expect to what they have seen, the line stops, a mark stands in the gap, and a new line
starts: these are two measures, and the step between them is not a change of mind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from analysis.disclosure.release import Published, Release, ReleasedGroup, Suppressed
from reports import wording
from reports.tables import departments

_FLOOR, _CEILING, _STEP = 0, 100, 20
_NARROWEST = 40
_WIDEST_BY_STEPS = 60
_WIDE_STEP = 50


@dataclass(frozen=True, slots=True)
class Point:
    """One wave's score in chart units, with the ends of its limits."""

    x: float
    y: float
    high_y: float
    low_y: float
    solid: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The stretch of one wave, shaded by how far the tool is in use."""

    x: float
    width: float
    use: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis and what stands there."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One wave in the table that says the same as the chart."""

    text: str
    broken: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Size and scale, the same for all charts that stand side by side."""

    width: float
    height: float
    low: int = _FLOOR
    high: int = _CEILING
    left: float = 16
    right: float = 4
    top: float = 4
    bottom: float = 11

    def y(self, score: float) -> float:
        """Give the height of a score."""
        inner = self.height - self.top - self.bottom
        return round(self.top + inner * (self.high - score) / (self.high - self.low), 2)

    def x(self, position: float, waves: int) -> float:
        """Give the middle of a wave's band, counted from 0."""
        return round(self.left + (position + 0.5) * self.step(waves), 2)

    def step(self, waves: int) -> float:
        """Give the width of one wave's band."""
        return round((self.width - self.left - self.right) / waves, 3)


@dataclass(frozen=True, slots=True)
class Trend:
    """A finished chart and the row of its text table."""

    title: str
    summary: str
    frame: Frame
    bands: tuple[Band, ...]
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    breaks: tuple[Point, ...]
    grid: tuple[Mark, ...]
    waves: tuple[Mark, ...]
    go_line: float | None
    cells: tuple[Cell, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Shown:
    position: int
    series: str
    value: Published


def scale(releases: Sequence[Release], constructs: Sequence[str]) -> tuple[int, int]:
    """Give one scale for several charts: whole steps of 20 that hold all limits."""
    values = [shown.value for construct in constructs for shown in _shown(releases, construct)]
    if not values:
        return _FLOOR, _CEILING
    low = _STEP * (min(value.low for value in values) // _STEP)
    high = -_STEP * (-max(value.high for value in values) // _STEP)
    while high - low < _NARROWEST:
        low, high = max(_FLOOR, low - _STEP), min(_CEILING, high + _STEP)
    return (low, high) if high - low <= _WIDEST_BY_STEPS else (_FLOOR, _CEILING)


def trend(
    releases: Sequence[Release], construct: str, names: Mapping[str, str], frame: Frame
) -> Trend:
    """Lay out the organisation's scores on one construct over all waves."""
    shown = _shown(releases, construct)
    runs = _runs(shown)
    waves = len(releases)
    title = wording.construct_name(construct, names)
    return Trend(
        title=title,
        summary=_summary(title, releases, shown),
        frame=frame,
        bands=_bands(releases, frame),
        lines=tuple(_path(run, frame, waves) for run in runs if len(run) > 1),
        points=tuple(_point(each, frame, waves) for each in shown),
        breaks=_breaks(runs, frame, waves),
        grid=_grid(frame),
        waves=tuple(
            Mark(frame.x(position, waves), str(release.wave.number))
            for position, release in enumerate(releases)
        ),
        go_line=_go_line(releases[-1], construct, frame),
        cells=_cells(releases, construct),
    )


def _go_line(release: Release, construct: str, frame: Frame) -> float | None:
    for gate in release.verdict(release.root.id).gates:
        if gate.construct == construct and frame.low <= gate.minimum <= frame.high:
            return frame.y(gate.minimum)
    return None


def _grid(frame: Frame) -> tuple[Mark, ...]:
    step = _STEP if frame.high - frame.low <= _WIDEST_BY_STEPS else _WIDE_STEP
    return tuple(Mark(frame.y(at), str(at)) for at in range(frame.low, frame.high + 1, step))


def _shown(releases: Sequence[Release], construct: str) -> list[_Shown]:
    found = []
    for position, release in enumerate(releases):
        result = release.headline(release.root.id, construct)
        if result and isinstance(result.value, Published):
            found.append(_Shown(position, result.series, result.value))
    return found


def _runs(shown: Sequence[_Shown]) -> list[list[_Shown]]:
    """Split the waves where the words changed or a wave in between is not shown."""
    runs: list[list[_Shown]] = []
    for each in shown:
        last = runs[-1][-1] if runs else None
        joined = last and last.series == each.series and last.position == each.position - 1
        if joined:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _breaks(runs: Sequence[Sequence[_Shown]], frame: Frame, waves: int) -> tuple[Point, ...]:
    """Put a mark in each gap where the wording changed."""
    marks = []
    for before, after in pairwise(runs):
        last, first = before[-1], after[0]
        if last.series != first.series:
            middle = frame.x((last.position + first.position) / 2, waves)
            height = frame.y((last.value.score + first.value.score) / 2)
            marks.append(Point(middle, height, frame.top, frame.height - frame.bottom, solid=True))
    return tuple(marks)


def _point(each: _Shown, frame: Frame, waves: int) -> Point:
    return Point(
        x=frame.x(each.position, waves),
        y=frame.y(each.value.score),
        high_y=frame.y(each.value.high),
        low_y=frame.y(each.value.low),
        solid=not each.series.endswith(".expect"),
    )


def _path(run: Sequence[_Shown], frame: Frame, waves: int) -> str:
    places = [f"{frame.x(e.position, waves):g},{frame.y(e.value.score):g}" for e in run]
    return "M" + " L".join(places)


def _bands(releases: Sequence[Release], frame: Frame) -> tuple[Band, ...]:
    step = frame.step(len(releases))
    return tuple(
        Band(round(frame.left + position * step, 2), step, _use(release))
        for position, release in enumerate(releases)
    )


def _use(release: Release) -> str:
    """Say how far the tool is in use: in no department, in some, or in all."""
    using, total = in_use(release)
    if not using:
        return "none"
    return "all" if using == total else "some"


def in_use(release: Release) -> tuple[int, int]:
    """Count the departments where at least one group uses the tool, and all departments."""
    groups = departments(release)
    return sum(_uses(release, group) for group in groups), len(groups)


def _uses(release: Release, group: ReleasedGroup) -> bool:
    if group.event_weeks is not None:
        return group.event_weeks >= 0
    # A department whose groups start on different days has no start of its own.
    return any(_uses(release, child) for child in release.children(group.id))


def _cells(releases: Sequence[Release], construct: str) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    last = None
    for release in releases:
        result = release.headline(release.root.id, construct)
        if result is None:
            cells.append(Cell("not asked", broken=False))
        elif isinstance(result.value, Suppressed):
            cells.append(Cell(wording.hidden(result.value).partition(":")[0], broken=False))
        else:
            changed = last is not None and last != result.series
            cells.append(Cell(wording.scored_tightly(result.value), broken=changed))
            last = result.series
    return tuple(cells)


def _summary(title: str, releases: Sequence[Release], shown: Sequence[_Shown]) -> str:
    """Say in words what the chart shows, for readers who do not see it."""
    if not shown:
        return f"{title}: no wave may be shown."
    each = [f"wave {releases[s.position].wave.number} {wording.scored(s.value)}" for s in shown]
    return f"{title} over the waves: {', '.join(each)}."
