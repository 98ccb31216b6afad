"""What every office page needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from backend.office.next_step import NAMES
from backend.office.throttle import HashingQueue, SignInThrottle
from backend.office.visitor import Cookies, Visitor
from backend.web.forms import Form
from backend.web.pages import page
from backend.web.releases import Releases
from backend.web.words import Words
from reports.wording import day, days


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, and the id of the field it belongs to."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """The parts of the running office that handlers share."""

    templates: Environment
    words: Words
    cookies: Cookies
    throttle: SignInThrottle
    hashing: HashingQueue = field(default_factory=HashingQueue)
    releases: Releases = field(default_factory=Releases)

    def page(
        self,
        name: str,
        heading: str,
        visitor: Visitor | None,
        status: int = 200,
        *,
        headers: Mapping[str, str] | None = None,
        **context: Any,  # noqa: ANN401 - templates take values of every kind
    ) -> Response[str]:
        """Render an office page."""
        frame = {
            "sheet": "office.css",
            "lang": self.words.code,
            "direction": self.words.direction,
            "w": self.words,
            "day": day,
            "days": days,
            "heading": heading,
            "visitor": visitor,
            "role_names": NAMES,
            "errors": [],
        }
        return page(self.templates, name, status, headers, **(frame | context))


OfficePart = NamedDependency[SkipValidation[Office]]
FormPart = NamedDependency[SkipValidation[Form]]
