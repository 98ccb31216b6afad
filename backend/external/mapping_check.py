"""Contradictions inside a mapping, found before the survey file is opened."""

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

from backend.external.errors import Problem
from backend.external.mapping import (
    GateEntry,
    HeadcountSection,
    ItemEntry,
    ItemKind,
    PolicySection,
    SurveyMapping,
)
from backend.external.scales import MOST_CATEGORIES, grid_size
from backend.external.table import cell_text, quoted

FEWEST_VALUES = 2
DEFAULT = PolicySection()
ROUNDING_STEPS = (5, 10)
HIGHEST_CAP = 25
WORDS_OF = {
    ItemKind.CATEGORIES: {"values"},
    ItemKind.SCORE: {"minimum", "maximum", "steps", "favourable_from", "unfavourable_to"},
    ItemKind.PERCENT: {"answers", "answers_column"},
}


def mapping_problems(mapping: SurveyMapping) -> list[Problem]:
    """Give everything in a mapping that contradicts itself or loosens a rule."""
    return [
        *_name_problems(mapping),
        *_wave_problems(mapping),
        *(problem for item in mapping.item for problem in _item_problems(item)),
        *_sameness_problems(mapping),
        *_headcount_problems(mapping.headcount, mapping),
        *_policy_problems(mapping.policy),
        *(problem for gate in mapping.gate for problem in _gate_problems(gate, mapping)),
    ]


def item_name(item: ItemEntry) -> str:
    """Give the identifier of an item; its column's name unless the mapping states another."""
    return item.id or item.column


def construct_name(item: ItemEntry) -> str:
    """Give the construct an item measures; an item on its own measures itself."""
    return item.construct or item_name(item)


def _name_problems(mapping: SurveyMapping) -> Iterator[Problem]:
    if not mapping.organisation.strip():
        yield Problem("organisation", "is empty.", "Say whose survey this is.")
    if not mapping.item:
        yield Problem("[[item]]", "no question is listed.", "Add one [[item]] for each question.")
    columns = mapping.unit.columns
    if len(set(columns)) < len(columns):
        yield Problem("[unit] columns", "a column is named twice.", "Name each level once.")
    if mapping.unit.titles and len(mapping.unit.titles) != len(columns):
        what = f"has {len(mapping.unit.titles)} words for {len(columns)} columns."
        yield Problem("[unit] titles", what, 'For instance titles = ["Department", "Team"].')
    if mapping.wave_column and mapping.wave_column in columns:
        yield Problem("wave_column", "is also a unit column.", "Choose one of the two.")


def _wave_problems(mapping: SurveyMapping) -> Iterator[Problem]:
    if not mapping.wave:
        yield Problem("[[wave]]", "no wave is listed.", "Add one with name, opened and closed.")
    if not mapping.wave_column and len(mapping.wave) > 1:
        mend = "State wave_column = the column that tells them apart."
        yield Problem("[[wave]]", f"{len(mapping.wave)} waves, but no column.", mend)
    values = [cell_text(wave.value) for wave in mapping.wave]
    if mapping.wave_column and "" in values:
        yield Problem(
            "[[wave]]", "a wave has no value.", f'Say what stands in "{mapping.wave_column}".'
        )
    for value in sorted({value for value in values if value and values.count(value) > 1}):
        yield Problem("[[wave]]", f'the value "{value}" is listed twice.', "Remove one.")
    for wave in mapping.wave:
        if wave.closed < wave.opened:
            where = f'[[wave]] "{wave.name}"'
            yield Problem(where, "closes before it opens.", "Check opened and closed.")
    for before, after in pairwise(mapping.wave):
        if after.opened < before.opened:
            what = f'opens before "{before.name}", which is listed above it.'
            yield Problem(f'[[wave]] "{after.name}"', what, "List the oldest wave first.")


def _item_problems(item: ItemEntry) -> Iterator[Problem]:
    where = f'[[item]] "{item_name(item)}"'
    for word in sorted(_stated(item) - WORDS_OF[item.kind]):
        what = f'"{word}" says nothing about an item of kind "{item.kind}".'
        yield Problem(where, what, "Remove it, or check the kind.")
    match item.kind:
        case ItemKind.CATEGORIES:
            yield from _category_problems(where, item)
        case ItemKind.SCORE:
            yield from _score_problems(where, item)
        case ItemKind.PERCENT:
            if (item.answers > 0) == bool(item.answers_column):
                what = "needs the number of answers behind each percentage."
                mend = 'State either answers = 35 or answers_column = "...".'
                yield Problem(where, what, mend)


def _stated(item: ItemEntry) -> set[str]:
    """Give the words that are set to something else than their default."""
    kinds_words = set().union(*WORDS_OF.values())
    return {
        part.name
        for part in fields(item)
        if part.name in kinds_words and getattr(item, part.name) != part.default
    }


