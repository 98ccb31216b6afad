"""Names for the arrays that pass between the steps of an analysis."""

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
"""Whole numbers: counts of people or answers, positions."""

FloatArray = NDArray[np.float64]
"""Shares, scores and limits."""

BoolArray = NDArray[np.bool_]
"""Masks and memberships."""

CodeArray = NDArray[np.uint8]
"""Answers as they lie in a ballot: a category position, or one of three codes above 249."""
