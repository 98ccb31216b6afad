"""What changed between two waves, and which worsenings deserve a second look.

Waves are independent samples of a process: nobody is followed from wave to wave. Contrasts
therefore use no finite-population factor, even if everybody answered.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.arrays import BoolArray, FloatArray
from analysis.errors import MethodError
from analysis.methods.inputs import refuse, refuse_level
from analysis.methods.scores import Scores, cautious_variance

FlagArray = NDArray[np.object_]
"""One Flag per group and series."""

DirectionArray = NDArray[np.object_]
"""One Direction per group and series."""

LEAST_DROP = 10.0
"""Points of worsening below which nothing is flagged."""

CLEAR = 0.05
"""A p-value below which a change is called clear."""

FALSE_ALARM_RATE = 0.10
"""Share of false ones that Alerts of one wave may contain on average."""

HAIR = 1e-9
"""A drop of 9.9999999999 points is a drop of 10."""


class Flag(StrEnum):
    """How much attention a worsening deserves."""

    NONE = "none"
    WATCH = "watch"
    ALERT = "alert"


class Direction(StrEnum):
    """Where a score went; no clear change does not mean that nothing changed."""

    BETTER = "better"
    WORSE = "worse"
    NO_CLEAR_CHANGE = "no clear change"


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Scores of a later wave minus scores of an earlier one; all arrays have the same shape.

    Attributes
    ----------
    difference : FloatArray
        Points, -100 to 100, above 0 for better; nan where not tested, like all numbers here.
    low, high : FloatArray
        Confidence limits of the difference.
    p_value : FloatArray
        Two-sided p-value of no change.
    standard_error : FloatArray
        Of the difference.
    freedom : FloatArray
        Welch's degrees of freedom.
    tested : BoolArray
        Whether both waves have at least two answers and a score.
    """

    difference: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray
    standard_error: FloatArray
    freedom: FloatArray
    tested: BoolArray


def score_change(before: Scores, after: Scores, level: float = 0.95) -> Contrast:
    """Contrast the mean scores of two independent waves, by Welch's t test.

    Parameters
    ----------
    before, after : Scores, same shape
        Scores of the earlier and the later wave, same groups and series.
    level : float, default 0.95
        Confidence level of the limits.

    Returns
    -------
    Contrast, shape of the scores
        Where a wave has fewer than two answers the contrast is marked as not tested.

    Raises
    ------
    MethodError
        If the shapes differ.

    Notes
    -----
    A wave in which all gave the same answer has no variance; it then gets the variance it would
    have if two more had answered, one at each end of the scale, and is not taken for certain.

    Treating the waves as independent is cautious: the same people answer partly, and linking
    them (which Canvass does not) would give narrower limits. It misleads if a group's membership
    changed much, or if another kind of people kept silent this time. With fewer than 25 answers
    per wave only large changes can be told from chance.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of 'Student's' problem when several different
       population variances are involved", Biometrika 34 (1947), 28-35.
    """
    refuse_level(level)
    if before.score.shape != after.score.shape:
        raise MethodError(
            f"Scores of shape {before.score.shape} and {after.score.shape} cannot be contrasted. "
            "Bring both waves to the same groups and series first."
        )
    tested = _testable(before) & _testable(after)
    first, second = _squared_error(before, tested), _squared_error(after, tested)
    error = np.sqrt(first + second)
    freedom = (first + second) ** 2 / (
        first**2 / np.maximum(before.answers - 1, 1) + second**2 / np.maximum(after.answers - 1, 1)
    )
    difference = np.where(tested, after.score - before.score, 0.0)
    reach = special.stdtrit(freedom, (1 + level) / 2) * error
    p_value = 2 * special.stdtr(freedom, -np.abs(difference) / error)
    low, high = np.maximum(difference - reach, -100.0), np.minimum(difference + reach, 100.0)
    return Contrast(
        difference=np.where(tested, difference, np.nan),
        low=np.where(tested, low, np.nan),
        high=np.where(tested, high, np.nan),
        p_value=np.where(tested, p_value, np.nan),
        standard_error=np.where(tested, error, np.nan),
        freedom=np.where(tested, freedom, np.nan),
        tested=tested,
    )


