"""A small city with a planted truth: departments, crews, and what they think of a new tool."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.arrays import BoolArray, FloatArray, IntArray
from analysis.disclosure.lattice import Lattice

PHASES: Final = ("Announce", "Consult", "Pilot", "Wave 1", "Wave 2", "Steady")

CONSTRUCTS: Final = (
    ("job_security", "js2", False),
    ("surveillance", "sv1", False),
    ("usefulness", "us1", True),
    ("ease", "ez1", True),
    ("readiness", "rd1", False),
    ("voice", "vo2", False),
    ("trust_leadership", "tr1", False),
    ("mission_fit", "mf1", True),
    ("adoption_intention", "ad1", False),
    ("workload", "wl1", True),
    ("fairness", "fa1", False),
)
"""Construct, its core item, and whether the item has an expect and an experience wording."""

DEPARTMENTS: Final = (
    ("sanitation", "Sanitation", 3, {"North": 84, "South": 67, "Night": 31, "Depot": 12}),
    ("streets", "Streets", 4, {"Paving": 58, "Signs": 26, "Bridges": 15}),
    ("parks", "Parks", 5, {"Gardens": 43, "Trees": 29, "Pools": 14, "Zoo": 38}),
    ("water", "Water", 4, {"Mains": 71, "Meters": 34}),
    ("library", "Library", 9, {"": 22}),
)
"""Id, name, first wave with the tool in use, and crews with their head counts."""


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """Who works where, when they get the tool, and how many answer."""

    cells: tuple[str, ...]
    headcounts: IntArray
    departments: tuple[str, ...]
    first_wave: IntArray
    lattice: Lattice
    response: float = 0.64


def truth(city: City, construct: str, wave: int) -> FloatArray:
    """Give the mean score people of each cell hold on a construct in a wave.

    Worry about surveillance comes with the announcement; consultation takes it away in
    Sanitation and Water only. Parks gets worse on everything from wave 4 on.
    """
    means = np.full(len(city.cells), 58.0)
    department = np.array(city.departments)
    if construct == "surveillance":
        consulted = np.isin(department, ("sanitation", "water")) & (wave >= 3)
        means = np.where(consulted, 60.0, 34.0)
    if construct == "usefulness":
        means = means + 10 * in_use(city, wave)
    worse: BoolArray = (department == "parks") & (wave >= 4)
    return np.where(worse, means - 22, means)


def in_use(city: City, wave: int) -> BoolArray:
    """Tell which cells work with the tool in a wave."""
    result: BoolArray = city.first_wave <= wave
    return result


def _build() -> City:
    ids, names, parents = ["city"], ["City of Marlow Falls"], [-1]
    cells: list[tuple[str, str, int, int]] = []
    covers: list[list[int]] = [[]]
    for department, title, first, crews in DEPARTMENTS:
        position = len(ids)
        ids.append(department)
        names.append(title)
        parents.append(0)
        covers.append([])
        for crew, people in crews.items():
            covers[0].append(len(cells))
            covers[position].append(len(cells))
            if crew:
                ids.append(f"{department}-{crew.lower()}")
                names.append(f"{title} {crew}")
                parents.append(position)
                covers.append([len(cells)])
            cells.append((ids[-1], department, people, first))
    membership = np.zeros((len(ids), len(cells)), dtype=np.bool_)
    for group, columns in enumerate(covers):
        membership[group, columns] = True
    return City(
        cells=tuple(cell for cell, _, _, _ in cells),
        headcounts=np.array([people for _, _, people, _ in cells], dtype=np.int64),
        departments=tuple(department for _, department, _, _ in cells),
        first_wave=np.array([first for _, _, _, first in cells], dtype=np.int64),
        lattice=Lattice(tuple(ids), tuple(names), tuple(parents), membership),
    )


CITY: Final = _build()
"""Some 540 people in five departments and fourteen crews; two crews are too small to show."""
