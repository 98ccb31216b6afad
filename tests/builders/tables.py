"""Every way in which some people can spread over some answers."""

import numpy as np

from analysis.arrays import IntArray


def all_tables(people: int, options: int) -> IntArray:
    """List all counts of so many people over so many options, one per row."""
    if options == 1:
        return np.array([[people]], dtype=np.int64)
    rows = []
    for first in range(people + 1):
        rest = all_tables(people - first, options - 1)
        rows.append(np.hstack([np.full((len(rest), 1), first, dtype=np.int64), rest]))
    return np.vstack(rows)
