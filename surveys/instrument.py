"""An instrument: the versioned bank of items a wave draws its questions from."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from surveys import instrument_rules
from surveys.errors import InstrumentError, raise_if_any
from surveys.instrument_file import InstrumentFile, decode
from surveys.items import Condition, Construct, Form, Item, Kind, Scale, Wording

__all__ = [
    "Condition",
    "Construct",
    "Form",
    "Instrument",
    "InstrumentError",
    "Item",
    "Kind",
    "Scale",
    "Wording",
    "load_default_instrument",
    "load_instrument",
]


@dataclass(frozen=True, slots=True)
class Instrument:
    """Everything that may be asked, how it is answered, and which wording goes to whom.

    `texts` pins the words: language code to the digest of its stems and answer options.
    """

    id: str
    version: str
    status: str
    source_language: str
    licence: str
    scales: Mapping[str, Scale]
    items: Mapping[str, Item]
    constructs: Mapping[str, Construct]
    forms: Mapping[str, Form]
    exposure_item: str
    exposure: Mapping[int, Wording]
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        """Id and version together, as releases and briefings print them."""
        return f"{self.id} {self.version}"

    @property
    def content_hash(self) -> str:
        """SHA-256 of the whole content: two instruments with the same hash ask the same."""
        canonical = json.dumps(_canonical(asdict(self)), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def item(self, item_id: str) -> Item:
        """Give the item with that id."""
        if item_id not in self.items:
            raise InstrumentError(f'{self.name}: no item "{item_id}". Choose one of its items.')
        return self.items[item_id]

    def scale_of(self, item_id: str) -> Scale:
        """Give the answer format of a closed item."""
        scale = self.item(item_id).scale
        if scale is None:
            raise InstrumentError(f'{self.name}: item "{item_id}" is answered in words, no scale.')
        return self.scales[scale]


def load_default_instrument() -> Instrument:
    """Load the item bank that Canvass ships."""
    bank = resources.files("surveys") / "item_bank" / "instrument.toml"
    return load_instrument(bank.read_text(encoding="utf-8"))


def load_instrument(text: str) -> Instrument:
    """Read an instrument from TOML; raises `InstrumentError` that lists every mistake."""
    file = decode(text)
    raise_if_any(instrument_rules.problems(file), InstrumentError)
    return _instrument(file)


def _instrument(file: InstrumentFile) -> Instrument:
    return Instrument(
        id=file.header.id,
        version=file.header.version,
        status=file.header.status,
        source_language=file.header.source_language,
        licence=file.header.licence,
        scales=file.scales,
        items=file.items,
        constructs=file.constructs,
        forms=file.forms,
        exposure_item=file.exposure.item,
        exposure={
            **dict.fromkeys(file.exposure.expect, Wording.EXPECT),
            **dict.fromkeys(file.exposure.experience, Wording.EXPERIENCE),
        },
        texts=file.texts,
    )


def _canonical(value: Any) -> Any:  # noqa: ANN401 - walks plain data of any shape
    # Tables are sorted by name, so that moving an entry within the file changes nothing; the order
    # in which items are asked is part of the forms, and lists keep theirs.
    if isinstance(value, Mapping):
        return [[str(key), _canonical(value[key])] for key in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    return value
