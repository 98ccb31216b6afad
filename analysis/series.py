"""What is counted: one question in one wording, or the score of a construct, on its exact grid.

A person's construct score is a mean of a few whole numbers, so it can take few values only. They
are listed as fractions before any answer is seen, and people are counted per value: no rounding
and no bins come between the answers and the score of a unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm

from analysis.errors import SeriesError

LARGEST_SIZE = 250
"""Category positions end where the codes for don't know, skipped and not asked begin."""


class SeriesKind(StrEnum):
    """Whether a series is one item, a construct, or a choice without a better or worse end."""

    ITEM = "item"
    CONSTRUCT = "construct"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Series:
    """Something counted in categories, followed over waves.

    Attributes
    ----------
    id : str
        Such as "js2", "us1.expect" or "job_security".
    kind : SeriesKind
        A choice has no score.
    values : tuple of float
        Score of each category, 0 to 100, high = favourable; empty for a choice.
    size : int
        Number of categories.
    favourable, neutral, unfavourable : tuple of int
        Category positions as counted. Items count positions as printed, so an item whose first
        option is the favourable one lists its low positions here.
    members : tuple of str
        Ids of the items a construct is the mean of; empty for anything else.
    """

    id: str
    kind: SeriesKind
    values: tuple[float, ...]
    size: int
    favourable: tuple[int, ...]
    neutral: tuple[int, ...]
    unfavourable: tuple[int, ...]
    members: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        most = self.size if self.kind is SeriesKind.CONSTRUCT else LARGEST_SIZE
        if not 1 <= self.size <= most:
            raise SeriesError(f'Series "{self.id}" has {self.size} categories; give 1 to 250.')
        if len(self.values) != (0 if self.kind is SeriesKind.CHOICE else self.size):
            raise SeriesError(
                f'Series "{self.id}" has {self.size} categories and {len(self.values)} scores. '
                "Give one score per category, or none for a choice."
            )
        bands = (*self.favourable, *self.neutral, *self.unfavourable)
        if len(set(bands)) != len(bands) or not set(bands) <= set(range(self.size)):
            raise SeriesError(
                f'Series "{self.id}": favourable, neutral and unfavourable positions {bands} '
                f"overlap or leave 0 to {self.size - 1}. Put each position into one of the three."
            )


@dataclass(frozen=True, slots=True)
class ConstructRule:
    """How a person's construct score comes about: the mean of the answered members.

    Attributes
    ----------
    id : str
        Id of the construct's series.
    members : tuple of str
        Ids of the item series that count towards it.
    at_least : int
        Answered members a person needs to have a score.
    """

    id: str
    members: tuple[str, ...]
    at_least: int

    def __post_init__(self) -> None:
        """Refuse a rule that nobody, or everybody, would fulfil."""
        if len(set(self.members)) != len(self.members):
            raise SeriesError(f'Construct "{self.id}" names a member twice. Name each once.')
        if not 1 <= self.at_least <= len(self.members):
            raise SeriesError(
                f'Construct "{self.id}" has {len(self.members)} members and asks for '
                f"{self.at_least} answers. Ask for 1 to {len(self.members)}."
            )


def item_series(
    id: str,  # noqa: A002 - the field of Series it fills
    size: int,
    direction: int,
    favourable: Sequence[int],
    neutral: Sequence[int],
    unfavourable: Sequence[int],
) -> Series:
    """Give the series of a rating item, mirrored so that a high score is favourable.

    Parameters
    ----------
    id : str
        Id of the series.
    size : int
        Number of categories, 2 to 250.
    direction : int
        1 if the last category is the favourable end, -1 if the first one is.
    favourable, neutral, unfavourable : sequence of int
        Category positions for direction 1, as a scale lists them; mirrored here if need be.

    Returns
    -------
    Series
        With score ``100 * position / (size - 1)``, or 100 minus it.

    Raises
    ------
    SeriesError
        If size or direction is out of range, or the positions overlap.
    """
    if not 2 <= size <= LARGEST_SIZE:  # noqa: PLR2004 - one category has no better and worse
        raise SeriesError(f'Item "{id}" has {size} categories; a rating has 2 to {LARGEST_SIZE}.')
    if direction not in (1, -1):
        raise SeriesError(f'Item "{id}": direction {direction}. Give 1, or -1 to mirror it.')
    return Series(
        id,
        SeriesKind.ITEM,
        tuple(float(100 * step) for step in steps_of(size, direction)),
        size,
        _placed(favourable, size, direction),
        _placed(neutral, size, direction),
        _placed(unfavourable, size, direction),
    )


def choice_series(id: str, size: int) -> Series:  # noqa: A002 - the field of Series it fills
    """Give the series of a choice, whose categories have no better and worse.

    Parameters
    ----------
    id : str
        Id of the series.
    size : int
        Number of categories.

    Returns
    -------
    Series
        Without scores and without favourable positions.
    """
    return Series(id, SeriesKind.CHOICE, (), size, (), (), ())


