"""Who fits, as the engine says it, at a moment of the past."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from app.agreements.models import OccurrenceStatus
from app.demo.world import Resident, World
from app.help_offers.models import HelpOffer, Status
from app.help_requests.models import HelpRequest
from app.matches.index import KINDS, PAID, SEED, UNPAID
from matching.borders import Borders
from matching.explain import Explanation, explain
from matching.index import OfferIndex
from matching.rules import Rule, first_failed
from matching.types import Offer, Request

REBUILT_EVERY = timedelta(days=6)
"""In between the index is a little old, as a list of candidates may be: each is looked at anew."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A helper who fits, with the reasons."""

    helper: Resident
    offer: HelpOffer
    explanation: Explanation


class Finder:
    """The engine's index, followed through the year. Moments asked about do not go back by much."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._borders = Borders(world.borders)
        self._rows = [offer for offer in world.all(HelpOffer) if offer.status is not Status.DRAFT]
        self._by_id = {offer.id: offer for offer in self._rows}
        self._built: datetime | None = None
        self._index: OfferIndex

    def best(self, request: HelpRequest, at: datetime, k: int, without: set[UUID]) -> list[Candidate]:
        """The best k who have not been asked, best first, by facts of that very moment."""
        if self._built is None or abs(at - self._built) >= REBUILT_EVERY:
            self._index = OfferIndex(
                [self._offer(row, at) for row in self._rows], borders=self._borders, seed=SEED
            )
            self._built = at
        wanted = self.request(request, at)
        found = []
        for match in self._index.top_k(wanted, k + 12 + len(without)):
            if match.person_id in without:
                continue
            row = self._by_id[match.offer_id]
            facts = self._offer(row, at)
            if first_failed(wanted, facts, self._borders) is None:
                found.append(Candidate(self._world.residents[row.person_id], row, explain(wanted, facts)))
        found.sort(key=lambda candidate: -candidate.explanation.score)
        return found[:k]

    def named(self, request: HelpRequest, helper: Resident, at: datetime) -> Candidate | None:
        """A helper whom somebody thought of; limits may be looked past, hard rules may not."""
        wanted = self.request(request, at)
        allowed = (None, Rule.PROPOSALS, Rule.DISTANCE, Rule.TIME, Rule.LOAD, Rule.MINUTES, Rule.ORGANISATION)
        for row in helper.offers:
            facts = replace(self._offer(row, at), proposals_this_week=0, load_minutes=0)
            if first_failed(wanted, facts, self._borders) in allowed:
                return Candidate(helper, row, explain(wanted, self._offer(row, at)))
        return None

    def request(self, row: HelpRequest, at: datetime) -> Request:
        """A request in the engine's words."""
        return Request(
            id=row.id,
            person_id=row.person_id,
            municipality_id=row.municipality_id,
            cell=row.cell,
            category=row.category_number,
            slots=row.slots,
            minutes=row.minutes,
            max_km=row.max_km,
            languages=row.languages,
            skills=row.skills,
            checks=self._world.categories[row.category_number].checks,
            kinds=KINDS[row.kind],
            urgency=row.urgency,
            vulnerable=row.vulnerable,
            days_waiting=max((at - (row.posted_at or at)).days, 0),
            cross_border=row.cross_border,
        )

    def _offer(self, row: HelpOffer, at: datetime) -> Offer:
        helper = self._world.residents[row.person_id]
        recent = [asked for asked in helper.asked if asked <= at]
        lately = at > self._world.moments.now - timedelta(days=30)
        resting = (row.status is not Status.OPEN or helper.person.paused) and lately
        return Offer(
            id=row.id,
            person_id=row.person_id,
            municipality_id=row.municipality_id,
            cell=row.cell,
            categories=tuple(row.category_numbers),
            slots=row.slots,
            minutes_per_week=row.minutes_per_week,
            radius_km=row.radius_km,
            languages=row.languages,
            skills=row.skills,
            checks=_checks(helper, at),
            kinds=PAID if row.paid else UNPAID,
            paused=resting or row.created_at > at,
            load_minutes=_load(helper, at),
            load_limit_minutes=row.minutes_per_week,
            proposals_this_week=sum(asked > at - WEEK for asked in recent),
            last_proposed_days=(at - max(recent)).days if recent else None,
            cross_border=row.cross_border,
        )


def _checks(helper: Resident, at: datetime) -> int:
    day = at.date()
    valid = (kind for kind, start, until in helper.checks if start <= day and (until is None or day <= until))
    return reduce(or_, valid, 0)


def _load(helper: Resident, at: datetime) -> int:
    cancelled = OccurrenceStatus.CANCELLED
    return sum(o.minutes for o in helper.busy if at <= o.starts_at < at + WEEK and o.status is not cancelled)
