"""How a method refuses numbers for which its result would mean nothing."""

import numpy as np

from analysis.arrays import BoolArray
from analysis.errors import MethodError


def refuse(bad: BoolArray, problem: str) -> None:
    """Raise an error that names the first position at which something is wrong.

    Parameters
    ----------
    bad : BoolArray, any shape
        Where the numbers are wrong.
    problem : str
        What is wrong and how to mend it.

    Raises
    ------
    MethodError
        If anything is wrong.
    """
    wrong = np.atleast_1d(np.asarray(bad))
    if wrong.any():
        first = tuple(int(each) for each in np.argwhere(wrong)[0])
        raise MethodError(f"{problem} First at position {first}, in {int(wrong.sum())} in all.")


def refuse_level(level: float) -> None:
    """Raise an error if a confidence level is not a share between 0 and 1.

    Parameters
    ----------
    level : float
        Confidence level.

    Raises
    ------
    MethodError
        If it is not.
    """
    if not 0 < level < 1:
        raise MethodError(f"Level {level} is no share between 0 and 1. For 95 % write 0.95.")
