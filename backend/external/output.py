"""Write results into a folder: all of them, or nothing."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from backend.external.errors import OutputError, Problem

SUMMARY = "analysis.json"


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything else than earlier results of this command."""
    if folder.exists() and not folder.is_dir():
        mend = "Name a folder with --out."
        raise OutputError([Problem(str(folder), "is a file.", mend)])
    try:
        foreign = folder.is_dir() and any(folder.iterdir()) and not (folder / SUMMARY).is_file()
    except OSError as error:
        raise _not_writable(folder, error) from None
    if foreign:
        what = "the folder holds other files, which would be lost."
        raise OutputError([Problem(str(folder), what, "Name a new folder with --out.")])


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write to that takes the place of `folder` once everything is written."""
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _not_writable(folder, error) from None
    try:
        results = draft / "new"
        results.mkdir()
        yield results
        if folder.exists():
            folder.rename(draft / "old")
        results.rename(folder)
    except OSError as error:
        raise _not_writable(folder, error) from None
    finally:
        if (draft / "old").exists() and not folder.exists():
            (draft / "old").rename(folder)
        shutil.rmtree(draft, ignore_errors=True)


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        mend = "Change that one, or move it away first."
        raise OutputError([Problem(path.name, "exists already.", mend)]) from None
    except OSError as error:
        raise _not_writable(path, error) from None


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their path inside the folder."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _not_writable(path: Path, error: OSError) -> OutputError:
    what = f"cannot be written ({error.strerror})."
    return OutputError([Problem(str(path), what, "Name a folder you may write to with --out.")])
