"""What can go wrong between the counts and a release."""

from analysis.errors import AnalysisError


class DisclosureError(AnalysisError):
    """Something stands between these counts and a safe release."""


class PolicyError(DisclosureError):
    """A disclosure rule is looser than the software allows, or contradicts another."""


class LatticeError(DisclosureError):
    """The reporting groups do not form a tree of nested groups."""


class InputsError(DisclosureError):
    """The inputs of a release do not fit together."""


class UnsafeRelease(DisclosureError):  # noqa: N818 - it names what it is, not a mistake
    """The independent check found something in a finished release; nothing was published."""
