"""How numbers, dates and lists read: every number a reader sees is written here.

English only so far; a page asks these functions and never formats a number itself.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from analysis.disclosure.release import Change, Published, Reason, ShareEstimate, Suppressed
from analysis.methods.change import Flag
from analysis.methods.gates import VerdictKind

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LARGEST_CAP = 0.5
_RIGHT_TO_LEFT = {"R", "AL"}

VERDICTS = {
    VerdictKind.GO: "Go",
    VerdictKind.HOLD: "Hold",
    VerdictKind.STOP: "Stop",
    VerdictKind.CANNOT_TELL: "Cannot tell",
}
FLAGS = {Flag.ALERT: "Alert", Flag.WATCH: "Watch", Flag.NONE: ""}
REASONS = {
    Reason.TOO_FEW: "too few answers",
    Reason.PROTECTS_OTHERS: "protects another group",
    Reason.NOT_ASKED: "not asked",
    Reason.MEMBERSHIP: "too few people joined or left",
    Reason.UNKNOWN: "not known",
}
CONSTRUCTS = {
    "job_security": "Job security",
    "surveillance": "Not feeling watched",
    "usefulness": "Usefulness",
    "ease": "Ease of use",
    "readiness": "Readiness",
    "voice": "Having a say",
    "trust_leadership": "Trust in leaders",
    "mission_fit": "Better service",
    "adoption_intention": "Would choose it",
    "workload": "Lighter workload",
    "fairness": "Fairness",
}


def construct_name(construct: str, names: Mapping[str, str] | None = None) -> str:
    """Give the short name of a construct, high always being the good end.

    The briefing's own words go first, since "Surveillance 28" would read as little surveillance;
    ``names`` serves the constructs of other instruments.
    """
    other = (names or {}).get(construct, construct.replace("_", " ").capitalize())
    return CONSTRUCTS.get(construct, other)


def count(number: int) -> str:
    """Write a count with a comma for thousands."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Write a count with its noun in the right form."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def about(answers: int) -> str:
    """Write a rounded count of answers, which is never exact."""
    return f"about {plural(answers, 'answer')}"


def score(value: Published) -> str:
    """Write a score from 0 to 100; a capped one says that it may lie beyond."""
    if not value.capped:
        return str(value.score)
    return f"{value.score} or {'more' if value.score > 100 * _LARGEST_CAP else 'less'}"


def limits(low: int, high: int) -> str:
    """Write limits as a range that no line end tears apart, with true minus signs."""
    return f"{signed(low, plus='')}\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}{signed(high, plus='')}"


def scored(value: Published) -> str:
    """Write a score with its limits: ``41 (39 to 43)``."""
    return f"{score(value)}\N{NO-BREAK SPACE}({limits(value.low, value.high)})"


def scored_tightly(value: Published) -> str:
    """Write a score with its limits for a narrow column, the range with an en dash."""
    return f"{score(value)} ({value.low}–{value.high})"  # noqa: RUF001  # a range has an en dash


def moved(change: Change) -> str:
    """Write a change with its limits: ``+6 (2 to 10)``."""
    span = limits(change.low, change.high)
    return f"{signed(change.difference)}\N{NO-BREAK SPACE}({span})"


def signed(number: int, *, plus: str = "+") -> str:
    """Write a number with a true minus sign, and a plus sign where wanted."""
    sign = "−" if number < 0 else plus if number > 0 else ""  # noqa: RUF001  # a true minus sign
    return f"{sign}{abs(number)}"


def percent(share: float) -> str:
    """Write a share as whole percent."""
    return f"{round(100 * share)}%"


def shared(estimate: ShareEstimate) -> str:
    """Write an estimated share; at the caps it says that it may lie beyond."""
    if not estimate.capped:
        return percent(estimate.share)
    beyond = "or more" if estimate.share > _LARGEST_CAP else "or fewer"
    return f"{percent(estimate.share)} {beyond}"


def hidden(suppressed: Suppressed) -> str:
    """Say that a number is hidden, and why."""
    if suppressed.reason in {Reason.NOT_ASKED, Reason.UNKNOWN}:
        return REASONS[suppressed.reason]
    return f"hidden: {REASONS[suppressed.reason]}"


def listing(names: Sequence[str], most: int = 4) -> str:
    """Join names as a sentence does; past ``most`` it counts the rest."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    if len(shown) <= 1:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def fitting_list(rows: Sequence[str], characters: int) -> str:
    """Join as many rows as fit so many characters, at least one; count the rest.

    Semicolons, since the names of departments often hold commas and an "and" themselves.
    """
    most = len(rows)
    while most > 1 and len(_joined(rows, most)) > characters:
        most -= 1
    return _joined(rows, most)


def _joined(rows: Sequence[str], most: int) -> str:
    rest = [f"{len(rows) - most} more"] if len(rows) > most else []
    return "; ".join([*rows[:most], *rest])


def short(text: str, most: int = 60) -> str:
    """Give a text that fits a line; a long one loses its middle, since names often end apart.

    Control characters go, and a right-to-left name is isolated, so that no name can reorder the
    words and numbers around it.
    """
    plain = " ".join("".join(each if _is_plain(each) else " " for each in text).split())
    if len(plain) > most:
        tail = most // 3
        plain = f"{plain[: most - tail - 1].rstrip()}…{plain[-tail:].lstrip()}"
    if any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in plain):
        return f"\N{FIRST STRONG ISOLATE}{plain}\N{POP DIRECTIONAL ISOLATE}"
    return plain


def _is_plain(character: str) -> bool:
    # Joiners are part of how Persian and Indian scripts are spelled.
    if character in "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}":
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def day(value: date) -> str:
    """Write a date as ``5 May 2025``."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def days(first: date, last: date) -> str:
    """Write a span of days without saying a month or year twice."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} to {day(last)}"
    return f"{day(first)} to {day(last)}"
