"""Releases as both apps hand them out: found by wave, read once, and the same bytes for all."""

import re
from collections import OrderedDict

from litestar import Response

from analysis.disclosure.release import Release, decode_release
from backend.store.briefings import find_briefing
from backend.store.errors import NotFoundError
from backend.store.released import ReleasedWave, find_document, list_released

MOST_KEPT = 8
AUDIENCE, LANGUAGE = "leadership", "en"
"""The one briefing there is so far."""


class Releases:
    """The releases read last, by their hash: a release never changes, so it is decoded once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Release] = OrderedDict()

    async def get(self, released: ReleasedWave) -> Release:
        """Give a release, from memory if it was read before."""
        release = self._kept.get(released.hash)
        if release is None:
            release = decode_release(await document_of(released))
        self._kept[released.hash] = release
        self._kept.move_to_end(released.hash)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return release


async def find_released(wave: str) -> ReleasedWave | None:
    """Give the ledger's entry of a wave, or None before its release."""
    return next((each for each in await list_released() if each.wave == wave), None)


async def document_of(released: ReleasedWave) -> bytes:
    """Give the bytes of a release."""
    document = await find_document(released.hash)
    if document is None:
        raise NotFoundError(f"The ledger has no release {released.hash}.")
    return document


async def release_file(released: ReleasedWave) -> Response[bytes]:
    """Give the release as a file: the bytes whose SHA-256 stands on page and briefing."""
    name = f"{released.wave}-release.json"
    return _download(await document_of(released), "application/json", name)


async def briefing_file(released: ReleasedWave) -> Response[bytes] | None:
    """Give the leadership briefing as PDF, or None while it is being made."""
    pdf = await find_briefing(released.wave, AUDIENCE, LANGUAGE)
    if pdf is None:
        return None
    return _download(pdf, "application/pdf", f"{released.wave}-{AUDIENCE}-{LANGUAGE}.pdf")


def _download(content: bytes, media_type: str, name: str) -> Response[bytes]:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
    return Response(content, media_type=media_type, headers=headers)
