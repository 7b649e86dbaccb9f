"""Newcomers: the first times of a new helper happen with a makelaar or an acquaintance in sight."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, null, or_, select
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

LISTED: Final = 100
LOOKED_AT: Final = 1_000
"""Of those who helped often it is known by their offers that came since."""


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
    coming = _coming(municipality).subquery()
    # unscoped: the permission was asked for this very municipality
    here = select(HelpOffer.id).where(
        HelpOffer.person_id == Person.id,
        HelpOffer.municipality_id == municipality.id,
        HelpOffer.status == OfferStatus.OPEN,
    )
    soon = (
        select(Person.id, Person.first_name, coming.c.next_at, coming.c.next_at.label("turn"))
        .join(coming, coming.c.helper_id == Person.id)
        .where(here.exists(), Person.disabled_at.is_(None))
        .order_by("turn", Person.id)
    )
    rows = _new(session, municipality, soon)
    if len(rows) < LISTED:
        # unscoped: as above
        later = (
            select(Person.id, Person.first_name, null().label("next_at"), HelpOffer.posted_at.label("turn"))
            .join(HelpOffer, HelpOffer.person_id == Person.id)
            .where(
                HelpOffer.municipality_id == municipality.id,
                HelpOffer.status == OfferStatus.OPEN,
                Person.disabled_at.is_(None),
                Person.id.not_in(select(coming.c.helper_id)),
            )
            .order_by(HelpOffer.posted_at.desc(), Person.id)
        )
        rows += _new(session, municipality, later, latest=True)
    by_person = {row.person_id: row for row in reversed(rows)}  # who offers two things comes once
    return [by_person.pop(row.person_id) for row in rows if row.person_id in by_person][:LISTED]


def _coming(municipality: Municipality) -> Select[UUID, datetime]:
    """When each who helps next in this municipality, or from it, does so."""
    # unscoped: the permission was asked for this very municipality
    return (
        select(Occurrence.helper_id, func.min(Occurrence.starts_at).label("next_at"))
        .where(
            or_(
                Occurrence.municipality_id == municipality.id,
                Occurrence.helper_municipality_id == municipality.id,
            ),
            Occurrence.status.in_([OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED]),
            Occurrence.starts_at > func.ledger.now(),
        )
        .group_by(Occurrence.helper_id)
    )


def _new(
    session: Session, municipality: Municipality, people: Any, *, latest: bool = False
) -> list[Newcomer]:
    """Those of them who are, in the same order: times are counted one by one, until there are enough."""
    one = people.limit(LOOKED_AT).subquery()  # the limit keeps the counting out of it
    done = func.visits_of(one.c.id)
    query = (
        select(one.c.id, one.c.first_name, done, one.c.next_at)
        .where(done < municipality.newcomer_visits)
        .order_by(one.c.turn.desc() if latest else one.c.turn, one.c.id)
        .limit(LISTED)
    )
    return [Newcomer(*row) for row in session.execute(query)]