def steps_of(size: int, direction: int) -> tuple[Fraction, ...]:
    """Give the exact score of each category as a fraction of 1.

    Parameters
    ----------
    size : int
        Number of categories, at least 2.
    direction : int
        1, or -1 to mirror.

    Returns
    -------
    tuple of Fraction
        In the order the categories are printed.
    """
    rising = tuple(Fraction(position, size - 1) for position in range(size))
    return rising if direction == 1 else rising[::-1]


def construct_series(rule: ConstructRule, members: Sequence[Series]) -> Series:
    """Give the series of a construct: every score a person can have, in rising order.

    Parameters
    ----------
    rule : ConstructRule
        Members and the least number of answers.
    members : sequence of Series
        The item series the rule names, in the rule's order.

    Returns
    -------
    Series
        Of kind construct. Its values lie on the grid with step ``100 / lcm`` over the steps of
        the members' scales and the possible numbers of answers; grid points nobody can reach are
        left out.

    Raises
    ------
    SeriesError
        If a member is missing, is not an item, or has no ordered favourable categories.

    Notes
    -----
    A person counts as favourable if the score lies above the middle between the least
    favourable category called favourable and the next lower one, averaged over the members (62.5
    on five-point scales with two favourable options), as unfavourable below the mirrored line, else
    as neutral. Shares of a construct depend on this line; its score does not.
    """
    if tuple(member.id for member in members) != rule.members:
        raise SeriesError(
            f'Construct "{rule.id}" needs the series {", ".join(rule.members)} in this order, '
            f"but got {', '.join(member.id for member in members) or 'none'}."
        )
    points = sorted(set(score_points(rule, members).values()))
    low, high = _lines(rule, members)
    return Series(
        rule.id,
        SeriesKind.CONSTRUCT,
        tuple(float(100 * point) for point in points),
        len(points),
        tuple(place for place, point in enumerate(points) if point > high),
        tuple(place for place, point in enumerate(points) if low <= point <= high),
        tuple(place for place, point in enumerate(points) if point < low),
        rule.members,
    )


def common_step(members: Sequence[Series]) -> int:
    """Give the number of equal steps, from 0 to 1, on which all members' categories lie.

    Parameters
    ----------
    members : sequence of Series
        Item series.

    Returns
    -------
    int
        Least common multiple of ``size - 1``.
    """
    return lcm(*(member.size - 1 for member in members))


def score_points(rule: ConstructRule, members: Sequence[Series]) -> dict[tuple[int, int], Fraction]:
    """Give the exact person score for each number of answers and each sum of steps.

    Parameters
    ----------
    rule : ConstructRule
        Members and the least number of answers.
    members : sequence of Series
        The item series the rule names.

    Returns
    -------
    dict of tuple of int to Fraction
        (answered members, sum of their categories in common steps) to score between 0 and 1.
    """
    steps = common_step(members)
    return {
        (answered, total): Fraction(total, answered * steps)
        for answered in range(rule.at_least, len(members) + 1)
        for total in range(answered * steps + 1)
    }


def _placed(positions: Sequence[int], size: int, direction: int) -> tuple[int, ...]:
    return tuple(sorted(p if direction == 1 else size - 1 - p for p in positions))


def _lines(rule: ConstructRule, members: Sequence[Series]) -> tuple[Fraction, Fraction]:
    """Give the scores under and over which a person is neither neutral."""
    lows, highs = zip(*(_lines_of(rule, member) for member in members), strict=True)
    return sum(lows, Fraction(0)) / len(lows), sum(highs, Fraction(0)) / len(highs)


def _lines_of(rule: ConstructRule, member: Series) -> tuple[Fraction, Fraction]:
    if member.kind is not SeriesKind.ITEM:
        raise SeriesError(
            f'Construct "{rule.id}": "{member.id}" is a {member.kind}. Name items only.'
        )
    # Ranks count from the unfavourable end, whichever way the options were printed.
    rising = sorted(range(member.size), key=lambda position: member.values[position])
    rank = {position: place for place, position in enumerate(rising)}
    good = sorted(rank[position] for position in member.favourable)
    bad = sorted(rank[position] for position in member.unfavourable)
    if good != list(range(member.size - len(good), member.size)) or bad != list(range(len(bad))):
        raise SeriesError(
            f'Construct "{rule.id}": favourable categories of "{member.id}" are not its highest, '
            "or unfavourable ones not its lowest. Mend its scale, or leave it out of the construct."
        )
    span = 2 * (member.size - 1)
    return (
        Fraction(max(2 * len(bad) - 1, 0), span),
        Fraction(min(2 * (member.size - len(good)) - 1, span), span),
    )
