"""What a method gives when the answers do not hold what was asked of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The answers do not tell; stands in place of a number and is never a number.

    Attributes
    ----------
    reason : str
        What the answers lack and what may be done about it, as whole sentences.
    """

    reason: str
