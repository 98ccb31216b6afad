"""Tests of the leadership briefing: two pages, whatever the organisation looks like."""

import re
from collections.abc import Callable

import pytest

from analysis.disclosure.encoding import release_hash
from analysis.disclosure.release import Change, Published, Release, Verdict
from analysis.methods.gates import VerdictKind
from reports import wording
from reports.briefings.leadership import Paper, leadership_html
from reports.errors import ReportsError
from reports.pdf import Renderer
from reports.tables import departments
from tests.builders.release import city_releases, suppressed_release
from tests.reports import layouts
from tests.reports.checks import assert_strict, findings, pages, unembedded_fonts

LONG = "The Metropolitan Department of Comprehensive Infrastructure and Public Works Administration"
HOSTILE = "<script>alert(1)</script><img src=x>&amp;{{7*7}}"
OVERRIDE = "Parks\N{RIGHT-TO-LEFT OVERRIDE}dlog\N{NULL}"
SCORED = re.compile(r"\d+ \(−?\d+ to −?\d+\)")  # noqa: RUF001  # minus signs as printed

SHAPES: dict[str, Callable[[], tuple[Release, ...]]] = {
    "eight departments": layouts.releases,
    "three departments": lambda: layouts.releases(
        layouts.City(departments=layouts.DEPARTMENTS[:3])
    ),
    "forty departments": lambda: layouts.releases(layouts.City(departments=layouts.many(40))),
    "first wave": lambda: layouts.releases(layouts.City(waves=("Announcement",))),
    "twelve waves": lambda: layouts.releases(
        layouts.City(waves=[f"Wave {number}" for number in range(12)])
    ),
    "no gates": lambda: layouts.releases(layouts.City(gates=False)),
    "no gates, forty departments": lambda: layouts.releases(
        layouts.City(departments=layouts.many(40), gates=False)
    ),
    "all hidden": lambda: (layouts.hidden(layouts.releases()[-1]),),
    "all hidden after five waves": lambda: (
        *layouts.releases()[:-1],
        layouts.hidden(layouts.releases()[-1]),
    ),
    "long names": lambda: layouts.releases(layouts.renamed(layouts.City(), LONG)),
    "long names, many": lambda: layouts.releases(
        layouts.renamed(layouts.City(departments=layouts.many(40)), LONG)
    ),
    "one endless word": lambda: layouts.releases(layouts.renamed(layouts.City(), "W" * 400)),
    "hostile names": lambda: layouts.releases(layouts.renamed(layouts.City(), HOSTILE)),
    "arabic names": lambda: layouts.releases(
        layouts.renamed(layouts.City(), "بلدية المدينة الكبرى")
    ),
    "real analysis": lambda: city_releases(6),
    "real analysis, first wave": lambda: city_releases(1),
    "real analysis, hardly an answer": lambda: (suppressed_release(),),
}


