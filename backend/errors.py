"""What can go wrong in the backend; each message says where, what and how to mend it."""


class CanvassError(Exception):
    """Base of every error whose message is meant to be read by a person."""


class SettingsError(CanvassError):
    """A setting has a value that Canvass cannot use."""


class DatabaseError(CanvassError):
    """The database cannot be used as it is."""


class DatabaseReadOnlyError(DatabaseError):
    """The database file or its directory may not be written."""


class DatabaseFullError(DatabaseError):
    """The disk under the database has no room left."""


class DatabaseUnreachableError(DatabaseError):
    """The database server does not answer or refuses us."""


class DatabaseDamagedError(DatabaseError):
    """The file is not a database, or its bytes are damaged."""


class DatabaseTooNewError(DatabaseError):
    """The database was written by a newer Canvass than this one."""


class DatabaseSetupError(DatabaseError):
    """The database server is set up so that a promise to employees would break."""


class PaperError(CanvassError):
    """Ballot papers cannot be issued as asked."""


class BoxBusy(CanvassError):  # noqa: N818  an answer (try again in a moment), not a mistake
    """The ballot box has more waiting than it can take, or is stopping; try again in a moment."""


class CountError(CanvassError):
    """A wave cannot be counted now."""
