"""Three shares that make a whole, rounded and capped so that no two give the third away.

100 % minus two exact shares is the third, cap or not. Beside a capped share one of the others is
therefore shown to the percent, and the last as what remains if the capped one lies in the middle
of its range. What is shown then depends on the one precise share alone: every value under the
cap, 0 included, looks the same. `docs/methods/disclosure.md`, section 6, has the argument.
"""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.disclosure.coarsen import HAIR, nearest, round_down, round_up
from analysis.methods.shares import hypergeometric_mid_p_limits

FAVOURABLE, UNFAVOURABLE = 0, 2
"""Positions of two bands; the neutral one lies between."""


@dataclass(frozen=True, slots=True, eq=False)
class CoarseShares:
    """Shares and limits in whole percent, as shares; last axis: favourable, neutral, not."""

    share: FloatArray
    low: FloatArray
    high: FloatArray
    capped: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """What is shown for each band, and the exact shares it stands for."""

    share: FloatArray
    least: FloatArray
    most: FloatArray
    capped: BoolArray


def coarse_shares(
    shares: FloatArray,
    answers: IntArray,
    headcounts: IntArray,
    possible: BoolArray,
    cap: float,
) -> CoarseShares:
    """Round favourable, neutral and unfavourable shares, so that none gives another away.

    Parameters
    ----------
    shares : FloatArray, shape (..., 3)
        Exact shares that add up to 1; nan without answers.
    answers : IntArray, shape (...)
        Rounded answers.
    headcounts : IntArray, shape (...)
        People in the group, at least ``answers``.
    possible : BoolArray, broadcastable to ``shares``
        False for a band without categories (yes and no have no neutral); its 0 is no secret.
    cap : float
        Share cut off at either end.

    Returns
    -------
    CoarseShares
        Whole percent. Limits are those of the least and the most that is shown the same, among
        the rounded answers, outwards: they tell nothing that the share and the answers do not.

    Notes
    -----
    With a lower cap of 5 %: if one share is at most 5 %, it shows as "5 % or fewer", the
    favourable share (or the unfavourable one, if it is the favourable that is capped) to the
    percent, and the last as the middle of its possible range. If the precise share is at least
    90 %, or two are at most 5 %, the largest shows as "90 % or more", the others as "10 % or
    fewer". The limits of a share between people's true counts can be up to one person wide of
    the mid-P limits, and misleadingly narrow only if silence has reasons.
    """
    known = np.nan_to_num(shares)
    possible = np.broadcast_to(possible, shares.shape)
    whole = possible.all(axis=-1, keepdims=True)
    low = (known <= cap + HAIR) & whole
    shown = _choose(
        low, _dominated(known, low, cap), _beside(known, low, cap), _plain(known, possible, cap)
    )
    least, most = _limits(shown, answers[..., None], headcounts[..., None])
    return CoarseShares(
        share=np.where(possible, nearest(100 * shown.share) / 100, 0),
        low=np.where(possible, least / 100, 0),
        high=np.where(possible, most / 100, 0),
        capped=shown.capped & possible,
    )


def _choose(
    low: BoolArray, dominated: tuple[BoolArray, _Shown], beside: _Shown, plain: _Shown
) -> _Shown:
    one_rules, ruled = dominated
    cases = [one_rules, low.any(axis=-1, keepdims=True)]
    return _Shown(
        np.select(cases, [ruled.share, beside.share], plain.share),
        np.select(cases, [ruled.least, beside.least], plain.least),
        np.select(cases, [ruled.most, beside.most], plain.most),
        np.select(cases, [ruled.capped, beside.capped], plain.capped),
    )


def _plain(shares: FloatArray, possible: BoolArray, cap: float) -> _Shown:
    """Whole percent; caps matter here for two bands only, which mirror each other."""
    at_low, at_high = shares <= cap + HAIR, shares >= 1 - cap - HAIR
    # Just above a cap is shown as one percent above it: "5 %" always means "or fewer".
    percent = (nearest(100 * shares) / 100).clip(cap + 0.01, 1 - cap - 0.01)
    shown = np.select([at_low, at_high], [cap, 1 - cap], percent)
    return _Shown(
        share=shown,
        least=np.where(at_low, 0.0, shown),
        most=np.where(at_high, 1.0, shown),
        capped=(at_low | at_high) & possible,
    )


def _beside(shares: FloatArray, low: BoolArray, cap: float) -> _Shown:
    """One band is capped, one precise, and the last shows what remains."""
    precise = _precise_band(low)
    exact = (nearest(100 * _take(shares, precise)) / 100).clip(cap + 0.01, 1)
    is_precise = np.arange(3) == precise
    rest = 1 - exact
    return _Shown(
        share=np.select([low, is_precise], [cap, exact], rest - cap / 2),
        least=np.select([low, is_precise], [0.0, exact], rest - cap),
        most=np.select([low, is_precise], [cap, exact], rest),
        capped=low,
    )


def _dominated(shares: FloatArray, low: BoolArray, cap: float) -> tuple[BoolArray, _Shown]:
    """One band holds nearly everybody: where this is so, and what is shown then."""
    bound = 1 - 2 * cap
    two = low.sum(axis=-1, keepdims=True) > 1
    nearly_all = _take(shares, _precise_band(low)) >= bound - HAIR
    largest = np.arange(3) == shares.argmax(axis=-1)[..., None]
    shown = _Shown(
        share=np.where(largest, bound, 1 - bound),
        least=np.where(largest, bound, 0.0),
        most=np.where(largest, 1.0, 1 - bound),
        capped=np.ones_like(low),
    )
    return low.any(axis=-1, keepdims=True) & (two | nearly_all), shown


def _precise_band(low: BoolArray) -> IntArray:
    """Favourable, unless it is the capped one: the choice must not depend on exact shares."""
    return np.where(low[..., FAVOURABLE], UNFAVOURABLE, FAVOURABLE)[..., None]


def _take(shares: FloatArray, band: IntArray) -> FloatArray:
    taken: FloatArray = np.take_along_axis(shares, band, axis=-1)
    return taken


def _limits(shown: _Shown, answers: IntArray, headcounts: IntArray) -> tuple[IntArray, IntArray]:
    size = np.broadcast_to(answers, shown.share.shape)
    people = np.broadcast_to(headcounts, shown.share.shape)
    precise = shown.least == shown.most
    # Where a number stands for a range, its ends count whole people, outwards.
    fewest = np.where(precise, nearest(shown.share * size), round_down(shown.least * size))
    most = np.where(precise, nearest(shown.share * size), round_up(shown.most * size))
    low, _ = hypergeometric_mid_p_limits(fewest.clip(0, size), size, people)
    _, high = hypergeometric_mid_p_limits(most.clip(0, size), size, people)
    return (
        np.minimum(round_down(100 * low), round_down(100 * shown.least)),
        np.maximum(round_up(100 * high), round_up(100 * shown.most)),
    )
