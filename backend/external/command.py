"""The command `canvass analyse`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from analysis.errors import AnalysisError
from backend.external.analyse import (
    Analysis,
    analyse_file,
    default_mapping,
    summary,
    write_results,
)
from backend.external.errors import ExternalError, Problem
from backend.external.output import check_folder, write_new
from backend.external.propose import propose
from backend.external.reading import read_table
from reports.errors import ReportsError


@click.command("analyse")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="What the columns mean. Default: FILE.mapping.toml or mapping.toml beside FILE.",
)
@click.option("--init", is_flag=True, help="Propose a mapping from the file and stop.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the results.")
@click.option("--json", "as_json", is_flag=True, help="Say what was made as JSON.")
def analyse(file: Path, mapping: Path | None, init: bool, out: Path | None, as_json: bool) -> None:
    """Turn a survey FILE of another tool (CSV, Excel, SPSS, Parquet) into releases and briefings.

    The rows are counted and forgotten. The results obey the same rules as any other wave: groups
    with too few answers are hidden, also where a difference would show them.
    """
    try:
        if init:
            _init(file, mapping, as_json=as_json)
        else:
            _analyse(file, mapping or default_mapping(file), out or Path("out") / file.stem,
                     as_json=as_json)  # fmt: skip
    except ExternalError as error:
        _refuse(error.shown, len(error.problems), as_json=as_json)
    except AnalysisError as error:
        _refuse([Problem("Release", str(error))], 1, as_json=as_json)
    except ReportsError as error:
        _refuse([Problem("Briefing", str(error))], 1, as_json=as_json)


def _init(file: Path, mapping: Path | None, *, as_json: bool) -> None:
    target = mapping or file.with_name(f"{file.stem}.mapping.toml")
    proposal = propose(read_table(file), datetime.now(tz=UTC).date())
    write_new(target, proposal.text)
    if as_json:
        click.echo(json.dumps({"mapping": str(target), "guesses": proposal.guesses}, indent=2))
        return
    click.echo("Guessed from the names and values of the columns:")
    for guess in proposal.guesses:
        click.echo(f"  {guess}")
    click.echo(f"Wrote {target}.")
    click.echo("Check each line with CHECK, above all the order of the answers. Then:")
    click.echo(f"  canvass analyse {file}" + (f" --mapping {mapping}" if mapping else ""))


def _analyse(file: Path, mapping: Path, out: Path, *, as_json: bool) -> None:
    check_folder(out)
    console = Console(stderr=True, quiet=as_json)
    with console.status("Starting") as status:
        analysis = analyse_file(file, mapping, status.update)
        write_results(analysis, out, status.update)
    if as_json:
        click.echo(json.dumps({"out": str(out), **asdict(summary(analysis))}, indent=2))
        return
    for line in _closing(analysis, out):
        click.echo(line)


def _closing(analysis: Analysis, out: Path) -> list[str]:
    lines = [f"Note: {note}" for note in analysis.notes]
    lines += [
        f"{wave.name}: {wave.groups} groups, {wave.scores_shown} scores shown, "
        f"{wave.scores_hidden} hidden."
        for wave in summary(analysis).waves
    ]
    last = analysis.releases[-1].wave.id
    lines.append(f"Counted {analysis.rows} rows and forgot them. Results are in {out}:")
    lines.append(f"  {out / f'briefing-{last}.pdf'}  two pages for the leadership")
    lines.append(f"  {out / 'results.csv'}  every published number")
    lines.append(f"  {out / 'releases'}  one release for each wave")
    return lines


def _refuse(problems: Sequence[Problem], found: int, *, as_json: bool) -> None:
    if as_json:
        listed = [{"where": p.where, "what": p.what, "mend": p.mend} for p in problems]
        click.echo(json.dumps({"problems": listed, "found": found}, indent=2))
    else:
        plural = "problem" if found == 1 else "problems"
        click.echo(f"Nothing was written: {found} {plural}.", err=True)
        for problem in problems:
            click.echo(f"  {problem}", err=True)
    sys.exit(1)
