"""The simulated city: who works there, what they think, and the truth planted in them.

Every employee has a lasting disposition; department and phase move it. Answers of everyone are
drawn for every wave, whether or not that person responds, so that the truth a release has to
recover is known exactly: the mean score of all employees of a group, not of those who answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from surveys.answers import DONT_KNOW, NOT_ASKED, SKIPPED
from surveys.instrument import Item, Kind
from surveys.organisation import UnitTree
from surveys.questionnaire import Questionnaire
from surveys.rollout import RolloutPlan, phase_on
from surveys.routing import wording_of

CUTS = np.array([-1.5, -0.55, 0.45, 1.4])  # five categories of roughly 10, 22, 32, 23, 13 %
RESPONSE = 0.64
SKIP_RATE = 0.02
DONT_KNOW_RATE = 0.03
WORSENING = "code"  # the department in which location data is used to discipline people

# Shift of the latent attitude in standard deviations, high = favourable, by how far the rollout
# has come in a department ("unheard" is before its announcement); _LISTENED goes first where staff
# were consulted.
_UNHEARD = {
    "unheard": 0.1, "announce": -0.4, "consult": -0.2, "in use": 0.0, "steady": 0.1,
}  # fmt: skip
_BY_CONSTRUCT: Mapping[str, Mapping[str, float]] = {
    "surveillance": {"unheard": 0.3, "announce": -0.8, "in use": -0.8, "steady": -0.7},
    "job_security": {"unheard": 0.5, "announce": -0.2, "in use": 0.0, "steady": 0.1},
    "usefulness": {"unheard": 0.1, "announce": -0.1, "in use": 0.2, "steady": 0.4},
    "readiness": {"unheard": -0.3, "announce": -0.5, "in use": 0.2, "steady": 0.5},
    "voice": {"unheard": -0.2, "announce": -0.6, "in use": -0.6, "steady": -0.5},
    "trust_leadership": {"unheard": 0.0, "announce": -0.4, "in use": -0.4, "steady": -0.3},
}
_LISTENED: Mapping[str, Mapping[str, float]] = {
    "surveillance": {"consult": 0.1, "in use": 0.2, "steady": 0.4},
    "job_security": {"consult": 0.1, "in use": 0.3, "steady": 0.5},
    "usefulness": {"consult": 0.2, "in use": 0.5, "steady": 0.8},
    "readiness": {"consult": 0.0, "in use": 0.5, "steady": 0.9},
    "voice": {"consult": 0.4, "in use": 0.3, "steady": 0.4},
    "trust_leadership": {"consult": 0.2, "in use": 0.2, "steady": 0.4},
}
_WORSENED: Mapping[str, Mapping[str, float]] = {
    "surveillance": {"in use": -1.1, "steady": -1.6},
    "job_security": {"in use": -0.7, "steady": -1.2},
    "usefulness": {"in use": -0.3, "steady": -0.5},
    "trust_leadership": {"in use": -1.0, "steady": -1.5},
}
# How many have heard of, tried or use the tool: chances of the categories of the exposure item.
_EXPOSURE: Mapping[str, tuple[float, ...]] = {
    "unheard": (0.62, 0.38, 0.0, 0.0, 0.0),
    "announce": (0.06, 0.94, 0.0, 0.0, 0.0),
    "consult": (0.02, 0.96, 0.02, 0.0, 0.0),
    "in use": (0.0, 0.06, 0.10, 0.20, 0.64),
    "steady": (0.0, 0.03, 0.04, 0.13, 0.80),
}

Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Population:
    """All employees: the unit each works in and a lasting disposition."""

    units: tuple[str, ...]
    disposition: npt.NDArray[np.float64]  # shape (person,), standard normal


@dataclass(frozen=True, slots=True)
class Fielding:
    """One wave among all employees: what each would answer, and who does."""

    codes: Codes  # shape (person, item); codes of surveys.answers
    responds: npt.NDArray[np.bool_]  # shape (person,)


def populate(tree: UnitTree, rng: np.random.Generator) -> Population:
    """People the units with as many employees as the head counts say."""
    units = tuple(u.id for u in tree.units for _ in range(u.headcount))
    return Population(units, rng.standard_normal(len(units)))


def field(
    population: Population,
    questionnaire: Questionnaire,
    plan: RolloutPlan,
    tree: UnitTree,
    day: date,
    rng: np.random.Generator,
) -> Fielding:
    """Draw every employee's answers on a day, and who takes part."""
    stages = {unit: stage(plan, tree, unit, day) for unit in set(population.units)}
    means = {
        unit: _item_means(questionnaire, plan, tree, unit, stages[unit], day) for unit in stages
    }
    people = len(population.units)
    latent = (
        np.array([means[unit] for unit in population.units])
        + 0.65 * population.disposition[:, None]
        + 0.76 * rng.standard_normal((people, len(questionnaire.items)))
    )
    codes = np.empty((people, len(questionnaire.items)), dtype=np.uint8)
    for person, unit in enumerate(population.units):
        codes[person] = _sheet(questionnaire, latent[person], _EXPOSURE[stages[unit]], rng)
    return Fielding(codes, rng.random(people) < RESPONSE)


