"""`canvass serve` and `canvass doctor`: run the web application, check the machine."""

import click
import uvloop

from backend.cli.running import console, with_database
from backend.demo.run import SIGN_INS
from backend.errors import CanvassError
from backend.server import PortInUseError, listen
from backend.server import serve as run_server
from backend.settings import Settings
from reports.errors import ReportsError
from reports.pdf import Renderer


@click.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Open the booth and the office; stop with Ctrl-C."""
    console.print(f"Booth  (employees)  http://{settings.booth_host}:{settings.booth_port}")
    console.print(f"Office (HR, union)  http://{settings.office_host}:{settings.office_port}")
    sign_ins = settings.data / SIGN_INS
    if sign_ins.exists():
        console.print("Sign-ins of the demo organisation:")
        console.print(sign_ins.read_text(encoding="utf-8"), end="")
    uvloop.run(run_server(settings))


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check database, ports and PDF libraries; say what to mend."""
    checks = {
        "database": lambda: with_database(settings, _nothing),
        "booth port": lambda: _port(settings.booth_host, settings.booth_port, "CANVASS_BOOTH_PORT"),
        "office port": lambda: _port(
            settings.office_host, settings.office_port, "CANVASS_OFFICE_PORT"
        ),
        "PDF": _pdf,
    }
    failed = 0
    for name, check in checks.items():
        try:
            check()
            console.print(f"ok      {name}")
        except (CanvassError, ReportsError, PortInUseError) as problem:
            failed += 1
            console.print(f"FAILED  {name}: {problem}")
    if failed:
        raise CanvassError(f"{failed} of {len(checks)} checks failed.")


async def _nothing() -> None:
    return None


def _port(host: str, port: int, setting: str) -> None:
    listen(host, port, setting).close()


def _pdf() -> None:
    page = '<!doctype html><html lang="en"><title>Check</title><h1>Check</h1></html>'
    with Renderer() as renderer:
        renderer.render(page)