def _category_problems(where: str, item: ItemEntry) -> Iterator[Problem]:
    values = [cell_text(value) for value in item.values]
    if len(values) < FEWEST_VALUES:
        what = "needs its list of values, in order from low to high."
        yield Problem(where, what, "For instance values = [1, 2, 3, 4, 5].")
    if len(values) > MOST_CATEGORIES:
        yield Problem(where, f"has {len(values)} values.", f"{MOST_CATEGORIES} is the most.")
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Problem(where, f'the value "{value}" is listed twice.', "Remove one.")
    codes = {cell_text(code) for code in (*item.missing, *item.dont_know)}
    for value in sorted(codes & set(values)):
        what = f'"{value}" is listed as an answer and as missing or don\'t know.'
        yield Problem(where, what, "Keep it in one of the lists.")


def _score_problems(where: str, item: ItemEntry) -> Iterator[Problem]:
    if item.maximum <= item.minimum:
        yield Problem(where, "maximum is not above minimum.", "Check both.")
    elif item.steps < 1:
        yield Problem(where, "steps must be 1 or more.", "A mean of 3 questions has steps = 3.")
    elif grid_size(item) is None:
        what = f"the range does not divide into steps of 1/{item.steps}."
        yield Problem(where, what, "Check minimum, maximum and steps.")
    elif (grid_size(item) or 0) > MOST_CATEGORIES:
        what = f"has {grid_size(item)} possible values; {MOST_CATEGORIES} is the most."
        yield Problem(where, what, "Lower steps; values are counted at the nearest step.")


def _sameness_problems(mapping: SurveyMapping) -> Iterator[Problem]:
    names = [item_name(item) for item in mapping.item]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("[[item]]", f'the id "{name}" is used twice.', "Give each item its own id.")
    several = [construct_name(item) for item in mapping.item]
    for name in sorted({each for each in several if several.count(each) > 1} & set(names)):
        what = f'"{name}" is the id of an item and of a construct with several items.'
        yield Problem("[[item]]", what, "Give one of them another name.")
    kinds = {item.kind is ItemKind.PERCENT for item in mapping.item}
    if len(kinds) > 1:
        what = "some items are percentages of units and others are answers of people."
        yield Problem("[[item]]", what, "Put them in two mappings.")
    taken = {mapping.wave_column, *mapping.unit.columns} - {""}
    for item in mapping.item:
        if item.column in taken:
            what = f'the column "{item.column}" is already the unit or the wave.'
            yield Problem(f'[[item]] "{item_name(item)}"', what, "Remove the item.")


def _headcount_problems(section: HeadcountSection, mapping: SurveyMapping) -> Iterator[Problem]:
    stated = [section.from_rows, section.each != 0, bool(section.file), bool(section.unit)]
    if sum(stated) != 1:
        what = "needs exactly one source of head counts."
        mend = 'State from_rows = true, or each = 35, or file = "...", or [[headcount.unit]].'
        yield Problem("[headcount]", what, mend)
    if section.each < 0:
        yield Problem("[headcount] each", "is negative.", "State how many people a unit has.")
    for entry in section.unit:
        where = f"[[headcount.unit]] {quoted([cell_text(part) for part in entry.unit])}"
        if entry.people < 1:
            yield Problem(where, "has no people.", "State how many it has, or remove it.")
        if len(entry.unit) != len(mapping.unit.columns):
            what = f"names {len(entry.unit)} levels; [unit] has {len(mapping.unit.columns)}."
            yield Problem(where, what, f"Name {quoted(list(mapping.unit.columns))}.")


def _policy_problems(policy: PolicySection) -> Iterator[Problem]:
    least = ("k_scores", "k_shares", "k_response_rate", "minimum_cell")
    for name in least:
        value, default = getattr(policy, name), getattr(DEFAULT, name)
        if value < default:
            what = f"is {value}; the rule may be made stricter, never looser."
            yield Problem(f"[policy] {name}", what, f"Use {default} or more.")
    low, high = policy.cap_percent
    if not (DEFAULT.cap_percent[0] <= low <= HIGHEST_CAP and low + high == 100):  # noqa: PLR2004 - percent
        what = f"is [{low}, {high}]; the rule may be made stricter, never looser."
        yield Problem("[policy] cap_percent", what, "Use [5, 95] or narrower, such as [10, 90].")
    if policy.round_counts_to not in ROUNDING_STEPS:
        what = f"is {policy.round_counts_to}."
        yield Problem("[policy] round_counts_to", what, "Use 5 or 10.")
    if policy.k_shares < policy.k_scores:
        what = f"is below k_scores ({policy.k_scores}); shares tell more than a score."
        yield Problem("[policy] k_shares", what, f"Use {policy.k_scores} or more.")
    if policy.wanted_cell < policy.minimum_cell:
        what = f"is below minimum_cell ({policy.minimum_cell})."
        yield Problem("[policy] wanted_cell", what, f"Use {policy.minimum_cell} or more.")


def _gate_problems(gate: GateEntry, mapping: SurveyMapping) -> Iterator[Problem]:
    where = f'[[gate]] "{gate.construct}"'
    known = sorted({construct_name(item) for item in mapping.item})
    if gate.construct not in known:
        yield Problem(where, "no item measures this construct.", f"Known: {quoted(known)}.")
    if not 0 <= gate.stop_below <= gate.minimum <= 100:  # noqa: PLR2004 - the ends of the scale
        what = f"stop_below {gate.stop_below} and minimum {gate.minimum} do not fit."
        yield Problem(where, what, "Use 0 <= stop_below <= minimum <= 100.")
