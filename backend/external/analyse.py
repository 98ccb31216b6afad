"""Put a survey file made elsewhere through count, release and briefing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from analysis.counts import Counts
from analysis.disclosure.release import Published, Release, encode_release, release_hash
from backend.external.counting import count_waves
from backend.external.csv_file import CsvOptions
from backend.external.errors import DataError
from backend.external.file_kind import file_kind
from backend.external.grouping import Reporting, reporting
from backend.external.headcounts import headcount_problems, people_per_unit
from backend.external.mapping import ItemKind, SurveyMapping
from backend.external.mapping_check import construct_name, item_name
from backend.external.mapping_file import read_mapping
from backend.external.output import SUMMARY, whole_folder, write_files
from backend.external.percentages import IntArray
from backend.external.reading import ReadOptions, read_table
from backend.external.releasing import make_releases
from backend.external.results_csv import results_csv
from backend.external.rows import SKIPPED, CodedRows, code_rows
from reports.briefings.leadership import leadership_html
from reports.pdf import Renderer
from surveys.instrument import Wording
from surveys.languages import Language, load_language

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The releases of a survey file, and what its reader should know about them."""

    mapping: SurveyMapping
    releases: tuple[Release, ...]
    notes: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What remains of a survey file after its rows are forgotten."""

    reported: Reporting
    people: IntArray
    waves: tuple[Counts, ...]
    rows: int
    notes: tuple[str, ...]


def read_options(mapping: SurveyMapping) -> ReadOptions:
    """Give what the mapping states about the file's format."""
    file = mapping.file
    return ReadOptions(file.sheet, CsvOptions(file.delimiter, file.encoding, file.decimal))


def default_mapping(survey: Path) -> Path:
    """Find the mapping beside a survey file; without one, give where --init would write it."""
    own = survey.with_name(f"{survey.stem}.mapping.toml")
    shared = survey.with_name("mapping.toml")
    return shared if shared.exists() and not own.exists() else own


def analyse_file(survey: Path, mapping_path: Path, progress: Progress = lambda _: None) -> Analysis:
    """Make the releases of a survey file, or raise with every problem that it has."""
    # A wrong file name is told before a missing mapping is
    file_kind(survey)
    mapping = read_mapping(mapping_path)
    counted = _read_and_count(survey, mapping, mapping_path.parent, progress)
    progress("Hiding what could point to a person, and releasing")
    releases = make_releases(mapping, survey.stem, counted.reported, counted.waves, counted.people)
    return Analysis(mapping, releases, counted.notes, counted.rows)


def write_results(analysis: Analysis, folder: Path, progress: Progress = lambda _: None) -> None:
    """Write releases, briefings and a table of results; nothing, if any of them fails."""
    mapping, releases = analysis.mapping, analysis.releases
    questions = {item_name(item): item.text or item_name(item) for item in mapping.item}
    with whole_folder(folder) as draft:
        files = {f"releases/{each.wave.id}.json": encode_release(each) for each in releases}
        files["results.csv"] = results_csv(releases, questions).encode()
        with Renderer() as renderer:
            for number, release in enumerate(releases, start=1):
                progress(f"Writing the briefing of {release.wave.name}")
                html = leadership_html(releases[:number], display_names(mapping))
                files[f"briefing-{release.wave.id}.pdf"] = renderer.render(html)
        files[SUMMARY] = msgspec.json.format(msgspec.json.encode(summary(analysis)))
        write_files(draft, files)


@dataclass(frozen=True, slots=True)
class WaveSummary:
    """What was made of one wave."""

    wave: str
    name: str
    groups: int
    scores_shown: int
    scores_hidden: int
    release: str
    briefing: str
    hash: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What was made of how much, for people and for machines."""

    organisation: str
    rows: int
    waves: tuple[WaveSummary, ...]
    notes: tuple[str, ...]


def summary(analysis: Analysis) -> Summary:
    """Say what was made."""
    waves = tuple(_wave_summary(release) for release in analysis.releases)
    return Summary(analysis.mapping.organisation, analysis.rows, waves, analysis.notes)


def display_names(mapping: SurveyMapping) -> Language:
    """Give the names of this survey's questions in place of our own question bank's."""
    stems = {
        item_name(item): {Wording.ALWAYS: item.text or item_name(item)} for item in mapping.item
    }
    names = {construct_name(item) for item in mapping.item}
    constructs = {name: _title(name) for name in sorted(names)}
    return replace(load_language("en"), stems=stems, constructs=constructs)


def _read_and_count(
    survey: Path, mapping: SurveyMapping, folder: Path, progress: Progress
) -> Counted:
    """Check and count the rows and forget them: only counts leave this function."""
    progress(f"Reading {survey.name}")
    table = read_table(survey, read_options(mapping))
    progress(f"Checking and counting {len(table.frame)} rows")
    rows = code_rows(table, mapping)
    units, people = people_per_unit(rows, mapping, folder)
    problems = list(headcount_problems(rows, units, people, mapping))
    if problems:
        raise DataError(problems)
    reported = reporting(units, people, mapping, table.labels)
    cells = [cell.id for cell in reported.cells]
    return Counted(
        reported=reported,
        people=people,
        waves=count_waves(rows, mapping, cells, reported.cell_of_unit),
        rows=len(table.frame),
        notes=(*table.notes, *_notes(rows, mapping)),
    )


def _notes(rows: CodedRows, mapping: SurveyMapping) -> tuple[str, ...]:
    notes = []
    if mapping.headcount.from_rows:
        notes.append("Head counts are the people in the file, so the response rate is unknown.")
    blank = int((rows.codes == SKIPPED).all(axis=1).sum())
    if mapping.item[0].kind is ItemKind.PERCENT:
        notes.append(_rounding_note(rows))
    elif blank:
        notes.append(f"{blank} rows have no answer at all: they did not take part.")
    return tuple(notes)


def _rounding_note(rows: CodedRows) -> str:
    smallest = int(rows.answers[rows.answers > 0].min(initial=1_000_000))
    return (
        "Percentages were turned back into whole people, which moves a score by up to "
        f"{50 / smallest:.1f} points."
    )


def _wave_summary(release: Release) -> WaveSummary:
    shown = sum(isinstance(result.value, Published) for result in release.results)
    return WaveSummary(
        wave=release.wave.id,
        name=release.wave.name,
        groups=len(release.groups),
        scores_shown=shown,
        scores_hidden=len(release.results) - shown,
        release=f"releases/{release.wave.id}.json",
        briefing=f"briefing-{release.wave.id}.pdf",
        hash=release_hash(release),
    )


def _title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
