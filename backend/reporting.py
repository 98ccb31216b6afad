"""From what was agreed to what disclosure control works on: policy and lattice."""

from collections.abc import Sequence

import numpy as np

from analysis.disclosure.lattice import Lattice
from analysis.disclosure.policy import Policy
from surveys.agreement import Agreement
from surveys.organisation import Cell, Group


def policy_of(agreement: Agreement) -> Policy:
    """Take the disclosure rules out of what both sides signed."""
    low, high = agreement.cap_percent
    return Policy(
        k_scores=agreement.k_scores,
        k_shares=agreement.k_shares,
        k_response_rate=agreement.k_response_rate,
        round_counts_to=agreement.round_counts_to,
        cap=(low / 100, high / 100),
    )


def lattice_of(groups: Sequence[Group], cells: Sequence[Cell]) -> Lattice:
    """Arrange the reporting groups as the tree that disclosure control works on."""
    positions = {group.id: position for position, group in enumerate(groups)}
    membership = np.zeros((len(groups), len(cells)), dtype=np.bool_)
    for position, group in enumerate(groups):
        membership[position, list(group.cells)] = True
    return Lattice(
        ids=tuple(group.id for group in groups),
        names=tuple(group.name for group in groups),
        parent=tuple(-1 if g.parent is None else positions[g.parent] for g in groups),
        membership=membership,
    )
