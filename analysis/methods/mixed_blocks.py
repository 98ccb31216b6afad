"""Random effects by blocks, and the curvature of a likelihood that holds them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from analysis.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Independent random effects of one kind, such as one for each unit.

    Attributes
    ----------
    name : str
        What the effects belong to.
    levels : tuple of str
        Who has one.
    rows : IntArray, shape (row,)
        Position in ``levels`` of each row of counts.
    """

    name: str
    levels: tuple[str, ...]
    rows: IntArray

    def sums(self, numbers: FloatArray) -> FloatArray:
        """Add up over the rows of each level.

        Parameters
        ----------
        numbers : FloatArray, shape (row,)
            What to add.

        Returns
        -------
        FloatArray, shape (level,)
            Sums.
        """
        sums = np.bincount(self.rows, numbers, len(self.levels))
        return sums.astype(np.float64, copy=False)


def block(name: str, labels: Sequence[str]) -> Block:
    """Give the block of random effects that belongs to labels of rows.

    Parameters
    ----------
    name : str
        What the effects belong to, such as ``"unit"``.
    labels : sequence of str
        For every row of counts the level it belongs to.

    Returns
    -------
    Block
        Levels in the order of their first row.
    """
    levels = tuple(dict.fromkeys(labels))
    places = {level: at for at, level in enumerate(levels)}
    return Block(name, levels, np.array([places[label] for label in labels], dtype=np.int64))


def crossed(name: str, one: Sequence[str], other: Sequence[str]) -> Block:
    """Give the block of random effects for each pair of labels, such as unit and phase.

    Parameters
    ----------
    name : str
        What the effects belong to, such as ``"unit x phase"``.
    one, other : sequence of str
        For every row of counts the two levels.

    Returns
    -------
    Block
        One level for each pair that occurs.
    """
    return block(name, [f"{a} x {b}" for a, b in zip(one, other, strict=True)])


@dataclass(frozen=True, slots=True, eq=False)
class Curvature:
    """The negative second derivative by all standardised random effects, ready to solve with.

    The largest block is diagonal for itself, so it is eliminated; only the others are dense, and
    diagonal as well where the largest is nested in one other.

    Attributes
    ----------
    first : FloatArray, shape (level of the first block,)
        Diagonal of the first block.
    ratio : csr_array, shape (level of the first block, level of the others)
        Link between the blocks, divided by the diagonal.
    log_rest : float
        Logarithm of the determinant of what is left for the others.
    rest : FloatArray, shape (level of the others, level of the others)
        Inverse of what is left for the others.
    """

    first: FloatArray
    ratio: sparse.csr_array
    log_rest: float
    rest: FloatArray

    @property
    def log_determinant(self) -> float:
        """Logarithm of the determinant.

        Returns
        -------
        float
            Of the whole matrix.
        """
        return float(np.log(self.first).sum()) + self.log_rest

    def solve(self, right: FloatArray) -> FloatArray:
        """Solve for one or several right sides.

        Parameters
        ----------
        right : FloatArray, shape (level, ...) over all blocks
            Right sides.

        Returns
        -------
        FloatArray, same shape
            Solutions.
        """
        size = self.first.size
        diagonal = self.first.reshape(-1, *([1] * (right.ndim - 1)))
        if not self.rest.size:
            return right / diagonal
        # einsum, because threads of BLAS cost more than so small a product saves.
        below = np.einsum("lm,m...->l...", self.rest, right[size:] - self.ratio.T @ right[:size])
        return np.concatenate([right[:size] / diagonal - self.ratio @ below, below])

    def inverse(self) -> FloatArray:
        """Invert the whole matrix.

        Returns
        -------
        FloatArray, shape (level, level) over all blocks
            Inverse.
        """
        return self.solve(np.eye(self.first.size + self.rest.shape[0]))


def curvature(blocks: Sequence[Block], sds: FloatArray, weights: FloatArray) -> Curvature | None:
    """Put together the curvature of standardised random effects.

    Parameters
    ----------
    blocks : sequence of Block
        At least one, the largest first.
    sds : FloatArray, shape (block,)
        Standard deviations of the effects.
    weights : FloatArray, shape (row,)
        Negative second derivative of each row's log-likelihood by a shift.

    Returns
    -------
    Curvature or None
        None if the matrix is not positive definite.
    """
    lead, others = blocks[0], blocks[1:]
    first = 1 + sds[0] ** 2 * lead.sums(weights)
    sizes = [len(each.levels) for each in others]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    total = int(starts[-1])
    if not (first > 0).all():
        return None
    if not others:
        return Curvature(first, sparse.csr_array((first.size, 0)), 0.0, np.zeros((0, 0)))
    rest = np.eye(total)
    shares, columns = [], []
    for at, each in enumerate(others):
        own, places = sds[at + 1] * weights, each.rows + starts[at]
        shares.append(sds[0] * own / first[lead.rows])
        columns.append(places)
        for to, other in enumerate(others):
            rest += _cross(places, other.rows + starts[to], sds[to + 1] * own, total)
    rows = np.tile(lead.rows, len(others))
    ratio = sparse.csr_array(
        (np.concatenate(shares), (rows, np.concatenate(columns))), shape=(first.size, total)
    )
    link = ratio.copy()
    link.data *= np.repeat(first, np.diff(ratio.indptr))
    left = _inverted(rest - (link.T @ ratio).toarray())
    return None if left is None else Curvature(first, ratio, left[0], left[1])


@dataclass(frozen=True, slots=True, eq=False)
class Leverage:
    """What the inverse curvature says about each row and each level.

    Attributes
    ----------
    rows : FloatArray, shape (row,)
        Conditional variance of the sum of a row's random effects.
    levels : FloatArray, shape (level,) over all blocks
        Conditional variance of each standardised effect.
    """

    rows: FloatArray
    levels: FloatArray


def leverage(blocks: Sequence[Block], sds: FloatArray, shape: Curvature) -> Leverage:
    """Read conditional variances off the curvature without inverting the largest block.

    Parameters
    ----------
    blocks : sequence of Block
        As for :func:`curvature`.
    sds : FloatArray, shape (block,)
        Standard deviations of the effects.
    shape : Curvature
        The curvature.

    Returns
    -------
    Leverage
        For rows and levels.
    """
    if not shape.rest.size:
        own = 1 / shape.first
        return Leverage(sds[0] ** 2 * own[blocks[0].rows], own)
    between = np.asarray(shape.ratio @ shape.rest)
    own = 1 / shape.first + np.asarray(shape.ratio.multiply(between).sum(axis=1)).ravel()
    lead, others = blocks[0], blocks[1:]
    rows = sds[0] ** 2 * own[lead.rows]
    starts = np.cumsum([0, *(len(each.levels) for each in others)])
    for at, each in enumerate(others):
        columns = each.rows + starts[at]
        rows -= 2 * sds[0] * sds[at + 1] * between[lead.rows, columns]
        for to, other in enumerate(others):
            places = other.rows + starts[to]
            rows += sds[at + 1] * sds[to + 1] * shape.rest[columns, places]
    return Leverage(rows, np.concatenate([own, np.diagonal(shape.rest)]))


def _cross(rows: IntArray, columns: IntArray, numbers: FloatArray, size: int) -> FloatArray:
    flat = np.bincount(rows * size + columns, numbers, size * size)
    return flat.astype(np.float64, copy=False).reshape(size, size)


def _inverted(matrix: FloatArray) -> tuple[float, FloatArray] | None:
    """Give log-determinant and inverse of a positive definite matrix."""
    diagonal = np.diagonal(matrix)
    if np.count_nonzero(matrix) == np.count_nonzero(diagonal):
        if not (diagonal > 0).all():
            return None
        return float(np.log(diagonal).sum()), np.diag(1 / diagonal)
    try:
        root = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return None
    inverse = np.asarray(linalg.cho_solve((root, True), np.eye(root.shape[0])))
    return float(2 * np.log(np.diagonal(root)).sum()), inverse
