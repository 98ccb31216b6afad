"""Small instruments and organisations that tests can read at a glance."""

from hypothesis import strategies as st

from surveys.instrument import Instrument, load_default_instrument
from surveys.organisation import Unit
from surveys.questionnaire import Questionnaire, questionnaire, version_for

SMALL_INSTRUMENT = """
[instrument]
id = "tiny"
version = "1"
status = "unvalidated"
source_language = "en"
licence = "CC0-1.0"

[exposure]
item = "ex"
expect = [0]
experience = [1]

[scales.used]
size = 2

[scales.amount]
size = 3
favourable = [2]
neutral = [1]
unfavourable = [0]

[constructs.ease]
definition = "Effort."

[items.ex]
kind = "choice"
facet = "exposure"
scale = "used"

[items.a1]
facet = "use"
scale = "amount"
construct = "ease"
core = true
wordings = ["expect", "experience"]

[items.a2]
facet = "learn"
scale = "amount"
construct = "ease"
wordings = ["experience"]

[items.a3]
facet = "why"
scale = "amount"
ask_if = { item = "a1", categories = [0] }

[forms.all]
opening = ["ex"]
items = ["a1", "a2", "a3"]

[forms.short]
items = ["ex", "a1"]
"""


def bank_questionnaire(form: str = "full", wave_number: int = 2) -> Questionnaire:
    """Give the questions of one wave from the shipped bank."""
    return questionnaire(load_default_instrument(), form, wave_number)


def forms_and_waves() -> st.SearchStrategy[Questionnaire]:
    """Draw a version of any form of the shipped bank, in any wave, for any cell."""
    bank: Instrument = load_default_instrument()
    return st.builds(
        lambda form, wave, headcount, draw: version_for(
            questionnaire(bank, form, wave), headcount, draw
        ),
        st.sampled_from(sorted(bank.forms)),
        st.integers(1, 7),
        st.integers(10, 200),
        st.integers(0, 1000),
    )


def raw_answers(questions: Questionnaire) -> st.SearchStrategy[dict[str, str]]:
    """Draw what a booth might send: any option, "don't know", nothing, or no field at all."""
    return st.fixed_dictionaries(
        {},
        optional={
            item: st.sampled_from(
                ["", "dk", *map(str, range(questions.instrument.scale_of(item).size))]
            )
            for item in questions.items
        },
    )


@st.composite
def organisations(draw: st.DrawFn, largest: int = 90) -> tuple[Unit, ...]:
    """Draw a unit tree of up to four levels, crews of 1 to `largest` people, at least 10 in all."""
    units: list[tuple[str, str | None]] = [("u0", None)]
    for number in range(1, draw(st.integers(1, 25))):
        above = draw(st.sampled_from([id_ for id_, _ in units if _depth(id_, units) < 4]))
        units.append((f"u{number}", above))
    inner = {parent for _, parent in units}
    sizes = {id_: 0 if id_ in inner else draw(st.integers(1, largest)) for id_, _ in units}
    short_by = 10 - sum(sizes.values())
    if short_by > 0:
        last = next(id_ for id_ in reversed(sizes) if id_ not in inner)
        sizes[last] += short_by
    return tuple(Unit(id_, id_.upper(), parent, sizes[id_]) for id_, parent in units)


def _depth(unit: str, units: list[tuple[str, str | None]]) -> int:
    parent = dict(units)[unit]
    return 0 if parent is None else 1 + _depth(parent, units)
