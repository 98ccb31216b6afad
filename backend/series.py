"""From what a wave asks to the series that are counted: surveys' words into analysis' words."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from analysis.counts import ConstructRule, Series, SeriesKind, item_series
from analysis.disclosure.release import ReleasedSeries
from surveys.answers import NOT_ASKED
from surveys.instrument import Construct, Kind, Wording
from surveys.questionnaire import AskedItem, Questionnaire

AT_LEAST = 2  # a person's construct score needs two answered items (METHOD: 2 of 4)
Codes = npt.NDArray[np.uint8]


def counted_items(questionnaire: Questionnaire) -> tuple[Series, ...]:
    """List one series for each item and wording the wave asks."""
    return tuple(_series(questionnaire, asked) for asked in questionnaire.series)


def counted_constructs(questionnaire: Questionnaire) -> tuple[ConstructRule, ...]:
    """List the constructs with two items or more, expectation and experience apart."""
    rules = []
    for construct in questionnaire.instrument.constructs.values():
        rules.extend(_rules(questionnaire, construct))
    return tuple(rules)


def released_series(questionnaire: Questionnaire) -> tuple[ReleasedSeries, ...]:
    """Describe each counted series as a release names it; choices are not released."""
    items = [
        _released_item(questionnaire, asked)
        for asked in questionnaire.series
        if questionnaire.instrument.item(asked.item).kind is Kind.RATING
    ]
    constructs = [_released_construct(rule) for rule in counted_constructs(questionnaire)]
    return (*items, *constructs)


def series_codes(questionnaire: Questionnaire, codes: Codes) -> Codes:
    """Spread ballot bytes (ballot, item) over the counted series (ballot, series).

    A ballot counts for one wording of an item only, by its answer to the exposure item; the other
    wording was not asked of it.
    """
    exposure = codes[:, questionnaire.items.index(questionnaire.instrument.exposure_item)]
    experienced = [
        category
        for category, wording in questionnaire.instrument.exposure.items()
        if wording is Wording.EXPERIENCE
    ]
    uses = np.isin(exposure, experienced)
    spread = np.empty((codes.shape[0], len(questionnaire.series)), dtype=np.uint8)
    for column, asked in enumerate(questionnaire.series):
        given = codes[:, questionnaire.items.index(asked.item)]
        spread[:, column] = np.where(_asked_of(asked.wording, uses), given, NOT_ASKED)
    return spread


def _asked_of(wording: Wording, uses: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    by_wording: Mapping[Wording, npt.NDArray[np.bool_]] = {
        Wording.ALWAYS: np.ones_like(uses),
        Wording.EXPECT: ~uses,
        Wording.EXPERIENCE: uses,
    }
    return by_wording[wording]


def _series(questionnaire: Questionnaire, asked: AskedItem) -> Series:
    item = questionnaire.instrument.item(asked.item)
    scale = questionnaire.instrument.scale_of(asked.item)
    if item.kind is Kind.CHOICE:
        return Series(asked.id, SeriesKind.CHOICE, (), scale.size, (), (), ())
    return item_series(
        asked.id,
        scale.size,
        item.direction,
        scale.favourable,
        scale.neutral,
        scale.unfavourable,
    )


def _rules(questionnaire: Questionnaire, construct: Construct) -> list[ConstructRule]:
    """Items that keep one wording make one series; a construct without them splits by wording."""
    by_wording: dict[Wording, list[str]] = {wording: [] for wording in Wording}
    for asked in questionnaire.series:
        if asked.item in construct.items:
            by_wording[asked.wording].append(asked.id)
    if len(by_wording[Wording.ALWAYS]) >= AT_LEAST:
        return [ConstructRule(construct.id, tuple(by_wording[Wording.ALWAYS]), AT_LEAST)]
    return [
        ConstructRule(f"{construct.id}.{wording}", tuple(by_wording[wording]), AT_LEAST)
        for wording in (Wording.EXPECT, Wording.EXPERIENCE)
        if len(by_wording[wording]) >= AT_LEAST
    ]


def _released_item(questionnaire: Questionnaire, asked: AskedItem) -> ReleasedSeries:
    item = questionnaire.instrument.item(asked.item)
    return ReleasedSeries(
        id=asked.id,
        item=asked.item,
        wording=asked.wording.value,
        construct=item.construct,
        core=item.core,
        kind=SeriesKind.ITEM.value,
        comparable=asked.wording is Wording.ALWAYS,
    )


def _released_construct(rule: ConstructRule) -> ReleasedSeries:
    construct, _, wording = rule.id.partition(".")
    return ReleasedSeries(
        id=rule.id,
        item=rule.id,
        wording=wording or Wording.ALWAYS.value,
        construct=construct,
        core=False,
        kind=SeriesKind.CONSTRUCT.value,
        comparable=not wording,
    )
