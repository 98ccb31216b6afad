"""Drawn cards: eight on a sheet, each with a one-time code that no list connects to a person."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import segno
from markupsafe import Markup

from reports import wording
from reports.errors import ReportsError
from reports.templating import page

PER_SHEET = 8
_LONGEST_NAME = 60

WORDS = {
    "card_title": "Your view counts",
    "card_scan": "Scan the square with a phone, or open {address}",
    "card_type": "Type this code if the page asks for it. It works once.",
    "card_group": "Work group: {group}",
    "card_code": "Code",
    "card_square": "Square to scan: opens the survey with this code",
    "card_cover": "{group}: {cards} cards. Let people draw; keep no list of who has which card.",
    "card_sheet": "Sheet {sheet} of {sheets}",
    "card_document": "Cards for {wave}, {organisation}",
}
"""English words; a language's interface words with the same names go first."""

DRAWN = "You draw your card yourself. We keep no list of who has which card."


class CardLanguage(Protocol):
    """What a card needs of a language."""

    @property
    def code(self) -> str:
        """Language tag, such as ``en``."""

    @property
    def right_to_left(self) -> bool:
        """Whether it is written from right to left."""

    @property
    def interface(self) -> Mapping[str, str]:
        """Words of the booth by name."""

    @property
    def promises(self) -> Mapping[str, str]:
        """What employees are promised, by name."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card: the code to type and the square to scan."""

    code: str
    square: Markup


@dataclass(frozen=True, slots=True)
class CardSheet:
    """Eight cards of one cell and the line that heads their sheet."""

    cover: str
    number: str
    group: str
    cards: tuple[Card, ...]


def cards_html(
    organisation: str,
    tool: str,
    wave_name: str,
    booth_address: str,
    cells: Mapping[str, Sequence[str]],
    language: CardLanguage | None = None,
) -> str:
    """Give the cards of all cells as a page for the Renderer, each cell on sheets of its own."""
    if not any(cells.values()):
        raise ReportsError("There are no cards to print. Issue cards for the wave first.")
    words = _words(language)
    own = language is not None and all(name in language.interface for name in WORDS)
    address = booth_address.rstrip("/")
    return page(
        "cards.html",
        # A page with English words is an English page, whatever was asked for.
        lang=language.code if language and own else "en",
        direction="rtl" if language and own and language.right_to_left else "ltr",
        words=words,
        own_lang=language.code if language else "en",
        own_direction="rtl" if language and language.right_to_left else "ltr",
        title=words["card_document"].format(
            wave=wording.short(wave_name, _LONGEST_NAME),
            organisation=wording.short(organisation, _LONGEST_NAME),
        ),
        organisation=wording.short(organisation, _LONGEST_NAME),
        tool=wording.short(tool, _LONGEST_NAME),
        scan=words["card_scan"].format(address=address.partition("://")[2] or address),
        sheets=[
            sheet for name, codes in cells.items() for sheet in _sheets(name, codes, address, words)
        ],
    )


def _words(language: CardLanguage | None) -> dict[str, str]:
    given = language.interface if language else {}
    words = {name: given.get(name, english) for name, english in WORDS.items()}
    words["drawn"] = language.promises.get("drawn_card", DRAWN) if language else DRAWN
    return words


def _sheets(
    name: str, codes: Sequence[str], address: str, words: Mapping[str, str]
) -> list[CardSheet]:
    group = wording.short(name, _LONGEST_NAME)
    total = math.ceil(len(codes) / PER_SHEET)
    cover = words["card_cover"].format(group=group, cards=wording.count(len(codes)))
    return [
        CardSheet(
            cover=cover,
            number=words["card_sheet"].format(sheet=number + 1, sheets=total),
            group=words["card_group"].format(group=group),
            cards=tuple(
                _card(code, address, words)
                for code in codes[number * PER_SHEET : (number + 1) * PER_SHEET]
            ),
        )
        for number in range(total)
    ]


def _card(code: str, address: str, words: Mapping[str, str]) -> Card:
    # The part after # never leaves the phone, so no server or proxy can log the code.
    square = segno.make(f"{address}/#{code}", error="m", micro=False)
    drawn = square.svg_inline(omitsize=True, border=0, title=words["card_square"])
    return Card(code, Markup(drawn))  # noqa: S704  # drawn by segno, the title is our own word
