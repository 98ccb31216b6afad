"""What can go wrong with keys, papers and sealed ballots; each message says how to mend it."""

from backend.errors import CanvassError


class BlindSignatureError(CanvassError):
    """A value cannot be signed, blinded or unblinded."""


class SelfTestError(CanvassError):
    """Blind signatures come out wrong on this machine, so none may be issued."""


class KeyFileError(CanvassError):
    """A key file is damaged, was tampered with, or the passphrase is wrong."""


class CatalogueError(CanvassError):
    """A key catalogue is not what it must be."""


class SealingError(CanvassError):
    """A ballot cannot be sealed as asked."""


class RecoveryWordsError(CanvassError):
    """Recovery words were mistyped."""
