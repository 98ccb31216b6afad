"""What a published score may tell beside published shares, and how sure anyone can be of it.

Score, limits and shares are read together. Whatever is shown about a score is therefore made from
shown numbers: the limits from the rounded score, the rounded answers and a spread that the shown
shares imply; and the score itself stays where none of the capped bands can be told apart from an
empty one. `docs/methods/disclosure.md`, section 7, has the argument and the measurements.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.disclosure.bands import FAVOURABLE, UNFAVOURABLE, CoarseShares
from analysis.disclosure.coarsen import HAIR
from analysis.series import Series

UNKNOWN_SPREAD = 40.0
"""Standard deviation assumed where no shares are shown: wider than almost any group's."""

MANY = 100
"""From so many answers on, something may be said of a group's own spread."""

MOST_PARTS = 8
WAYS = 4
"""Into how many parts the possible variances are cut at most, and what each holds at least."""

ONE_WAY = 3750.0
"""What the squares grow by if two people move one step of a five-point scale, both outwards."""

OUTWARDS = 0.1
"""Part of a band moved from its inner to its outer end: enough for groups split to both ends."""

BANDS = 3
TWO_OPTIONS = 2
END = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class BandValues:
    """Which scores the answers of each band stand for; axes are series and band.

    Attributes
    ----------
    least, most : FloatArray, shape (series, 3)
        Lowest and highest score of a favourable, neutral, unfavourable answer; 0 without any.
    mean, square : FloatArray, shape (series, 3)
        Mean of these scores and of their squares, each option once.
    possible : BoolArray, shape (series, 3)
        Whether the series has categories in that band at all.
    gap : FloatArray, shape (series,)
        Points between neighbouring options.
    """

    least: FloatArray
    most: FloatArray
    mean: FloatArray
    square: FloatArray
    possible: BoolArray
    gap: FloatArray


