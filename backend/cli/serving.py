"""`canvass serve` and `canvass doctor`: run the web application, check the machine."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop

from backend.cli import settings_from
from backend.cli.problems import KNOWN_PROBLEMS, in_words
from backend.cli.running import check_exists, console, with_database
from backend.demo import SIGN_INS
from backend.errors import CanvassError
from backend.settings import Settings


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the installation, if not given before the command.",
)
@click.pass_obj
def serve(settings: Settings, data: Path | None) -> None:
    """Open the booth and the office; stop with Ctrl-C."""
    chosen = settings if data is None else settings_from(data)
    check_exists(chosen)
    # The web application takes seconds to load; a refusal should not.
    from backend.server import serve as run_server  # noqa: PLC0415

    uvloop.run(run_server(chosen, lambda: _tell(chosen)))


def _tell(settings: Settings) -> None:
    console.print(f"Booth  (employees)  http://{settings.booth_host}:{settings.booth_port}")
    console.print(f"Office (HR, union)  http://{settings.office_host}:{settings.office_port}")
    sign_ins = settings.data / SIGN_INS
    if sign_ins.exists():
        console.print("Sign-ins of the demo organisation:")
        console.print(sign_ins.read_text(encoding="utf-8"), end="")
    console.print("Stop with Ctrl-C.")


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check database, ports and PDF libraries; say what to mend."""
    checks: dict[str, Callable[[], None]] = {
        "database": lambda: with_database(settings, _nothing),
        "booth port": lambda: _port(settings.booth_host, settings.booth_port, "CANVASS_BOOTH_PORT"),
        "office port": lambda: _port(
            settings.office_host, settings.office_port, "CANVASS_OFFICE_PORT"
        ),
        "PDF": _pdf,
        "jobs": lambda: with_database(settings, _jobs),
        "ledger": lambda: with_database(settings, _ledger),
    }
    failed = sum(not _passes(name, check) for name, check in checks.items())
    if failed:
        raise CanvassError(f"{failed} of {len(checks)} checks failed; see above how to mend them.")


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except KNOWN_PROBLEMS as problem:
        said = str(problem)
    except OSError as problem:
        said = in_words(problem)
    else:
        console.print(f"ok      {name}")
        return True
    console.print(f"FAILED  {name}: {said}")
    return False


async def _nothing() -> None:
    return None


async def _jobs() -> None:
    from backend.jobs.queue import list_trouble  # noqa: PLC0415

    trouble = await list_trouble(datetime.now(UTC))
    if trouble:
        raise CanvassError("\n".join(["some are in trouble.", *(f"- {job}" for job in trouble)]))


async def _ledger() -> None:
    from backend.store.releases import ledger_problems  # noqa: PLC0415
    from backend.store.rollouts import list_rollouts  # noqa: PLC0415

    found = [line for each in await list_rollouts() for line in await ledger_problems(each.id)]
    if found:
        raise CanvassError(
            "\n".join(
                [
                    "releases were changed after they were made. Restore a backup.",
                    *(f"- {line}" for line in found),
                ]
            )
        )


def _port(host: str, port: int, setting: str) -> None:
    from backend.server import listen  # noqa: PLC0415

    listen(host, port, setting).close()


def _pdf() -> None:
    from reports.pdf import Renderer  # noqa: PLC0415

    page = '<!doctype html><html lang="en"><title>Check</title><h1>Check</h1></html>'
    with Renderer() as renderer:
        renderer.render(page)
