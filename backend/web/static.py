"""The few files pages load: style sheets, one tiny script, the fonts that briefings embed too."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

_TYPES = {
    ".woff2": "font/woff2",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, read once when the app is made."""

    content: bytes
    media_type: str
    digest: str


def load_static_files() -> dict[str, StaticFile]:
    """Every file under ``backend/web/static`` and the fonts of ``reports``, by name."""
    found: dict[str, StaticFile] = {}
    for package, folder in (("backend.web", "static"), ("reports", "assets/fonts")):
        for entry in files(package).joinpath(folder).iterdir():
            suffix = entry.name[entry.name.rfind(".") :]
            if suffix in _TYPES:
                content = entry.read_bytes()
                digest = hashlib.sha256(content).hexdigest()
                found[entry.name] = StaticFile(content, _TYPES[suffix], digest)
    return found


def static_route(static_files: Mapping[str, StaticFile]) -> HTTPRouteHandler:
    """Serve these files and no other; names are keys, so no path can climb out."""

    @get("/static/{name:str}", name="static", sync_to_thread=False)
    def serve_file(name: FromPath[str]) -> Response[bytes]:
        if name not in static_files:
            raise NotFoundException
        chosen = static_files[name]
        return Response(chosen.content, media_type=chosen.media_type)

    return serve_file


def address_of(static_files: Mapping[str, StaticFile], name: str) -> str:
    """Give the address of a file; its digest in the query lets browsers keep it for good."""
    return f"/static/{name}?v={static_files[name].digest[:12]}"
