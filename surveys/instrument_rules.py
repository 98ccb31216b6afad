"""Rules every instrument keeps; each finding says where, what, and how to mend it."""

import re
from collections.abc import Iterator

from surveys.instrument_file import InstrumentFile
from surveys.items import Construct, Form, Item, Kind, Scale, Wording

# One byte per answer; the codes above are for "don't know", skipped and not asked.
LARGEST_SCALE = 100
ITEM_ID = re.compile(r"[a-z][a-z0-9_]*")


def problems(file: InstrumentFile) -> list[str]:
    """List every rule the instrument breaks."""
    return [
        *(found for scale in file.scales.values() for found in _scale(scale)),
        *(found for item in file.items.values() for found in _item(file, item)),
        *(found for construct in file.constructs.values() for found in _construct(file, construct)),
        *_exposure(file),
        *(found for form in file.forms.values() for found in _form(file, form)),
    ]


def _scale(scale: Scale) -> Iterator[str]:
    where = f'Scale "{scale.id}"'
    if not 2 <= scale.size <= LARGEST_SCALE:  # noqa: PLR2004 - one option is no choice
        yield f"{where}: size {scale.size}. Give it 2 to {LARGEST_SCALE} options."
        return
    sides = (*scale.favourable, *scale.neutral, *scale.unfavourable)
    if sides and sorted(sides) != list(range(scale.size)):
        yield (
            f"{where}: favourable, neutral and unfavourable must name each position from 0 to"
            f" {scale.size - 1} exactly once, not {sorted(sides)}."
        )


def _item(file: InstrumentFile, item: Item) -> Iterator[str]:
    where = f'Item "{item.id}"'
    if not ITEM_ID.fullmatch(item.id):
        yield f"{where}: use lower-case letters, digits and _ in the id, a letter first."
    if item.construct is not None and item.construct not in file.constructs:
        yield f'{where}: unknown construct "{item.construct}". Add [constructs.{item.construct}].'
    if item.core and item.construct is None:
        yield f"{where}: a core item stands for a construct. Name the construct or drop core."
    if item.direction not in (1, -1):
        yield f"{where}: direction {item.direction}. Use 1 (last option is good) or -1."
    if item.from_wave < 1:
        yield f"{where}: from_wave {item.from_wave}. The first wave is 1."
    yield from _item_scale(file, item)
    yield from _item_wordings(item)
    yield from _item_condition(file, item)


def _item_scale(file: InstrumentFile, item: Item) -> Iterator[str]:
    where = f'Item "{item.id}"'
    if item.kind is Kind.TEXT:
        if item.scale is not None:
            yield f"{where}: a text item has no scale. Remove scale, or change its kind."
    elif item.scale is None:
        yield f"{where}: no scale. Name one of the [scales.…] tables."
    elif item.scale not in file.scales:
        yield f'{where}: unknown scale "{item.scale}". Add [scales.{item.scale}].'
    elif (item.kind is Kind.RATING) != bool(file.scales[item.scale].favourable):
        yield (
            f'{where}: kind "{item.kind}" does not fit scale "{item.scale}". A rating needs a scale'
            " with favourable positions, a choice one without."
        )


def _item_wordings(item: Item) -> Iterator[str]:
    where = f'Item "{item.id}"'
    if not item.wordings or len(set(item.wordings)) < len(item.wordings):
        yield f"{where}: wordings {list(item.wordings)}. Name each wording once."
    elif Wording.ALWAYS in item.wordings and len(item.wordings) > 1:
        yield f'{where}: "always" stands alone. Remove it, or remove the other wordings.'


def _item_condition(file: InstrumentFile, item: Item) -> Iterator[str]:
    if item.ask_if is None:
        return
    where = f'Item "{item.id}", ask_if'
    asked = file.items.get(item.ask_if.item)
    scale = file.scales.get(asked.scale or "") if asked else None
    if scale is None:
        yield f'{where}: "{item.ask_if.item}" is no closed item. Name an item with a scale.'
    elif not set(item.ask_if.categories) <= set(range(scale.size)) or not item.ask_if.categories:
        yield f"{where}: categories {list(item.ask_if.categories)}. Use 0 to {scale.size - 1}."


def _construct(file: InstrumentFile, construct: Construct) -> Iterator[str]:
    cores = [id_ for id_ in construct.items if file.items[id_].core]
    if len(cores) != 1:
        yield (
            f'Construct "{construct.id}": {len(cores)} core items {cores}. Mark exactly one of its'
            f" items {list(construct.items)} with core = true."
        )


def _exposure(file: InstrumentFile) -> Iterator[str]:
    item = file.items.get(file.exposure.item)
    scale = file.scales.get(item.scale or "") if item else None
    if item is None or scale is None or item.wordings != (Wording.ALWAYS,) or item.ask_if:
        yield f'[exposure]: "{file.exposure.item}" is no closed item that everyone is asked.'
        return
    named = sorted((*file.exposure.expect, *file.exposure.experience))
    if named != list(range(scale.size)):
        yield (
            f"[exposure]: expect and experience must name each option of {item.id} from 0 to"
            f" {scale.size - 1} exactly once, not {named}."
        )


def _form(file: InstrumentFile, form: Form) -> Iterator[str]:
    where = f'Form "{form.id}"'
    unknown = [item for item in form.items if item not in file.items]
    twice = sorted({item for item in form.items if form.items.count(item) > 1})
    if unknown:
        yield f"{where}: unknown items {unknown}. Add them to [items.…], or mend the names."
    if twice:
        yield f"{where}: items {twice} stand in it twice. Keep each once."
    if form.items[:1] != (file.exposure.item,):
        yield f'{where}: must ask "{file.exposure.item}" first, since it chooses the wording.'
    yield from _form_conditions(file, form)
    yield from _form_blocks(file, form)


def _form_conditions(file: InstrumentFile, form: Form) -> Iterator[str]:
    for position, id_ in enumerate(form.items):
        condition = file.items[id_].ask_if if id_ in file.items else None
        if condition is None:
            continue
        block = next((block for block in (*form.blocks, *form.rotation) if id_ in block), ())
        elsewhere = [part for part in (*form.blocks, *form.rotation) if part != block]
        together = not any(condition.item in part for part in elsewhere)
        if condition.item not in form.items[:position] or not together:
            yield (
                f'Form "{form.id}": {id_} depends on {condition.item}. Ask {condition.item} before'
                " it, of everyone or in the same block."
            )


def _form_blocks(file: InstrumentFile, form: Form) -> Iterator[str]:
    where = f'Form "{form.id}"'
    dealt = {block for deal in form.deals for block in deal}
    if form.blocks and form.rotation:
        yield f"{where}: has blocks and a rotation. Use one of the two."
    if dealt != set(range(len(form.blocks))):
        yield f"{where}: deals must use each of the {len(form.blocks)} blocks, counted from 0."
    if bool(form.blocks) != (form.small_form is not None and form.min_headcount > 0):
        yield f"{where}: a form with blocks, and only it, needs min_headcount and small_form."
    small = file.forms.get(form.small_form) if form.small_form else None
    if form.small_form and (small is None or not set(small.items) <= set(form.items)):
        yield f'{where}: small_form "{form.small_form}" must be a form that asks a part of it.'
