"""The shape of an instrument file (TOML), and how it becomes items, scales and forms."""

import tomllib
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from surveys.errors import InstrumentError, raise_if_any
from surveys.items import Condition, Construct, Form, Item, Kind, Scale, Wording

Entry = TypeVar("Entry", bound=msgspec.Struct)


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the instrument is called, its state, and who may copy it."""

    id: str
    version: str
    status: str
    source_language: str
    licence: str


class ScaleEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[scales.…]` table."""

    size: int
    favourable: tuple[int, ...] = ()
    neutral: tuple[int, ...] = ()
    unfavourable: tuple[int, ...] = ()


class ConditionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `ask_if` of an item."""

    item: str
    categories: tuple[int, ...]


class ItemEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[items.…]` table; most items need only a scale, a construct and a facet."""

    facet: str
    kind: Kind = Kind.RATING
    scale: str | None = None
    construct: str | None = None
    direction: int = 1
    wordings: tuple[Wording, ...] = (Wording.ALWAYS,)
    core: bool = False
    lead: bool = False
    dont_know_is_signal: bool = False
    ask_if: ConditionEntry | None = None
    from_wave: int = 1


class ConstructEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[constructs.…]` table."""

    definition: str


class FormEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[forms.…]` table; asked in the order opening, items, blocks or rotation, closing."""

    items: tuple[str, ...]
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    blocks: tuple[tuple[str, ...], ...] = ()
    deals: tuple[tuple[int, ...], ...] = ()
    rotation: tuple[tuple[str, ...], ...] = ()
    min_headcount: int = 0
    small_form: str | None = None


class Routing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[exposure]` table: which item tells whether someone has used the tool."""

    item: str
    expect: tuple[int, ...]
    experience: tuple[int, ...]


class InstrumentFile(msgspec.Struct, frozen=True):
    """A read instrument file, each part of the right shape but not yet checked against the rest."""

    header: Header
    exposure: Routing
    texts: Mapping[str, str]
    scales: Mapping[str, Scale]
    items: Mapping[str, Item]
    constructs: Mapping[str, Construct]
    forms: Mapping[str, Form]


def decode(text: str) -> InstrumentFile:
    """Read an instrument file; raises one error that names every part of the wrong shape."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InstrumentError(f"Instrument file: {error}. Mend the TOML at that place.") from error
    problems = _unknown_tables(tables)
    header = _read(tables.get("instrument", {}), Header, "[instrument]", problems)
    exposure = _read(tables.get("exposure", {}), Routing, "[exposure]", problems)
    scales = _read_all(tables, "scales", ScaleEntry, problems)
    items = _read_all(tables, "items", ItemEntry, problems)
    constructs = _read_all(tables, "constructs", ConstructEntry, problems)
    forms = _read_all(tables, "forms", FormEntry, problems)
    raise_if_any(problems, InstrumentError)
    assert header is not None  # noqa: S101 - a missing part is among the problems raised above
    assert exposure is not None  # noqa: S101 - same
    return InstrumentFile(
        header=header,
        exposure=exposure,
        texts={code: str(digest) for code, digest in tables.get("texts", {}).items()},
        scales={id_: _scale(id_, entry) for id_, entry in scales.items()},
        items={id_: _item(id_, entry) for id_, entry in items.items()},
        constructs={id_: _construct(id_, entry, items) for id_, entry in constructs.items()},
        forms={id_: _form(id_, entry) for id_, entry in forms.items()},
    )


def _unknown_tables(tables: Mapping[str, Any]) -> list[str]:
    known = {"instrument", "exposure", "texts", "scales", "items", "constructs", "forms"}
    return [
        f"Instrument file: unknown table [{name}]. Remove it, or use one of {sorted(known)}."
        for name in tables
        if name not in known
    ]


def _read(table: object, shape: type[Entry], where: str, problems: list[str]) -> Entry | None:
    try:
        return msgspec.convert(table, shape)
    except msgspec.ValidationError as error:
        problems.append(f"Instrument file, {where}: {error}. Mend that entry.")
        return None


def _read_all(
    tables: Mapping[str, Any], part: str, shape: type[Entry], problems: list[str]
) -> dict[str, Entry]:
    entries = tables.get(part, {})
    if not isinstance(entries, dict):
        problems.append(f"Instrument file, {part}: must be tables such as [{part}.name].")
        return {}
    read = {id_: _read(table, shape, f"[{part}.{id_}]", problems) for id_, table in entries.items()}
    return {id_: entry for id_, entry in read.items() if entry is not None}


def _scale(id_: str, entry: ScaleEntry) -> Scale:
    return Scale(id_, entry.size, entry.favourable, entry.neutral, entry.unfavourable)


def _item(id_: str, entry: ItemEntry) -> Item:
    condition = entry.ask_if
    return Item(
        id=id_,
        kind=entry.kind,
        scale=entry.scale,
        construct=entry.construct,
        facet=entry.facet,
        direction=entry.direction,
        wordings=entry.wordings,
        core=entry.core,
        lead=entry.lead,
        dont_know_is_signal=entry.dont_know_is_signal,
        ask_if=None if condition is None else Condition(condition.item, condition.categories),
        from_wave=entry.from_wave,
    )


def _construct(id_: str, entry: ConstructEntry, items: Mapping[str, ItemEntry]) -> Construct:
    members = tuple(sorted(name for name, item in items.items() if item.construct == id_))
    cores = [name for name in members if items[name].core]
    # Without exactly one core item the file is refused by `instrument_rules`.
    return Construct(id_, entry.definition, members, cores[0] if cores else "")


def _form(id_: str, entry: FormEntry) -> Form:
    parts = (entry.opening, entry.items, *entry.blocks, *entry.rotation, entry.closing)
    return Form(
        id=id_,
        items=tuple(item for part in parts for item in part),
        blocks=entry.blocks,
        deals=entry.deals,
        rotation=entry.rotation,
        min_headcount=entry.min_headcount,
        small_form=entry.small_form,
    )
