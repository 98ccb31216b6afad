"""What Canvass promises to employees: only what holds now, each with the test that proves it."""

from dataclasses import dataclass

from surveys.agreement import Agreement
from surveys.languages import Language

PROOFS = {
    "drawn_card": "tests.promises.test_drawn_card",
    "no_cookie": "tests.promises.test_no_cookie",
    "no_address_time": "tests.promises.test_no_address_time",
    "small_groups": "tests.promises.test_small_groups",
    "same_results": "tests.promises.test_same_results",
    "shredding": "tests.promises.test_shredding",
}
"""Promise id to the dotted name of the test module that proves it, in the order shown."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise in the words that employees read, and the test that proves it."""

    id: str
    words: str
    proof: str


def promises(language: Language, agreement: Agreement) -> tuple[Promise, ...]:
    """Give the promises that hold under this agreement, in one language."""
    return tuple(
        Promise(
            id_,
            language.promises[id_].format(
                k=agreement.k_scores, retention_days=agreement.retention_days
            ),
            proof,
        )
        for id_, proof in PROOFS.items()
    )
