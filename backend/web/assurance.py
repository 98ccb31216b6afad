"""What a level of assurance cannot do, in words; level A has no weakness of this kind."""

from collections.abc import Iterable

LOWEST = "C"
"""Drawn cards without seals: the level of this version."""

WEAKNESSES = {"B": "privacy_one_key", "C": "privacy_not_sealed"}


def weaknesses(levels: Iterable[str]) -> list[str]:
    """Give the keys of what must be said of these levels; of the lowest where there is none."""
    found = sorted(set(levels)) or [LOWEST]
    return [WEAKNESSES[level] for level in found if level in WEAKNESSES]
