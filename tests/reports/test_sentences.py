"""Tests of the sentences: plain, short, and honest about what cannot be told."""

import html as markup
import re

import pytest

from analysis.disclosure.release import Participation, Published, Reason, Suppressed
from analysis.methods.gates import VerdictKind
from reports import sentences
from reports.briefings.leadership import leadership_html
from tests.builders.release import city_releases
from tests.reports import layouts

HIDDEN = Suppressed(Reason.TOO_FEW)


def _grade(text: str) -> float:
    """Give the Flesch-Kincaid grade of a text; grade 9 is read at 14."""
    parts = [each for each in re.split(r"[.!?;:]+\s", text) if re.search(r"[a-z]", each)]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))))
                    for word in words)  # fmt: skip
    return 0.39 * len(words) / len(parts) + 11.8 * syllables / len(words) - 15.59


def _score(score: int, low: int, high: int, answers: int = 100) -> Published:
    return Published(
        answers=answers, score=score, low=low, high=high, shares=HIDDEN, dont_know=None
    )


@pytest.mark.parametrize("made", ["layout", "analysis"])
def test_reading_age(made: str) -> None:
    """A whole briefing reads at 14 or younger."""
    html = leadership_html(layouts.releases() if made == "layout" else city_releases(6))
    paragraphs = re.findall(r"<(?:p|dd)[^>]*>(.*?)</(?:p|dd)>", html, re.DOTALL)
    texts = [markup.unescape(re.sub(r"<[^>]+>", " ", each)) for each in paragraphs]
    prose = " ".join(text for text in texts if len(text.split()) > 5)
    assert _grade(prose) <= 9


@pytest.mark.parametrize(
    ("named", "text"),
    [
        ({VerdictKind.GO: ["A", "B"]}, "Go in all 2 departments."),
        ({VerdictKind.STOP: ["A"], VerdictKind.GO: ["B", "C"]},
         "Stop in 1 of 3 departments (A), go in 2."),
        ({VerdictKind.HOLD: ["A", "B"], VerdictKind.CANNOT_TELL: ["C"]},
         "Hold in 2 of 3 departments (A; B); in 1 we cannot tell."),
        ({VerdictKind.HOLD: list("ABCDE"), VerdictKind.GO: ["F"]},
         "Hold in 5 of 6 departments, go in 1."),
        ({VerdictKind.CANNOT_TELL: ["A"]}, "We cannot tell yet for any of the 1 department."),
    ],
)  # fmt: skip
def test_answer(named: dict[VerdictKind, list[str]], text: str) -> None:
    """The answer at the top is one sentence that counts every department once."""
    assert sentences.answer(named, agreed=True) == text


def test_answer_without_gates() -> None:
    """Where no lines were agreed the answer says so instead of judging."""
    assert "no verdict" in sentences.answer({VerdictKind.CANNOT_TELL: ["A"]}, agreed=False)


def test_those_not_heard_may_reverse_a_score() -> None:
    """Score 62 at 45 % needs 40 from the others to fall below 50 (METHOD: 40.2)."""
    told = sentences.could_reverse("Readiness", _score(62, 58, 66, 45), 100, 50)
    assert "average 40 or less" in told


def test_those_not_heard_cannot_always_reverse() -> None:
    """Where no answers of the others could do it, the sentence says so."""
    told = sentences.could_reverse("Readiness", _score(90, 88, 92, 90), 100, 50)
    assert "could not bring it below it, whatever they think" in told


def test_hidden_rate_is_said() -> None:
    """A hidden response rate is a sentence, not a blank."""
    assert sentences.unheard(HIDDEN) == "The response rate is hidden: too few answers."
    seen = Participation(group="a", headcount=100, ballots=60, rate=0.6)
    assert "About 60 of 100 people answered (60%)." in sentences.unheard(seen)
