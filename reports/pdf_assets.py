"""The only things a page may load while it becomes a PDF: our own fonts, style sheets and icons.

Left alone, the PDF engine fetches whatever a page names, local files included, so one hostile
department name could put ``/etc/passwd`` into a briefing. Here every address is refused except
``asset:`` names of files that ship in ``reports/assets``.
"""

import io
import re
from collections.abc import Mapping
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from fontTools.ttLib import woff2
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ASSETS = Path(__file__).parent / "assets"

_MEDIA_TYPES = {".css": "text/css", ".woff2": "font/ttf", ".svg": "image/svg+xml"}
_NAME = re.compile(r"asset:((?:[a-z]+/)?[A-Za-z0-9-]+(?:\.css|\.woff2|\.svg))")
_LONGEST_SHOWN = 80


def asset_path(url: str) -> Path | None:
    """Give the shipped file an ``asset:`` address names, or None for any other address."""
    match = _NAME.fullmatch(url)
    if match is None:
        return None
    path = ASSETS / match[1]
    return path if path.is_file() else None


@cache
def _content(path: Path) -> bytes:
    """Read a shipped file once a process; a font also unpacks once instead of on every page."""
    if path.suffix != ".woff2":
        return path.read_bytes()
    unpacked = io.BytesIO()
    with path.open("rb") as packed:
        woff2.decompress(packed, unpacked)
    return unpacked.getvalue()


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Serve ``asset:`` names and stop the whole page at the first other address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)

    def fetch(self, url: str, _headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Give one shipped file."""
        path = asset_path(url)
        if path is None:
            shown = url if len(url) <= _LONGEST_SHOWN else url[:_LONGEST_SHOWN] + "…"
            # Fatal: an ordinary exception would only drop the picture and go on.
            raise FatalURLFetchingError(
                f"The page asked for {shown!r}. A briefing may load only files of reports/assets,"
                " by names such as asset:design.css."
            )
        media = EmailMessage()
        media["Content-Type"] = _MEDIA_TYPES[path.suffix]
        return URLFetcherResponse(url, body=_content(path), headers=media)