def stage(plan: RolloutPlan, tree: UnitTree, unit: str, day: date) -> str:
    """How far the rollout has come for a unit: unheard, announce, consult, in use, steady."""
    phase = phase_on(plan, tree, unit, day)
    if phase is None:
        return "unheard"
    return "in use" if phase.in_use and phase.id != "steady" else phase.id


def shift(construct: str, stage_id: str, department: str, *, consulted: bool) -> float:
    """Planted shift of a construct in a department: standard deviations, high = favourable."""
    tables = [_BY_CONSTRUCT.get(construct, {}), _UNHEARD]
    if consulted:
        tables.insert(0, _LISTENED.get(construct, {}))
    if department == WORSENING:
        tables.insert(0, _WORSENED.get(construct, {}))
    return next(table[stage_id] for table in tables if stage_id in table)


def planted_scores(
    population: Population,
    fielding: Fielding,
    questionnaire: Questionnaire,
    group_units: Mapping[str, frozenset[str]],
) -> dict[str, dict[str, float]]:
    """Work out the true mean score of all employees of each group, for each rated series."""
    units = np.array(population.units)
    truth: dict[str, dict[str, float]] = {}
    scores = _series_scores(fielding.codes, questionnaire)
    for group, members in group_units.items():
        inside = np.isin(units, list(members))
        truth[group] = {
            series: round(float(np.nanmean(values[inside])), 3)
            for series, values in scores.items()
            if np.isfinite(values[inside]).any()
        }
    return truth


def raw_sheet(questionnaire: Questionnaire, codes: Codes) -> dict[str, str]:
    """One person's answers as the booth's form fields."""
    fields: dict[str, str] = {}
    for item, code in zip(questionnaire.items, codes.tolist(), strict=True):
        if code == DONT_KNOW:
            fields[item] = "dk"
        elif code not in (SKIPPED, NOT_ASKED):
            fields[item] = str(code)
    return fields


def _item_means(
    questionnaire: Questionnaire,
    plan: RolloutPlan,
    tree: UnitTree,
    unit: str,
    stage_id: str,
    day: date,
) -> list[float]:
    department = _department(tree, unit)
    consulted = any(
        s.unit == department and s.phase == "consult" and s.on <= day for s in plan.starts
    )
    return [
        shift(item.construct or "", stage_id, department, consulted=consulted)
        for item in map(questionnaire.instrument.item, questionnaire.items)
    ]


def _department(tree: UnitTree, unit: str) -> str:
    lineage = [*reversed(tree.ancestors(unit)), unit]
    return lineage[1] if len(lineage) > 1 else unit


def _sheet(
    questionnaire: Questionnaire,
    latent: npt.NDArray[np.float64],
    exposure: tuple[float, ...],
    rng: np.random.Generator,
) -> Codes:
    """One person's codes: answers on the path, the rest not asked."""
    instrument = questionnaire.instrument
    answers: dict[str, int] = {}
    chance = rng.random(len(questionnaire.items))
    for position, item_id in enumerate(questionnaire.items):
        item = instrument.item(item_id)
        if item_id == instrument.exposure_item:
            answers[item_id] = int(rng.choice(len(exposure), p=exposure))
        elif wording_of(questionnaire, item_id, answers) is None:
            answers[item_id] = NOT_ASKED
        elif chance[position] < SKIP_RATE:
            answers[item_id] = SKIPPED
        elif chance[position] < SKIP_RATE + DONT_KNOW_RATE:
            answers[item_id] = DONT_KNOW
        elif item.kind is Kind.RATING:
            answers[item_id] = _category(item, float(latent[position]))
        else:
            answers[item_id] = int(rng.integers(instrument.scale_of(item_id).size))
    return np.array([answers[item] for item in questionnaire.items], dtype=np.uint8)


def _category(item: Item, latent: float) -> int:
    position = int(np.searchsorted(CUTS, latent))
    return position if item.direction > 0 else len(CUTS) - position


def _series_scores(
    codes: Codes, questionnaire: Questionnaire
) -> dict[str, npt.NDArray[np.float64]]:
    """Each person's 0-100 score in each rated series; nan where the series does not hold it."""
    scores: dict[str, npt.NDArray[np.float64]] = {}
    exposure = questionnaire.items.index(questionnaire.instrument.exposure_item)
    for asked in questionnaire.series:
        item = questionnaire.instrument.item(asked.item)
        if item.kind is not Kind.RATING:
            continue
        column = codes[:, questionnaire.items.index(asked.item)].astype(float)
        top = questionnaire.instrument.scale_of(asked.item).size - 1
        score = 100 * (column if item.direction > 0 else top - column) / top
        wordings = np.array(
            [
                wording_of(questionnaire, asked.item, {questionnaire.items[exposure]: int(code)})
                == asked.wording
                for code in codes[:, exposure]
            ]
        )
        scores[asked.id] = np.where(wordings & (column <= top), score, np.nan)
    return scores
