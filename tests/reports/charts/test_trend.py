"""Tests of the trend chart: where lines join, where they break, and what the table says."""

import re

from reports.charts.trend import Frame, scale, trend
from reports.templating import environment
from tests.reports import layouts

FRAME = Frame(168, 76, 0, 100)


def _draw(construct: str) -> str:
    chart = trend(layouts.releases(), construct, {}, FRAME)
    template = environment().from_string(
        '{% from "trend.html" import trend_chart %}{{ trend_chart(chart) }}'
    )
    return template.render(chart=chart)


def test_same_words_make_one_line() -> None:
    """A question asked in the same words in all waves is one line without a break."""
    chart = trend(layouts.releases(), "job_security", {}, FRAME)
    assert len(chart.lines) == 1
    assert len(chart.points) == 6
    assert not chart.breaks
    assert all(point.solid for point in chart.points)


def test_line_breaks_where_the_wording_changes() -> None:
    """Expectation and experience are two lines with a mark between them, never one."""
    chart = trend(layouts.releases(), "usefulness", {}, FRAME)
    assert len(chart.lines) == 2
    assert len(chart.breaks) == 1
    assert [point.solid for point in chart.points] == [False] * 2 + [True] * 4
    ends = [float(re.findall(r"([\d.]+),", line)[-1]) for line in chart.lines]
    starts = [float(re.findall(r"([\d.]+),", line)[0]) for line in chart.lines]
    assert ends[0] < chart.breaks[0].x < starts[1]
    assert [cell.broken for cell in chart.cells].index(True) == 2


def test_hidden_wave_leaves_a_gap() -> None:
    """A wave whose score is withheld is no point, and no line runs across it."""
    releases = list(layouts.releases())
    releases[3] = layouts.hidden(releases[3])
    chart = trend(releases, "readiness", {}, FRAME)
    assert len(chart.points) == 5
    assert len(chart.lines) == 2
    assert chart.cells[3].text == "hidden"


def test_chart_and_table_say_the_same() -> None:
    """The title that a screen reader speaks holds every score of the table."""
    chart = trend(layouts.releases(), "surveillance", {}, FRAME)
    spoken = re.findall(r"(\d+).\(", chart.summary)
    assert spoken == [cell.text.split(" ")[0] for cell in chart.cells]


def test_drawing_has_a_title_and_no_style() -> None:
    """A drawing starts with its title, carries no style attribute and no text but digits."""
    drawn = _draw("usefulness")
    assert re.match(r"\s*<svg[^>]*>\s*<title>[^<]+</title>", drawn)
    assert "style=" not in drawn
    assert "gradient" not in drawn
    assert all(text.isdigit() for text in re.findall(r"<text[^>]*>([^<]*)</text>", drawn))


def test_scale_holds_all_limits() -> None:
    """The scale of charts side by side is one, and no limit lies outside it."""
    releases = layouts.releases()
    low, high = scale(releases, ("job_security", "surveillance"))
    frame = Frame(168, 76, low, high)
    for construct in ("job_security", "surveillance"):
        for point in trend(releases, construct, {}, frame).points:
            assert frame.top <= point.high_y <= point.y <= point.low_y
            assert point.low_y <= frame.height - frame.bottom


def test_scale_without_scores_is_whole() -> None:
    """Where every score is withheld the scale is 0 to 100 and the chart is empty."""
    releases = (layouts.hidden(layouts.releases()[-1]),)
    assert scale(releases, ("job_security",)) == (0, 100)
    assert not trend(releases, "job_security", {}, FRAME).points
