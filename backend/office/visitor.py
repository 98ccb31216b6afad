"""Who is asking: the session behind a request, and the two cookies of the office."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.params import SkipValidation

from backend.access import Route, may, needs_sign_in
from backend.store.accounts import Account
from backend.store.sessions import find_session
from backend.web.forms import Form, provide_form

Connection = ASGIConnection[Any, Any, Any, Any]
LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone who signed in; `token` is the value of the session cookie."""

    account: Account
    csrf: str
    token: str


@dataclass(frozen=True, slots=True)
class Cookies:
    """How the office names and protects its cookies."""

    secure: bool

    @property
    def session(self) -> str:
        """Give the name of the session cookie."""
        return self._name("session")

    @property
    def form(self) -> str:
        """Give the name of the cookie that guards the sign-in form before there is a session."""
        return self._name("form")

    def made(self, name: str, value: str | None) -> Cookie:
        """Make a cookie that no script reads and no other site sends; None deletes it."""
        return Cookie(
            key=name,
            value=value or "",
            max_age=None if value else 0,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )

    def _name(self, purpose: str) -> str:
        # The prefix makes browsers refuse the cookie unless it is secure and for this host alone.
        return f"{'__Host-' if self.secure else ''}canvass-{purpose}"


def form_token(secret: str) -> str:
    """Give the token that the sign-in form carries for the secret in its cookie."""
    return hashlib.sha256(b"canvass form\0" + secret.encode()).hexdigest()


async def find_visitor(connection: Connection, cookies: Cookies) -> Visitor | None:
    """Find who is signed in; an id that the store never made means nobody."""
    token = connection.cookies.get(cookies.session, "")
    if not token or len(token) > LONGEST_TOKEN:
        return None
    session = await find_session(token, datetime.now(UTC))
    return Visitor(session.account, session.csrf, token) if session else None


def route_of(connection: Connection) -> Route:
    """Name the route a request was matched to, as `access.RULES` writes it."""
    handler_paths = connection.route_handler.paths
    method = str(connection.scope.get("method", ""))
    return method, next(iter(handler_paths))


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a request pass only if the table says so; default deny."""
    del handler
    route = route_of(connection)
    if route[0] == "OPTIONS" or not needs_sign_in(route):
        return
    visitor = await find_visitor(connection, connection.app.state.cookies)
    if visitor is None:
        raise NotAuthorizedException
    if not may(visitor.account.role, route):
        raise PermissionDeniedException
    connection.state.visitor = visitor


async def provide_visitor(request: Request[Any, Any, Any]) -> Visitor:
    """Give the visitor whom the guard let pass."""
    visitor: Visitor = request.state.visitor
    return visitor


async def provide_checked_form(request: Request[Any, Any, Any]) -> Form:
    """Give a form that was sent from our own page by the person who is signed in."""
    if not _is_same_origin(request):
        raise HTTPException("This form was sent from another site.", status_code=403)
    form = await provide_form(request)
    if form.get("csrf", "") != _expected_token(request):
        raise HTTPException("This page is out of date. Load it again.", status_code=403)
    return form


def _is_same_origin(request: Request[Any, Any, Any]) -> bool:
    """Trust what browsers say about where a form came from; a form from nowhere is refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return origin.partition("://")[2] == request.headers.get("host") != ""


def _expected_token(request: Request[Any, Any, Any]) -> str:
    visitor = getattr(request.state, "visitor", None)
    if isinstance(visitor, Visitor):
        return visitor.csrf
    cookies: Cookies = request.app.state.cookies
    return form_token(request.cookies.get(cookies.form, ""))


VisitorPart = NamedDependency[SkipValidation[Visitor]]
