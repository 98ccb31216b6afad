"""Counts of waves as tables for ordinal models."""

import numpy as np
import pytest

from analysis.counts import Counts, choice_series, count_answers, item_series
from analysis.errors import MethodError, SeriesError
from analysis.methods.mixed import MixedFit, fit_mixed
from analysis.methods.mixed_blocks import block, crossed
from analysis.methods.ordinal_counts import ordered_counts
from analysis.methods.ordinal_design import factors

CELLS = ("parks", "water", "night", "depot")


def wave(seed: int, size: int = 5) -> Counts:
    """Count two items, one of them reversed, and a choice, in four cells."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, size, (240, 3)).astype(np.uint8)
    low, high = tuple(range(size // 2)), tuple(range(size - size // 2, size))
    series = (
        item_series("use", size, 1, high, (), low),
        item_series("fear", size, -1, high, (), low),
        choice_series("where", size),
    )
    return count_answers(CELLS, series, (), np.arange(240) % 4, codes)


def test_rows_are_cells_of_waves_from_low_to_high() -> None:
    """Scores rise, rows run wave by wave, and a reversed item is turned round."""
    first, second = wave(1), wave(2)
    plain, turned = (ordered_counts((first, second), name) for name in ("use", "fear"))
    for each in (plain, turned):
        assert (np.diff(each.scores) > 0).all()
        assert each.cells == CELLS * 2
        assert each.waves == (0,) * 4 + (1,) * 4
    np.testing.assert_array_equal(plain.table[4:], second.table[:, 0])
    means = turned.table @ turned.scores / turned.table.sum(axis=1)
    values = np.array(first.series[1].values)
    raw = first.table[:, 1] @ values / first.table[:, 1].sum(axis=1)
    np.testing.assert_allclose(means[:4], raw)


def test_waves_go_straight_into_a_mixed_model() -> None:
    """Cells and waves of the table are the labels of units and phases."""
    data = ordered_counts((wave(1), wave(2), wave(3)), "use")
    phases = [str(at) for at in data.waves]
    blocks = [block("unit", data.cells), crossed("unit x phase", data.cells, phases)]
    assert isinstance(fit_mixed(data.table, factors({"phase": phases}), blocks), MixedFit)


def test_what_has_no_order_is_refused() -> None:
    """A choice, another scale, a series not asked and no wave at all are errors."""
    with pytest.raises(MethodError, match="no order"):
        ordered_counts((wave(1),), "where")
    with pytest.raises(MethodError, match="different scales"):
        ordered_counts((wave(1), wave(2, size=4)), "use")
    with pytest.raises(SeriesError, match="No series"):
        ordered_counts((wave(1),), "joy")
    with pytest.raises(MethodError, match="No wave"):
        ordered_counts((), "use")
