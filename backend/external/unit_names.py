"""Identifiers and names of the units that a survey file mentions."""

from collections.abc import Mapping

from backend.external.mapping import SurveyMapping

ROOT = "organisation"


def unit_id(path: tuple[str, ...]) -> str:
    """Give the identifier of a unit: its parts from the largest level down, joined by "/"."""
    # "+" joins merged units in the release, so it cannot stand inside one
    return "/".join(part.replace("/", "-").replace("+", "-") for part in path) or ROOT


def unit_name(
    path: tuple[str, ...], mapping: SurveyMapping, labels: Mapping[str, Mapping[str, str]]
) -> str:
    """Give the name people use: as the mapping states, else the label or value in the file."""
    if not path:
        return mapping.organisation
    stated = mapping.unit.names.get(unit_id(path))
    if stated:
        return stated
    own = _part_name(len(path) - 1, path[-1], mapping, labels)
    # Two battalions both have a Company A
    return ", ".join([own, *reversed(path[:-1])])


def _part_name(
    level: int, part: str, mapping: SurveyMapping, labels: Mapping[str, Mapping[str, str]]
) -> str:
    column = mapping.unit.columns[level]
    label = labels.get(column, {}).get(part)
    if label:
        return label
    if mapping.unit.titles:
        return f"{mapping.unit.titles[level]} {part}"
    return f"{column} {part}" if part.isdecimal() else part
