"""What one wave asks: the items of a form, in order, and the series they give."""

from dataclasses import dataclass, replace

from surveys.instrument import Form, Instrument, InstrumentError, Item, Kind, Wording

# About ten seconds for a closed question on a phone.
SECONDS_PER_ITEM = 10


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One series of answers: an item in one wording; expectation and experience never mix."""

    id: str
    item: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The closed items of a wave in the order asked, which is also their order in a ballot.

    `set_aside` are items of the wave that this respondent is not asked (see `version_for`).
    """

    instrument: Instrument
    form: str
    items: tuple[str, ...]
    set_aside: frozenset[str] = frozenset()

    @property
    def series(self) -> tuple[AskedItem, ...]:
        """Every item in each of its wordings, in order."""
        return tuple(
            AskedItem(series_id(item, wording), item, wording)
            for item in self.items
            for wording in self.instrument.item(item).wordings
        )

    @property
    def minutes(self) -> int:
        """How long answering takes, in whole minutes, rounded up."""
        asked = len(self.items) - len(self.set_aside)
        return -(-asked * SECONDS_PER_ITEM // 60)


def series_id(item: str, wording: Wording) -> str:
    """Name a series: "js2", or "us1.expect" for an item that has more than one reading."""
    return item if wording is Wording.ALWAYS else f"{item}.{wording}"


def questionnaire(instrument: Instrument, form: str, wave_number: int) -> Questionnaire:
    """Choose the closed items that a form asks in the wave with that number (the first is 1)."""
    if form not in instrument.forms:
        raise InstrumentError(
            f'{instrument.name}: no form "{form}". Choose one of {sorted(instrument.forms)}.'
        )
    if wave_number < 1:
        raise InstrumentError(f"Wave number {wave_number}: waves are counted from 1.")
    chosen = instrument.forms[form]
    waiting = _not_this_turn(chosen, wave_number)
    items = (instrument.item(item) for item in chosen.items if item not in waiting)
    return Questionnaire(
        instrument, form, tuple(item.id for item in items if _is_asked(item, wave_number))
    )


def version_for(questions: Questionnaire, headcount: int, draw: int) -> Questionnaire:
    """Give the version for one respondent: `draw` is a random number, `headcount` their cell's.

    A form without blocks has one version. In a cell too small for a split, where some items would
    get fewer answers than may be shown, everyone is asked the same small form.
    """
    form = questions.instrument.forms[questions.form]
    if not form.deals:
        return questions
    if headcount < form.min_headcount:
        asked = set(questions.instrument.forms[form.small_form or form.id].items)
        return replace(questions, set_aside=frozenset(questions.items) - asked)
    deal = form.deals[draw % len(form.deals)]
    rest = [block for place, block in enumerate(form.blocks) if place not in deal]
    aside = frozenset(item for block in rest for item in block)
    return replace(questions, set_aside=aside & frozenset(questions.items))


def _not_this_turn(form: Form, wave_number: int) -> frozenset[str]:
    if not form.rotation:
        return frozenset()
    turn = (wave_number - 1) % len(form.rotation)
    others = (block for place, block in enumerate(form.rotation) if place != turn)
    return frozenset(item for block in others for item in block)


def _is_asked(item: Item, wave_number: int) -> bool:
    return item.kind is not Kind.TEXT and item.from_wave <= wave_number
