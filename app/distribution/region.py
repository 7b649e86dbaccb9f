"""The region as the engine sees it, from this process's index: what is asked, who could help, and how much more."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.matches.index import MatchIndex
from app.places.models import Municipality
from matching.batch.types import Priorities, Region
from matching.types import Offer, Request

_PLACES: Final = text("SELECT help_request_id, places FROM match_places()")
_ASKED: Final = text("SELECT help_request_id, helper_id, waiting, this_week FROM match_asked()")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked for what is open now."""

    waiting: Mapping[UUID, Mapping[UUID, bool]]
    """Helper to the requests whose answer they still owe, each with whether they were asked this week."""
    answered: Mapping[UUID, frozenset[UUID]]
    """Request to the helpers who said yes or no, or nothing in time: not asked again by a machine."""

    def waits(self, help_request_id: UUID, helper_id: UUID) -> bool:
        """Whether this helper may still answer for this request."""
        return help_request_id in self.waiting.get(helper_id, {})


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a run looks at, and what it needs to tell afterwards."""

    region: Region
    requests: Mapping[UUID, Request]
    """As the index holds them, those without a place left as well."""
    offers: Mapping[UUID, Offer]
    asked: Asked
    room: Mapping[UUID, int]
    """How many times more each helper may be asked this week."""


def situation(session: Session) -> Situation:
    """Read the region; the index is brought up to date first."""
    index = MatchIndex.of(session)
    offers = {offer.id: offer for offer in index.offers}
    requests = {request.id: request for request in index.requests}
    asked = _asked(session)
    places = {row.help_request_id: row.places for row in session.execute(_PLACES)}
    room = {
        offer.person_id: max(offer.proposal_cap - offer.proposals_this_week, 0) for offer in offers.values()
    }
    region = Region(
        requests=[_without(request, asked) for request in requests.values()],
        offers=[_with_answers_owed(offer, asked) for offer in offers.values()],
        borders=index.borders,
        # a request that the index has and the database no longer shows open wants nobody
        places={key: places.get(key, 0) for key in requests},
        capacities=capacities(requests.values(), offers.values(), room, asked),
        priorities=_priorities(session),
    )
    return Situation(region, requests, offers, asked, room)


def _asked(session: Session) -> Asked:
    waiting: dict[UUID, dict[UUID, bool]] = defaultdict(dict)
    answered: dict[UUID, set[UUID]] = defaultdict(set)
    for row in session.execute(_ASKED):
        if row.waiting:
            waiting[row.helper_id][row.help_request_id] = row.this_week
        else:
            answered[row.help_request_id].add(row.helper_id)
    return Asked(dict(waiting), {key: frozenset(helpers) for key, helpers in answered.items()})


def _without(request: Request, asked: Asked) -> Request:
    """The request, closed to those who answered it already."""
    answered = asked.answered.get(request.id)
    return replace(request, excluded=request.excluded | answered) if answered else request


def _with_answers_owed(offer: Offer, asked: Asked) -> Offer:
    """The offer as if the questions that wait for an answer had not been put: the run may keep them or not."""
    owed = sum(asked.waiting.get(offer.person_id, {}).values())
    return replace(offer, proposals_this_week=max(offer.proposals_this_week - owed, 0)) if owed else offer


def capacities(
    requests: Iterable[Request], offers: Iterable[Offer], room: Mapping[UUID, int], asked: Asked
) -> dict[UUID, int]:
    """Per helper, how many requests at most: as often as they may be asked, and never more minutes than their week has
    left, even if each were the longest that they can do."""
    longest = _minutes_by_category(requests)
    held: dict[UUID, list[Offer]] = defaultdict(list)
    for offer in offers:
        held[offer.person_id].append(offer)
    return {
        person_id: min(
            room[person_id] + len(asked.waiting.get(person_id, ())), _within_the_week(own, longest)
        )
        for person_id, own in held.items()
    }


def _minutes_by_category(requests: Iterable[Request]) -> Mapping[int, Sequence[int]]:
    minutes: dict[int, list[int]] = defaultdict(list)
    for request in requests:
        minutes[request.category].append(request.minutes)
    return {category: sorted(found) for category, found in minutes.items()}


def _within_the_week(offers: Sequence[Offer], longest: Mapping[int, Sequence[int]]) -> int:
    left = [max(offer.load_limit_minutes - offer.load_minutes, 0) for offer in offers]
    most = 0
    for offer, minutes in zip(offers, left, strict=True):
        for category in offer.categories:
            asked = longest.get(category, ())
            fitting = bisect_right(asked, min(minutes, offer.minutes_per_week))
            most = max(most, asked[fitting - 1] if fitting else 0)
    return min(left) // most if most and min(left) >= most else int(most > 0)


def _priorities(session: Session) -> dict[int, Priorities]:
    # unscoped: anybody may know a municipality's settings
    query = select(
        Municipality.id,
        Municipality.points_urgency,
        Municipality.points_vulnerable,
        Municipality.points_waiting,
    ).where(Municipality.joined)
    return {
        row.id: Priorities(
            urgency=row.points_urgency, vulnerable=row.points_vulnerable, waiting=row.points_waiting
        )
        for row in session.execute(query)
    }
