"""The one door between the statistics and the world: types of a release, and how it is written."""

from analysis.disclosure.encoding import decode_release, encode_release, release_hash
from analysis.disclosure.inputs import EarlierWave, GateRule, GroupMeta, ReleaseInputs
from analysis.disclosure.make import make_release
from analysis.disclosure.results import (
    SCHEMA,
    Change,
    GateResult,
    Participation,
    Published,
    Reason,
    Release,
    ReleasedGroup,
    ReleasedSeries,
    Result,
    ShareEstimate,
    Shares,
    Suppressed,
    Verdict,
    WaveInfo,
)

__all__ = [
    "SCHEMA",
    "Change",
    "EarlierWave",
    "GateResult",
    "GateRule",
    "GroupMeta",
    "Participation",
    "Published",
    "Reason",
    "Release",
    "ReleaseInputs",
    "ReleasedGroup",
    "ReleasedSeries",
    "Result",
    "ShareEstimate",
    "Shares",
    "Suppressed",
    "Verdict",
    "WaveInfo",
    "decode_release",
    "encode_release",
    "make_release",
    "release_hash",
]
