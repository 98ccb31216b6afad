"""Write files completely or not at all, and say in plain words why one cannot be written."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.errors import CanvassError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FileWriteError(CanvassError):
    """A file or folder cannot be written where it was asked for."""


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turn whatever the disk refuses into one message that names `place` and a remedy."""
    try:
        yield
    except OSError as problem:
        raise not_writable(place, problem) from problem


def not_writable(place: Path, problem: OSError) -> FileWriteError:
    """Say why a place cannot be written, and how to mend it."""
    reason = problem.strerror or type(problem).__name__
    if problem.errno in _FULL:
        return FileWriteError(
            f"{place}: cannot be written ({reason}). Free some space, or name a folder on another "
            "disk with --out."
        )
    return FileWriteError(
        f"{place}: cannot be written ({reason}). Name a folder you may write to with --out."
    )


def write_whole(file: Path, data: bytes) -> None:
    """Write a file so that it has either its old content or all of the new one."""
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.part")
        try:
            draft.write_bytes(data)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a draft folder, for its owner's eyes only, that becomes `folder` if all goes well."""
    with explained(folder):
        if folder.exists() and any(folder.iterdir()):
            raise FileWriteError(f"{folder}: is not empty. Name a new or an empty folder.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            yield draft
            os.rename(draft, folder)  # noqa: PTH104  takes the place of an empty folder
        finally:
            shutil.rmtree(draft, ignore_errors=True)
