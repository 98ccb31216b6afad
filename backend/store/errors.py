"""What the store refuses; each message says where, what and how to mend it."""

from backend.errors import CanvassError


class NotFoundError(CanvassError):
    """Something was asked for by an id that does not exist."""


class WaveError(CanvassError):
    """A wave cannot make the step that was asked of it."""


class RolloutError(CanvassError):
    """A rollout cannot be saved or signed as it is."""


class LedgerError(CanvassError):
    """A release does not fit the chain of releases before it."""


class AccountError(CanvassError):
    """An account cannot be made or changed as asked."""
