"""What can go wrong between a release and the paper it is printed on."""


class ReportsError(Exception):
    """A briefing, chart or file could not be made; the message says why and how to mend it."""


class PdfError(ReportsError):
    """A page could not be turned into a PDF."""
