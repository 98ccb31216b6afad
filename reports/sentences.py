"""The sentences of a briefing: short, plain, and honest about what cannot be told.

Written for a reading age of 14 (a test measures it). "We cannot tell" is an answer like any other.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.disclosure.release import Change, Participation, Published, Reason, Suppressed
from analysis.methods.change import Direction
from analysis.methods.gates import VerdictKind
from analysis.methods.nonresponse import tipping_point
from reports import wording

_LONGEST_ANSWER = 150
_MOST_NAMED = 3
_LONGEST_LIST = 92

QUESTIONS = {
    "job_security": "Do people fear for their jobs?",
    "surveillance": "Do people fear that it will watch them?",
    "usefulness": "Do people find it useful in their own job?",
}
UNFAVOURABLE = {
    "js2": "are very or extremely worried about keeping their job",
    "sv1": "are very or extremely worried that it will keep track of them",
    "us1.expect": "expect little or no use from it in their own job",
    "us1.experience": "find it of little or no use in their own job",
}
CATEGORIES = {
    "js2": ("Very worried", "Somewhat worried", "Not or little worried"),
    "sv1": ("Very worried", "Somewhat worried", "Not or little worried"),
    "us1.expect": ("Little or no use", "Somewhat useful", "Very useful"),
    "us1.experience": ("Little or no use", "Somewhat useful", "Very useful"),
}
OTHER_CATEGORIES = ("Unfavourable", "In between", "Favourable")
KNOWN_TO_HELP = {
    "job_security": "When letter carriers took part in planning the change, one part of their"
    " job fear grew more slowly (one Danish study, 2018).",
    "surveillance": "Staff accept tracking better when it is open and kept to what the task needs"
    " (94 samples, 2023). The effect is small.",
    "usefulness": "Staff who help shape a tool think somewhat better of it (82 studies, 2008)."
    " Tools that often fail are a common cause of stress.",
}
KEY = (
    "Scores run from 0 to 100 and high is always good: 100 for job security means that nobody"
    " worries. The range after a score, such as (39 to 43), is its 95% limits."
)
METHOD_SCORES = (
    "Each answer counts from 0 (worst) to 100 (best) in even steps; a score is the mean. The 95%"
    " limits do not cover people who chose not to answer."
)
METHOD_VERDICTS = (
    "Go: the lower limit of every gate reaches its go line. Hold: an upper limit is under a go"
    " line. Stop: an upper limit is under a stop line. Else we cannot tell. The lines were agreed"
    " before the wave."
)
METHOD_FLAGS = (
    "Watch: down 10 points or more, and more than chance often does. Alert: hardly chance, or a"
    " watch that came again."
)
METHOD_CHECK = (
    "All numbers come from one release file, the same for leaders, union and staff. Ask for the"
    " file: its SHA-256 must be the first of these."
)
_ASSURANCE = {
    "A": "Two keys, held by different people, were needed to open the answers.",
    "B": "One key opened the answers; no second party held another.",
    "C": (
        "Drawn cards: no list says who answered. Ballots were not sealed: who runs the server"
        " could have read them, without names."
    ),
}


def answer(named: Mapping[VerdictKind, Sequence[str]], agreed: bool) -> str:
    """Give the one sentence at the top: where to go on, where not, where nobody can tell."""
    total = sum(len(names) for names in named.values())
    if not agreed:
        return "No lines for go, hold or stop were agreed, so this wave has no verdict."
    if len(named.get(VerdictKind.CANNOT_TELL, ())) == total:
        return f"We cannot tell yet for any of the {wording.plural(total, 'department')}."
    for kind in (VerdictKind.GO, VerdictKind.HOLD, VerdictKind.STOP):
        if len(named.get(kind, ())) == total:
            return f"{wording.VERDICTS[kind]} in all {wording.plural(total, 'department')}."
    named_ones = _answer_of(named, total, most=_MOST_NAMED)
    return named_ones if len(named_ones) <= _LONGEST_ANSWER else _answer_of(named, total, most=0)


def _answer_of(named: Mapping[VerdictKind, Sequence[str]], total: int, most: int) -> str:
    """Count the departments under each verdict; the first, most urgent ones by name if few."""
    parts: list[str] = []
    for kind in (VerdictKind.STOP, VerdictKind.HOLD, VerdictKind.GO):
        names = named.get(kind, ())
        if names:
            number = wording.count(len(names))
            where = number if parts else f"{number} of {wording.plural(total, 'department')}"
            # Semicolons, since the names of departments often hold an "and" themselves.
            told = not parts and kind is not VerdictKind.GO and len(names) <= most
            list_of_them = f" ({'; '.join(names)})" if told else ""
            parts.append(f"{wording.VERDICTS[kind].lower()} in {where}{list_of_them}")
    unclear = len(named.get(VerdictKind.CANNOT_TELL, ()))
    sentence = ", ".join(parts)
    if unclear:
        sentence += f"; in {wording.count(unclear)} we cannot tell"
    return sentence[0].upper() + sentence[1:] + "."


def main_worry(title: str, value: Published, moved: str) -> str:
    """Name the lowest of the three reasons and how it moved."""
    return f"Weakest point: {title.lower()}, {wording.scored(value)} of 100. {moved}".rstrip()


def nothing_shown() -> str:
    """Say that a whole page of results is hidden."""
    return "Too few people answered to show any result for the whole organisation."


def changed(change: Change | Suppressed | None, since: str) -> str:
    """Say in one sentence how a score moved since an earlier wave."""
    if change is None:
        return f"Since {since}: not asked in these words then, so we do not compare."
    if isinstance(change, Suppressed):
        return f"Since {since}: {wording.hidden(change)}."
    span = wording.limits(change.low, change.high)
    if change.direction is Direction.NO_CLEAR_CHANGE:
        return f"Since {since}: no clear change, {wording.moved(change)}."
    size = wording.plural(abs(change.difference), "point")
    return f"Since {since}: {size} {change.direction} ({span})."


def worried(series: str, value: Published) -> str:
    """Say how many gave an unfavourable answer."""
    if isinstance(value.shares, Suppressed):
        return f"How they split: {wording.hidden(value.shares)}."
    share = wording.shared(value.shares.unfavourable)
    return f"{share} {UNFAVOURABLE.get(series, 'gave an unfavourable answer')}."


def clearly_lower(rows: Sequence[str]) -> str:
    """Name the departments clearly below the whole organisation, if there are any."""
    if not rows:
        return "No department is clearly below the whole."
    return wording.fitting_list(rows, _LONGEST_LIST) + "."


def clearly_moved(rows: Sequence[str]) -> str:
    """Name the departments that clearly moved since the last wave, if there are any."""
    if not rows:
        return "No department clearly moved since the last wave."
    return wording.fitting_list(rows, _LONGEST_LIST) + "."


def gate_stops(name: str, value: Published, stop_below: int) -> str:
    """Say which gate stopped a department."""
    return f"{name} {wording.scored(value)} is under the stop line {stop_below}"


def gate_fails(name: str, value: Published, minimum: int) -> str:
    """Say which gate holds a department."""
    return f"{name} {wording.scored(value)} is under the go line {minimum}"


def gate_unclear(name: str, value: Published, minimum: int) -> str:
    """Say which gate cannot be told."""
    return f"{name} {wording.scored(value)} straddles the go line {minimum}"


def gate_hidden(name: str, reason: Suppressed) -> str:
    """Say that a gate has no score to judge by."""
    return f"{name} is hidden ({wording.REASONS[reason.reason]})"


def gates_met(number: int, value: Published) -> str:
    """Say that all gates are met, and how close it was."""
    many = "The gate is met" if number == 1 else f"All {number} met"
    return f"{many}; closest {wording.scored(value)}"


def and_more(number: int, verb: str = "is") -> str:
    """Count further gates that stand the same way: ``verb`` is "is" or "does"."""
    if not number:
        return ""
    many = {"is": "are", "does": "do"}[verb]
    return f"; so {verb if number == 1 else many} {number} more"


def would_go(needs: Sequence[tuple[str, int]]) -> str:
    """Say which score would turn a verdict into go, and how many others must follow."""
    if not needs:
        return "More answers"
    name, score = needs[0]
    others = f" and {wording.plural(len(needs) - 1, 'more gate')}" if len(needs) > 1 else ""
    return f"Go needs {name.lower()} near {score}{others}"


def would_lift_stop(name: str, at: int, go: int) -> str:
    """Say which score would lift a stop, and which would be a go."""
    return f"{name} near {at} lifts the stop, near {go} is a go"


def would_turn(name: str, below: int) -> str:
    """Say what would end a go."""
    return f"{name} below {below}"


def would_tell(reason: Suppressed, threshold: int) -> str:
    """Say what a hidden gate needs."""
    if reason.reason is Reason.NOT_ASKED:
        return "Asking the gate question in the next wave"
    if reason.reason is Reason.TOO_FEW:
        return f"At least {threshold} answers to each gate question"
    return "More answers here or in a neighbouring group"


def no_gates() -> tuple[str, str]:
    """Say that no line was agreed, and what would change that."""
    return "No gate agreed", "Lines agreed before the next wave"


def rest_of_scores(number: int) -> str:
    """Count the departments whose scores do not fit the page."""
    more = wording.plural(number, "more department")
    return f"And {more}; the results page lists them all." if number else ""


def rest_of_table(counts: Mapping[VerdictKind, int]) -> str:
    """Sum up the departments that do not fit the page."""
    total = sum(counts.values())
    parts = [
        f"{number} {wording.VERDICTS[kind].lower()}" for kind, number in counts.items() if number
    ]
    return f"And {wording.plural(total, 'more department')}: {wording.listing(parts)}."


def unheard(rate: Participation | Suppressed) -> str:
    """Say how many took part in the whole organisation."""
    if isinstance(rate, Suppressed):
        return f"The response rate is {wording.hidden(rate)}."
    people = wording.plural(rate.headcount, "person", "people")
    return (
        f"About {wording.count(rate.ballots)} of {people}"
        f" answered ({wording.percent(rate.rate)}). We do not know what the others think."
    )


def could_reverse(name: str, value: Published, people: int, line: int) -> str:
    """Say what those who did not answer would have to think to move a score across its line."""
    rate = min(value.answers / people, 1.0)
    tipping = tipping_point(np.array(float(value.score)), np.array(rate), line)
    above = value.score >= line
    start = f"{name} stands at {value.score}, the go line at {line}."
    if not tipping.reversible:
        where = "below it" if above else "up to it"
        return f"{start} Those not heard could not bring it {where}, whatever they think."
    needed = f"{round(float(tipping.needed))} or {'less' if above else 'more'}"
    where = "below" if above else "up to"
    return f"{start} To bring it {where} the line, those not heard would have to average {needed}."


def chance_flags(flags: int, comparisons: int, expected: float) -> str:
    """Put the number of flags beside what chance alone would give, over the same comparisons."""
    listed = wording.plural(flags, "score") if flags else "no score"
    return (
        f"In {wording.plural(comparisons, 'comparison')}, down to the crews, {listed} fell far "
        f"enough to be flagged; chance alone would flag about {wording.count(round(expected))}."
    )


def without_clear_change(same: int, total: int) -> str:
    """Say how much did not move, which is a result too."""
    if not total:
        return "There is no earlier wave to compare with."
    return (
        f"In {wording.count(same)} of {wording.plural(total, 'comparison')}"
        " of departments we see no clear change."
    )


def hidden_few(number: int, k_scores: int, k_shares: int) -> str:
    """Say how many numbers are hidden for too few answers."""
    return (
        f"{wording.plural(number, 'result')} {'is' if number == 1 else 'are'} hidden because too"
        f" few people answered: a score needs {k_scores} answers, a split of answers {k_shares}."
    )


def hidden_others(number: int) -> str:
    """Say how many numbers are hidden to protect others."""
    return (
        f"{wording.plural(number, 'more result')} {'is' if number == 1 else 'are'} hidden so that"
        " nobody can work out the first ones by taking one group from another."
    )


def rounding(step: int, cap: tuple[float, float], *, hidden: bool) -> str:
    """Say how numbers are made coarse, for everybody's protection."""
    start = "" if hidden else "Nothing had to be hidden. "
    low, high = (wording.percent(share) for share in cap)
    return (
        f"{start}Counts are rounded to {step}, and shares beyond {low} and {high} are shown as"
        " that bound, so that nobody's own answer shows."
    )


