"""What every booth page needs: templates, words, and the rollout that is being asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from backend.ballots.box import BallotBox
from backend.booth.fielding import Fieldings
from backend.store.rollouts import Rollout
from backend.web.forms import Form
from backend.web.pages import page
from backend.web.releases import Releases
from backend.web.words import Words, preferred
from surveys.languages import LanguageStatus


@dataclass(frozen=True, slots=True)
class Booth:
    """The parts of the running booth that handlers share."""

    box: BallotBox
    templates: Environment
    words: Mapping[str, Words]
    fieldings: Fieldings = field(default_factory=Fieldings)
    releases: Releases = field(default_factory=Releases)

    def language(self, wanted: str, offered: tuple[str, ...] | None = None) -> Words:
        """Give the wanted language if it is offered, else the first that is."""
        codes = [code for code in offered or () if code in self.words] or list(self.words)
        return self.words[wanted if wanted in codes else codes[0]]

    def page(
        self,
        name: str,
        words: Words,
        heading: str,
        status: int = 200,
        *,
        rollout: Rollout | None = None,
        headers: Mapping[str, str] | None = None,
        **context: Any,  # noqa: ANN401 - templates take values of every kind
    ) -> Response[str]:
        """Render a booth page in one language."""
        frame = {
            "sheet": "booth.css",
            "lang": words.code,
            "direction": words.direction,
            "w": words,
            "heading": heading,
            "organisation": rollout.organisation if rollout else words("header_for"),
            "offered": self._offered(rollout),
            "wide": False,
            "beta": words.language.status is LanguageStatus.BETA,
            "errors": [],
        }
        return page(self.templates, name, status, headers, **(frame | context))

    def message(
        self,
        words: Words,
        key: str,
        status: int,
        *,
        rollout: Rollout | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response[str]:
        """Give a page that says one thing, such as "this card has been used"."""
        return self.page(
            "message.html",
            words,
            words(f"{key}_title"),
            status,
            rollout=rollout,
            headers=headers,
            lead=words(f"{key}_text"),
        )

    def _offered(self, rollout: Rollout | None) -> list[tuple[str, str]]:
        codes = rollout.languages if rollout else tuple(self.words)
        return [(code, self.words[code].language.name) for code in codes if code in self.words]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to mend, and the id of the field it belongs to."""

    text: str
    field: str | None = None


BoothPart = NamedDependency[SkipValidation[Booth]]
FormPart = NamedDependency[SkipValidation[Form]]


def wanted_language(
    request: Request[Any, Any, Any], search: Form, offered: Mapping[str, Words]
) -> str:
    """Take the language from the address, else from what the browser prefers."""
    return (
        search.get("lang") or preferred(request.headers.get("accept-language", ""), offered) or ""
    )
