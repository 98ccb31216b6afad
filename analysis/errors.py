"""What can go wrong between the answers and the numbers; each message says how to mend it."""


class AnalysisError(Exception):
    """Something given to the analysis cannot be right."""


class SeriesError(AnalysisError):
    """A series or a construct rule contradicts itself, or is not there."""


class CodesError(AnalysisError):
    """A ballot holds an answer, or comes from a cell, that the wave does not know."""


class CountsError(AnalysisError):
    """Tables of counts do not fit together."""


class MethodError(AnalysisError):
    """A method was given numbers for which its result would mean nothing."""
