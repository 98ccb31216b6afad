"""Go, hold or stop: whether the limits of a score clear the lines agreed before the wave."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.errors import MethodError

Limits = tuple[float, float]
"""Lower and upper limit of a score, 0 to 100."""


class GateAnswer(StrEnum):
    """Whether a score clears its line, as far as its limits can tell."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell"


class VerdictKind(StrEnum):
    """What the agreed gates together say about a group."""

    GO = "go"
    HOLD = "hold"
    STOP = "stop"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class GateLine:
    """The two scores agreed for one construct.

    Attributes
    ----------
    minimum : float
        Score to reach, 0 to 100.
    stop_below : float
        Score under which the rollout stops; at most ``minimum``.
    """

    minimum: float
    stop_below: float

    def __post_init__(self) -> None:
        """Refuse lines that contradict each other."""
        if not 0 <= self.stop_below <= self.minimum <= 100:  # noqa: PLR2004 - end of the scale
            raise MethodError(
                f"A gate stops below {self.stop_below} and asks for {self.minimum}. Give two "
                "scores from 0 to 100, the first not above the second."
            )


def gate_answer(line: GateLine, limits: Limits | None) -> GateAnswer:
    """Tell whether a score clears its minimum.

    Parameters
    ----------
    line : GateLine
        The agreed scores.
    limits : tuple of float or None
        Limits of the score; None if the score is withheld or was not asked.

    Returns
    -------
    GateAnswer
        Met if even the lower limit reaches the minimum, not met if not even the upper limit does.

    Raises
    ------
    MethodError
        If the lower limit lies above the upper one.

    Notes
    -----
    "Cannot tell" is no soft yes: a small group can hardly ever reach "met". Say beforehand what
    then happens.

    """
    if limits is None:
        return GateAnswer.CANNOT_TELL
    low, high = _checked(limits)
    if low >= line.minimum:
        return GateAnswer.MET
    return GateAnswer.NOT_MET if high < line.minimum else GateAnswer.CANNOT_TELL


def calls_for_stop(line: GateLine, limits: Limits | None) -> bool:
    """Tell whether a score lies below the stop line with its whole interval.

    Parameters
    ----------
    line : GateLine
        The agreed scores.
    limits : tuple of float or None
        Limits of the score; None if the score is withheld or was not asked.

    Returns
    -------
    bool
        True if even the upper limit lies below; a withheld score never stops a rollout.

    Raises
    ------
    MethodError
        If the lower limit lies above the upper one.
    """
    return limits is not None and _checked(limits)[1] < line.stop_below


def verdict(lines: Sequence[GateLine], limits: Sequence[Limits | None]) -> VerdictKind:
    """Join the gates of a group into one verdict.

    Parameters
    ----------
    lines : sequence of GateLine
        The agreed scores, one per gate.
    limits : sequence of tuple of float or None
        Limits of the score of each gate; None if withheld or not asked.

    Returns
    -------
    VerdictKind
        Stop if any gate calls for it, else hold if any is not met, else go if all are met, else
        cannot tell; also if no gate was agreed.

    Raises
    ------
    MethodError
        If there are not as many limits as gates, or limits are the wrong way round.

    Notes
    -----
    Each gate alone errs at most as often as its limits do (2.5 % on each side); with many gates
    the chance that one of them says hold or stop without reason adds up.
    """
    if len(lines) != len(limits):
        raise MethodError(f"{len(lines)} gates and {len(limits)} scores. Give one score per gate.")
    pairs = list(zip(lines, limits, strict=True))
    answers = {gate_answer(line, each) for line, each in pairs}
    if any(calls_for_stop(line, each) for line, each in pairs):
        return VerdictKind.STOP
    if GateAnswer.NOT_MET in answers:
        return VerdictKind.HOLD
    return VerdictKind.GO if answers == {GateAnswer.MET} else VerdictKind.CANNOT_TELL


def _checked(limits: Limits) -> Limits:
    if not limits[0] <= limits[1]:
        raise MethodError(f"Limits {limits} are the wrong way round or missing. Give (low, high).")
    return limits
