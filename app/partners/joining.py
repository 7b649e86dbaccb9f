"""Joining: an organisation asks, the desk says yes, and whoever asked administers it from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.limits import INVITATION_BY_MAKER, spend
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission, Role
from app.activities.models import Activity
from app.clock import now
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.ids import uuid7
from app.notifications.service import tell
from app.organisations.models import Organisation
from app.organisations.staff import works_for
from app.partners.models import Joining, JoiningStatus, OrganisationVolunteer
from app.partners.schemas import Decided, NewJoining
from app.social_map.models import Provision

J = JoiningStatus


class AlreadyAsked(Conflict):
    """One asked before, and there is no answer yet."""

    code = "already-asked"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an organisation is: each of the steps, done or not."""

    organisation: Organisation
    described: bool
    signed: bool
    colleagues: int
    provisions: int
    volunteers: int
    activities: int


def selection(actor: Actor) -> Select[Joining]:
    """One's own, and those of a desk."""
    seen = visible(actor, Permission.KEEP_SOCIAL_MAP, Joining)
    return select(Joining).where(seen).options(joinedload(Joining.applicant))


def ask(session: Session, actor: Actor, municipality_id: int, new: NewJoining) -> Joining:
    """Say that one's organisation would like to take part. Raises AlreadyAsked, TooMany."""
    if actor.behind is not None:
        raise Forbidden
    own = selection(actor).where(Joining.owned_by(actor.person_id), Joining.status == J.SUBMITTED)
    if session.scalars(own).first() is not None:
        raise AlreadyAsked
    spend(session, INVITATION_BY_MAKER, str(actor.person_id))
    row = Joining(
        id=uuid7(), municipality_id=municipality_id, applicant_id=actor.person_id, name=new.name, kind=new.kind,
        description=new.description, phone=new.phone, website=new.website or "", kvk_number=new.kvk_number or "",
        position=new.position,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    for person_id in session.scalars(staff, {"m": municipality_id}).all():
        tell(session, person_id, municipality_id, "joining-waits", row.id, title=row.name)
    return row


def mine(session: Session, actor: Actor) -> list[Joining]:
    """What one asked, the newest first."""
    own = selection(actor).where(Joining.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(Joining.created_at.desc()).limit(20)))


def withdraw(session: Session, actor: Actor, id: UUID) -> None:
    """Rather not."""
    own = select(Joining).where(Joining.owned_by(actor.person_id), Joining.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    row.step(J.WITHDRAWN, actor.person_id)
    session.flush()


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[Joining]:
    """What waits for a yes or no, the oldest first. Raises Forbidden."""
    require(actor, Permission.KEEP_SOCIAL_MAP, municipality_id)
    query = selection(actor).where(Joining.municipality_id == municipality_id, Joining.status == J.SUBMITTED)
    return list(session.scalars(query.order_by(Joining.created_at, Joining.id)))


def get(session: Session, actor: Actor, id: UUID) -> Joining:
    """One that asked at this desk, locked. Raises NotFound."""
    seen = visible(actor, Permission.KEEP_SOCIAL_MAP, Joining)
    return found(session.scalars(locked(select(Joining).where(seen, Joining.id == id))).one_or_none())


def _held(session: Session, actor: Actor, id: UUID, version: int) -> Joining:
    row = get(session, actor, id)
    require(actor, Permission.KEEP_SOCIAL_MAP, row.municipality_id)
    if row.applicant_id == actor.person:
        raise Forbidden  # a colleague decides
    if row.version != version:
        raise Stale
    return row


def approve(session: Session, actor: Actor, id: UUID, decided: Decided) -> Organisation:
    """It takes part from here on, and whoever asked administers it; the covenant is still to be signed."""
    row = _held(session, actor, id, decided.version)
    organisation = Organisation(
        id=uuid7(), municipality_id=row.municipality_id, name=row.name, kind=row.kind,
        description=row.description, phone=row.phone, website=row.website, covenant_signed_on=None,
    )  # fmt: skip
    session.add(organisation)
    session.flush()
    row.organisation_id, row.decided_by_id, row.decided_at = organisation.id, actor.person_id, now(session)
    row.step(J.APPROVED, actor.person_id)
    session.flush()
    appointed = session.execute(
        text("SELECT appoint_at_organisation(:org, :person, :role, :key)"),
        {"org": organisation.id, "person": row.applicant_id, "role": Role.ORGANISATION_ADMINISTRATOR.value,
         "key": uuid7()},
    ).scalar_one()  # fmt: skip
    if not appointed:
        raise Forbidden
    tell(session, row.applicant_id, row.municipality_id, "joining-approved", row.id, title=row.name)
    return organisation


def reject(session: Session, actor: Actor, id: UUID, decided: Decided) -> None:
    """It does not, for a reason that whoever asked reads."""
    row = _held(session, actor, id, decided.version)
    if not decided.reason:
        raise Invalid(details={"reden": "missing"})
    row.reason, row.decided_by_id, row.decided_at = decided.reason, actor.person_id, now(session)
    row.step(J.REJECTED, actor.person_id)
    session.flush()
    tell(session, row.applicant_id, row.municipality_id, "joining-rejected", row.id, title=row.name)


def standing(session: Session, actor: Actor) -> list[Standing]:
    """How far each organisation is that the actor works for; NotFound for who works for none."""
    flags = works_for(actor)
    if not flags:
        raise NotFound
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    rows = session.scalars(
        select(Organisation).where(seen, Organisation.id.in_(flags)).order_by(Organisation.name)
    )
    return _standings(session, rows.all())


def _standings(session: Session, rows: Sequence[Organisation]) -> list[Standing]:
    """Counted for all of them at once."""
    keys = [row.id for row in rows]

    def each(model: Any, *where: ColumnElement[bool]) -> dict[UUID, int]:
        query = select(model.organisation_id, func.count()).where(model.organisation_id.in_(keys), *where)
        return {row[0]: row[1] for row in session.execute(query.group_by(model.organisation_id))}

    provisions, activities = each(Provision), each(Activity)
    volunteers = each(OrganisationVolunteer, OrganisationVolunteer.ended_at.is_(None))
    query = text(
        "SELECT o, count(DISTINCT s.person_id) FROM unnest(CAST(:keys AS uuid[])) o,"
        " LATERAL organisation_staff(o) s GROUP BY o"
    )
    staff: dict[UUID, int] = {row[0]: row[1] for row in session.execute(query, {"keys": keys})}
    return [
        Standing(
            organisation=row, described=bool(row.description and (row.phone or row.email)),
            signed=row.covenant_signed_on is not None, colleagues=staff.get(row.id, 0),
            provisions=provisions.get(row.id, 0), volunteers=volunteers.get(row.id, 0),
            activities=activities.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip
