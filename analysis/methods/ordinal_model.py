"""A cumulative model of a table of counts, as a landscape to climb."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.methods.inputs import refuse
from analysis.methods.ordinal_design import Design
from analysis.methods.ordinal_likelihood import by_cuts, times_curvature
from analysis.methods.ordinal_links import Distribution, Link, distribution
from analysis.methods.ordinal_newton import Hilltop
from analysis.methods.ordinal_thresholds import Thresholds, threshold_matrix, threshold_names

TABLE = 2


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalModel:
    """A cumulative model: which answers, which effects, which link.

    Attributes
    ----------
    counts : IntArray, shape (row, category)
        Answers, lowest category first.
    location : Design
        Effects on the attitude.
    nominal : Design
        Effects that differ from threshold to threshold.
    scale : Design
        Effects on the logarithm of the spread of attitudes.
    link : Link
        Distribution of the latent attitude.
    thresholds : Thresholds
        How thresholds hang together.
    """

    counts: IntArray
    location: Design
    nominal: Design
    scale: Design
    link: Link
    thresholds: Thresholds

    def __post_init__(self) -> None:
        """Refuse counts and designs that do not fit together."""
        table = self.counts
        refuse(
            np.array([table.ndim != TABLE or table.shape[-1] < TABLE]),
            "Counts must be a table of rows by two or more categories.",
        )
        refuse(table < 0, "A number of answers is below 0. Count the answers again.")
        rows = {design.rows for design in (self.location, self.nominal, self.scale)}
        refuse(
            np.array([rows != {table.shape[0]}]),
            f"{table.shape[0]} rows of counts need designs of as many rows, not {rows}.",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """The likelihood of a model over its parameters.

    Attributes
    ----------
    curves : Distribution
        Distribution of the latent attitude.
    counts : FloatArray, shape (row, category)
        Answers.
    cuts : FloatArray, shape (row, cut, linear parameter)
        How thresholds and effects make the cuts of each row.
    offset : FloatArray, shape (row, cut)
        Added to the cuts.
    scale : FloatArray, shape (row, scale parameter)
        Effects on the logarithm of the spread.
    names : tuple of str
        Names of the parameters: thresholds, location effects, scale effects.
    """

    curves: Distribution
    counts: FloatArray
    cuts: FloatArray
    offset: FloatArray
    scale: FloatArray
    names: tuple[str, ...]

    def place(self, parameters: FloatArray) -> FloatArray:
        """Give the cuts of every row, in units of the latent scale.

        Parameters
        ----------
        parameters : FloatArray, shape (parameter,)
            Thresholds and effects.

        Returns
        -------
        FloatArray, shape (row, cut)
            Where categories end.
        """
        linear = self.cuts.shape[2]
        spread = np.exp(self.scale @ parameters[linear:])
        return (self.cuts @ parameters[:linear] + self.offset) / spread[:, None]

    def slopes(self, parameters: FloatArray, cuts: FloatArray) -> FloatArray:
        """Give the derivatives of the cuts by the parameters.

        Parameters
        ----------
        parameters : FloatArray, shape (parameter,)
            Thresholds and effects.
        cuts : FloatArray, shape (row, cut)
            Cuts at these parameters.

        Returns
        -------
        FloatArray, shape (row, cut, parameter)
            Derivatives.
        """
        if not self.scale.shape[1]:
            return self.cuts
        spread = np.exp(self.scale @ parameters[self.cuts.shape[2] :])
        by_scale = -cuts[:, :, None] * self.scale[:, None, :]
        return np.concatenate([self.cuts / spread[:, None, None], by_scale], axis=2)

    def __call__(self, parameters: FloatArray) -> Hilltop | None:
        """Give log-likelihood, gradient and Hessian, or None where thresholds cross."""
        # A step far beyond the scale of floats is no place to stand on.
        if not np.all(np.abs(parameters[self.cuts.shape[2] :]) < np.log(1e9)):
            return None
        cuts = self.place(parameters)
        rows = by_cuts(self.curves, self.counts, cuts)
        if rows is None:
            return None
        slopes = self.slopes(parameters, cuts)
        flat = slopes.reshape(-1, slopes.shape[2])
        hessian = flat.T @ times_curvature(rows, slopes).reshape(flat.shape)
        if self.scale.shape[1]:
            hessian += self._bend(slopes, rows.gradient)
        return Hilltop(parameters, rows.value, flat.T @ rows.gradient.ravel(), hessian)

    def _bend(self, slopes: FloatArray, gradient: FloatArray) -> FloatArray:
        """Give the share of the Hessian that comes from cuts being no straight function."""
        linear = self.cuts.shape[2]
        # Every derivative of a cut shrinks by the row's scale effect once more.
        bend = np.zeros((slopes.shape[2], slopes.shape[2]))
        across = -np.einsum("ik,ikp,is->ps", gradient, slopes, self.scale)
        bend[:, linear:] = across
        bend[linear:, :linear] = across[:linear].T
        return bend


def terrain(model: OrdinalModel, labels: tuple[str, ...]) -> Terrain:
    """Lay out the likelihood of a model.

    Parameters
    ----------
    model : OrdinalModel
        Rows without answers should be left out before.
    labels : tuple of str
        Names of the categories, for the names of the thresholds.

    Returns
    -------
    Terrain
        Ready to climb.
    """
    rows, categories = model.counts.shape
    return Terrain(
        curves=distribution(model.link),
        counts=model.counts.astype(np.float64),
        cuts=cut_design(model.thresholds, categories, model.nominal, model.location),
        offset=np.zeros((rows, categories - 1)),
        scale=model.scale.matrix,
        names=parameter_names(model, labels),
    )


def cut_design(
    thresholds: Thresholds, categories: int, nominal: Design, location: Design
) -> FloatArray:
    """Give how thresholds and effects make the cuts of each row.

    Parameters
    ----------
    thresholds : Thresholds
        How thresholds hang together.
    categories : int
        Number of categories.
    nominal, location : Design
        Effects by threshold, and on the attitude.

    Returns
    -------
    FloatArray, shape (row, cut, linear parameter)
        Thresholds, thresholds by nominal effect, location effects (with a minus: who is more
        content lies further below every cut).
    """
    base = threshold_matrix(thresholds, categories)
    rows, cuts = location.rows, categories - 1
    with_ones = np.hstack([np.ones((rows, 1)), nominal.matrix])
    moving = np.einsum("kt,iq->ikqt", base, with_ones).reshape(rows, cuts, -1)
    fixed = np.broadcast_to(-location.matrix[:, None, :], (rows, cuts, len(location.names)))
    return np.concatenate([moving, fixed], axis=2)


def parameter_names(model: OrdinalModel, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Name the parameters of a model.

    Parameters
    ----------
    model : OrdinalModel
        The model.
    labels : tuple of str
        Names of the categories.

    Returns
    -------
    tuple of str
        ``1|2`` and the like, ``1|2:effect`` for nominal effects, effects, ``spread:effect``.
    """
    cuts = threshold_names(model.thresholds, labels)
    nominal = tuple(f"{cut}:{name}" for name in model.nominal.names for cut in cuts)
    spread = tuple(f"spread:{name}" for name in model.scale.names)
    return cuts + nominal + model.location.names + spread


def start(model: OrdinalModel, ground: Terrain) -> FloatArray:
    """Give parameters to start from: the thresholds of all answers together, no effects.

    Parameters
    ----------
    model : OrdinalModel
        The model.
    ground : Terrain
        Its likelihood.

    Returns
    -------
    FloatArray, shape (parameter,)
        Thresholds in order.
    """
    base = threshold_matrix(model.thresholds, model.counts.shape[1])
    # Half an answer more in each category keeps structured thresholds finite.
    counts = model.counts.sum(axis=0) + 0.5
    shares = np.cumsum(counts)[:-1] / counts.sum()
    free = np.linalg.lstsq(base, ground.curves.quantile(shares), rcond=None)[0]
    parameters = np.zeros(len(ground.names))
    parameters[: free.size] = free
    return parameters
