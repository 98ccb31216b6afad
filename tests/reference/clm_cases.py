"""Golden cases of cumulative models, read as tables of counts."""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.methods.ordinal_design import Design, factors

GOLDEN = Path(__file__).parent / "golden"


class Table(NamedTuple):
    """Counts of patterns, and the patterns."""

    counts: IntArray
    labels: dict[str, list[str]]

    def design(self, *names: str) -> Design:
        """Give the design of some of the factors."""
        return factors({name: self.labels[name] for name in names})


def expected(case: str) -> dict[str, Any]:
    """Read the results of R."""
    text = (GOLDEN / case / "expected.json").read_text(encoding="utf-8")
    results: dict[str, Any] = json.loads(text)
    return results


def records(case: str, file: str = "data.csv") -> list[dict[str, str]]:
    """Read the rows of a data file."""
    with (GOLDEN / case / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def table(
    case: str, answer: str, levels: tuple[str, ...], names: tuple[str, ...], weight: str = ""
) -> Table:
    """Count the answers of a case by the patterns of some factors."""
    rows = records(case)
    patterns = list(dict.fromkeys(tuple(row[name] for name in names) for row in rows))
    counts = np.zeros((len(patterns), len(levels)), dtype=np.int64)
    for row in rows:
        pattern = patterns.index(tuple(row[name] for name in names))
        counts[pattern, levels.index(row[answer])] += int(row[weight]) if weight else 1
    labels = {name: [pattern[at] for pattern in patterns] for at, name in enumerate(names)}
    return Table(counts, labels)


def wine(*names: str) -> Table:
    """Give the wine ratings."""
    return table("03_clm_wine", "rating", ("1", "2", "3", "4", "5"), names)


def numbers(named: dict[str, float]) -> FloatArray:
    """Give the numbers of a named vector."""
    return np.array(list(named.values()))
