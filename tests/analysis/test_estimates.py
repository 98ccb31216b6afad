"""Estimates of a wave agree with what plain arithmetic on people's answers gives."""

import numpy as np
import pytest

from analysis.counts import Counts, count_answers, item_series
from analysis.errors import SeriesError
from analysis.estimates import band_shares, choose_series, estimate, regroup

CODES = np.array([[4, 0], [3, 250], [2, 1], [0, 251], [250, 252], [4, 4], [4, 3]], dtype=np.uint8)
CELLS = np.array([0, 0, 0, 0, 0, 1, 1])


@pytest.fixture
def counts() -> Counts:
    """Seven people in two cells; the second item is keyed the other way round."""
    series = (
        item_series("us1", 5, 1, (3, 4), (2,), (0, 1)),
        item_series("js2", 5, -1, (3, 4), (2,), (0, 1)),
    )
    return count_answers(("a", "b"), series, (), CELLS, CODES)


def test_scores_are_means_of_the_mirrored_answers(counts: Counts) -> None:
    """Mean of 100, 75, 50 and 0; and of 100 and 75, where the first option is the good one."""
    scores = estimate(counts).scores
    assert scores.score[0].tolist() == [56.25, 87.5]
    assert scores.answers[0].tolist() == [4, 2]


def test_shares_and_dont_knows_have_their_own_denominators(counts: Counts) -> None:
    """Shares are among valid answers, don't-knows among those and the people who do not know."""
    estimates = estimate(counts)
    assert estimates.shares[0, 0].tolist() == [0.5, 0.25, 0.25]
    assert estimates.dont_know[0].tolist() == [1 / 5, 1 / 3]
    assert estimates.bands.all()


def test_shares_of_nobody_are_not_numbers(counts: Counts) -> None:
    """A group without answers has no shares, not shares of 0."""
    nobody = regroup(counts, [["c"]], ["us1"])
    assert np.isnan(band_shares(nobody)).all()
    assert np.isnan(estimate(nobody).dont_know).all()


def test_regroup_adds_up_the_cells_it_knows(counts: Counts) -> None:
    """Groups are sums of their cells; a cell the wave did not have counts nothing."""
    grouped = regroup(counts, [["a", "b"], ["b", "new"]], ["js2", "us1"])
    assert [series.id for series in grouped.series] == ["js2", "us1"]
    assert grouped.answered.tolist() == [[4, 6], [2, 2]]
    assert grouped.ballots.tolist() == [7, 2]


def test_choosing_an_unknown_series_says_which_exist(counts: Counts) -> None:
    """The message names what was counted."""
    with pytest.raises(SeriesError, match="us1, js2"):
        choose_series(counts, ["sv1"])
