"""The process that turns pages into PDF, one after another, under limits it cannot lift.

Started by ``reports.pdf`` as ``python -m reports.pdf_child SOCKET MEGABYTES``. A page comes in as
bytes with the seconds of processor time it may use; a letter and the PDF (or a sentence) go back.
"""

import resource
import sys
from multiprocessing.connection import Connection

from reports.errors import PdfError

READY, DONE, REFUSED, SPOILT = b"R", b"D", b"F", b"S"
LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_LARGEST_FILE = 64 * 2**20


def missing_library(problem: OSError) -> str:
    """Say which system package brings the library the PDF engine could not load."""
    return (
        f"The PDF engine needs Pango, and this machine does not have it ({_first_line(problem)})."
        f" Install it with: apt-get install {LIBRARIES}"
    )


def _first_line(problem: BaseException) -> str:
    return (str(problem).strip() or type(problem).__name__).splitlines()[0]


def _limit(megabytes: int) -> None:
    """Give up, for good, the right to more memory, large files and core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_seconds(seconds: int) -> None:
    """Let the next page use that much processor time; past it the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _render(html: str) -> bytes:
    # Imported here, since without Pango the import itself fails and has to be explained.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    from reports.pdf_assets import AssetFetcher  # noqa: PLC0415
    from reports.pdf_finish import finish  # noqa: PLC0415

    try:
        made = HTML(string=html, url_fetcher=AssetFetcher()).write_pdf(pdf_variant="pdf/a-2a")
    except FatalURLFetchingError as refused:  # not an Exception: it passes all their handlers
        raise PdfError(str(refused)) from refused
    return finish(made)


def _answer(html: str) -> bytes:
    """Render one page; whatever goes wrong becomes a sentence for the parent."""
    try:
        return DONE + _render(html)
    except MemoryError:
        return SPOILT + b"The page needs more memory than a page may use."
    except RecursionError:
        return SPOILT + b"The page is nested too deeply."
    except PdfError as refused:
        return REFUSED + str(refused).encode()
    except Exception as problem:  # the one place where a page meets the engine
        return SPOILT + _first_line(problem).encode()


def main() -> None:
    """Serve pages until the parent hangs up."""
    parent = Connection(int(sys.argv[1]))
    try:
        import weasyprint  # noqa: F401, PLC0415
    except OSError as problem:
        parent.send_bytes(SPOILT + missing_library(problem).encode())
        return
    _limit(int(sys.argv[2]))
    parent.send_bytes(READY)
    while True:
        try:
            seconds, _, html = parent.recv_bytes().partition(b"\n")
        except EOFError:
            return
        _allow_seconds(int(seconds))
        parent.send_bytes(_answer(html.decode()))


if __name__ == "__main__":
    main()
