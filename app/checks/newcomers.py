"""Newcomers: the first times of a new helper happen with a makelaar or an acquaintance in sight."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
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

LISTED = 100


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
    """Who offers help here and has not had all of the first times; whose next time is soonest comes first."""
    require(actor, Permission.SEE_CHECKS, municipality.id)
    # unscoped: the permission was asked for this very municipality
    helpers = select(HelpOffer.person_id).where(
        HelpOffer.municipality_id == municipality.id, HelpOffer.status == OfferStatus.OPEN
    )
    done = func.visits_of(Person.id)
    next_at = (
        select(func.min(Occurrence.starts_at))
        .where(
            Occurrence.helper_id == Person.id,
            Occurrence.status.in_([OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED]),
            Occurrence.starts_at > func.ledger.now(),
        )
        .scalar_subquery()
    )
    query = (
        select(Person.id, Person.first_name, done, next_at)
        .where(Person.id.in_(helpers), Person.disabled_at.is_(None), done < municipality.newcomer_visits)
        .order_by(next_at.asc().nulls_last(), Person.first_name, Person.id)
        .limit(LISTED)
    )
    return [Newcomer(*row) for row in session.execute(query)]
