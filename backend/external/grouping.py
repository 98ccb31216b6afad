"""Who is reported together: small units are merged by the rule every wave obeys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.disclosure.lattice import Lattice
from backend.external.errors import DataError, Problem
from backend.external.mapping import SurveyMapping
from backend.external.percentages import IntArray
from backend.external.rows import UnitPath
from backend.external.unit_names import unit_id, unit_name
from surveys.errors import OrganisationError
from surveys.organisation import (
    Cell,
    Group,
    Unit,
    UnitTree,
    reporting_cells,
    reporting_groups,
    unit_tree,
)


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who is reported together: cells, groups over them, and the cell of each unit."""

    cells: tuple[Cell, ...]
    groups: tuple[Group, ...]
    cell_of_unit: IntArray


def reporting(
    units: Sequence[UnitPath],
    people: IntArray,
    mapping: SurveyMapping,
    labels: Mapping[str, Mapping[str, str]],
) -> Reporting:
    """Merge small units by the common rule, once for all waves, so that waves can be compared."""
    # The smallest head count over the waves: a cell large enough then is large enough always
    smallest = np.where(people > 0, people, people.max(axis=1, keepdims=True)).min(axis=1)
    try:
        tree = _tree(units, smallest, mapping, labels)
        cells = reporting_cells(tree, mapping.policy.minimum_cell, mapping.policy.wanted_cell)
    except OrganisationError as error:
        raise DataError([Problem("Units", str(error))]) from None
    cell_of_unit = np.array([_cell_of(path, cells) for path in units], np.int64)
    return Reporting(cells, reporting_groups(tree, cells), cell_of_unit)


def lattice(reported: Reporting) -> Lattice:
    """Give the groups as the release needs them: a tree of sets of cells."""
    ids = tuple(group.id for group in reported.groups)
    membership = np.zeros((len(ids), len(reported.cells)), np.bool_)
    for index, group in enumerate(reported.groups):
        membership[index, list(group.cells)] = True
    return Lattice(
        ids=ids,
        names=tuple(group.name for group in reported.groups),
        parent=tuple(-1 if g.parent is None else ids.index(g.parent) for g in reported.groups),
        membership=membership,
    )


def _tree(
    units: Sequence[UnitPath],
    people: IntArray,
    mapping: SurveyMapping,
    labels: Mapping[str, Mapping[str, str]],
) -> UnitTree:
    inner = {path[:level] for path in units for level in range(len(path))}
    headcounts = dict.fromkeys(inner, 0) | dict(zip(units, people.tolist(), strict=True))
    return unit_tree(
        Unit(
            id=unit_id(path),
            name=unit_name(path, mapping, labels),
            parent=unit_id(path[:-1]) if path else None,
            headcount=headcount,
        )
        for path, headcount in headcounts.items()
    )


def _cell_of(path: UnitPath, cells: Sequence[Cell]) -> int:
    """Find the cell that holds a unit: by its own name, or by the nearest unit above it."""
    for depth in range(len(path), -1, -1):
        for position, cell in enumerate(cells):
            if unit_id(path[:depth]) in cell.units:
                return position
    raise DataError([Problem(f'Unit "{unit_id(path)}"', "belongs to no cell.")])
