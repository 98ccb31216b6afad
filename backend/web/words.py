"""The words of pages: those that come with the instrument, and those of results and refusals."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from surveys.languages import Language, load_language, shipped_languages

_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Words:
    """Every text of a page in one language, and the language of the questions."""

    language: Language
    texts: Mapping[str, str]

    @property
    def code(self) -> str:
        """The language's code, such as "en"."""
        return self.language.code

    @property
    def direction(self) -> str:
        """How the script runs: "ltr" or "rtl"."""
        return "rtl" if self.language.right_to_left else "ltr"

    def __call__(self, key: str, **values: object) -> str:
        """Give the text `key` with its braces filled in."""
        if self.language.right_to_left:
            # A Latin name or code inside Arabic must not reorder the words around it.
            values = {name: f"{_ISOLATE}{value}{_END}" for name, value in values.items()}
        return self.texts[key].format(**values)


def load_words() -> dict[str, Words]:
    """All shipped languages by code, the source language first."""
    return {code: _words(load_language(code)) for code in shipped_languages()}


def own_texts(code: str) -> dict[str, str]:
    """Read the texts that belong to the pages alone, from their own file."""
    entry = files("backend.web").joinpath("texts", f"{code}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8"))


def _words(language: Language) -> Words:
    return Words(language, own_texts(language.code) | dict(language.interface))


def preferred(header: str, offered: Iterable[str]) -> str | None:
    """Find the offered language that an Accept-Language header likes best, if any."""
    available = set(offered)
    ranked = [_weighed(part) for part in header[:200].split(",")]
    wanted = [(weight, tag) for tag, weight in ranked if tag in available]
    return max(wanted, key=lambda pair: pair[0])[1] if wanted else None


def _weighed(part: str) -> tuple[str, float]:
    tag, _, weight = part.partition(";q=")
    try:
        value = float(weight) if weight else 1.0
    except ValueError:
        value = 0.0
    return tag.strip().lower().partition("-")[0], value
