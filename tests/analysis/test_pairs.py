"""Counting pairs of answers."""

import numpy as np
import pytest

from analysis.arrays import CodeArray
from analysis.codes import DONT_KNOW, NOT_ASKED, SKIPPED
from analysis.errors import CodesError, CountsError
from analysis.pairs import BALLOTS_AT_ONCE, Pairs, count_pairs
from analysis.series import choice_series, item_series

A, B = item_series("a", 3, 1, (2,), (1,), (0,)), item_series("b", 2, 1, (1,), (), (0,))
WHERE = choice_series("where", 4)


def codes(*ballots: tuple[int, ...]) -> CodeArray:
    """Give ballots as they lie in the box."""
    return np.array(ballots, dtype=np.uint8)


def test_ballots_that_answered_both_are_paired() -> None:
    """A pair counts where both items have an answer; the mirrored pair is the same table."""
    ballots = codes((2, 1), (2, 1), (0, 1), (2, DONT_KNOW), (SKIPPED, 0), (NOT_ASKED, NOT_ASKED))
    pairs = count_pairs((A, B), ballots)
    assert pairs.table[0, 1].tolist() == [[0, 1, 0], [0, 0, 0], [0, 2, 0]]
    assert pairs.table[1, 0].tolist() == pairs.table[0, 1].T.tolist()
    assert pairs.table[0, 0].tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 3]]


def test_choices_are_not_paired() -> None:
    """Only items are paired, whatever else a ballot holds."""
    pairs = count_pairs((WHERE, A, B), codes((3, 2, 1)))
    assert pairs.series == (A, B)
    assert pairs.table[0, 1, 2, 1] == 1


def test_parts_of_any_size_add_up() -> None:
    """More ballots than are read at once count the same as their parts added."""
    rng = np.random.default_rng(2)
    ballots = rng.integers(0, 2, (2 * BALLOTS_AT_ONCE + 3, 2), dtype=np.uint8)
    whole = count_pairs((A, B), ballots)
    assert count_pairs((A, B), ballots[:9]) + count_pairs((A, B), ballots[9:]) == whole
    assert whole.table[0, 1].sum() == len(ballots)


def test_nothing_to_pair() -> None:
    """No ballots give tables of 0, and no items give no tables."""
    assert count_pairs((A, B), codes().reshape(0, 2)).table.sum() == 0
    assert count_pairs((WHERE,), codes((1,))).table.shape == (0, 0, 0, 0)


def test_unknown_answers_are_refused() -> None:
    """A code beyond the categories is refused by the name of its series."""
    with pytest.raises(CodesError, match='"b": a ballot holds code 2'):
        count_pairs((A, B), codes((2, 2)))


def test_codes_must_fit_the_series() -> None:
    """Ballots with another number of columns are refused."""
    with pytest.raises(CodesError, match="2 series"):
        count_pairs((A, B), codes((2,)))


def test_pairs_of_other_items_do_not_add_up() -> None:
    """Parts of different waves cannot be added by mistake."""
    with pytest.raises(CountsError, match="do not add up"):
        count_pairs((A,), codes((0,))) + count_pairs((B,), codes((0,)))


def test_table_must_fit_the_items() -> None:
    """Pairs with a table of another shape cannot be made."""
    with pytest.raises(CountsError, match="shape"):
        Pairs((A, B), np.zeros((1, 1, 3, 3), dtype=np.int64))
