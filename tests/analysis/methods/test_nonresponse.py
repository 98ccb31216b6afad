"""Response rates and what the silent would have to think."""

import numpy as np
import pytest

from analysis.errors import MethodError
from analysis.methods.nonresponse import response_rate, tipping_point


def test_rate_is_ballots_over_people() -> None:
    """The rate is a share; a group without people has none."""
    rate = response_rate(np.array([13, 0, 0]), np.array([20, 8, 0]))
    np.testing.assert_allclose(rate, [0.65, 0.0, np.nan])


@pytest.mark.parametrize(("ballots", "invited"), [(1004, 1000), (-1, 10)])
def test_more_ballots_than_people_are_refused(ballots: int, invited: int) -> None:
    """A response rate of 100.4 % is an error in the data, not a result."""
    with pytest.raises(MethodError, match="Correct the head count"):
        response_rate(np.array([ballots]), np.array([invited]))


@pytest.mark.parametrize(
    ("score", "rate", "threshold", "needed", "reversible"),
    [
        (62, 0.45, 50, 40.2, True),
        (62, 0.65, 50, 27.7, True),
        (90, 0.8, 50, -110, False),  # no answers of the silent could bring it below
        (20, 0.8, 50, 170, False),  # nor lift it above
        (62, 0.0, 50, 50, True),
        (50, 0.5, 50, 50, True),
    ],
)
def test_tipping_points_of_the_method_note(
    score: float, rate: float, threshold: float, needed: float, reversible: bool
) -> None:
    """The needed mean follows from shares; outside 0 to 100 the result cannot be reversed."""
    result = tipping_point(np.array([score]), np.array([rate]), threshold)
    assert result.needed[0] == pytest.approx(needed, abs=0.05)
    assert result.reversible[0] == reversible


@pytest.mark.parametrize(("score", "rate"), [(62, 1.0), (np.nan, 0.5), (62, np.nan)])
def test_nobody_left_or_nothing_known(score: float, rate: float) -> None:
    """If all answered, or nothing is known, there is no tipping point."""
    result = tipping_point(np.array([score]), np.array([rate]), 50)
    assert np.isnan(result.needed[0])
    assert not result.reversible[0]


def test_everybody_at_the_tipping_point_reaches_the_line() -> None:
    """Mixing both parts by their shares gives the line again."""
    score, rate = np.array([12.5, 47.0, 88.0]), np.array([0.3, 0.61, 0.2])
    needed = tipping_point(score, rate, 55).needed
    np.testing.assert_allclose(rate * score + (1 - rate) * needed, 55)


@pytest.mark.parametrize(
    ("score", "rate", "threshold", "message"),
    [
        (101, 0.5, 50, "A score lies outside"),
        (62, 65, 50, "Divide percent by 100"),
        (62, 0.5, 500, "line lies outside"),
    ],
)
def test_numbers_off_the_scale_are_refused(
    score: float, rate: float, threshold: float, message: str
) -> None:
    """Scores, rates and lines out of range are refused with a remedy."""
    with pytest.raises(MethodError, match=message):
        tipping_point(np.array([score]), np.array([rate]), threshold)
