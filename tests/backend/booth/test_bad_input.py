"""Whatever is sent to the booth, it never fails: odd input gets a 4xx."""

import random
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.backend.booth.walking import answer_all, enter
from tests.backend.web.reader import Reader
from tests.backend.web.scenes import OpenCity

FORM = "application/x-www-form-urlencoded"
POSTS = ("/card", "/answer", "/cast")
TYPES = ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "a/b",
         f"{FORM}; charset=utf-16", f"{FORM}, text/plain", "\u00e9"]  # fmt: skip
UNREADABLE = {
    "null byte": b"code=%00&lang=en",
    "raw null byte": b"code=\x00",
    "control character": b"code=%1b%5b31m",
    "invalid utf-8": b"code=%ff%fe",
    "overlong utf-8": b"code=%c0%80",
    "surrogate": b"code=%ed%a0%80",
    "raw utf-8": "code=\u0641".encode(),
    "repeated field": b"code=a&code=b",
    "repeated answer": b"a.js2=1&a.js2=2",
    "no equals sign": b"code",
    "only ampersands": b"&&&",
    "broken escape": b"code=%zz",
    "cut escape": b"code=%4",
    "too many fields": b"&".join(b"f%d=1" % n for n in range(200)),
    "long value": b"code=" + b"a" * 5000,
    "json": b'{"code": "x"}',
    "deep json": b"[" * 9000,
}
ODD_FIELDS = [
    {"lang": "xx"},
    {"lang": "../../etc/passwd"},
    {"lang": "__class__"},
    {"attempt": ""},
    {"attempt": "short"},
    {"attempt": "x" * 400},
    {"item": "nonsense"},
    {"item": "us1.expect"},
    {"choice": "-1"},
    {"choice": "99"},
    {"choice": "1.0"},
    {"choice": "\u0661"},
    {"choice": " 1"},
    {"go": "change.nothing"},
    {"go": "change."},
    {"go": "\u202eback"},
    {"from": "review"},
    {"from": "elsewhere"},
    {"a.js2": "9"},
    {"a.js2": "true"},
    {"a.": "1"},
    {"a.__proto__": "1"},
    {"a.nothing": "1"},
    {"code": "{{7*7}}"},
    {"code": "' OR 1=1 --"},
    {"code": "<script>alert(1)</script>"},
    {"unknown": "field"},
]
PATHS = ["/nothing", "/card/x", "/static/", "/static/../app.py", "/static/%2e%2e%2fapp.py",
         "/static/..%252fapp.py", "/schema", "/openapi.json", "/.env", "/%00", "/%ff", "/a" * 500,
         "/static/booth.css/x", "/\u0641"]  # fmt: skip
QUERIES = ["lang=%00", "lang=%ff", "lang=a&lang=b", "lang", "&&", "lang=%zz", "wave=%27",
           "unit=" + "x" * 3000, "=", "lang=%ed%a0%80"]  # fmt: skip


async def send(booth: Reader, path: str, body: bytes, content_type: str = FORM) -> int:
    """Send a body as it is and give the status; the answer's page and headers are checked."""
    headers = {b"content-type": content_type.encode()} if content_type else {}
    response = await booth.client.post(path, content=body, headers=headers)
    return booth.seen(response).status


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("content_type", TYPES)
async def test_only_plain_forms_are_read(booth: Reader, path: str, content_type: str) -> None:
    """A body that is not declared as a plain form is refused with 415."""
    assert await send(booth, path, b"code=x", content_type) == 415


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
async def test_unreadable_forms_are_refused(booth: Reader, path: str, body: bytes) -> None:
    """A form that no page of ours could have sent is refused with 400."""
    assert await send(booth, path, body) == 400


@pytest.mark.parametrize("path", POSTS)
async def test_large_bodies_are_refused(booth: Reader, path: str) -> None:
    """A body past the byte limit is refused with 413, declared or not."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 1024

    assert await send(booth, path, b"code=" + b"a" * 20_000) == 413
    headers = {"content-type": FORM}
    response = await booth.client.post(path, content=pieces(), headers=headers)
    assert booth.seen(response).status == 413


@pytest.mark.parametrize("fields", ODD_FIELDS, ids=str)
async def test_odd_fields_never_fail(booth: Reader, city: OpenCity, fields: dict[str, str]) -> None:
    """A valid page with one field changed gets a page back, never a failure."""
    question = await enter(booth, city.codes[0])
    review = await answer_all(booth, question)
    for path, hidden in (("/answer", question.hidden("/answer")), ("/cast", review.hidden("/cast")),
                         ("/answer", {}), ("/cast", {}), ("/card", {})):  # fmt: skip
        seen = await booth.post(path, hidden | fields)
        assert seen.status < 500
        assert "<script>alert" not in seen.html


@pytest.mark.parametrize("path", PATHS)
async def test_unknown_addresses_are_missing(booth: Reader, path: str) -> None:
    """An address that does not exist is a checked page with 404."""
    assert (await booth.get(path)).status == 404


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("path", ["/", "/results", "/privacy"])
async def test_odd_queries_never_fail(booth: Reader, path: str, query: str) -> None:
    """What stands behind the question mark is read as strictly as a form."""
    assert (await booth.get(f"{path}?{query}")).status in {200, 400}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GET"])
async def test_other_methods_are_refused(booth: Reader, method: str) -> None:
    """Only the method a page uses is allowed."""
    response = await booth.client.request(method, "/cast")
    assert booth.seen(response).status == 405


async def test_random_bytes_never_fail(booth: Reader, city: OpenCity) -> None:
    """Three hundred random bodies, raw and escaped, give no failure."""
    rng = random.Random(7)  # noqa: S311 - noise, not a secret
    for number in range(300):
        noise = rng.randbytes(rng.randrange(60))
        body = (
            noise if number % 2 else f"code={city.codes[0]}&{quote(noise)}={quote(noise)}".encode()
        )
        assert await send(booth, POSTS[number % 3], body) < 500
