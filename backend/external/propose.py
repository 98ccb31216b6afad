"""Write a first mapping for a survey file: working, commented, and honest about its guesses."""

import json
import re
from dataclasses import dataclass
from datetime import date

from backend.external.errors import FileError, Problem
from backend.external.guess_columns import (
    ColumnGuess,
    Role,
    guess_columns,
    name_words,
    unit_columns,
)
from backend.external.guess_scale import ScaleGuess
from backend.external.guess_words import ADVERSE_WORDS, MISSING_TEXTS
from backend.external.mapping import ItemKind
from backend.external.mapping_check import DEFAULT
from backend.external.table import Table, quoted

CHECK = "# CHECK: "


@dataclass(frozen=True, slots=True)
class Proposal:
    """The text of a mapping file, and in short what was guessed and what to check."""

    text: str
    guesses: tuple[str, ...]


def propose(table: Table, today: date) -> Proposal:
    """Propose a mapping; every guess stands beside its reason."""
    guesses = guess_columns(table)
    if not any(guess.role is Role.ITEM for guess in guesses):
        what = f"no column looks like a question; the file has {quoted(list(table.columns[:12]))}."
        mend = "Write the mapping by hand (see docs/analyse.md), or check the sheet and delimiter."
        raise FileError([Problem(table.path.name, what, mend)])
    sections = [
        _heading(table),
        _file_section(table, guesses),
        _unit_section(guesses),
        _waves(guesses, today),
        _headcount(),
        *(_item(table, guess, guesses) for guess in guesses if guess.role is Role.ITEM),
        _left_out(guesses),
        _rules(guesses),
    ]

    return Proposal("\n".join(part for part in sections if part), _summary(guesses))


def _heading(table: Table) -> str:
    guesses = guess_columns(table)
    wave = next((g for g in guesses if g.role is Role.WAVE), None)
    lines = [
        f"# What the columns of {table.path.name} mean, proposed by canvass analyse --init.",
        f"# Lines with {CHECK.strip('# ')} hold a guess. When they are right, run:",
        f"#   canvass analyse {table.path.name}",
        "",
        f'organisation = "The organisation"  {CHECK}whose survey is this?',
        f'tool = "Employee survey"  {CHECK}which new tool, or which subject?',
        'tool_description = ""',
        'note = ""',
    ]
    if wave:
        lines.append(f"wave_column = {_text(wave.name)}  {CHECK}{wave.reason}")
    return "\n".join(lines) + "\n"


def _file_section(table: Table, guesses: tuple[ColumnGuess, ...]) -> str:
    used = [g.name for g in guesses if g.role is not Role.LEFT_OUT]
    seen = {value for name in used for value in table.frame[name].unique().tolist()}
    missing = [text for text in MISSING_TEXTS if text in seen]
    lines = ["[file]", *(f"# {note}" for note in table.notes)]
    lines.append(f"missing = {_list(missing)}  # besides empty cells")
    lines.append("dont_know = []  # values that mean: don't know, not sure")
    return "\n".join(lines) + "\n"


def _unit_section(guesses: tuple[ColumnGuess, ...]) -> str:
    columns = unit_columns(guesses)
    if not columns:
        return "# No column looks like a unit: everyone is reported together.\n"
    return (
        f"[unit]\ncolumns = {_list(columns)}  {CHECK}from the largest level down\n"
        f"# titles = {_list([column.capitalize() for column in columns])}\n"
    )


def _waves(guesses: tuple[ColumnGuess, ...], today: date) -> str:
    wave = next((g for g in guesses if g.role is Role.WAVE), None)
    when = f"opened = {today}  {CHECK}the file does not say when\nclosed = {today}\n"
    if wave is None:
        return f'[[wave]]\nname = "The survey"\n{when}'
    values = sorted(wave.values, key=_natural)
    return "\n".join(
        f"[[wave]]\nvalue = {_text(value)}\nname = {_text(f'Wave {number}')}\n{when}"
        for number, value in enumerate(values, start=1)
    )


