"""Who gets a referral: a makelaar with a stand-in, or an organisation that says yes or gives it back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Forbidden, Invalid
from app.notifications.service import tell
from app.organisations.models import Organisation
from app.organisations.staff import works_for
from app.people.models import Person
from app.referrals.models import (
    Referral,
    ReferralStatus,
    StepKind,
)
from app.referrals.schemas import (
    GivenBack,
    OnVersion,
    Sharing,
)
from app.referrals.sending import refuse_unsigned
from app.referrals.service import ReferralOver, add_step, held, held_at_desk, selection

R = ReferralStatus


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody, or an organisation, with how much they have now."""

    id: UUID
    name: str
    has: int


def takers(session: Session, actor: Actor, municipality_id: int) -> tuple[list[Taker], list[Taker]]:
    """Makelaars of the municipality and organisations that signed, with how many each has: the least first."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    return room(session, actor, municipality_id)


def room(session: Session, actor: Actor, municipality_id: int) -> tuple[list[Taker], list[Taker]]:
    """The same for the worker, which is nobody."""
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    keys = session.scalars(staff, {"m": municipality_id}).all()
    people_there = select(Person.id, Person.first_name).where(
        Person.id.in_(keys), Person.disabled_at.is_(None)
    )
    flags = select(Organisation.id, Organisation.name).where(
        visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
        Organisation.municipality_id == municipality_id,
        Organisation.covenant_signed_on.is_not(None),
    )
    here = selection(actor).where(Referral.municipality_id == municipality_id)
    running = here.where(Referral.status.in_((R.PASSED, R.TAKEN, R.SPOKEN, R.STARTED)))

    def most_room(named: Any, column: Any) -> list[Taker]:
        counted = running.with_only_columns(column, func.count()).group_by(column)
        has = {row[0]: row[1] for row in session.execute(counted)}
        found_ = [Taker(id, name, has.get(id, 0)) for id, name in session.execute(named)]
        return sorted(found_, key=lambda one: (one.has, one.name.casefold(), str(one.id)))

    return most_room(people_there, Referral.owner_id), most_room(flags, Referral.organisation_id)


def share(session: Session, actor: Actor, id: UUID, wanted: Sharing) -> Referral:
    """Give it to a colleague with a stand-in, or ask an organisation; it is told to whoever gets it.

    Somebody who comes home from hospital always has a stand-in: Invalid without one.
    """
    row = held_at_desk(session, actor, id, wanted.version)
    if (wanted.owner_id is None) == (wanted.organisation_id is None):
        raise Invalid(details={"collega": "one-of-two"})
    if wanted.organisation_id is not None:
        return _ask(session, actor, row, wanted.organisation_id)
    assert wanted.owner_id is not None
    colleagues = {one.id for one in takers(session, actor, row.municipality_id)[0]}
    if wanted.owner_id not in colleagues:
        raise Invalid(details={"collega": "choose"})
    stand_in = wanted.stand_in_id
    if stand_in is not None and (stand_in not in colleagues or stand_in == wanted.owner_id):
        raise Invalid(details={"vervanger": "choose"})
    if row.home_at is not None and stand_in is None and len(colleagues) > 1:
        raise Invalid(details={"vervanger": "choose"})
    row.organisation_id, row.asked_at = None, None
    row.owner_id, row.stand_in_id = wanted.owner_id, stand_in
    row.taken_at = now(session)
    row.step(R.TAKEN, actor.person_id)
    session.flush()
    for person_id in filter(None, (row.owner_id, stand_in)):
        if person_id != actor.person_id:
            tell(session, person_id, row.municipality_id, "referral-yours", row.id, turn=row.version,
                 title=row.reference)  # fmt: skip
    return row


def _ask(session: Session, actor: Actor, row: Referral, organisation_id: UUID) -> Referral:
    organisation = refuse_unsigned(session, actor, organisation_id)
    row.organisation_id, row.asked_at = organisation.id, now(session)
    row.owner_id = row.stand_in_id = None
    row.step(R.PASSED, actor.person_id)
    session.flush()
    tell_organisation(session, row)
    return row


def tell_organisation(session: Session, row: Referral) -> None:
    """Everybody who works for the organisation that was asked."""
    staff = text("SELECT DISTINCT person_id FROM organisation_staff(:o)")
    for person_id in session.scalars(staff, {"o": row.organisation_id}).all():
        tell(session, person_id, row.municipality_id, "referral-passed", row.id, turn=row.version,
             title=row.reference)  # fmt: skip


def take(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """An organisation that was asked says yes; or a makelaar takes what nobody has."""
    row = held(session, actor, id, on.version)
    if row.organisation_id in works_for(actor):
        if row.status is not R.PASSED:
            raise ReferralOver
        row.owner_id = actor.person_id
        row.taken_at = now(session)
        row.step(R.TAKEN, actor.person_id)
        session.flush()
        return row
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    return share(session, actor, id, _alone(session, actor, row))


def _alone(session: Session, actor: Actor, row: Referral) -> Sharing:
    """Oneself, and where somebody comes home the colleague with least to do as a stand-in."""
    others = [one.id for one in takers(session, actor, row.municipality_id)[0] if one.id != actor.person_id]
    stand_in = others[0] if row.home_at is not None and others else row.stand_in_id
    substitute = stand_in if stand_in != actor.person_id else None
    return Sharing.model_validate(
        {"versie": row.version, "collega": actor.person_id, "vervanger": substitute}
    )


def give_back(session: Session, actor: Actor, id: UUID, why: GivenBack) -> None:
    """An organisation cannot do it: it lies with the core team again, which hears why."""
    row = held(session, actor, id, why.version)
    if row.organisation_id not in works_for(actor):
        raise Forbidden
    if row.status not in (R.PASSED, R.TAKEN, R.SPOKEN):
        raise ReferralOver
    add_step(session, actor, row, StepKind.GAVE_BACK, why.reason)
    row.owner_id = row.stand_in_id = None
    row.step(R.RECEIVED, actor.person_id)
    session.flush()
    tell_desk(session, row, "referral-given-back")


def tell_desk(session: Session, row: Referral, kind: str) -> None:
    """The makelaars of there."""
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    for person_id in session.scalars(staff, {"m": row.municipality_id}).all():
        tell(session, person_id, row.municipality_id, kind, row.id, turn=row.version, title=row.reference)
