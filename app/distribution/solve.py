"""The best assignment of the region within everybody's weekly share of questions, proven over all pairs.

Two things count differently: a question that waits for its answer may stay where it is, however full the week; a new
one takes of what is left. So a helper who owes answers stands in the region twice: once for what waits with them, and
once, as their twin, for what is new, each with room of its own. The proof over that region is the proof over all.

One case is left: a week that has hours for more than the new questions somebody may get, and for fewer than those and
all that waits together. No two separate rooms say that. Such a helper first stands there undivided, with the hours of
their week: nothing better can be. Only when they then got too much that is new are the hours divided, and the
certificate keeps the bounds of before: it is proven if it reaches them, and says so if it does not.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import replace
from typing import Final
from uuid import UUID

from app.distribution.region import Situation
from app.matches.index import SEED
from matching.batch.assign import assign
from matching.batch.priority import DEFAULT, tier
from matching.batch.types import Assigned, Assignment, Certificate, Region
from matching.types import Offer, Request

_EVERY_BIT: Final = 2**128 - 1


def solve(situation: Situation) -> Assignment:
    """Assign the region; raises MatchingError for rows that the engine refuses."""
    divided = _divided(situation)
    found = _assign(situation, divided)
    over = _over_their_share(situation, found)
    if not over:
        return found
    narrow = {
        key: (situation.room[key], situation.region.capacities[key] - situation.room[key]) for key in over
    }
    return _bounded(situation, _assign(situation, divided | narrow), found.certificate)


Rooms = Mapping[UUID, tuple[int, int]]
"""By helper who stands there twice: room for what is new, and for what waits."""


def _divided(situation: Situation) -> dict[UUID, tuple[int, int]]:
    """Those whose week has the hours for all that waits and all that may come."""
    rooms = {key: (situation.room[key], len(waiting)) for key, waiting in situation.asked.waiting.items()
             if key in situation.room}  # fmt: skip
    capacities = situation.region.capacities
    return {
        key: (new, min(owed, capacities[key]))
        for key, (new, owed) in rooms.items()
        if new == 0 or capacities[key] == new + owed
    }


def _assign(situation: Situation, rooms: Rooms) -> Assignment:
    found = assign(_twice(situation, rooms), seed=SEED)
    offers = {_twin(offer.id): offer for offer in situation.offers.values()}

    def as_one(one: Assigned) -> Assigned:
        held = offers.get(one.offer_id)
        return one if held is None else replace(one, offer_id=held.id, person_id=held.person_id)

    return replace(found, assigned=tuple(as_one(one) for one in found.assigned))


def _twin(key: UUID) -> UUID:
    """The key under which somebody, or their offer, stands there for what waits: no key of the database's own."""
    return UUID(int=key.int ^ _EVERY_BIT)


def _twice(situation: Situation, rooms: Rooms) -> Region:
    """The region in which these helpers stand once for what is new, and their twins for what waits with them."""
    region = situation.region
    held = {_twin(key): waiting for key, (_, waiting) in rooms.items()}
    capacities = {**region.capacities, **{key: new for key, (new, _) in rooms.items()}, **held}
    asked: dict[UUID, set[UUID]] = {}
    for key in rooms:
        for request_id in situation.asked.waiting[key]:
            asked.setdefault(request_id, set()).add(key)
    # whoever is asked by somebody is looked at for all that this asker asks
    owing: dict[UUID, set[UUID]] = {}
    for request in region.requests:
        owing.setdefault(request.person_id, set()).update(asked.get(request.id, ()))
    return replace(
        region,
        capacities=capacities,
        requests=[_apart(one, asked.get(one.id, set()), owing[one.person_id]) for one in region.requests],
        offers=[*region.offers, *_twins(region.offers, rooms, owing)],
    )


def _apart(request: Request, asked: AbstractSet[UUID], owing: AbstractSet[UUID]) -> Request:
    """The request for the twins of those whom it waits for, and for nobody else's twin."""
    closed = {_twin(key) for key in owing if key not in asked or key in request.excluded}
    return replace(request, excluded=request.excluded | asked | closed) if owing else request


def _twins(offers: Sequence[Offer], rooms: Rooms, owing: Mapping[UUID, AbstractSet[UUID]]) -> list[Offer]:
    """The offers again, for those only who wait for an answer of theirs."""
    return [
        replace(
            offer,
            id=_twin(offer.id),
            person_id=_twin(offer.person_id),
            excluded=offer.excluded | {asker for asker, keys in owing.items() if offer.person_id not in keys},
        )
        for offer in offers
        if offer.person_id in rooms
    ]


def _over_their_share(situation: Situation, found: Assignment) -> set[UUID]:
    """Helpers with more new questions than they may still get this week."""
    new = Counter(
        one.person_id for one in found.assigned if not situation.asked.waits(one.request_id, one.person_id)
    )
    return {person_id for person_id, count in new.items() if count > situation.room[person_id]}


def _bounded(situation: Situation, found: Assignment, wider: Certificate) -> Assignment:
    """The assignment beside the bounds of a region that allowed more, in that region's numbers."""
    region, requests = situation.region, situation.requests
    worth = 0
    for one in found.assigned:
        request = requests[one.request_id]
        rank = tier(request, region.priorities.get(request.municipality_id, DEFAULT))
        worth += (rank + 1) * wider.step + one.score - wider.lowest
    certificate = replace(
        found.certificate,
        objective=worth,
        dual_objective=wider.dual_objective,
        coverage_bound=wider.coverage_bound,
        edges=wider.edges,
        step=wider.step,
        lowest=wider.lowest,
    )
    return replace(found, certificate=certificate)