def _headcount() -> str:
    return (
        f"[headcount]\nfrom_rows = true  {CHECK}counts the people in the file only, so\n"
        '# the response rate stays unknown. To state it: each = 35, or file = "headcounts.csv"\n'
    )


def _item(table: Table, guess: ColumnGuess, guesses: tuple[ColumnGuess, ...]) -> str:
    scale = guess.scale
    if scale is None:
        return ""
    text = table.questions.get(guess.name, guess.name)
    adverse = bool((name_words(guess.name) | name_words(text)) & ADVERSE_WORDS)
    why = "more of this sounds bad" if adverse else "-1 if a high value is bad"
    lines = [
        "[[item]]",
        f"column = {_text(guess.name)}",
        f"id = {_text(_identifier(guess.name))}",
        f"text = {_text(text)}  {CHECK}the question in full",
        f'kind = "{scale.kind}"  # {_one_line(scale.reason)}',
        *_scale_lines(scale, guesses),
        f"direction = {-1 if adverse else 1}  {CHECK if adverse else '# '}{why}",
    ]
    return "\n".join(lines) + "\n"


def _scale_lines(scale: ScaleGuess, guesses: tuple[ColumnGuess, ...]) -> list[str]:
    lines = []
    match scale.kind:
        case ItemKind.CATEGORIES:
            lines.append(f"values = {_list(scale.values)}  {CHECK}all answers, low to high")
        case ItemKind.SCORE:
            lines += [
                f"minimum = {scale.minimum}  {CHECK}lowest possible score",
                f"maximum = {scale.maximum}  {CHECK}highest possible score",
                f"steps = {scale.steps}  # a score is counted in steps of 1/{scale.steps}",
            ]
        case ItemKind.PERCENT:
            people = next((g.name for g in guesses if g.role is Role.PEOPLE), None)
            lines.append(
                f"answers_column = {_text(people)}"
                if people
                else f"answers = {DEFAULT.k_scores}  {CHECK}the file does not say how many people\n"
                "# answered in each unit; this is the fewest for which a score may be shown"
            )
    if scale.missing:
        lines.append(f"missing = {_list(scale.missing)}  {CHECK}far from the other values")
    if scale.dont_know:
        lines.append(f"dont_know = {_list(scale.dont_know)}")
    return lines


def _left_out(guesses: tuple[ColumnGuess, ...]) -> str:
    lines = [
        f"#   {_one_line(guess.name)}: {guess.reason}"
        for guess in guesses
        if guess.role is Role.LEFT_OUT
    ]
    return "\n".join(["# Left out, because not needed:", *lines]) + "\n" if lines else ""


def _rules(guesses: tuple[ColumnGuess, ...]) -> str:
    first = next(_identifier(g.name) for g in guesses if g.role is Role.ITEM)
    return (
        "# Rules of disclosure can be made stricter, for instance:\n"
        "# [policy]\n# k_scores = 15\n# k_shares = 30\n#\n"
        "# Lines agreed before the survey, for a go / hold / stop verdict:\n"
        f'# [[gate]]\n# construct = "{first}"\n# minimum = 60\n# stop_below = 40\n'
    )


def _summary(guesses: tuple[ColumnGuess, ...]) -> tuple[str, ...]:
    lines = []
    for role in Role:
        names = [guess.name for guess in guesses if guess.role is role]
        if role is Role.UNIT:
            names = unit_columns(guesses)
        lines.append(f"{role}: {quoted(names) if names else 'none found'}")
    return tuple(lines)


def _identifier(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip()).strip("_").lower() or "item"


def _text(text: str) -> str:
    # A JSON text is also a TOML text, once every control character is written as an escape
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: list[str] | tuple[str, ...]) -> str:
    return f"[{', '.join(_text(text) for text in texts)}]"


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _natural(value: str) -> tuple[int, float, str]:
    return (0, float(value), "") if value.replace(".", "", 1).isdecimal() else (1, 0.0, value)
