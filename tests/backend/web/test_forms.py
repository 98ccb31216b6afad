"""Strict reading of forms and query strings."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.exceptions import ClientException

from backend.web.forms import LONGEST_VALUE, MOST_FIELDS, parse_fields

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"", {}),
        (b"a=", {"a": ""}),
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=x+y%20z", {"a": "x y z"}),
        (b"a=%D8%B9", {"a": "\u0639"}),
        (b"a.js2=dk", {"a.js2": "dk"}),
        (b"a=one%0D%0Atwo", {"a": "one\r\ntwo"}),
    ],
)
def test_what_browsers_send_is_read(raw: bytes, fields: dict[str, str]) -> None:
    """Everything that a browser sends from our pages is read as it was typed."""
    assert parse_fields(raw) == fields


@pytest.mark.parametrize(
    "raw",
    [b"a", b"a=1&&b=2", b"a=1&a=1", b"a=%00", b"a=%FF", b"\xff", b"a=%4", b"a=%g0", b"a=%7F",
     b"a=" + b"x" * (LONGEST_VALUE + 1), b"&".join(b"f%d=" % n for n in range(MOST_FIELDS + 1))],
)  # fmt: skip
def test_anything_else_is_refused(raw: bytes) -> None:
    """What no page of ours sends is a client's error."""
    with pytest.raises(ClientException):
        parse_fields(raw)


@given(st.dictionaries(TEXT, TEXT, max_size=8))
def test_reading_undoes_writing(fields: dict[str, str]) -> None:
    """What is written as a form is read back unchanged."""
    assert parse_fields(urlencode(fields).encode()) == fields


@given(st.binary(max_size=80))
def test_no_bytes_do_harm(raw: bytes) -> None:
    """Any bytes are either read or refused."""
    try:
        fields = parse_fields(raw)
    except ClientException:
        return
    assert all("\x00" not in name + value for name, value in fields.items())
