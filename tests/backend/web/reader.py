"""A reader of our pages: fetches them from the app itself and checks every one it gets."""

import re
from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

import httpx
from litestar import Litestar

from tests.browser import check_headers, check_page, text_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One page as it came: status, headers, and its checked tree."""

    status: int
    headers: dict[str, str]
    html: str
    tree: Element

    @property
    def heading(self) -> str:
        """Give the text of the one main heading."""
        heading = self.tree.find(".//h1")
        assert heading is not None
        return text_of(heading)

    @property
    def text(self) -> str:
        """Give all text of the page's body in one line."""
        body = self.tree.find("body")
        assert body is not None
        return text_of(body)

    def hidden(self, action: str) -> dict[str, str]:
        """Give the hidden fields of the form that goes to `action`."""
        forms = [form for form in self.tree.iter("form") if form.get("action") == action]
        assert len(forms) == 1, f"{len(forms)} forms to {action}"
        return {
            field.get("name", ""): field.get("value", "")
            for field in forms[0].iter("input")
            if field.get("type") == "hidden"
        }

    def has_form(self, action: str) -> bool:
        """Tell whether the page has a form that goes to `action`."""
        return any(form.get("action") == action for form in self.tree.iter("form"))

    def checked(self) -> str | None:
        """Give the value of the radio button that is marked."""
        marked = [field for field in self.tree.iter("input") if "checked" in field.attrib]
        return marked[0].get("value") if marked else None


class Reader:
    """Fetches pages of one app; `cookies` tells whether the app may set any."""

    def __init__(self, app: Litestar, *, cookies: bool) -> None:
        self.cookies = cookies
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),  # type: ignore[arg-type]  # ASGI, typed twice
            base_url="http://canvass.test",
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.client.aclose()

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Seen:
        """Fetch a page."""
        return self.seen(await self.client.get(path, headers=headers))

    async def post(
        self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None
    ) -> Seen:
        """Send a form, as a browser would from our own page."""
        origin = {"Origin": "http://canvass.test", **(headers or {})}
        return self.seen(await self.client.post(path, data=fields, headers=origin))

    def seen(self, response: httpx.Response) -> Seen:
        """Check whatever came."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        check_headers(headers, cookies=self.cookies)
        if response.is_redirect:
            return Seen(response.status_code, headers, "", Element("html"))
        assert re.match("text/html; charset=utf-8$", headers["content-type"])
        return Seen(response.status_code, headers, response.text, check_page(response.text))
