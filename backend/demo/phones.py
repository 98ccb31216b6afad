"""Simulated phones: they answer through the booth's own pages, as employees do."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus

import aiohttp

from backend.errors import CanvassError

PHONES_AT_ONCE = 32
WALKS = 50  # one phone in so many goes page by page; the others send the last page's form
TRIES = 5
_NO_COOKIES = aiohttp.DummyCookieJar


class PhoneError(CanvassError):
    """The booth answered a simulated phone in a way no phone should see."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One employee's card and answers, as form fields of the booth."""

    code: str
    fields: Mapping[str, str]
    language: str


async def answer_all(booth: str, sheets: Sequence[Sheet], done: Callable[[], object]) -> None:
    """Let every sheet be answered through the booth; raises at the first refusal."""
    try:
        await _answer_all(booth, sheets, done)
    except ExceptionGroup as group:
        # All phones fail at once, and for one reason: one message tells it.
        first = _first(group)
        if isinstance(first, aiohttp.ClientError | OSError):
            raise PhoneError(f"The booth at {booth} stopped answering: {first}.") from group
        raise first from group


async def _answer_all(booth: str, sheets: Sequence[Sheet], done: Callable[[], object]) -> None:
    waiting = iter(enumerate(sheets))
    connector = aiohttp.TCPConnector(limit=PHONES_AT_ONCE)
    async with (
        aiohttp.ClientSession(
            booth, connector=connector, cookie_jar=aiohttp.DummyCookieJar()
        ) as web,
        asyncio.TaskGroup() as phones,
    ):
        for _ in range(PHONES_AT_ONCE):
            phones.create_task(_phone(web, waiting, done))


def _first(group: ExceptionGroup[Exception]) -> Exception:
    found: Exception = group
    while isinstance(found, ExceptionGroup):
        found = found.exceptions[0]
    return found


async def _phone(
    web: aiohttp.ClientSession, waiting: "enumerate[Sheet]", done: Callable[[], object]
) -> None:
    for number, sheet in waiting:
        await (_walk(web, sheet) if number % WALKS == 0 else _send(web, sheet))
        done()


async def _send(web: aiohttp.ClientSession, sheet: Sheet) -> None:
    """Enter the card, then send the whole sheet as the review page would."""
    first = await _enter(web, sheet)
    hidden = {name: first.hidden[name] for name in ("code", "attempt", "lang")}
    answers = {f"a.{item}": value for item, value in sheet.fields.items()}
    await _cast(web, hidden | answers)


async def _walk(web: aiohttp.ClientSession, sheet: Sheet) -> None:
    """Answer page by page, each page from the one before, as a phone without JavaScript does."""
    page = await _enter(web, sheet)
    while page.action == "/answer":
        choice = sheet.fields.get(page.hidden["item"])
        go = {"go": "skip"} if choice is None else {"go": "next", "choice": choice}
        page = await _post(web, "/answer", page.hidden | go)
    await _cast(web, page.hidden)


async def _enter(web: aiohttp.ClientSession, sheet: Sheet) -> "_Page":
    return await _post(web, "/card", {"code": sheet.code, "lang": sheet.language})


async def _post(web: aiohttp.ClientSession, path: str, form: Mapping[str, str]) -> "_Page":
    async with web.post(path, data=form) as answer:
        text = await answer.text()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise PhoneError(f"The booth answered {answer.status} to {path}.")
        return _Page.read(text)


async def _cast(web: aiohttp.ClientSession, form: Mapping[str, str]) -> None:
    """Send the ballot; when the booth is busy, the same attempt is sent again."""
    for attempt in range(TRIES):
        async with web.post("/cast", data=form) as answer:
            if answer.status == HTTPStatus.CREATED:
                return
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                raise PhoneError(f"The booth answered {answer.status} to a ballot.")
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")) * (attempt + 1))
    raise PhoneError(f"The booth was busy {TRIES} times in a row.")


class _Page(HTMLParser):
    """The form of a booth page: where it goes and the hidden fields it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self._inside = False

    @classmethod
    def read(cls, text: str) -> "_Page":
        page = cls()
        page.feed(text)
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and found.get("action") in ("/answer", "/cast"):
            self.action = found["action"] or ""
            self._inside = True
        elif tag == "input" and self._inside and found.get("type") == "hidden":
            self.hidden[found.get("name") or ""] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
