"""The parts of an instrument: scales, items, constructs and forms."""

from dataclasses import dataclass
from enum import StrEnum


class Wording(StrEnum):
    """Which reading of an item someone sees; expectation and experience are different measures."""

    ALWAYS = "always"
    EXPECT = "expect"
    EXPERIENCE = "experience"


class Kind(StrEnum):
    """How an item is answered, and with it what may be computed from the answers."""

    RATING = "rating"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Scale:
    """An answer format; the positions say which categories count as favourable for direction +1.

    The scale of a choice item leaves the three tuples empty: its categories have no order.
    """

    id: str
    size: int
    favourable: tuple[int, ...] = ()
    neutral: tuple[int, ...] = ()
    unfavourable: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask an item only of people who answered another one with one of these categories."""

    item: str
    categories: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One question: what it measures, how it is answered, and who is asked."""

    id: str
    kind: Kind
    scale: str | None
    construct: str | None
    facet: str
    direction: int
    wordings: tuple[Wording, ...]
    core: bool
    lead: bool
    dont_know_is_signal: bool
    ask_if: Condition | None
    from_wave: int


@dataclass(frozen=True, slots=True)
class Construct:
    """What several items measure together; its core item stands for it in short forms."""

    id: str
    definition: str
    items: tuple[str, ...]
    core_item: str


@dataclass(frozen=True, slots=True)
class Form:
    """A choice of items for one wave.

    `items` is everything the form may ask, in order. A split form deals each respondent some of
    its `blocks` (one entry of `deals`); cells with fewer than `min_headcount` people get
    `small_form` instead, since every item needs enough answers. A form with a `rotation` asks one
    of those blocks in each wave.
    """

    id: str
    items: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...] = ()
    deals: tuple[tuple[int, ...], ...] = ()
    rotation: tuple[tuple[str, ...], ...] = ()
    min_headcount: int = 0
    small_form: str | None = None