def band_values(series: Sequence[Series]) -> BandValues:
    """Look up the scores of each band of some series.

    Parameters
    ----------
    series : sequence of Series
        Items and constructs; none without scores.

    Returns
    -------
    BandValues
        In the order of the series.
    """
    shape = (len(series), BANDS)
    least, most, mean, square = (np.zeros(shape) for _ in range(4))
    possible = np.zeros(shape, dtype=np.bool_)
    gap = np.array([float(np.diff(np.sort(each.values)).max()) for each in series])
    for row, each in enumerate(series):
        for band, categories in enumerate((each.favourable, each.neutral, each.unfavourable)):
            values = [each.values[category] for category in categories]
            if values:
                least[row, band], most[row, band] = min(values), max(values)
                mean[row, band], square[row, band] = np.mean(values), np.mean(np.square(values))
                possible[row, band] = True
    return BandValues(least, most, mean, square, possible, gap)


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Where a score may be shown beside given shares, in points; axes are group and series.

    Attributes
    ----------
    low, high : FloatArray
        A score outside is moved to the nearer of the two.
    least, most : FloatArray
        Scores that groups with these shares can really have.
    """

    low: FloatArray
    high: FloatArray
    least: FloatArray
    most: FloatArray


def room_for_scores(
    shares: CoarseShares, answers: IntArray, values: BandValues, cap: float
) -> Room:
    """Find where a score tells nothing that the shares beside it hide.

    Parameters
    ----------
    shares : CoarseShares, shape (group, series, 3)
        The shares that are shown.
    answers : IntArray, shape (group, series)
        The fewest answers that round to those shown.
    values : BandValues
        Of the series.
    cap : float
        Share cut off at either end.

    Returns
    -------
    Room
        Beside capped bands, the scores that a group with these shares can have with nobody as
        well as with one person in each of them. Without capped bands, two steps (or a point, if
        that is more) inside the range that the shares allow, so that "all who favour it do so
        fully" is not said. If there are no such scores, the middle: a score is then a function of
        the shown shares.
    """
    one = 1 / np.maximum(answers, TWO_OPTIONS)
    step = values.gap * one
    all_capped = (shares.capped | ~values.possible).all(axis=-1)
    largest = shares.share.argmax(axis=-1)
    room = _plain(shares, values, step)
    for band in range(BANDS):
        here = shares.capped[..., band] & ~all_capped
        room = _where(here, _beside(shares, values, one, band, cap), room)
        room = _where(all_capped & (largest == band), _dominated(values, one, band, cap), room)
    middle, none = (room.low + room.high) / 2, room.low > room.high
    return Room(
        np.where(none, middle, room.low), np.where(none, middle, room.high), room.least, room.most
    )


def implied_spread(score: FloatArray, shares: FloatArray, values: BandValues) -> FloatArray:
    """Give the standard deviation that published numbers imply, on the cautious side.

    Parameters
    ----------
    score : FloatArray, shape (group, series)
        Published scores.
    shares : FloatArray, shape (group, series, 3)
        Published shares; nan where they are withheld.
    values : BandValues
        Of the series.

    Returns
    -------
    FloatArray, shape (group, series)
        As if each band were spread evenly over its options, and a tenth of it moved from the end
        nearer to the score to the other one; without
        shares 40, or what the score leaves room for. For yes and no, the score is all there is.
    """
    room = np.sqrt(np.maximum(score * (END - score), 0))
    pair = (values.possible.sum(axis=-1) == TWO_OPTIONS) & (values.most == values.least).all(-1)
    total = shares.sum(axis=-1, keepdims=True)
    parts = shares / np.where(total > 0, total, 1)
    ends = np.stack([(each - score[..., None]) ** 2 for each in (values.least, values.most)])
    even = values.square - 2 * score[..., None] * values.mean + score[..., None] ** 2
    squares = even + OUTWARDS * (ends.max(axis=0) - ends.min(axis=0))
    implied = np.sqrt((parts * squares).sum(axis=-1))
    known = np.isfinite(implied) & ~pair
    unknown = np.where(pair, room, np.minimum(room, UNKNOWN_SPREAD))
    return np.where(known, np.minimum(implied, room), unknown)


def shown_spread(
    exact: FloatArray,
    score: FloatArray,
    shares: FloatArray,
    answers: IntArray,
    values: BandValues,
) -> IntArray:
    """Choose the standard deviation to publish and to compute limits from.

    Parameters
    ----------
    exact : FloatArray, shape (group, series)
        Standard deviations of the answers; nan where the group's own must not enter.
    score : FloatArray, shape (group, series)
        Published scores.
    shares : FloatArray, shape (group, series, 3)
        Published shares; nan where they are withheld.
    answers : IntArray, shape (group, series)
        Rounded answers.
    values : BandValues
        Of the series.

    Returns
    -------
    IntArray, shape (group, series)
        Whole points, rounded up: the implied spread. With 100 answers or more, the variances that
        score and shares leave possible are cut into up to eight equal parts, and the upper end of
        the part that holds the group's own is taken.

    Notes
    -----
    The parts depend on published numbers only, and each has room for four and more ways in which
    people within the bands can stand further out or in, besides those that rounding hides.
    """
    total = shares.sum(axis=-1, keepdims=True)
    parts = shares / np.where(total > 0, total, 1)
    low, high = (
        _squares(parts, score, values, order) - score**2
        for order in (range(BANDS)[::-1], range(BANDS))
    )
    ways = np.nan_to_num((high - low) * answers / ONE_WAY)
    pieces = np.clip(ways // WAYS, 1, MOST_PARTS)
    width = (high - low) / pieces
    piece = np.clip(np.ceil((exact**2 - low) / np.where(width > 0, width, 1)), 1, pieces)
    cut = np.isfinite(exact) & np.isfinite(high) & (answers >= MANY) & (pieces > 1)
    own = np.sqrt(np.where(cut, low + piece * width, 0))
    chosen = np.where(cut, own, implied_spread(score, shares, values))
    return np.ceil(np.nan_to_num(chosen) - HAIR).astype(np.int64)


def _squares(
    parts: FloatArray, score: FloatArray, values: BandValues, order: Iterable[int]
) -> FloatArray:
    """Give the mean square of a group at the ends of its bands, moved up band by band."""
    rest = score - (parts * values.least).sum(axis=-1)
    squares: FloatArray = (parts * values.least**2).sum(axis=-1)
    for band in order:
        least, most = values.least[:, band], values.most[:, band]
        moved = np.clip(rest, 0, parts[..., band] * (most - least))
        rest, squares = rest - moved, squares + moved * (least + most)
    return squares


def _range(parts: FloatArray, values: BandValues) -> tuple[FloatArray, FloatArray]:
    """Give the lowest and the highest score of a group split into bands like this."""
    return (parts * values.least).sum(axis=-1), (parts * values.most).sum(axis=-1)


def _plain(shares: CoarseShares, values: BandValues, step: FloatArray) -> Room:
    total = shares.share.sum(axis=-1, keepdims=True)
    low, high = _range(shares.share / np.where(total > 0, total, 1), values)
    # Where each band is one option, the shares are the answers already.
    free = (values.most == values.least).all(axis=-1)
    # The shares are rounded as well, which may hide a step of many answers, but not a point.
    inside = np.maximum(2 * step, 1.0)
    return Room(np.where(free, 0.0, low + inside), np.where(free, END, high - inside), low, high)


def _beside(
    shares: CoarseShares, values: BandValues, one: FloatArray, capped: int, cap: float
) -> Room:
    """Scores possible both with nobody and with one person in the capped band."""
    precise = UNFAVOURABLE if capped == FAVOURABLE else FAVOURABLE
    rest = BANDS - capped - precise
    exact, step = shares.share[..., precise], values.gap * one
    ranges = []
    for part in (0 * one, one, cap + 0 * one):
        parts = np.zeros_like(shares.share)
        parts[..., precise], parts[..., capped], parts[..., rest] = exact, part, 1 - exact - part
        ranges.append(_range(parts, values))
    low, high = _overlap(ranges[:2])
    return Room(low + step, high - step, *_hull(ranges))


def _dominated(values: BandValues, one: FloatArray, band: int, cap: float) -> Room:
    """Scores possible with nobody as well as with one person in each of the other bands."""
    others = [other for other in range(BANDS) if other != band]
    ranges = {
        people: _range(_apart(values, one, band, dict(zip(others, people, strict=True))), values)
        for people in product((0.0, 1.0), repeat=len(others))
    }
    told = [
        _hull([each for people, each in ranges.items() if people[place] == person])
        for place in range(len(others))
        for person in (0.0, 1.0)
    ]
    whole = np.full_like(one, 2 * cap)
    far = [_range(_apart(values, whole, band, {other: 1.0}), values) for other in others]
    return Room(*_overlap(told), *_hull([*ranges.values(), *far]))


def _apart(values: BandValues, unit: FloatArray, band: int, units: dict[int, float]) -> FloatArray:
    """Give the shares of a group that is all in one band but for some units in others."""
    parts = np.zeros((*unit.shape, BANDS))
    for other, number in units.items():
        parts[..., other] = np.where(values.possible[:, other], number * unit, 0)
    parts[..., band] = 1 - parts.sum(axis=-1)
    return parts


def _where(here: BoolArray, room: Room, otherwise: Room) -> Room:
    return Room(
        np.where(here, room.low, otherwise.low),
        np.where(here, room.high, otherwise.high),
        np.where(here, room.least, otherwise.least),
        np.where(here, room.most, otherwise.most),
    )


def _overlap(ranges: Sequence[tuple[FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    lows, highs = zip(*ranges, strict=True)
    return np.maximum.reduce(lows), np.minimum.reduce(highs)


def _hull(ranges: Sequence[tuple[FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    lows, highs = zip(*ranges, strict=True)
    return np.minimum.reduce(lows), np.maximum.reduce(highs)
