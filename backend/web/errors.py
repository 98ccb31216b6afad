"""What a person sees when a request cannot be served, and the little that is logged then."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

AnyRequest = Request[Any, Any, Any]
ErrorPage = Callable[[AnyRequest, int, Mapping[str, str]], Response[str]]

logger = logging.getLogger("canvass.web")
FAILED = 500


def exception_handlers(error_page: ErrorPage) -> ExceptionHandlersMap:
    """Turn every exception into `error_page`; nobody ever sees a trace."""

    def refused(request: AnyRequest, problem: HTTPException) -> Response[str]:
        return error_page(request, problem.status_code, problem.headers or {})

    def failed(request: AnyRequest, problem: Exception) -> Response[str]:
        log_failure(problem)
        return error_page(request, FAILED, {})

    return {HTTPException: refused, Exception: failed}


def log_failure(problem: Exception) -> None:
    """Log the class of an error and the line of code: no message, address or body (SECURITY 7)."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "?"
    if trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}"
    logger.error("%s at %s", type(problem).__name__, place)
