"""Signing in and out."""

import secrets
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from backend.office.scene import FormPart, Office, OfficePart, Problem
from backend.office.throttle import SignInBusy
from backend.office.visitor import VisitorPart, form_token
from backend.store.accounts import Account, verify_password
from backend.store.sessions import end_session, start_session

TOO_MANY, UNAVAILABLE = 429, 503
RETRY_SECONDS = "3"
BUSY = "Many people are signing in just now. Wait a few seconds, then try again."
WRONG = "E-mail address or password is wrong."


@get("/sign-in")
async def show_sign_in(office: OfficePart) -> Response[str]:
    """Ask for e-mail address and password."""
    return _form_page(office)


@post("/sign-in", status_code=303)
async def sign_in(
    request: Request[Any, Any, Any], office: OfficePart, form: FormPart
) -> Response[Any]:
    """Check the password and start a session under a fresh id."""
    email = form.get("email", "")
    if wait := office.throttle.wait_seconds(email):
        return _too_many(office, email, wait)
    try:
        async with office.hashing.place():
            return await _checked(request, office, email, form.get("password", ""))
    except SignInBusy:
        return _form_page(office, email, BUSY, UNAVAILABLE, {"Retry-After": RETRY_SECONDS})


async def _checked(
    request: Request[Any, Any, Any], office: Office, email: str, password: str
) -> Response[Any]:
    """Count the try first, then check: a burst of tries must not outrun the count."""
    if wait := office.throttle.begin(email):
        return _too_many(office, email, wait)
    account = await verify_password(email, password)
    if account is None:
        return _form_page(office, email, WRONG, 400)
    office.throttle.succeeded(email)
    return await _started(request, office, account)


def _too_many(office: Office, email: str, wait: int) -> Response[str]:
    text = f"Too many tries. Wait {wait} seconds, then try again."
    return _form_page(office, email, text, TOO_MANY, {"Retry-After": str(wait)})


@post("/sign-out", status_code=303)
async def sign_out(office: OfficePart, visitor: VisitorPart, form: FormPart) -> Redirect:
    """End the session here and in the store."""
    del form
    await end_session(visitor.token)
    answer = Redirect("/sign-in", status_code=303, headers={"Clear-Site-Data": '"cache"'})
    answer.cookies = [office.cookies.made(office.cookies.session, None)]
    return answer


async def _started(request: Request[Any, Any, Any], office: Office, account: Account) -> Redirect:
    cookies = office.cookies
    old = request.cookies.get(cookies.session)
    session = await start_session(account, datetime.now(UTC), old=old)
    answer = Redirect("/", status_code=303)
    answer.cookies = [
        cookies.made(cookies.session, session.token),
        cookies.made(cookies.form, None),
    ]
    return answer


def _form_page(
    office: Office,
    typed: str = "",
    problem: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    secret = secrets.token_urlsafe(32)
    answer = office.page(
        "sign_in.html",
        "Sign in",
        None,
        status,
        headers=headers,
        csrf=form_token(secret),
        typed=typed,
        errors=[Problem(problem, "email")] if problem else [],
    )
    answer.cookies = [office.cookies.made(office.cookies.form, secret)]
    return answer


ROUTES: tuple[HTTPRouteHandler, ...] = (show_sign_in, sign_in, sign_out)
