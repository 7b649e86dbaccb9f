"""Newcomers: the first times of a new helper happen with a makelaar or an acquaintance in sight."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, null, select, text, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.agreements.models import Occurrence, OccurrenceStatus
from app.errors import Conflict
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.matches.models import Proposal, Status
from app.people.models import Person
from app.places.models import Municipality

LISTED: Final = 50
LOOKED_AT: Final = 100
"""So many of the next times, and of the newest offers: whoever is new is among them."""


class MeetFirst(Conflict):
    """The helper is new: the two get acquainted first, or the makelaar arranges it."""

    code = "meet-first"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A helper in their first times: how many there were, and when the next one is."""

    person_id: UUID
    first_name: str
    visits: int
    next_at: datetime | None


def visits(session: Session, helper_id: UUID) -> int:
    """How often somebody helped, over all borders; 0 for somebody whom the actor has nothing to do with."""
    return int(session.execute(select(func.visits_of(helper_id))).scalar_one())


def check(session: Session, proposal: Proposal, *, spoken: bool) -> None:
    """Raises MeetFirst where the asker's municipality wants newcomers to get acquainted and these two did not."""
    municipality = found(session.get(Municipality, proposal.municipality_id))
    if not municipality.newcomer_meeting or spoken or proposal.status is Status.MEETING:
        return
    if visits(session, proposal.helper_id) < municipality.newcomer_visits:
        raise MeetFirst


def of_municipality(session: Session, actor: Actor, municipality: Municipality) -> list[Newcomer]:
    """Who offers help here and has not had all of the first times, of whom somebody may have to be in sight.

    Whose next time is soonest comes first, and after them who offered help last.
    """
    require(actor, Permission.SEE_CHECKS, municipality.id)
    people: dict[UUID, tuple[str, datetime | None]] = {}
    for row in (
        *session.execute(_coming(actor, municipality)),
        *session.execute(_last_offered(actor, municipality)),
    ):
        people.setdefault(row.id, (row.first_name, row.next_at))
    few = text("SELECT helper, visits FROM few_visits(:helpers, :fewer)")
    visits: dict[UUID, int] = {
        row.helper: row.visits
        for row in session.execute(few, {"helpers": list(people), "fewer": municipality.newcomer_visits})
    }
    rows = [Newcomer(id, name, visits[id], at) for id, (name, at) in people.items() if id in visits]
    return rows[:LISTED]


def _coming(actor: Actor, municipality: Municipality) -> Any:
    """Who helps soonest in this municipality, or from it; an index has each of the four in this order."""
    reach = actor.reach(Permission.SEE_CHECKS)
    sides = [
        select(Occurrence.helper_id, Occurrence.starts_at)
        .where(
            place == municipality.id,
            place.in_(reach),
            Occurrence.status == status,
            Occurrence.starts_at > func.ledger.now(),
        )
        .order_by(Occurrence.starts_at)
        .limit(LOOKED_AT)
        .subquery()
        for place in (Occurrence.municipality_id, Occurrence.helper_municipality_id)
        for status in (OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED)
    ]
    times = union_all(*(select(one) for one in sides)).subquery()
    here = (
        select(HelpOffer.id)
        .where(
            HelpOffer.person_id == times.c.helper_id,
            HelpOffer.municipality_id == municipality.id,
            HelpOffer.status == OfferStatus.OPEN,
        )
        .exists()
    )
    next_at = func.min(times.c.starts_at).label("next_at")
    return (
        select(Person.id, Person.first_name, next_at)
        .join(times, times.c.helper_id == Person.id)
        .where(here, Person.disabled_at.is_(None))
        .group_by(Person.id)
        .order_by(next_at, Person.id)
    )


def _last_offered(actor: Actor, municipality: Municipality) -> Any:
    return (
        select(Person.id, Person.first_name, null().label("next_at"))
        .join(HelpOffer, HelpOffer.person_id == Person.id)
        .where(
            HelpOffer.in_reach_of(actor.reach(Permission.SEE_CHECKS)),
            HelpOffer.municipality_id == municipality.id,
            HelpOffer.status == OfferStatus.OPEN,
            Person.disabled_at.is_(None),
        )
        .order_by(HelpOffer.posted_at.desc(), Person.id)
        .limit(LOOKED_AT)
    )
