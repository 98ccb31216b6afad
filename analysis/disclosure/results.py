"""What a release holds: typed results, in which a hidden number is a value of its own."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from analysis.disclosure.policy import Policy
from analysis.methods.change import Direction, Flag
from analysis.methods.gates import GateAnswer, VerdictKind

SCHEMA = 1
"""Version of the release format."""


class Reason(StrEnum):
    """Why a number is not shown."""

    TOO_FEW = "too few answers"
    PROTECTS_OTHERS = "protects another group"
    NOT_ASKED = "not asked"
    MEMBERSHIP = "membership changed by too few"
    UNKNOWN = "not known"


class Suppressed(Struct, frozen=True, tag="suppressed"):
    """A number that is withheld, and why."""

    reason: Reason


class ShareEstimate(Struct, frozen=True, kw_only=True):
    """A share in whole percent with limits; capped means "this bound or beyond"."""

    share: float
    low: float
    high: float
    capped: bool


class Shares(Struct, frozen=True, kw_only=True, tag="shares"):
    """Favourable, neutral and unfavourable shares of the valid answers."""

    favourable: ShareEstimate
    neutral: ShareEstimate
    unfavourable: ShareEstimate


class Published(Struct, frozen=True, kw_only=True, tag="published"):
    """A score of a group that may be shown, with 95 % limits, in coarse numbers.

    A capped score stands for "this bound or beyond". The don't-know share is None where it is
    withheld; 0.05 there means "5 % or fewer", 0.95 "95 % or more". The spread is the standard
    deviation that limits and changes are computed from; cautious, and not this group's own unless
    it is large.
    """

    answers: int
    score: int
    low: int
    high: int
    shares: Shares | Suppressed
    dont_know: float | None
    capped: bool = False
    spread: int = 40


class Change(Struct, frozen=True, kw_only=True, tag="change"):
    """Score now minus score in an earlier wave, in points, with limits and flag."""

    difference: int
    low: int
    high: int
    direction: Direction
    flag: Flag
    since: str


class ReleasedGroup(Struct, frozen=True, kw_only=True):
    """A reporting group: its place in the tree, its people, its place in the rollout."""

    id: str
    name: str
    parent: str | None
    level: int
    headcount: int
    cells: tuple[str, ...]
    phase: str | None
    event_weeks: int | None


class ReleasedSeries(Struct, frozen=True, kw_only=True):
    """One question in one wording, or one construct, followed over waves."""

    id: str
    item: str
    wording: str
    construct: str | None
    core: bool
    kind: str
    comparable: bool


class Result(Struct, frozen=True, kw_only=True):
    """What one group answered on one series; a change of None means no earlier wave had it."""

    group: str
    series: str
    value: Published | Suppressed
    change: Change | Suppressed | None
    change_since_first: Change | Suppressed | None


class Participation(Struct, frozen=True, kw_only=True, tag="participation"):
    """How many took part: ballots are rounded, and the rate comes from the rounded ballots."""

    group: str
    headcount: int
    ballots: int
    rate: float


class GateResult(Struct, frozen=True, kw_only=True):
    """One agreed line on the 0-100 scale, and whether the published limits clear it."""

    construct: str
    series: str
    minimum: int
    stop_below: int
    answer: GateAnswer


class Verdict(Struct, frozen=True, kw_only=True):
    """Go, hold, stop or cannot tell for one group, with the gates behind it."""

    group: str
    verdict: VerdictKind
    gates: tuple[GateResult, ...]


class WaveInfo(Struct, frozen=True, kw_only=True):
    """Which wave this is, by day and never by hour."""

    id: str
    number: int
    name: str
    form: str
    opened: date
    closed: date


class Release(Struct, frozen=True, kw_only=True, dict=True, omit_defaults=True):
    """Everything that is ever published about one wave.

    Groups in ``over_headcount`` gave more ballots than the frozen head count lists people; their
    response rate is withheld. Defaults are left out of the file, so older releases keep their hash.
    """

    schema: int
    organisation: str
    rollout: str
    tool: str
    tool_description: str
    wave: WaveInfo
    instrument: str
    instrument_hash: str
    agreement_hash: str
    assurance: str
    policy: Policy
    groups: tuple[ReleasedGroup, ...]
    series: tuple[ReleasedSeries, ...]
    results: tuple[Result, ...]
    participation: tuple[Participation | Suppressed, ...]
    verdicts: tuple[Verdict, ...]
    primary_suppressed: int
    complementary_suppressed: int
    expected_chance_flags: float
    previous_hash: str | None
    canvass_version: str
    over_headcount: tuple[str, ...] = ()

    @cached_property
    def _results(self) -> dict[tuple[str, str], Result]:
        return {(result.group, result.series): result for result in self.results}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {group.id: position for position, group in enumerate(self.groups)}

    @property
    def root(self) -> ReleasedGroup:
        """The whole organisation.

        Returns
        -------
        ReleasedGroup
            The first group.
        """
        return self.groups[0]

    def group(self, group: str) -> ReleasedGroup:
        """Get the group with this id.

        Parameters
        ----------
        group : str
            Id of the group.

        Returns
        -------
        ReleasedGroup
            The group.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self.groups[self._positions[group]]

    def children(self, group: str) -> tuple[ReleasedGroup, ...]:
        """List the groups directly below a group.

        Parameters
        ----------
        group : str
            Id of the group.

        Returns
        -------
        tuple of ReleasedGroup
            In release order.
        """
        return tuple(each for each in self.groups if each.parent == group)

    def find(self, group: str, series: str) -> Result | None:
        """Find the result of a group on a series.

        Parameters
        ----------
        group : str
            Id of the group.
        series : str
            Id of the series.

        Returns
        -------
        Result or None
            None if the wave has no such pair.
        """
        return self._results.get((group, series))

    def headline(self, group: str, construct: str) -> Result | None:
        """Find the core question of a construct in this group, in the wording more answered.

        Parameters
        ----------
        group : str
            Id of the group.
        construct : str
            Id of the construct.

        Returns
        -------
        Result or None
            As `stands_for` chooses it. Where no wording is published, a withheld result stands
            for the construct, with its reason; None only if the wave did not ask it at all.
        """
        candidates = list(self._core_results(group, construct))
        return stands_for(candidates, self.participation_of(group))

    def verdict(self, group: str) -> Verdict:
        """Get the verdict of a group.

        Parameters
        ----------
        group : str
            Id of the group.

        Returns
        -------
        Verdict
            With the gates behind it.

        Raises
        ------
        KeyError
            If there is no such group.
        """
        return self.verdicts[self._positions[group]]

    def participation_of(self, group: str) -> Participation | Suppressed:
        """Get how many of a group took part, if that may be shown.

        Parameters
        ----------
        group : str
            Id of the group.

        Returns
        -------
        Participation or Suppressed
            Head count, rounded ballots and rate, or the reason why not.

        Raises
        ------
        KeyError
            If there is no such group.
        """
        return self.participation[self._positions[group]]

    def _core_results(self, group: str, construct: str) -> Iterator[tuple[ReleasedSeries, Result]]:
        for series in self.series:
            if series.core and series.construct == construct:
                result = self.find(group, series.id)
                if result is not None:
                    yield series, result