def _row(html: str, name: str) -> str:
    """Give the verdict row of a department."""
    found = re.search(rf'<th scope="row">{re.escape(name)}</th>.*?</tr>', html, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("shape", SHAPES)
def test_always_two_pages(renderer: Renderer, shape: str, paper: Paper) -> None:
    """Whatever the organisation looks like: strict HTML, two full pages, accessible, archivable."""
    releases = SHAPES[shape]()
    html = leadership_html(releases, paper=paper)
    assert_strict(html)
    pdf = renderer.render(html)
    sheets = pages(pdf)
    assert len(sheets) == 2
    assert re.search("(?:Verdict|Scores) by department", sheets[0])
    assert "How people answered" in sheets[0] or "hidden" in sheets[0]
    assert "What changed and what did not" in sheets[1]
    assert release_hash(releases[-1]) in sheets[1].replace(" ", "")
    assert findings(pdf) == []
    assert unembedded_fonts(pdf) == []


def test_same_release_same_bytes(renderer: Renderer) -> None:
    """A briefing made again, in another process, is the same file."""
    html = leadership_html(city_releases(3))
    with Renderer() as other:
        assert renderer.render(html) == other.render(leadership_html(city_releases(3)))


def test_every_verdict_is_a_word(renderer: Renderer) -> None:
    """Each verdict of a department that fits is printed as a word, not only as colour and shape."""
    release = city_releases(6)[-1]
    html = leadership_html(city_releases(6))
    for group in departments(release):
        word = wording.VERDICTS[release.verdict(group.id).verdict]
        assert f">{word}</span>" in _row(html, group.name)
    first = pages(renderer.render(html))[0]
    assert "Stop" in first
    assert "Cannot tell" in first


def test_hidden_scores_stay_hidden() -> None:
    """A department whose gate scores are withheld shows no score with limits in its row."""
    small = (("Large", 400), ("Small", 14), ("Tiny", 12), ("Middle", 90))
    releases = layouts.releases(layouts.City(departments=small))
    release = releases[-1]
    html = leadership_html(releases)
    withheld = 0
    for group in departments(release):
        values = [release.find(group.id, gate.series) for gate in release.verdict(group.id).gates]
        if any(result and isinstance(result.value, Published) for result in values):
            continue
        withheld += 1
        row = _row(html, group.name).replace("\N{NO-BREAK SPACE}", " ")
        assert not SCORED.search(row)
        assert "hidden" in row
    assert withheld == 2


def test_nothing_shown_when_all_is_hidden() -> None:
    """Of a wave whose every number is withheld, no score, share or rate is printed."""
    html = leadership_html((layouts.hidden(layouts.releases()[-1]),))
    text = html.replace("\N{NO-BREAK SPACE}", " ").replace("such as (39 to 43)", "")
    assert not SCORED.search(text)
    assert not re.search(r"\d%(?! limits)", text.replace("5% and 95%", ""))
    assert "We cannot tell yet for any of the 8 departments." in html


def test_numbers_come_from_the_release() -> None:
    """Every score with limits that is printed is a released one, or a released change."""
    releases = city_releases(6)
    known = set()
    for result in (each for release in releases for each in release.results):
        if isinstance(result.value, Published):
            known.add(wording.scored(result.value))
        for change in (result.change, result.change_since_first):
            if isinstance(change, Change):
                known.add(wording.moved(change))
    plain = {each.replace("\N{NO-BREAK SPACE}", " ").lstrip("+−") for each in known}  # noqa: RUF001
    html = leadership_html(releases).replace("\N{NO-BREAK SPACE}", " ")
    printed = set(SCORED.findall(html))
    assert printed
    assert printed <= plain


@pytest.mark.parametrize("name", [HOSTILE, "'; DROP TABLE", '"><svg onload=x>', "{% raw %}"])
def test_hostile_names_are_text(renderer: Renderer, name: str) -> None:
    """A name full of markup is printed as the letters it is made of."""
    html = leadership_html(layouts.releases(layouts.renamed(layouts.City(), name)))
    assert_strict(html)
    first = pages(renderer.render(html))[0]
    assert name[:8].replace(" ", "") in first.replace(" ", "")


def test_names_cannot_reorder_the_page() -> None:
    """Control characters in a name, such as a direction override, do not reach the page."""
    html = leadership_html(layouts.releases(layouts.renamed(layouts.City(), OVERRIDE)))
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in html
    assert "\N{NULL}" not in html


def test_departments_beyond_the_page_are_counted() -> None:
    """Departments that do not fit are summed up by verdict, and the sums add up."""
    html = leadership_html(layouts.releases(layouts.City(departments=layouts.many(40))))
    rows = len(re.findall(r'<span class="mark mark-(?:go|hold|stop|unclear)">', html))
    rest = re.search(r"And (\d+) more departments", html)
    assert rest
    assert rows + int(rest[1]) == 40


def test_other_constructs_are_briefed_too() -> None:
    """An instrument without the three reasons is briefed on its own first topics."""
    release = layouts.releases()[-1]
    kept = {each.id for each in release.series if each.construct in {"voice", "fairness"}}
    plain = {name: getattr(release, name) for name in Release.__struct_fields__}
    plain["series"] = tuple(each for each in release.series if each.id in kept)
    plain["results"] = tuple(each for each in release.results if each.series in kept)
    plain["verdicts"] = tuple(
        Verdict(group=each.group, verdict=VerdictKind.CANNOT_TELL, gates=())
        for each in release.verdicts
    )
    html = leadership_html((Release(**plain),))
    assert "Having a say" in html
    assert "Do people fear" not in html


def test_no_release_is_an_error() -> None:
    """Without a release there is nothing to brief on, and the error says what to do."""
    with pytest.raises(ReportsError, match="Release a wave first"):
        leadership_html(())
