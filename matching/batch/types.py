"""What an assignment of a whole region is asked with, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final
from uuid import UUID

from matching.borders import NO_BORDERS, Borders
from matching.types import Offer, Request

HIGHEST_TIER: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """How one municipality ranks its askers: points that add up to a tier of 0..15, the highest served first."""

    urgency: int = 2
    """Points for each level of urgency above 0."""
    vulnerable: int = 3
    waiting: int = 1
    """Points for each full week of waiting, for at most four weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Everything that one run looks at."""

    requests: Sequence[Request]
    offers: Sequence[Offer]
    borders: Borders = NO_BORDERS
    places: Mapping[UUID, int] = field(default_factory=dict)
    """Helpers still wanted, by request id; 1 for those not named, 0 for none."""
    capacities: Mapping[UUID, int] = field(default_factory=dict)
    """Requests that a person can still take on, by person id, over all of their offers; 1 for those not named."""
    priorities: Mapping[int, Priorities] = field(default_factory=dict)
    """By municipality; the defaults for those not named."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """One helper for one place of a request, by that helper's best offer for it."""

    request_id: UUID
    offer_id: UUID
    person_id: UUID
    """The helper."""
    score: int
    distance_m: int


class Without(IntEnum):
    """Why a place stays empty."""

    NOBODY_FITS = 1
    """No offer passes every rule."""
    NEEDED_ELSEWHERE = 2
    """All who fit are needed more by others."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A request with places left."""

    request_id: UUID
    places: int
    why: Without
    fitting: int
    """How many people pass every rule."""
    price: int
    """The lowest dual price of those people's time, in the units of the objective: what others would lose."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proof that no other assignment over the full graph is better."""

    objective: int
    dual_objective: int
    """Equal to `objective` when optimal."""
    coverage: int
    coverage_bound: int
    """No assignment fills more places than this (a cover by duals of the plain matching)."""
    edges: int
    """Feasible (request, person) pairs in the whole graph, all of which were priced."""
    rounds: int
    """How often missing edges were priced in before none improved."""

    @property
    def proven(self) -> bool:
        """Whether the two objectives meet and no place more could be filled."""
        return self.objective == self.dual_objective and self.coverage == self.coverage_bound


@dataclass(frozen=True, slots=True)
class Assignment:
    """The answer: who gets whom, who stays without and why, and the proof."""

    assigned: tuple[Assigned, ...]
    unserved: tuple[Unserved, ...]
    certificate: Certificate
    first_come: int
    """Places that first come, first served would have filled: each in order of waiting takes their best."""
