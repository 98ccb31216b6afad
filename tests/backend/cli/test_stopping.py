"""Ctrl-C and requests to end: no traceback, no process left behind, no half of a demo."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.backend.cli.installation import Installation

PATIENCE = 60
pytestmark = pytest.mark.slow


@contextmanager
def started(*arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command as a shell would in the foreground: in a group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "backend", *arguments],
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ctrl_c(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C: the whole group of processes gets the signal."""
    os.killpg(process.pid, signal.SIGINT)


def ask_to_end(process: subprocess.Popen[str]) -> None:
    """Ask one process to end, as a service manager does."""
    process.terminate()


@pytest.mark.parametrize("stop", [ctrl_c, ask_to_end])
def test_serve_ends_cleanly(
    signed: Installation, stop: Callable[[subprocess.Popen[str]], None]
) -> None:
    """A server that is told to stop finishes what it does and ends with exit code 0."""
    with started("serve", **_environ(signed)) as process:
        _read_until(process, "Stop with Ctrl-C.")
        stop(process)
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_two_servers_share_a_database(signed: Installation) -> None:
    """A second server on other ports works beside the first, on the same database."""
    ports = [_environ(signed), _environ(signed)]
    with started("serve", **ports[0]) as one, started("serve", **ports[1]) as two:
        for process, environ in ((one, ports[0]), (two, ports[1])):
            _read_until(process, "Stop with Ctrl-C.")
            address = ("127.0.0.1", int(environ["CANVASS_BOOTH_PORT"]))
            with socket.create_connection(address, PATIENCE) as booth:
                booth.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                assert booth.recv(15) == b"HTTP/1.1 200 OK"
        for process in (one, two):
            ctrl_c(process)
            process.communicate(timeout=PATIENCE)
            assert process.returncode == 0


@pytest.mark.parametrize("stop", [ctrl_c, ask_to_end])
def test_a_stopped_demo_leaves_no_server(
    tmp_path: Path, stop: Callable[[subprocess.Popen[str]], None]
) -> None:
    """A demo stopped half-way ends its server, says so in one line, and is not taken for whole."""
    out = tmp_path / "out"
    with started("demo", "--out", str(out), PYTHONUNBUFFERED="1") as process:
        # The sample is written once the server runs and the first wave is open.
        while not (out / "sample-cards.pdf").exists():
            assert process.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.2)
        assert _processes_of(out)
        stop(process)
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("canvass: stopped")
    assert not _processes_of(out)
    assert not (out / "planted-truth.json").exists(), "`make serve` would take it for a whole demo"


def _environ(made: Installation) -> dict[str, str]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return {
            "CANVASS_DATABASE": made.settings.database,
            "CANVASS_DATA": str(made.folder),
            "CANVASS_BOOTH_PORT": str(one.getsockname()[1]),
            "CANVASS_OFFICE_PORT": str(two.getsockname()[1]),
        }


def _read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    said = ""
    while words not in said:
        line = process.stdout.readline()
        assert line, said
        said += line


def _processes_of(out: Path) -> list[int]:
    """Give the servers that work on the database in this folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = (folder / "environ").read_bytes()
        except OSError:
            continue
        if f"CANVASS_DATA={out / 'city'}".encode() in environ:
            found.append(int(folder.name))
    return found
