"""The office as an application of its own, apart from the booth."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Litestar, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from litestar.routes import HTTPRoute

from backend.access import Route, UnguardedRouteError, check_rules
from backend.errors import CanvassError
from backend.office.agreements import ROUTES as AGREEMENTS
from backend.office.overview import overview
from backend.office.results import ROUTES as RESULTS
from backend.office.scene import Office
from backend.office.signing_in import ROUTES as SIGNING_IN
from backend.office.throttle import SignInThrottle
from backend.office.visitor import Cookies, guard, provide_checked_form, provide_visitor
from backend.office.waves import ROUTES as WAVES
from backend.settings import Settings
from backend.store.errors import NotFoundError
from backend.web.errors import FAILED, AnyRequest, exception_handlers
from backend.web.forms import MOST_BYTES, provide_query
from backend.web.headers import header_hook
from backend.web.pages import environment
from backend.web.static import load_static_files, static_route
from backend.web.words import load_words

SIGNED_OUT, FORBIDDEN, NOT_FOUND = 401, 403, 404
MESSAGES = {
    FORBIDDEN: (
        "This is not open to you",
        "Your role may not do this, or this page is out of date.",
    ),
    NOT_FOUND: ("Page not found", "There is nothing at this address."),
    FAILED: ("Something went wrong on our side", "Nothing was changed. Try again in a minute."),
}
UNREADABLE = ("This could not be read", "Go back, load the page again, and try once more.")


def create_office(settings: Settings) -> Litestar:
    """Make the office; it refuses to start if any route lacks its rule in `backend.access`."""
    static_files = load_static_files()
    cookies = Cookies(settings.secure_cookies)
    throttle = SignInThrottle(time.monotonic)
    templates = environment(("backend.office",), static_files)
    office = Office(templates, load_words()["en"], cookies, throttle)
    app = Litestar(
        route_handlers=[
            *SIGNING_IN,
            overview,
            *AGREEMENTS,
            *WAVES,
            *RESULTS,
            static_route(static_files),
        ],
        dependencies={
            "office": Provide(lambda: office, sync_to_thread=False),
            "visitor": Provide(provide_visitor),
            "form": Provide(provide_checked_form),
            "search": Provide(provide_query),
        },
        guards=[guard],
        state=State({"cookies": cookies}),
        # Under no-referrer a browser would send "Origin: null" with our own forms.
        before_send=[header_hook(referrer="same-origin", secure=settings.secure_cookies)],
        exception_handlers=_handlers(office),
        request_max_body_size=MOST_BYTES,
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    check_rules(routes_of(app))
    _check_forms(app)
    return app


def routes_of(app: Litestar) -> Iterator[Route]:
    """List every method and path that the app answers."""
    for route, method, _ in _handlers_of(app):
        yield method, route.path


def _handlers_of(app: Litestar) -> Iterator[tuple[HTTPRoute, str, HTTPRouteHandler]]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise UnguardedRouteError(f"{route.path}: the office serves plain pages only.")
        for method, (handler, _) in route.route_handler_map.items():
            if method != "OPTIONS":
                yield route, str(method), handler


def _check_forms(app: Litestar) -> None:
    """Refuse to start if a handler that changes something does not check its form."""
    for route, method, handler in _handlers_of(app):
        if method != "GET" and "form" not in handler.parsed_fn_signature.parameters:
            raise UnguardedRouteError(f"{method} {route.path}: it must take the checked form.")


def _handlers(office: Office) -> Any:  # noqa: ANN401 - Litestar's own alias is as wide
    def error_page(request: AnyRequest, status: int, headers: Mapping[str, str]) -> Response[Any]:
        if status == SIGNED_OUT:
            return Redirect("/sign-in", status_code=303)
        heading, text = MESSAGES.get(status, UNREADABLE)
        visitor = getattr(request.state, "visitor", None)
        return office.page(
            "message.html", heading, visitor, status, headers=headers, text=text, back="", again=""
        )

    def missing(request: AnyRequest, problem: NotFoundError) -> Response[Any]:
        del problem
        return error_page(request, NOT_FOUND, {})

    def refused(request: AnyRequest, problem: CanvassError) -> Response[Any]:
        visitor = getattr(request.state, "visitor", None)
        heading = "This could not be done"
        return office.page(
            "message.html", heading, visitor, 409, text=str(problem), back="", again=""
        )

    return {**exception_handlers(error_page), NotFoundError: missing, CanvassError: refused}
