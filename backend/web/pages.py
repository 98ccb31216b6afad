"""Rendering of pages: one Jinja environment per app, strict about missing values."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import Response

from backend.web.static import StaticFile, address_of

Render = Callable[..., Response[str]]


def environment(packages: tuple[str, ...], static_files: Mapping[str, StaticFile]) -> Environment:
    """Make a Jinja environment: the ``templates`` of `packages`, then the shared ones."""
    loaders = [PackageLoader(package) for package in (*packages, "backend.web")]
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = lambda name: address_of(static_files, name)
    return made


def page(
    templates: Environment,
    name: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,  # noqa: ANN401 - templates take values of every kind
) -> Response[str]:
    """Render the template `name` as a whole HTML page."""
    html = templates.get_template(name).render(**context)
    return Response(
        html,
        status_code=status,
        headers=dict(headers or {}),
        media_type="text/html",
    )