def stands_for(
    candidates: Sequence[tuple[ReleasedSeries, Result]], part: Participation | Suppressed
) -> Result | None:
    """Choose the wording of a question that stands for a group.

    Parameters
    ----------
    candidates : sequence of (ReleasedSeries, Result)
        One question in its wordings, with the group's result on each.
    part : Participation or Suppressed
        How many of the group took part.

    Returns
    -------
    Result or None
        Published before withheld before not asked, more answers before fewer, experience before
        expectation. But what fewer than half of those who took part were asked does not stand
        for the group while another wording is withheld: then the withheld one does. None if
        there are no candidates.
    """
    if not candidates:
        return None
    ranked = [result for _, result in sorted(candidates, key=_rank, reverse=True)]
    best = ranked[0]
    if isinstance(best.value, Published) and isinstance(part, Participation):
        withheld = [r for r in ranked if isinstance(r.value, Suppressed) and _was_asked(r)]
        if withheld and 2 * best.value.answers < part.ballots:
            return withheld[0]
    return best


def _was_asked(result: Result) -> bool:
    return result.value != Suppressed(Reason.NOT_ASKED)


def _rank(candidate: tuple[ReleasedSeries, Result]) -> tuple[int, int, bool]:
    series, result = candidate
    experience = series.wording == "experience"
    if isinstance(result.value, Published):
        return (2, result.value.answers, experience)
    return (int(_was_asked(result)), 0, experience)