def directions(contrast: Contrast) -> DirectionArray:
    """Say in which direction each score clearly went.

    Parameters
    ----------
    contrast : Contrast
        Later minus earlier wave.

    Returns
    -------
    DirectionArray, shape of the contrast
        Better or worse if p < .05, else no clear change; also where not tested.

    Notes
    -----
    Of 20 groups in which nothing changed, one will be called clearly changed by chance.
    """
    clear = _clear(contrast)
    return np.select(
        [clear & (contrast.difference > 0), clear & (contrast.difference < 0)],
        [np.array(Direction.BETTER, object), np.array(Direction.WORSE, object)],
        np.array(Direction.NO_CLEAR_CHANGE, object),
    )


def benjamini_hochberg(
    p_value: FloatArray, family: BoolArray, rate: float = FALSE_ALARM_RATE
) -> tuple[FloatArray, BoolArray]:
    """Find the changes that stand out although many were tested.

    Parameters
    ----------
    p_value : FloatArray, any shape
        P-values; read only where ``family`` is true.
    family : BoolArray, shape of ``p_value``
        Which tests belong together, such as all of one wave that will be shown.
    rate : float, default 0.10
        False discovery rate: share of chance findings among the findings, on average.

    Returns
    -------
    adjusted : FloatArray, shape of ``p_value``
        Smallest rate at which each test stands out; nan outside the family.
    stands_out : BoolArray, shape of ``p_value``
        False outside the family.

    Raises
    ------
    MethodError
        If a p-value of the family is missing or outside 0 to 1.

    Notes
    -----
    The rate holds if tests are independent or rise and fall together, as those of a department
    and its crews do. It is a statement about the list, not about each entry.

    References
    ----------
    .. [1] Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995),
       289-300.
    """
    # Loads pandas, a second for which pages that only name a Flag need not wait.
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415

    refuse_level(rate)
    adjusted, stands_out = np.full(p_value.shape, np.nan), np.zeros(p_value.shape, dtype=np.bool_)
    inside = p_value[family]
    refuse(~((inside >= 0) & (inside <= 1)), "A p-value of the family is missing. Leave it out.")
    if inside.size:
        stands_out[family], adjusted[family], _, _ = multipletests(inside, rate, method="fdr_bh")
    return adjusted, stands_out


def change_flags(
    contrast: Contrast,
    family: BoolArray | None = None,
    earlier: FlagArray | None = None,
    since_before: Contrast | None = None,
) -> FlagArray:
    """Flag worsenings in two steps, Watch and Alert; improvements are never flagged.

    Parameters
    ----------
    contrast : Contrast
        This wave minus the last one.
    family : BoolArray, optional, shape of the contrast
        Contrasts that may be flagged and are tested together; all tested ones if left out.
    earlier : FlagArray, optional, shape of the contrast
        Flags of the last wave, to confirm its Watches.
    since_before : Contrast, optional
        This wave minus the one before the last, which a Watch of the last wave was measured
        from. Needed with ``earlier``.

    Returns
    -------
    FlagArray, shape of the contrast
        Watch: p < .05 and at least 10 points worse. Alert: at least 10 points worse and standing
        out among all changes of the wave at a false discovery rate of 10 %, or a Watch of the
        last wave that this wave confirms: still p < .05 and at least 10 points worse than before.

    Raises
    ------
    MethodError
        If only one of ``earlier`` and ``since_before`` is given, or shapes differ.

    Notes
    -----
    Print :func:`expected_chance_flags` next to the list. Below about 25 answers per wave even
    a true drop of 10 points will mostly go unnoticed: no flag is no all-clear. A confirmed Watch
    shares its baseline with the Watch: if nothing changed, one in five is confirmed by chance.

    References
    ----------
    .. [1] Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995),
       289-300.
    """
    inside = contrast.tested if family is None else contrast.tested & family
    worse = inside & (_drop(contrast) >= LEAST_DROP - HAIR)
    _, stands_out = benjamini_hochberg(contrast.p_value, inside)
    confirmed = _confirmed(contrast, earlier, since_before)
    if family is not None:
        confirmed = confirmed & family
    return np.select(
        [(worse & stands_out) | confirmed, worse & _clear(contrast)],
        [np.array(Flag.ALERT, object), np.array(Flag.WATCH, object)],
        np.array(Flag.NONE, object),
    )


