"""The promises in the words that employees read."""

import inspect
import re
from importlib import import_module

import pytest

from surveys.agreement import Agreement
from surveys.languages import load_language, shipped_languages
from surveys.promises import PROOFS, Promise, promises

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


@pytest.mark.parametrize("promise", promises(load_language("en"), AGREED), ids=lambda p: p.id)
def test_each_promise_has_a_proof(promise: Promise) -> None:
    """Every promise has a test module of its own, which exists and says what it proves."""
    assert promise.proof == f"tests.promises.test_{promise.id}"
    module = import_module(promise.proof)
    tests = [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_") and function.__module__ == module.__name__
    ]
    assert tests
    assert all(inspect.getdoc(function) for function in tests)
    assert (inspect.getdoc(module) or "").startswith("Promise: ")


def test_a_proof_that_does_not_exist_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise that points to a missing module fails the test above."""
    monkeypatch.setitem(PROOFS, "shredding", "tests.promises.test_nothing")
    broken = {each.id: each for each in promises(load_language("en"), AGREED)}["shredding"]
    with pytest.raises((AssertionError, ModuleNotFoundError)):
        test_each_promise_has_a_proof(broken)
