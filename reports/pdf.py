"""From a finished page to a PDF, in a child process that can do no harm.

>>> with Renderer() as renderer:                                    # doctest: +SKIP
...     pdf = renderer.render("<!doctype html><html lang='en'>…")

The child has no way to fetch anything but ``reports/assets``, may use so much memory and processor
time, and is killed when a page takes longer than the wall clock allows. It stays warm for the next
page and is replaced after twenty, because the engine's caches grow.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from reports.errors import PdfError
from reports.pdf_child import DONE, READY, REFUSED

_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "XDG_DATA_DIRS")
_LARGEST_PDF = 256 * 2**20


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """What one page may use, and how many pages one child makes."""

    processor_seconds: int = 30
    wall_seconds: float = 60
    megabytes: int = 1024
    pages_per_child: int = 20


class Renderer:
    """Makes PDFs, one at a time, in a limited child process; safe to share between threads."""

    def __init__(self, limits: RenderLimits | None = None) -> None:
        self._limits = limits or RenderLimits()
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def render(self, html: str) -> bytes:
        """Give the page as PDF/UA-1 and PDF/A-2a; the same page always gives the same bytes."""
        with self._lock:
            child = self._warm_child()
            try:
                return child.render(html)
            finally:
                if child.spoilt or child.pages >= self._limits.pages_per_child:
                    self._drop_child()

    def close(self) -> None:
        """End the child process."""
        with self._lock:
            self._drop_child()

    def _warm_child(self) -> "_Child":
        if self._child is None:
            self._child = _Child(self._limits)
        return self._child

    def _drop_child(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


class _Child:
    """One running child process and the line to it."""

    def __init__(self, limits: RenderLimits) -> None:
        self.pages = 0
        # A child that a page broke off may hold half of it: it makes no other page.
        self.spoilt = False
        self._limits = limits
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own module, no shell
                [
                    sys.executable,
                    "-m",
                    "reports.pdf_child",
                    str(theirs.fileno()),
                    str(limits.megabytes),
                ],
                env=_environment(),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._line = Connection(ours.detach())
        self._started = False

    def render(self, html: str) -> bytes:
        """Send one page and wait for its PDF."""
        self.spoilt = True
        deadline = time.monotonic() + self._limits.wall_seconds
        if not self._started:
            _content(self._receive(deadline), READY)
            self._started = True
        self.pages += 1
        order = f"{self._limits.processor_seconds}\n".encode() + html.encode()
        try:
            self._line.send_bytes(order)
        except OSError as problem:
            raise PdfError(_STOPPED) from problem
        message = self._receive(deadline)
        self.spoilt = message[:1] not in (DONE, REFUSED)
        return _content(message, DONE)

    def _receive(self, deadline: float) -> bytes:
        try:
            if not self._line.poll(max(0.0, deadline - time.monotonic())):
                raise PdfError(
                    f"The page took longer than {self._limits.wall_seconds:g} seconds and was"
                    " stopped. It is larger or more deeply nested than a briefing can be."
                )
            return self._line.recv_bytes(_LARGEST_PDF)
        except (EOFError, OSError) as problem:
            raise PdfError(_STOPPED) from problem

    @property
    def process_id(self) -> int:
        """Number of the child process."""
        return self._process.pid

    def close(self) -> None:
        """Hang up and make sure that the process is gone."""
        self._line.close()
        self._process.kill()
        self._process.wait()


def _content(message: bytes, expected: bytes) -> bytes:
    if message[:1] != expected:
        raise PdfError(message[1:].decode())
    return message[1:]


_STOPPED = (
    "The page used more processor time or memory than a page may, and was stopped."
    " It is larger or more deeply nested than a briefing can be."
)


def _environment() -> dict[str, str]:
    """Pass on only what Python and the font system need: no settings, no secrets."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
