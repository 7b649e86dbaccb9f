"""Rings in a run: proposed to two to four members at once, and off as soon as one does not want."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from app.simulation.assumptions import HOUR, ROUND_HOURS
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


def propose_rings(year: Year, as_it_waits: Callable[[Case, int], Request]) -> None:
    """Seek disjoint rings among the members who ask and offer, and ask everybody in them."""
    from matching.rings.find import find_rings

    members = _members(year, as_it_waits)
    if len(members) < 2:
        return
    for ring in find_rings(members, year.world.borders, seed=year.world.seed).rings:
        _propose(year, ring.arcs)


def _members(year: Year, as_it_waits: Callable[[Case, int], Request]) -> list[Member]:
    """Who has an open request that nobody is met for, and an offer that may still be asked this week."""
    offers: dict[UUID, Offer] = {row.person_id: row for row in year.helpers.rows(year.now)}
    asking: dict[UUID, list[Request]] = {}
    for case in year.open.values():
        person_id = case.arrival.request.person_id
        if person_id in offers and case.meeting is None:
            asking.setdefault(person_id, []).append(as_it_waits(case, year.now))
    return [Member(person_id, requests, [offers[person_id]]) for person_id, requests in asking.items()]


def _propose(year: Year, arcs: tuple[Arc, ...]) -> None:
    ring = Proposed(year.now, [(year.open[arc.request_id], arc.giver_id) for arc in arcs])
    for case, giver in ring.links:
        case.asked.add(giver)
        year.notify(giver)
        year.at(year.now + year.pair(case, giver).answer_minutes, partial(_answer, year, ring, case, giver))
    year.at(year.now + ROUND_HOURS * HOUR, partial(_dissolve, year, ring))


def _answer(year: Year, ring: Proposed, case: Case, giver: UUID) -> None:
    """The last yes makes the ring, if every hard rule still holds."""
    if ring.over:
        return
    pair = year.pair(case, giver)
    if not pair.says_yes(year.now, in_ring=True):
        _dissolve(year, ring)
        return
    ring.agreed.add(giver)
    if len(ring.agreed) < len(ring.links):
        return
    if all(_stands(year, case, giver) for case, giver in ring.links):
        _go_ahead(year, ring)
    else:
        _dissolve(year, ring)


def _stands(year: Year, case: Case, giver: UUID) -> bool:
    return not case.over and year.pair(case, giver).agree and year.failed(case, giver) is None


def _go_ahead(year: Year, ring: Proposed) -> None:
    ring.over = True
    year.rings.append((ring.at, len(ring.links), True))
    for case, giver in ring.links:
        year.appoint(case, giver, in_ring=True)


def _dissolve(year: Year, ring: Proposed) -> None:
    """Nothing was promised, so nothing is lost; who had said yes did so for nothing."""
    if ring.over:
        return
    ring.over = True
    year.rings.append((ring.at, len(ring.links), False))
    for giver in ring.agreed:
        year.helpers.standing[giver].in_vain.append(year.now)
