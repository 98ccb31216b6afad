"""How one answer is written as one byte."""

from collections.abc import Mapping

# Smaller numbers are category positions as printed, counted from 0.
DONT_KNOW = 250
SKIPPED = 251
NOT_ASKED = 252

Answers = Mapping[str, int]
"""Item id to code."""
