"""Both listeners and the job worker in one process: booth for employees, office for the roles."""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from litestar import Litestar

from backend.ballots.box import BallotBox
from backend.ballots.shredding import resume_shredding
from backend.booth.app import create_booth
from backend.db.engine import open_database
from backend.errors import CanvassError
from backend.jobs.worker import work
from backend.office.app import create_office
from backend.settings import Settings
from backend.tasks import job_handlers

HEADER_LIMIT = 16 * 1024
_HIGHEST_PORT = 65535


class PortInUseError(CanvassError):
    """Another program already listens where the booth or the office should."""


class _QuietServer(uvicorn.Server):
    """A server that leaves signals to `serve`, since two of them share the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and let others wait for it: told to stop before, it would not tidy up."""
        await super().startup(sockets)
        self.up.set_result(None)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(settings: Settings, ready: Callable[[], None] | None = None) -> None:
    """Serve the booth and the office until told to stop; `ready` is called when they answer."""
    stopping = _stop_asked()
    with (
        listen(settings.booth_host, settings.booth_port, "CANVASS_BOOTH_PORT") as booth_socket,
        listen(settings.office_host, settings.office_port, "CANVASS_OFFICE_PORT") as office_socket,
    ):
        async with open_database(settings) as engine:
            box = BallotBox(engine)
            await box.start()
            await resume_shredding()
            try:
                await _run(
                    [
                        (_server(create_booth(settings, box)), booth_socket),
                        (_server(create_office(settings)), office_socket),
                    ],
                    stopping,
                    ready or _say_nothing,
                )
            finally:
                await box.stop()


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Open a listening socket, or raise an error that names the setting to change."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as problem:
        listener.close()
        raise PortInUseError(
            f"{host}:{port} cannot be used ({problem.strerror}). {_remedy(problem, port, setting)}"
        ) from problem
    return listener


def _remedy(problem: OSError, port: int, setting: str) -> str:
    if problem.errno == errno.EADDRINUSE:
        other = port + 1000 if port + 1000 <= _HIGHEST_PORT else port - 1000
        return f"Stop what runs there, or choose another port: {setting}={other} canvass serve"
    if problem.errno == errno.EACCES:
        return f"Ports below 1024 need special rights: set {setting} to a higher one."
    return f"Set {setting.replace('_PORT', '_HOST')} to an address of this machine."


def _stop_asked() -> asyncio.Event:
    """Give an event that Ctrl-C or a request to end sets, from now on."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


def _say_nothing() -> None:
    return None


async def _run(
    servers: list[tuple[_QuietServer, socket.socket]],
    stopping: asyncio.Event,
    ready: Callable[[], None],
) -> None:
    worker = asyncio.create_task(work(job_handlers()))
    serving = [asyncio.create_task(server.serve(sockets=[sock])) for server, sock in servers]
    for (server, _), running in zip(servers, serving, strict=True):
        await asyncio.wait([server.up, running], return_when=asyncio.FIRST_COMPLETED)
    ready()
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([stop, worker, *serving], return_when=asyncio.FIRST_COMPLETED)
    for server, _ in servers:
        server.should_exit = True
    for task in (stop, worker):
        task.cancel()
    await asyncio.gather(*serving)
    with contextlib.suppress(asyncio.CancelledError):
        await worker


def _server(app: Litestar) -> _QuietServer:
    """Make a server that writes no access log: the booth must not record who came."""
    return _QuietServer(
        uvicorn.Config(
            app,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            log_level="warning",
            h11_max_incomplete_event_size=HEADER_LIMIT,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
        )
    )
