"""The words of an instrument and of the booth, one file per language."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from surveys.errors import LanguageError
from surveys.instrument import Instrument, Wording


class LanguageStatus(StrEnum):
    """How far a translation has come; anything but source and pretested carries a banner."""

    SOURCE = "source"
    BETA = "beta"
    PRETESTED = "pretested"


@dataclass(frozen=True, slots=True)
class Language:
    """All texts in one language; names and stems are plain text, never HTML.

    Interface words and promises may hold placeholders in braces, filled with `str.format`.
    """

    code: str
    name: str
    right_to_left: bool
    status: LanguageStatus
    scales: Mapping[str, tuple[str, ...]]
    stems: Mapping[str, Mapping[Wording, str]]
    constructs: Mapping[str, str]
    interface: Mapping[str, str]
    promises: Mapping[str, str]

    @property
    def content_hash(self) -> str:
        """SHA-256 of what respondents are asked: every stem and every answer option."""
        asked = json.dumps([self.scales, self.stems], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(asked.encode()).hexdigest()

    def stem(self, item: str, wording: Wording) -> str:
        """Give the question of an item in one of its wordings."""
        try:
            return self.stems[item][wording]
        except KeyError:
            raise LanguageError(
                f'{self.name}: item "{item}" has no {wording} text. Add it to {self.code}.toml,'
                " [stems]."
            ) from None


@dataclass(frozen=True, slots=True)
class MissingText:
    """A text that a language lacks, or that does not fit the instrument."""

    language: str
    where: str
    problem: str


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    name: str
    right_to_left: bool
    status: LanguageStatus


class _File(msgspec.Struct, forbid_unknown_fields=True):
    language: _Header
    scales: dict[str, tuple[str, ...]]
    stems: dict[str, str | dict[Wording, str]]
    constructs: dict[str, str]
    interface: dict[str, str]
    promises: dict[str, str]
    translator_notes: dict[str, str] = {}


def shipped_languages() -> tuple[str, ...]:
    """List the codes of the languages that come with Canvass, the source language first."""
    names = (entry.name for entry in _bank().iterdir() if entry.name.endswith(".toml"))
    codes = sorted(name.removesuffix(".toml") for name in names if name != "instrument.toml")
    return tuple(sorted(codes, key=lambda code: code != "en"))


def load_language(code: str) -> Language:
    """Load a shipped language; raises `LanguageError` that says which part is wrong."""
    if code not in shipped_languages():
        raise LanguageError(f'No language "{code}". Choose one of {list(shipped_languages())}.')
    return read_language((_bank() / f"{code}.toml").read_text(encoding="utf-8"), f"{code}.toml")


def read_language(text: str, where: str) -> Language:
    """Read a language from TOML; `where` names the source in messages."""
    try:
        tables: dict[str, Any] = tomllib.loads(text)
        file = msgspec.convert(tables, _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LanguageError(f"{where}: {error}. Mend the file at that place.") from error
    return Language(
        code=file.language.code,
        name=file.language.name,
        right_to_left=file.language.right_to_left,
        status=file.language.status,
        scales=file.scales,
        stems={
            item: {Wording.ALWAYS: stem} if isinstance(stem, str) else stem
            for item, stem in file.stems.items()
        },
        constructs=file.constructs,
        interface=file.interface,
        promises=file.promises,
    )


def missing_texts(instrument: Instrument, language: Language) -> list[MissingText]:
    """List every text that this language lacks for the instrument and the booth.

    Words that changed since the instrument was pinned to them are listed too: answers to other
    words must not be counted under its hash.
    """
    found = [
        *_changed_words(instrument, language),
        *_missing_stems(instrument, language),
        *_missing_options(instrument, language),
        *_missing_names(instrument, language),
    ]
    source = load_language(instrument.source_language)
    if language.code != source.code:
        found += _missing_words(source, language)
    return found


def _changed_words(instrument: Instrument, language: Language) -> Iterator[MissingText]:
    pinned = instrument.texts.get(language.code, language.content_hash)
    if pinned != language.content_hash:
        problem = (
            f"The words are not those of {instrument.name}. Restore them, or give the instrument"
            f' a new version with {language.code} = "{language.content_hash}".'
        )
        yield MissingText(language.code, "[texts]", problem)


def _missing_stems(instrument: Instrument, language: Language) -> Iterator[MissingText]:
    for item in instrument.items.values():
        for wording in item.wordings:
            if not language.stems.get(item.id, {}).get(wording, "").strip():
                where = f"[stems] {item.id}, {wording}"
                yield MissingText(language.code, where, f"No text. Add it to {language.code}.toml.")


def _missing_options(instrument: Instrument, language: Language) -> Iterator[MissingText]:
    for scale in instrument.scales.values():
        options = [text for text in language.scales.get(scale.id, ()) if text.strip()]
        if len(options) != scale.size or len(set(options)) != scale.size:
            problem = f"{len(set(options))} different options. Write {scale.size} of them."
            yield MissingText(language.code, f"[scales] {scale.id}", problem)


def _missing_names(instrument: Instrument, language: Language) -> Iterator[MissingText]:
    for construct in instrument.constructs:
        if not language.constructs.get(construct, "").strip():
            yield MissingText(language.code, f"[constructs] {construct}", "No name. Add one.")


def _missing_words(source: Language, language: Language) -> Iterator[MissingText]:
    parts = (
        ("interface", source.interface, language.interface),
        ("promises", source.promises, language.promises),
    )
    for part, wanted, given in parts:
        for key in wanted:
            if not given.get(key, "").strip():
                problem = f"No text. Add it to {language.code}.toml."
                yield MissingText(language.code, f"[{part}] {key}", problem)


def _bank() -> Traversable:
    return resources.files("surveys") / "item_bank"