def chance_of_watch(contrast: Contrast) -> FloatArray:
    """Give the probability that each contrast would be flagged as Watch if nothing had changed.

    Parameters
    ----------
    contrast : Contrast
        Gives the standard errors and the degrees of freedom; its differences play no role.

    Returns
    -------
    FloatArray, shape of the contrast
        At most .025, less for large groups in which chance hardly makes 10 points; 0 where not
        tested.

    Notes
    -----
    The standard errors are estimates, so this is one as well; where a wave answered nearly with
    one voice it is too small.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of 'Student's' problem when several different
       population variances are involved", Biometrika 34 (1947), 28-35.
    """
    error = np.where(contrast.tested, contrast.standard_error, 1.0)
    freedom = np.where(contrast.tested, contrast.freedom, 1.0)
    least = np.maximum(special.stdtrit(freedom, 1 - CLEAR / 2), LEAST_DROP / error)
    return np.where(contrast.tested, special.stdtr(freedom, -least), 0.0)


def expected_chance_flags(contrast: Contrast, family: BoolArray | None = None) -> float:
    """Give how many flags a wave would show on average if nothing had changed anywhere.

    Parameters
    ----------
    contrast : Contrast
        This wave minus the last one.
    family : BoolArray, optional, shape of the contrast
        Contrasts that may be flagged; all tested ones if left out.

    Returns
    -------
    float
        Expected number of Watches; an average holds whether groups overlap or not.

    Notes
    -----
    The number of a single wave scatters around it, and more widely than that of independent
    tests, as crews count in their departments.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of 'Student's' problem when several different
       population variances are involved", Biometrika 34 (1947), 28-35.
    """
    chances = chance_of_watch(contrast)
    return float(chances.sum() if family is None else chances[family].sum())


def _testable(scores: Scores) -> BoolArray:
    return (scores.answers > 1) & np.isfinite(scores.score) & np.isfinite(scores.sd)


def _squared_error(scores: Scores, tested: BoolArray) -> FloatArray:
    spread = np.where(scores.sd > 0, scores.sd, 0.0) ** 2
    variance = np.where(spread > 0, spread, cautious_variance(scores))
    return np.where(tested, variance / np.maximum(scores.answers, 1), 1.0)


def _clear(contrast: Contrast) -> BoolArray:
    return contrast.tested & (np.where(contrast.tested, contrast.p_value, 1.0) < CLEAR)


def _drop(contrast: Contrast) -> FloatArray:
    return np.where(contrast.tested, -contrast.difference, 0.0)


def _confirmed(
    contrast: Contrast, earlier: FlagArray | None, since_before: Contrast | None
) -> BoolArray:
    if earlier is None and since_before is None:
        return np.zeros(contrast.tested.shape, dtype=np.bool_)
    if earlier is None or since_before is None:
        raise MethodError(
            "Confirming a Watch needs the last wave's flags and the contrast with the wave before "
            "it. Give both, or none."
        )
    if not earlier.shape == since_before.tested.shape == contrast.tested.shape:
        raise MethodError(
            f"Flags of shape {earlier.shape} do not fit contrasts of shape "
            f"{contrast.tested.shape}. Bring both waves to the same groups and series first."
        )
    watched: BoolArray = np.asarray(earlier == Flag.WATCH, dtype=np.bool_)
    still = _clear(since_before) & (_drop(since_before) >= LEAST_DROP - HAIR)
    return watched & still
