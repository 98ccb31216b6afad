"""Time of a leadership briefing, from release to PDF: the first one and the following ones.

Run with ``python -m benchmarks.briefing``. The bar: at most 2 seconds a briefing.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

from reports.briefings.leadership import leadership_html
from reports.pdf import Renderer
from tests.builders.release import city_releases

BAR_SECONDS = 2.0
WARM_RUNS = 10
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Give what the work gave, and how long it took."""
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def main() -> None:
    """Print the times."""
    releases = city_releases(6)
    html, writing = timed(lambda: leadership_html(releases))
    with Renderer() as renderer:
        first, cold = timed(lambda: renderer.render(html))
        runs = [timed(lambda: renderer.render(html)) for _ in range(WARM_RUNS)]
    assert all(pdf == first for pdf, _ in runs)
    warm = median(seconds for _, seconds in runs)
    print(f"page from six releases        {writing:6.2f} s")
    print(f"PDF, first (starts the child) {cold:6.2f} s")
    print(f"PDF, following, median of {WARM_RUNS}  {warm:6.2f} s   {len(first) / 1000:.0f} kB")
    print(f"bar of {BAR_SECONDS:g} s: {'met' if warm + writing <= BAR_SECONDS else 'missed'}")
    print(f"500 briefings at this rate    {500 * (warm + writing) / 60:6.1f} min")


if __name__ == "__main__":
    main()