def lowest_rates(shown: int, total: int) -> str:
    """Head the list of response rates."""
    if shown < total:
        return f"Share who answered, lowest {shown} of {total}"
    return "Share who answered, lowest first"


def more_flags(number: int) -> str:
    """Count the flags that do not fit."""
    if number <= 0:
        return ""
    return f"And {wording.plural(number, 'more flag')}, on the results page."


def chart_key(use: tuple[int, int], *, lines: bool, left_out: int) -> str:
    """Say how to read the charts."""
    using, total = use
    parts = ["Dot: score; upright line: 95% limits; below: number of the wave."]
    if lines:
        parts.append("Dashes: the go line.")
    if using:
        parts.append(
            "Grey ground: the tool is in use in some departments (light) or all (darker);"
            f" now in {using} of {total}."
        )
    parts.append(
        "Open dots: what people expect. Full dots: what they have seen. The line breaks where the"
        " question changed, since these are two measures."
    )
    if left_out:
        parts.append(f"The first {wording.plural(left_out, 'wave')}: see the results page.")
    return " ".join(parts)


def reasons_title(number: int, *, known: bool) -> str:
    """Head the columns of the first page."""
    if known:
        return "The three reasons people resist, told apart"
    return wording.plural(number, "topic")


def method_questions(instrument: str) -> str:
    """Say which questions were asked, and that they are not yet proven here."""
    return (
        f"Question set {instrument}. It has not been validated here yet: read small differences"
        " between topics with care."
    )


def assurance(level: str) -> str:
    """Say in plain words how the answers were kept."""
    return _ASSURANCE.get(level[:1].upper(), level)


def careful(value: Published) -> str:
    """Warn when people do not feel safe to answer honestly."""
    told = wording.scored(value)
    return f"Read with caution: people did not feel safe giving honest answers, {told}."
