"""The booth as an application of its own: nothing here can set a cookie or know a visitor."""

from collections.abc import Mapping

from litestar import Litestar, Response
from litestar.di import Provide

from backend.ballots.box import BallotBox
from backend.booth.answering import ROUTES as ANSWERING
from backend.booth.public import ROUTES as PUBLIC
from backend.booth.scene import Booth
from backend.booth.welcome import welcome
from backend.settings import Settings
from backend.web.errors import FAILED, AnyRequest, exception_handlers
from backend.web.forms import MOST_BYTES, provide_form, provide_query
from backend.web.headers import header_hook
from backend.web.pages import environment
from backend.web.static import load_static_files, static_route
from backend.web.words import load_words, preferred

NOT_FOUND = 404


def create_booth(settings: Settings, box: BallotBox) -> Litestar:
    """Make the employees' side; the database must be open while it serves."""
    static_files = load_static_files()
    booth = Booth(box, environment(("backend.booth",), static_files), load_words())

    def error_page(request: AnyRequest, status: int, headers: Mapping[str, str]) -> Response[str]:
        accepted = request.headers.get("accept-language", "")
        words = booth.language(preferred(accepted, booth.words) or "")
        keys = {NOT_FOUND: "missing", FAILED: "error"}
        return booth.message(words, keys.get(status, "refused"), status, headers=headers)

    return Litestar(
        route_handlers=[welcome, *ANSWERING, *PUBLIC, static_route(static_files)],
        dependencies={
            "booth": Provide(lambda: booth, sync_to_thread=False),
            "form": Provide(provide_form),
            "search": Provide(provide_query),
        },
        before_send=[header_hook(referrer="no-referrer", secure=settings.secure_cookies)],
        exception_handlers=exception_handlers(error_page),
        request_max_body_size=MOST_BYTES,
        openapi_config=None,
        # Litestar would log each exception with its locals: answers must never reach a log.
        logging_config=None,
        debug=False,
    )
