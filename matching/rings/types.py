"""What rings are sought among, and what is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from matching.types import Offer, Request

LONGEST: Final = 4


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who both asks and offers; may be in one ring at most."""

    person_id: UUID
    requests: Sequence[Request]
    offers: Sequence[Offer]


@dataclass(frozen=True, slots=True)
class Arc:
    """One gives, with this offer, what another asked for."""

    giver_id: UUID
    receiver_id: UUID
    offer_id: UUID
    request_id: UUID
    score: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class Ring:
    """Arcs in order: each receiver is the next giver, the last receiver the first giver."""

    arcs: tuple[Arc, ...]
    chords: int
    """Other feasible arcs between its people: what may hold it together when one drops out."""

    @property
    def people(self) -> tuple[UUID, ...]:
        """The givers, in order."""
        return tuple(arc.giver_id for arc in self.arcs)


@dataclass(frozen=True, slots=True)
class Rings:
    """Disjoint rings, and how good that is."""

    rings: tuple[Ring, ...]
    served: int
    """People in a ring."""
    upper_bound: int
    """No set of disjoint rings of any length serves more."""
    optimal: bool
    """Whether no disjoint rings up to the length asked for serve more: proven, not hoped."""
