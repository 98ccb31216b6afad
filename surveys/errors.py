"""What can go wrong in `surveys`; each message says where, what, and how to mend it."""

from collections.abc import Sequence


class SurveysError(Exception):
    """Any mistake in an instrument, a language, an organisation, a rollout or an answer sheet."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class InstrumentError(SurveysError):
    """The instrument file cannot be used as it stands."""


class LanguageError(SurveysError):
    """A language file is missing, or cannot be used as it stands."""


class AnswersError(SurveysError):
    """A packed ballot does not belong to this questionnaire."""


class OrganisationError(SurveysError):
    """The units do not form a tree, or cannot be reported without showing single people."""


class RolloutError(SurveysError):
    """The phases and dates of a rollout contradict each other."""


def raise_if_any(problems: Sequence[str], family: type[SurveysError]) -> None:
    """Raise one error that lists every problem, if there is one."""
    if problems:
        raise family(*problems)
