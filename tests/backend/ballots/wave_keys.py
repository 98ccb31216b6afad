"""One small wave with its keys, made once for all tests of a process."""

import functools
from datetime import date

from backend.ballots.catalogue import Catalogue, WaveFacts, holder_entry, make_catalogue
from backend.ballots.holders import HolderKey, HolderRole, make_holder_key
from backend.ballots.keys import PaperKey, SigningGroup, make_paper_keys, rsa_key_id
from backend.ballots.sealing import Contents, SealedBallot, seal

PADDED = 128


@functools.cache
def hr() -> HolderKey:
    """Give HR's key."""
    return make_holder_key(HolderRole.HR)


@functools.cache
def union() -> HolderKey:
    """Give the union's key."""
    return make_holder_key(HolderRole.UNION)


@functools.cache
def paper_keys() -> tuple[PaperKey, ...]:
    """Give the keys of two groups, Parks and Roads."""
    return make_paper_keys(
        (
            SigningGroup("parks", "Parks", ("parks",), 30),
            SigningGroup("roads", "Roads", ("roads",), 40),
        )
    )


def facts(wave: str = "gps-1") -> WaveFacts:
    """Give what the catalogue says about a wave."""
    return WaveFacts(
        organisation="City",
        rollout="gps",
        wave=wave,
        opens_on=date(2025, 3, 3),
        closes_on=date(2025, 3, 14),
        instrument_hash="11" * 32,
        agreement_hash="22" * 32,
    )


@functools.cache
def a_catalogue(wave: str = "gps-1", *, two_keys: bool = True) -> Catalogue:
    """Give the catalogue of a wave, with or without the union's key."""
    holders = [holder_entry(hr()), *([holder_entry(union())] if two_keys else [])]
    return make_catalogue(facts(wave), paper_keys(), holders, PADDED)


def key_id(position: int = 0) -> bytes:
    """Give the id of the papers' key of Parks, or of Roads."""
    return rsa_key_id(paper_keys()[position].public)


def a_ballot(
    contents: Contents,
    catalogue: Catalogue | None = None,
    nullifier: bytes = bytes(32),
) -> SealedBallot:
    """Seal a ballot of Parks."""
    sealed = seal(catalogue or a_catalogue(), contents, key_id(), nullifier)
    return SealedBallot(key_id(), nullifier, sealed)
