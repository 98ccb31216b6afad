"""What make_release needs to know, as plain values."""

from dataclasses import dataclass

from analysis.arrays import IntArray
from analysis.counts import Counts
from analysis.disclosure.lattice import Lattice
from analysis.disclosure.policy import Policy
from analysis.disclosure.results import Release, ReleasedSeries, WaveInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMeta:
    """Where a group stands in the rollout on the day the wave closed."""

    phase: str | None = None
    event_weeks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """An agreed line: the construct, the series that may stand for it, and two scores."""

    construct: str
    series: tuple[str, ...]
    minimum: int
    stop_below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierWave:
    """An earlier wave of the same rollout: its counts per cell and what was released of it."""

    counts: Counts
    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInputs:
    """Everything a release is made of.

    Attributes
    ----------
    organisation, rollout, tool, tool_description : str
        Who introduces what.
    wave : WaveInfo
        The wave that was counted.
    instrument, instrument_hash, agreement_hash, assurance, canvass_version : str
        What was asked and under which promises, for the method box.
    policy : Policy
        The disclosure rules of the wave.
    lattice : Lattice
        The reporting groups over the cells of ``counts``.
    headcounts : IntArray, shape (cell,)
        People in each cell when the wave opened.
    groups : tuple of GroupMeta
        One per group of the lattice, or empty if nothing is known.
    series : tuple of ReleasedSeries
        What to release, in this order; each must be in ``counts``.
    gates : tuple of GateRule
        The agreed lines; may be empty.
    counts : Counts
        The wave's counts per cell.
    earlier : tuple of EarlierWave
        Earlier waves of the rollout, oldest first.
    """

    organisation: str
    rollout: str
    tool: str
    tool_description: str
    wave: WaveInfo
    instrument: str
    instrument_hash: str
    agreement_hash: str
    assurance: str
    canvass_version: str
    policy: Policy
    lattice: Lattice
    headcounts: IntArray
    groups: tuple[GroupMeta, ...] = ()
    series: tuple[ReleasedSeries, ...]
    gates: tuple[GateRule, ...] = ()
    counts: Counts
    earlier: tuple[EarlierWave, ...] = ()
