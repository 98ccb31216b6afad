"""Which effects act on which rows of a table of counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.errors import MethodError

MATRIX = 2


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Effects by rows of counts.

    Attributes
    ----------
    names : tuple of str
        Names of the effects, one per column.
    matrix : FloatArray, shape (row, effect)
        By how much each effect acts on each row.
    terms : Mapping of str to tuple of int
        Effects that stand or fall together, such as all phases against the first.
    """

    names: tuple[str, ...]
    matrix: FloatArray
    terms: Mapping[str, tuple[int, ...]]

    def __post_init__(self) -> None:
        """Refuse a matrix that does not fit its names or is not made of numbers."""
        if self.matrix.ndim != MATRIX or self.matrix.shape[1] != len(self.names):
            raise MethodError(
                f"{len(self.names)} effects need a matrix of as many columns, not of shape "
                f"{self.matrix.shape}."
            )
        if len(set(self.names)) != len(self.names):
            raise MethodError("Two effects have the same name. Give each its own.")
        if not np.isfinite(self.matrix).all():
            raise MethodError("A design holds a missing or infinite number. Leave such rows out.")
        if any(not 0 <= each < len(self.names) for term in self.terms.values() for each in term):
            raise MethodError("A term names an effect that is not there.")

    @property
    def rows(self) -> int:
        """Rows of counts.

        Returns
        -------
        int
            Their number.
        """
        return int(self.matrix.shape[0])


def no_effects(rows: int) -> Design:
    """Give a design without any effect, for thresholds alone.

    Parameters
    ----------
    rows : int
        Rows of counts.

    Returns
    -------
    Design
        With no column.
    """
    return Design((), np.zeros((rows, 0)), {})


def effects(names: Sequence[str], matrix: FloatArray) -> Design:
    """Give a design from a matrix, each effect a term of its own.

    Parameters
    ----------
    names : sequence of str
        Names of the effects.
    matrix : FloatArray, shape (row, effect)
        By how much each effect acts on each row.

    Returns
    -------
    Design
        As given.

    Raises
    ------
    MethodError
        If names and matrix do not fit.
    """
    numbers = np.asarray(matrix, dtype=np.float64)
    return Design(tuple(names), numbers, {name: (at,) for at, name in enumerate(names)})


def factors(labels: Mapping[str, Sequence[str]]) -> Design:
    """Give the design of factors, each level against the first that appears.

    Parameters
    ----------
    labels : Mapping of str to sequence of str
        For each factor the level of every row, such as ``{"phase": [...], "unit": [...]}``.

    Returns
    -------
    Design
        One effect ``factor=level`` for each level but the first, one term for each factor.

    Raises
    ------
    MethodError
        If the factors differ in length.
    """
    lengths = {len(each) for each in labels.values()}
    if len(lengths) != 1:
        raise MethodError("Factors need one level for every row. Give them the same length.")
    parts = [
        _one_factor(name, tuple(dict.fromkeys(levels)), levels) for name, levels in labels.items()
    ]
    return beside(*parts)


def beside(*designs: Design) -> Design:
    """Put the effects of several designs side by side.

    Parameters
    ----------
    *designs : Design
        Designs of the same rows.

    Returns
    -------
    Design
        With the effects and terms of all.

    Raises
    ------
    MethodError
        If they differ in rows or share a name.
    """
    if len({each.rows for each in designs}) != 1:
        raise MethodError("Designs stand side by side only if they have the same rows.")
    terms: dict[str, tuple[int, ...]] = {}
    start = 0
    for each in designs:
        if terms.keys() & each.terms.keys():
            raise MethodError("Two designs share the name of a term. Give each its own.")
        terms |= {name: tuple(start + at for at in columns) for name, columns in each.terms.items()}
        start += len(each.names)
    names = tuple(name for each in designs for name in each.names)
    return Design(names, np.hstack([each.matrix for each in designs]), terms)


def only(design: Design, columns: Sequence[int]) -> Design:
    """Give the design with some of its effects.

    Parameters
    ----------
    design : Design
        All effects.
    columns : sequence of int
        Positions of the effects to keep, in the order wanted.

    Returns
    -------
    Design
        Terms that lose all effects are gone.
    """
    place = {column: at for at, column in enumerate(columns)}
    kept = {
        name: tuple(place[each] for each in term if each in place)
        for name, term in design.terms.items()
    }
    return Design(
        tuple(design.names[column] for column in columns),
        design.matrix[:, list(columns)],
        {name: term for name, term in kept.items() if term},
    )


def pick(design: Design, rows: IntArray) -> Design:
    """Give the design of some of the rows.

    Parameters
    ----------
    design : Design
        All rows.
    rows : IntArray, shape (kept,)
        Positions of the rows to keep.

    Returns
    -------
    Design
        With the same effects.
    """
    return Design(design.names, design.matrix[rows], design.terms)


def _one_factor(name: str, levels: tuple[str, ...], labels: Sequence[str]) -> Design:
    rows = np.array([levels.index(label) for label in labels])
    matrix = (rows[:, None] == np.arange(1, len(levels))).astype(np.float64)
    names = tuple(f"{name}={level}" for level in levels[1:])
    terms = {name: tuple(range(len(names)))} if names else {}
    return Design(names, matrix, terms)
