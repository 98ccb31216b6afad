"""Each rule of an instrument: one break, one finding that says where."""

import pytest

from surveys.errors import InstrumentError
from surveys.instrument import load_instrument
from tests.surveys.builders import SMALL_INSTRUMENT

SPLIT = """
[forms.split]
opening = ["ex"]
items = []
blocks = [["a1", "a3"], ["a2"]]
deals = [[0], [1]]
min_headcount = 60
small_form = "short"
"""

BREAKS = [
    ("unfavourable = [0]", "unfavourable = [1]", 'Scale "amount"'),
    ("size = 2", "size = 1", 'Scale "used"'),
    ('scale = "used"', 'scale = "amount"', 'kind "choice" does not fit'),
    ('kind = "choice"\n', "", 'kind "rating" does not fit'),
    ('facet = "use"\nscale = "amount"', 'facet = "use"\nscale = "much"', 'unknown scale "much"'),
    ('facet = "why"\nscale = "amount"', 'facet = "why"', 'Item "a3": no scale'),
    ('facet = "learn"', 'facet = "learn"\nkind = "text"', 'Item "a2": a text item'),
    ('facet = "learn"', 'facet = "learn"\ndirection = 2', 'Item "a2": direction 2'),
    ('facet = "learn"', 'facet = "learn"\nfrom_wave = 0', 'Item "a2": from_wave 0'),
    ('facet = "learn"', 'facet = "learn"\ncore = true', 'Construct "ease": 2 core items'),
    ("core = true", "core = false", 'Construct "ease": 0 core items'),
    ('facet = "why"', 'facet = "why"\ncore = true', 'Item "a3": a core item'),
    ("[constructs.ease]", "[constructs.work]", 'unknown construct "ease"'),
    ('wordings = ["experience"]', 'wordings = ["always", "expect"]', 'Item "a2": "always"'),
    ('wordings = ["experience"]', "wordings = []", 'Item "a2": wordings'),
    ("[items.a2]", "[items.A-2]", 'Item "A-2": use lower-case'),
    ('item = "a1", categories', 'item = "a9", categories', 'Item "a3", ask_if'),
    ("categories = [0]", "categories = [3]", 'Item "a3", ask_if: categories [3]'),
    ("experience = [1]", "experience = []", "[exposure]: expect and experience"),
    ('item = "ex"\n', 'item = "a2"\n', '[exposure]: "a2"'),
    ('["a1", "a2", "a3"]', '["a1", "a2", "a4"]', "Form \"all\": unknown items ['a4']"),
    ('["a1", "a2", "a3"]', '["a1", "a2", "a1"]', "Form \"all\": items ['a1'] stand"),
    ('["a1", "a2", "a3"]', '["a3", "a1", "a2"]', 'Form "all": a3 depends on a1'),
    ('["ex", "a1"]', '["a1", "ex"]', 'Form "short": must ask "ex" first'),
    ("deals = [[0], [1]]", "deals = [[0]]", 'Form "split": deals'),
    ('[["a1", "a3"], ["a2"]]', '[["a1"], ["a2", "a3"]]', 'Form "split": a3 depends on a1'),
    ("min_headcount = 60\n", "", 'Form "split": a form with blocks'),
    ('small_form = "short"', 'small_form = "tiny"', 'Form "split": small_form "tiny"'),
    ("min_headcount = 60", 'rotation = [["a2"]]', 'Form "split": has blocks and a rotation'),
]


def test_the_unbroken_instrument_is_accepted() -> None:
    """The instrument that the table below breaks has nothing wrong with it."""
    assert load_instrument(SMALL_INSTRUMENT + SPLIT).forms["split"].deals == ((0,), (1,))


@pytest.mark.parametrize(("before", "after", "finding"), BREAKS)
def test_each_rule_is_checked(before: str, after: str, finding: str) -> None:
    """An instrument that breaks a rule is refused with a message that names the place."""
    broken = (SMALL_INSTRUMENT + SPLIT).replace(before, after, 1)
    assert broken != SMALL_INSTRUMENT + SPLIT

    with pytest.raises(InstrumentError) as caught:
        load_instrument(broken)

    assert any(finding in problem for problem in caught.value.problems), caught.value.problems
