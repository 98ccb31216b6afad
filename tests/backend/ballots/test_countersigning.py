"""A countersignature is of one holder, for one document, of one kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ballots.catalogue import holder_entry
from backend.ballots.countersigning import Statement, countersign, is_countersigned
from tests.backend.ballots.wave_keys import a_catalogue, hr, union


@pytest.mark.parametrize("statement", Statement)
def test_a_countersignature_is_checked_with_the_catalogue(statement: Statement) -> None:
    """What the union signed, anyone can check with the union's entry."""
    signature = countersign(union(), statement, a_catalogue().hash)
    assert is_countersigned(holder_entry(union()), statement, a_catalogue().hash, signature)


def test_it_holds_for_one_holder_one_kind_and_one_document() -> None:
    """HR's entry, another kind of document, or another document refuses it."""
    digest = a_catalogue().hash
    signature = countersign(union(), Statement.CATALOGUE, digest)
    entry = holder_entry(union())
    assert not is_countersigned(holder_entry(hr()), Statement.CATALOGUE, digest, signature)
    assert not is_countersigned(entry, Statement.DESTRUCTION, digest, signature)
    assert not is_countersigned(entry, Statement.CATALOGUE, a_catalogue("gps-2").hash, signature)


@given(forged=st.binary(max_size=80))
def test_a_made_up_signature_is_refused(forged: bytes) -> None:
    """Any bytes are refused without a crash."""
    entry = holder_entry(union())
    assert not is_countersigned(entry, Statement.CATALOGUE, a_catalogue().hash, forged)
