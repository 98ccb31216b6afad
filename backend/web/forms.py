"""Strict reading of form bodies and query strings: odd input is refused with 4xx, never a 500."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.exceptions import ClientException, HTTPException

MOST_FIELDS = 120
LONGEST_VALUE = 2000
MOST_BYTES = 16 * 1024

Form = Mapping[str, str]

_FORM_TYPE = re.compile(
    r'application/x-www-form-urlencoded(\s*;\s*charset="?utf-8"?)?\s*', re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


async def provide_form(request: Request[Any, Any, Any]) -> Form:
    """Give the fields of a submitted form, or a 4xx that says what was wrong with it."""
    if not _FORM_TYPE.fullmatch(request.headers.get("content-type", "")):
        raise HTTPException("Send this form from the page itself.", status_code=415)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException("Send this form without compression.", status_code=415)
    return parse_fields(await request.body())


async def provide_query(request: Request[Any, Any, Any]) -> Form:
    """Give the fields behind the question mark, read as strictly as a form."""
    return parse_fields(request.scope["query_string"])


def parse_fields(raw: bytes) -> Form:
    """Decode ``a=b&c=d``; refuses repeated names, control characters and broken escapes."""
    try:
        text = raw.decode("ascii")
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=bool(text),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as problem:
        raise ClientException("The form could not be read.") from problem
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ClientException("A field was sent twice.")
    if _BROKEN_ESCAPE.search(text) or any(_is_odd(part) for pair in pairs for part in pair):
        raise ClientException("The form holds characters that no page of ours sends.")
    return MappingProxyType(fields)


def _is_odd(part: str) -> bool:
    return len(part) > LONGEST_VALUE or _CONTROL.search(part) is not None
