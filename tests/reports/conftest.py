"""One warm renderer for all tests of pages: starting the engine takes longer than a page."""

from collections.abc import Iterator

import pytest

from reports.pdf import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """Give a renderer that all tests of a worker share."""
    with Renderer() as shared:
        yield shared
