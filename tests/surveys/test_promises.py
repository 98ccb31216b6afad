"""The promises in the words that employees read."""

import re

import pytest

from surveys.agreement import Agreement
from surveys.languages import load_language, shipped_languages
from surveys.promises import PROOFS, promises

AGREED = Agreement("Improve the rollout.", k_scores=12, retention_days=21)


@pytest.mark.parametrize("code", shipped_languages())
def test_promises_are_complete_in_every_language(code: str) -> None:
    """Each language has every promise, filled with the agreed numbers, and no other."""
    language = load_language(code)
    given = promises(language, AGREED)
    words = {promise.id: promise.words for promise in given}

    assert [promise.id for promise in given] == list(PROOFS)
    assert set(language.promises) == set(PROOFS)
    assert "12" in words["small_groups"]
    assert "21" in words["shredding"]
    assert not any(re.search(r"[{}]", text) for text in words.values())


def test_promises_claim_no_more_than_holds() -> None:
    """No promise says that something is impossible for ever, or speaks of anonymity in general."""
    for promise in promises(load_language("en"), AGREED):
        assert not re.search(
            r"nobody|no one|ever\b|never|impossible|anonym|guarantee", promise.words, re.IGNORECASE
        )


def test_each_promise_names_its_proof() -> None:
    """Every promise points to a test module among the promise tests."""
    for promise in promises(load_language("en"), AGREED):
        assert re.fullmatch(r"tests\.promises\.test_[a-z_]+", promise.proof)
