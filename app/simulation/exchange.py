"""Rings in a run: proposed to two to four members at once, and off as soon as one does not want."""

from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from app.simulation.assumptions import DAY, HOUR, ROUND_HOURS
from app.simulation.year import Case, Year
from matching.rings.types import Arc, Member
from matching.types import Offer, Request


@dataclass(slots=True)
class Proposed:
    """One ring while its members think: each gives to the next."""

    at: int
    links: list[tuple[Case, UUID]]
    """A request, and who would help."""
    agreed: set[UUID] = field(default_factory=set)
    over: bool = False


def propose_rings(year: Year) -> None:
    """Seek disjoint rings among the members who ask and offer, and ask everybody in them."""
    from matching.rings.find import find_rings

    members = _members(year)
    if len(members) < 2:
        return
    for ring in find_rings(members, year.world.borders, seed=year.world.seed).rings:
        _propose(year, ring.arcs)


def _members(year: Year) -> list[Member]:
    """Who has an open request that nobody is met for, and an offer that may still be asked this week.

    Who would not help for itself may do so in a ring, so only who was asked for the same in a ring is left out.
    """
    offers: dict[UUID, Offer] = {row.person_id: row for row in year.helpers.rows(year.now)}
    asking: dict[UUID, list[Request]] = {}
    for case in year.open.values():
        person_id = case.arrival.request.person_id
        if person_id in offers and case.meeting is None:
            request = replace(
                case.arrival.request,
                days_waiting=(year.now - case.arrival.at) // DAY,
                excluded=frozenset(case.asked_in_ring),
            )
            asking.setdefault(person_id, []).append(request)
    return [Member(person_id, requests, [offers[person_id]]) for person_id, requests in asking.items()]


def _propose(year: Year, arcs: tuple[Arc, ...]) -> None:
    ring = Proposed(year.now, [(year.open[arc.request_id], arc.giver_id) for arc in arcs])
    for case, giver in ring.links:
        case.asked.add(giver)
        case.asked_in_ring.add(giver)
        year.notify(giver)
        year.at(year.now + year.pair(case, giver).answer_minutes, partial(_answer, year, ring, case, giver))
    year.at(year.now + ROUND_HOURS * HOUR, partial(_dissolve, year, ring))


def _answer(year: Year, ring: Proposed, case: Case, giver: UUID) -> None:
    """The last yes makes the ring; a request that was met elsewhere meanwhile ends it."""
    if ring.over:
        return
    pair = year.pair(case, giver)
    if case.over or not pair.says_yes(year.now, in_ring=True):
        _dissolve(year, ring)
        return
    ring.agreed.add(giver)
    if len(ring.agreed) == len(ring.links):
        _go_ahead(year, ring)


def _go_ahead(year: Year, ring: Proposed) -> None:
    """Everybody comes forward for their own link; whether each becomes an appointment shows when they meet."""
    ring.over = True
    year.rings.append((ring.at, len(ring.links), True))
    for case, giver in ring.links:
        case.in_ring.add(giver)
        year.come_forward(case, giver)


def _dissolve(year: Year, ring: Proposed) -> None:
    """Nothing was promised, so nothing is lost; who had said yes did so for nothing."""
    if ring.over:
        return
    ring.over = True
    year.rings.append((ring.at, len(ring.links), False))
    for giver in ring.agreed:
        year.helpers.standing[giver].in_vain.append(year.now)
