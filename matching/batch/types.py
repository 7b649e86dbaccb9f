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
    """How many people with room for at least one request pass every rule."""
    price: int
    """The lowest price of those people's time, in the units of the objective: what others would lose."""


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
    """How often edges left out of the solver's graph were priced: 1 when the first answer already held for all."""
    step: int
    """What one tier is worth: more than all quality together (see `matching.batch.instance`)."""
    lowest: int
    """The lowest score of the graph: what quality is counted from."""
    prices: Mapping[UUID, int] = field(repr=False)
    """What one unit of a person's room is worth, for those for whom that is not 0."""
    cover: frozenset[UUID] = field(repr=False)
    """People whose room, with what all others could do, bounds the coverage."""

    def __str__(self) -> str:
        """One line, for people."""
        verdict = "proven optimal" if self.proven else "NOT proven"
        return (
            f"{verdict}: objective {self.objective}, dual {self.dual_objective}; coverage {self.coverage}, "
            f"bound {self.coverage_bound}; {self.edges} edges priced, {self.rounds} round"
            + ("s" if self.rounds != 1 else "")
        )

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
