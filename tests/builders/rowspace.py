"""Attacks by exact linear algebra: finds the sets of cells that the shown groups determine.

Works on fractions and on every one of the 2^cells sets; knows nothing of trees or residues.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

Row = list[Fraction]


def isolated_sets(
    shown: Sequence[Sequence[bool]], sizes: Sequence[int], k: int
) -> Iterator[tuple[int, ...]]:
    """Find each set of 1 to k-1 people whose total is a combination of the shown totals."""
    filled = [cell for cell, size in enumerate(sizes) if size > 0]
    basis = _echelon([[Fraction(bool(row[cell])) for cell in filled] for row in shown])
    for chosen in product((0, 1), repeat=len(filled)):
        people = sum(sizes[cell] for cell, bit in zip(filled, chosen, strict=True) if bit)
        if 0 < people < k and _spanned([Fraction(bit) for bit in chosen], basis):
            yield tuple(cell for cell, bit in zip(filled, chosen, strict=True) if bit)


def _echelon(rows: list[Row]) -> list[Row]:
    basis: list[Row] = []
    for row in rows:
        rest = _reduce(row, basis)
        if any(rest):
            basis.append(rest)
    return basis


def _spanned(row: Row, basis: list[Row]) -> bool:
    return not any(_reduce(row, basis))


def _reduce(row: Row, basis: list[Row]) -> Row:
    for other in basis:
        pivot = next(column for column, value in enumerate(other) if value)
        factor = row[pivot] / other[pivot]
        row = [left - factor * right for left, right in zip(row, other, strict=True)]
    return row
