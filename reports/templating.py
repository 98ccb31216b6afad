"""One Jinja environment for all pages: everything is escaped, and a missing value is an error."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_ARABIC_FONTS = '<link rel="stylesheet" href="asset:arabic.css">\n'
_COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")


def colours() -> dict[str, str]:
    """Give the colours of the design system by name, for charts, which no style sheet reaches."""
    sheet = (_HERE / "assets" / "design.css").read_text(encoding="utf-8")
    return {name.replace("-", "_"): value for name, value in _COLOUR.findall(sheet)}


def environment() -> Environment:
    """Give the environment with our templates, chart macros and colours."""
    made = Environment(
        loader=FileSystemLoader([_HERE / "templates", _HERE / "charts"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["colours"] = colours()
    return made


def page(template: str, **values: Any) -> str:  # noqa: ANN401  # a template takes what it names
    """Fill one template."""
    html = environment().get_template(template).render(**values)
    return html if _ARABIC.search(html) else html.replace(_ARABIC_FONTS, "")
