"""The region of one seed: who lives there, who offers help, and everything that will be asked."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from app.simulation.assumptions import LONGEST_PATIENCE_DAYS
from matching.borders import Borders
from matching.index import OfferIndex
from matching.ties import tie
from matching.types import Offer, Request
from matching.validation import MAX_COUNT


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is played: members of the platform, and days of which the requests are counted."""

    people: int = 3_000
    days: int = 365

    @property
    def last_day(self) -> int:
        """Requests keep coming until the last counted one has its end, and are answered until then."""
        return self.days + LONGEST_PATIENCE_DAYS


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the platform; ``age`` is the middle of a band."""

    id: UUID
    municipality_id: int
    cell: int
    age: int
    languages: int


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who offers help. Moments are minutes since the beginning."""

    offer: Offer
    """Before anything was asked or promised."""
    joined: int
    eagerness: float
    visits: tuple[int, ...]
    """When they look at the list."""
    pauses: tuple[tuple[int, int], ...]
    rest_days: int

    def paused(self, at: int) -> bool:
        """Whether they are away."""
        return any(since <= at < until for since, until in self.pauses)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request at its moment, and when the asker gives up."""

    request: Request
    at: int
    gives_up: int
    appeal: float


@dataclass(frozen=True)
class World:
    """One seed's region."""

    seed: int
    scale: Scale
    members: tuple[Member, ...]
    helpers: dict[UUID, Helper]
    """By person."""
    arrivals: tuple[Arrival, ...]
    borders: Borders

    @cached_property
    def fitting(self) -> dict[UUID, tuple[tuple[int, UUID], ...]]:
        """By request, whoever may ever help with it (metres, person), the nearest first, by the engine's rules.

        As if nothing was asked or promised and nobody was away: on the day itself the rules are looked at again.
        """
        index = OfferIndex((h.offer for h in self.helpers.values()), borders=self.borders, seed=self.seed)
        return {arrival.request.id: self._fitting(index, arrival.request) for arrival in self.arrivals}

    def _fitting(self, index: OfferIndex, request: Request) -> tuple[tuple[int, UUID], ...]:
        found = index.top_k(request, MAX_COUNT)
        found.sort(key=lambda match: (match.distance_m, tie(self.seed, request.id, match.offer_id)))
        return tuple((match.distance_m, match.person_id) for match in found)
