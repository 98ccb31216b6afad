"""From counted waves to releases, through the same rules as any other survey."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import msgspec
import numpy as np

from analysis.counts import Counts
from analysis.disclosure.policy import Policy
from analysis.disclosure.release import (
    EarlierWave,
    GateRule,
    Published,
    Reason,
    Release,
    ReleasedSeries,
    ReleaseInputs,
    Result,
    Suppressed,
    WaveInfo,
    make_release,
)
from backend.external.counting import construct_rules
from backend.external.grouping import Reporting, lattice
from backend.external.mapping import SurveyMapping
from backend.external.mapping_check import construct_name, item_name
from backend.external.percentages import IntArray, is_aggregated

UNKNOWN_HEADCOUNT = 100
"""People assumed for each one in the file, where nobody knows: limits are then within 1 % of those
for a group without end."""
ASSURANCE = "none: the answers were collected with another tool"


def make_releases(
    mapping: SurveyMapping,
    source: str,
    reported: Reporting,
    counts: Sequence[Counts],
    people: IntArray,
) -> tuple[Release, ...]:
    """Make one release for each wave, each with the waves before it."""
    earlier: tuple[EarlierWave, ...] = ()
    releases: list[Release] = []
    for wave, counted in enumerate(counts):
        headcounts = _headcounts(reported, people, wave, mapping)
        inputs = _inputs(
            mapping, source, reported, wave=wave, counts=counted, headcounts=headcounts,
            earlier=earlier,
        )  # fmt: skip
        seen = _per_cell(reported, people[:, wave])
        release = _honest(
            make_release(inputs), mapping, dict(zip(counted.cells, seen.tolist(), strict=True))
        )
        earlier = (*earlier, EarlierWave(counts=counted, release=release))
        releases.append(release)
    return tuple(releases)


def _inputs(
    mapping: SurveyMapping,
    source: str,
    reported: Reporting,
    *,
    wave: int,
    counts: Counts,
    headcounts: IntArray,
    earlier: tuple[EarlierWave, ...],
) -> ReleaseInputs:
    entry = mapping.wave[wave]
    info = WaveInfo(
        id=f"wave-{wave + 1}",
        number=wave + 1,
        name=entry.name,
        form=source,
        opened=entry.opened,
        closed=entry.closed,
    )
    return ReleaseInputs(
        organisation=mapping.organisation,
        rollout=source,
        tool=mapping.tool,
        tool_description=" ".join(
            part for part in (mapping.tool_description, mapping.note) if part
        ),
        wave=info,
        instrument=source,
        instrument_hash=content_hash(mapping.item),
        agreement_hash=content_hash((mapping.policy, mapping.gate)),
        assurance=ASSURANCE,
        canvass_version=version("canvass-survey"),
        policy=_policy(mapping),
        lattice=lattice(reported),
        headcounts=headcounts,
        series=released_series(mapping),
        gates=_gates(mapping),
        counts=counts,
        earlier=earlier,
    )


def content_hash(value: object) -> str:
    """Give the SHA-256 of a part of the mapping, the same for the same content."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def released_series(mapping: SurveyMapping) -> tuple[ReleasedSeries, ...]:
    """Give what is released: each item, then each construct of several items."""
    rules = construct_rules(mapping)
    several = {rule.id for rule in rules}
    seen: set[str] = set()
    series = []
    for item in mapping.item:
        construct = construct_name(item)
        # The first item stands for a construct unless the mean of its items does
        core = construct not in seen and construct not in several
        seen.add(construct)
        series.append(_series(item_name(item), construct, "item", core=core))
    series += [_series(rule.id, rule.id, "construct", core=True) for rule in rules]
    return tuple(series)


def _series(id_: str, construct: str, kind: str, *, core: bool) -> ReleasedSeries:
    return ReleasedSeries(
        id=id_, item=id_, wording="always", construct=construct, core=core, kind=kind,
        comparable=True,
    )  # fmt: skip


def _policy(mapping: SurveyMapping) -> Policy:
    policy = mapping.policy
    low, high = policy.cap_percent
    return Policy(
        k_scores=policy.k_scores,
        k_shares=policy.k_shares,
        k_response_rate=policy.k_response_rate,
        round_counts_to=policy.round_counts_to,
        cap=(low / 100, high / 100),
    )


def _gates(mapping: SurveyMapping) -> tuple[GateRule, ...]:
    core = {s.construct: s.id for s in released_series(mapping) if s.core}
    return tuple(
        GateRule(
            construct=gate.construct,
            series=(core[gate.construct],),
            minimum=gate.minimum,
            stop_below=gate.stop_below,
        )
        for gate in mapping.gate
    )


def _per_cell(reported: Reporting, people: IntArray) -> IntArray:
    total = np.zeros(len(reported.cells), np.int64)
    np.add.at(total, reported.cell_of_unit, people)
    return total


def _headcounts(
    reported: Reporting, people: IntArray, wave: int, mapping: SurveyMapping
) -> IntArray:
    """Give the head counts of the cells; where they are unknown, so many that limits stay wide.

    Taking the people in the file for everyone there is would make each result a full count
    without uncertainty, and each wave a different membership.
    """
    if not mapping.headcount.from_rows:
        return _per_cell(reported, people[:, wave])
    return UNKNOWN_HEADCOUNT * _per_cell(reported, people.max(axis=1))


def _honest(release: Release, mapping: SurveyMapping, seen: Mapping[str, int]) -> Release:
    """Take out what the file cannot tell; no score is added or changed."""
    if is_aggregated(mapping):
        # A percentage favourable does not say how the others divide into neutral and unfavourable
        results = tuple(_without_shares(result) for result in release.results)
        release = msgspec.structs.replace(release, results=results)
    if not mapping.headcount.from_rows:
        return release
    step = mapping.policy.round_counts_to
    groups = tuple(
        msgspec.structs.replace(
            group, headcount=_rounded([seen[cell] for cell in group.cells], step)
        )
        for group in release.groups
    )
    unknown = tuple(Suppressed(reason=Reason.UNKNOWN) for _ in groups)
    return msgspec.structs.replace(release, groups=groups, participation=unknown)


def _rounded(people: Sequence[int], step: int) -> int:
    """Round people to the step of all published counts: here they are those who answered."""
    return (sum(people) + step // 2) // step * step


def _without_shares(result: Result) -> Result:
    if not isinstance(result.value, Published):
        return result
    hidden = Suppressed(reason=Reason.UNKNOWN)
    return msgspec.structs.replace(
        result, value=msgspec.structs.replace(result.value, shares=hidden)
    )
