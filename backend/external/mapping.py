"""What a mapping file says: which column is unit, wave and item, and by which rules to release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

Code = str | int | float
"""A value as it stands in a cell; 3 and "3" are the same."""


class ItemKind(StrEnum):
    """How a column holds the answers to a question."""

    CATEGORIES = "categories"
    SCORE = "score"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class FileSection:
    """How to read the survey file; what is left out is found from the file."""

    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""
    decimal: Literal["", ".", ","] = ""
    missing: tuple[Code, ...] = ()
    dont_know: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitSection:
    """The columns that name a person's unit, from the largest level down."""

    columns: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WaveEntry:
    """One fielding of the survey, in the order of time."""

    name: str
    opened: date
    closed: date
    value: Code = ""


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One question: its column, its answer scale and what it measures."""

    column: str
    kind: ItemKind
    id: str = ""
    text: str = ""
    construct: str = ""
    direction: Literal[1, -1] = 1
    values: tuple[Code, ...] = ()
    minimum: float = 1
    maximum: float = 5
    steps: int = 1
    favourable_from: float | None = None
    unfavourable_to: float | None = None
    answers: int = 0
    answers_column: str = ""
    missing: tuple[Code, ...] = ()
    dont_know: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitHeadcount:
    """How many people one unit has, in one wave or in all."""

    unit: tuple[Code, ...]
    people: int
    wave: Code = ""


@dataclass(frozen=True, slots=True)
class HeadcountSection:
    """Where the head counts come from: exactly one of four ways."""

    from_rows: bool = False
    each: int = 0
    file: str = ""
    column: str = "people"
    unit: tuple[UnitHeadcount, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicySection:
    """Rules of disclosure; each may be stricter than the default and never looser."""

    k_scores: int = 10
    k_shares: int = 20
    k_response_rate: int = 10
    round_counts_to: int = 5
    cap_percent: tuple[int, int] = (5, 95)
    minimum_cell: int = 10
    wanted_cell: int = 26


@dataclass(frozen=True, slots=True)
class GateEntry:
    """A go / hold / stop line that was agreed for one construct, on the 0-100 scale."""

    construct: str
    minimum: int
    stop_below: int


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """Everything a mapping file says."""

    organisation: str
    item: tuple[ItemEntry, ...]
    wave: tuple[WaveEntry, ...]
    headcount: HeadcountSection
    tool: str = "Employee survey"
    tool_description: str = ""
    note: str = ""
    wave_column: str = ""
    file: FileSection = field(default_factory=FileSection)
    unit: UnitSection = field(default_factory=UnitSection)
    policy: PolicySection = field(default_factory=PolicySection)
    gate: tuple[GateEntry, ...] = ()
