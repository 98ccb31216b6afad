"""Every setting of an installation, read once from the environment and passed down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from backend.errors import SettingsError

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off", ""})
_HIGHEST_PORT = 65535
_LOOPBACK = "127.0.0.1"
_BOOTH_PORT = 8001
_OFFICE_PORT = 8002


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    raw = environ.get(name, str(default)).strip()
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw) <= _HIGHEST_PORT):
        raise SettingsError(f'{name} is "{raw}". Give a port number from 1 to {_HIGHEST_PORT}.')
    return int(raw)


def _yes(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    raw = environ.get(name, "yes" if default else "no").strip().lower()
    if raw not in _YES | _NO:
        raise SettingsError(f'{name} is "{raw}". Say yes or no.')
    return raw in _YES


def _host(environ: Mapping[str, str], name: str, default: str) -> str:
    raw = environ.get(name, default).strip()
    if not raw or any(character in raw for character in " /@"):
        raise SettingsError(f'{name} is "{raw}". Give a host name or address, e.g. 127.0.0.1.')
    return raw


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    raw = environ.get(name, default).strip().rstrip("/")
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f'{name} is "{raw}". Give a full address, e.g. https://pulse.city.gov.')
    return raw


def _database(environ: Mapping[str, str], name: str, default: str) -> str:
    raw = environ.get(name, default).strip()
    if raw.startswith("sqlite:///") and len(raw) > len("sqlite:///"):
        return raw
    # The value may hold a password, so the message never repeats it.
    if not raw.startswith(("postgresql://", "postgres://")):
        raise SettingsError(
            f"{name} is neither a SQLite nor a PostgreSQL address. Use "
            "sqlite:////var/lib/canvass/canvass.sqlite or postgresql://user@host:5432/canvass."
        )
    try:
        parts = urlsplit(raw)
        named = bool(parts.path.strip("/")) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named:
        raise SettingsError(
            f"{name} needs a database name and, if given, a port number: "
            "postgresql://user@host:5432/canvass."
        )
    return raw


@dataclass(frozen=True, slots=True)
class Settings:
    """Where an installation keeps its data and where it listens."""

    # Kept out of repr: the address may hold a password and must not reach a log.
    database: str = field(repr=False)
    data: Path
    booth_host: str = _LOOPBACK
    booth_port: int = _BOOTH_PORT
    office_host: str = _LOOPBACK
    office_port: int = _OFFICE_PORT
    secure_cookies: bool = False
    booth_address: str = "http://127.0.0.1:8001"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read all settings from ``CANVASS_...`` variables; a bad value raises SettingsError."""
        data = Path(environ.get("CANVASS_DATA", "canvass-data").strip() or "canvass-data")
        booth_host = _host(environ, "CANVASS_BOOTH_HOST", _LOOPBACK)
        booth_port = _port(environ, "CANVASS_BOOTH_PORT", _BOOTH_PORT)
        office_port = _port(environ, "CANVASS_OFFICE_PORT", _OFFICE_PORT)
        if booth_port == office_port:
            raise SettingsError(
                f"CANVASS_BOOTH_PORT and CANVASS_OFFICE_PORT are both {booth_port}. "
                "Booth and office are two listeners: give them two ports."
            )
        return cls(
            database=_database(environ, "CANVASS_DATABASE", f"sqlite:///{data / 'canvass.sqlite'}"),
            data=data,
            booth_host=booth_host,
            booth_port=booth_port,
            office_host=_host(environ, "CANVASS_OFFICE_HOST", _LOOPBACK),
            office_port=office_port,
            secure_cookies=_yes(environ, "CANVASS_SECURE_COOKIES", default=False),
            booth_address=_address(
                environ, "CANVASS_BOOTH_ADDRESS", f"http://{booth_host}:{booth_port}"
            ),
        )
