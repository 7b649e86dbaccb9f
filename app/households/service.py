"""The plan of a household: found, made, changed and closed. One process per family: nobody is in two plans."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.audit.write import Act, note_each
from app.casework import colleagues
from app.clock import today
from app.errors import Conflict, Invalid, Stale
from app.help_requests.models import HelpRequest
from app.households.models import (
    About,
    Plan,
    PlanDecision,
    PlanLine,
    PlanMoment,
    PlanPerson,
    PlanRole,
    PlanStatus,
)
from app.households.schemas import NewMember, NewPlan, PlanChange, PlanClosing
from app.ids import uuid7
from app.matches import meeting
from app.moderation import people
from app.notifications.service import tell
from app.people.models import Contact, Person
from app.people.service import home

MOST: Final = 100
FIRST_LOOK_DAYS: Final = 42
"""The first time to look again; then every year, and when life turns."""
NAMES: Final = (
    joinedload(Plan.contact).load_only(Person.first_name),
    joinedload(Plan.second).load_only(Person.first_name),
    selectinload(Plan.people).joinedload(PlanPerson.person),
)
WHOLE: Final = (
    *NAMES,
    selectinload(Plan.lines).joinedload(PlanLine.carer).load_only(Person.first_name),
    selectinload(Plan.decisions).joinedload(PlanDecision.by).load_only(Person.first_name),
    selectinload(Plan.moments).joinedload(PlanMoment.by).load_only(Person.first_name),
)


class HasPlan(Conflict):
    """This person is in another plan: one process per family."""

    code = "has-plan"


class Closed(Conflict):
    """The plan was closed."""

    code = "plan-closed"


class Bridged(Conflict):
    """While somebody looks whether the plan should change, nothing of it ends or gets less."""

    code = "bridged"


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan on the desk's list."""

    plan: Plan
    due_on: date | None
    """The first moment to look again that waits."""


def get(session: Session, actor: Actor, id: UUID) -> Plan:
    """A plan of the desk, whole; NotFound for any other."""
    query = select(Plan).where(Plan.id == id, Plan.in_reach_of(actor.reach(Permission.MODERATE_REQUEST)))
    fresh = query.options(*WHOLE).execution_options(populate_existing=True)
    return found(session.scalars(fresh).one_or_none())


def read(session: Session, actor: Actor, id: UUID) -> Plan:
    """The same for somebody who reads it on a screen: each who is in it can read that back."""
    plan = get(session, actor, id)
    everybody = {one.person_id: plan.municipality_id for one in plan.people if one.left_on is None}
    note_each(session, actor, Act.PERSON, everybody)
    return plan


def questions_of(session: Session, actor: Actor, plan: Plan) -> list[HelpRequest]:
    """What the household asks here and is not over, with who asks."""
    members = [one.person_id for one in plan.people if one.left_on is None]
    query = select(HelpRequest).where(
        HelpRequest.person_id.in_(members),
        HelpRequest.municipality_id.in_(actor.reach(Permission.MODERATE_REQUEST)),
        HelpRequest.status.in_(people.LIVE),
    )
    rows = query.options(joinedload(HelpRequest.person)).order_by(HelpRequest.created_at.desc()).limit(40)
    return list(session.scalars(rows))


def mine(session: Session, actor: Actor) -> Plan | None:
    """The plan of which one is part, whole."""
    own = select(Plan).where(Plan.has_party(actor.person_id)).options(*WHOLE)
    return session.scalars(own).one_or_none()


def of_person(session: Session, actor: Actor, person_id: UUID) -> Plan | None:
    """The plan of somebody of the desk's, with who is in it."""
    query = (
        select(Plan)
        .join(PlanPerson, PlanPerson.plan_id == Plan.id)
        .where(
            PlanPerson.person_id == person_id,
            PlanPerson.left_on.is_(None),
            Plan.in_reach_of(actor.reach(Permission.MODERATE_REQUEST)),
        )
    )
    return session.scalars(query.options(*NAMES)).one_or_none()


def _first_due() -> ColumnElement[date]:
    return (
        select(func.min(PlanMoment.due_on))
        .where(PlanMoment.plan_id == Plan.id, PlanMoment.held_on.is_(None))
        .correlate(Plan)
        .scalar_subquery()
    )


def _is_due(day: date) -> ColumnElement[bool]:
    """Somebody should look today, or a decision that was promised is late."""
    return and_(Plan.status != PlanStatus.CLOSED, or_(_first_due() <= day, Plan.promised_on < day))


def every(session: Session, actor: Actor, municipality_id: int) -> list[Listed]:
    """The plans of a municipality, what is due first."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = (
        select(Plan, _first_due())
        .where(
            visible(actor, Permission.MODERATE_REQUEST, Plan),
            Plan.municipality_id == municipality_id,
            Plan.status != PlanStatus.CLOSED,
        )
        .options(*NAMES)
        .order_by(func.least(_first_due(), Plan.promised_on).nulls_last(), Plan.id)
        .limit(MOST)
    )
    return [Listed(row[0], row[1]) for row in session.execute(query)]


def count_due(session: Session, actor: Actor, municipality_id: int) -> int:
    """How many of them wait for somebody to look, or for a decision."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = select(func.count()).where(
        visible(actor, Permission.MODERATE_REQUEST, Plan),
        Plan.municipality_id == municipality_id,
        _is_due(today(session)),
    )
    return int(session.execute(query).scalar_one())


def is_due(listed: Listed, day: date) -> bool:
    """The same rule for a row of the list."""
    late = listed.plan.promised_on is not None and listed.plan.promised_on < day
    return late or (listed.due_on is not None and listed.due_on <= day)


def make(session: Session, actor: Actor, person_id: UUID, new: NewPlan) -> Plan:
    """A plan that begins with one person; whoever makes it is its face. Raises NotFound out of reach, HasPlan."""
    people.get(session, actor, person_id)
    municipality_id = home(session, person_id).municipality_id
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    plan = Plan(
        id=uuid7(), municipality_id=municipality_id, goal=new.goal, known=new.known or "",
        contact_id=actor.person_id, made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    join(session, plan, person_id, PlanRole.ADULT)
    first_look(session, actor, plan)
    tell(session, person_id, municipality_id, "plan-made", plan.id)
    return plan


def join(session: Session, plan: Plan, person_id: UUID, role: PlanRole) -> None:
    """Raises HasPlan for somebody who is in a plan."""
    row = PlanPerson(
        id=uuid7(), municipality_id=plan.municipality_id, plan_id=plan.id, person_id=person_id, role=role
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:
        raise HasPlan from twice


def first_look(session: Session, actor: Actor, plan: Plan) -> None:
    """The first moment to look again."""
    day = date.fromordinal(today(session).toordinal() + FIRST_LOOK_DAYS)
    look_again(session, actor, plan, About.CALENDAR, day)


def look_again(session: Session, actor: Actor, plan: Plan, about: About, due_on: date) -> PlanMoment:
    """One more moment to look again."""
    row = PlanMoment(
        id=uuid7(), municipality_id=plan.municipality_id, plan_id=plan.id, about=about, due_on=due_on,
        by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def held(session: Session, actor: Actor, id: UUID, version: int | None = None) -> Plan:
    """A plan of the desk that is not closed, locked; as it was read. Raises NotFound, Closed, Stale."""
    query = select(Plan).where(Plan.id == id, Plan.in_reach_of(actor.reach(Permission.MODERATE_REQUEST)))
    plan = found(session.scalars(locked(query)).one_or_none())
    require(actor, Permission.MODERATE_REQUEST, plan.municipality_id)
    if plan.status is PlanStatus.CLOSED:
        raise Closed
    if version is not None and plan.version != version:
        raise Stale
    return plan


def change(session: Session, actor: Actor, id: UUID, wanted: PlanChange) -> Plan:
    """Other words, faces or recognition. Raises Stale when a colleague saved in between, Invalid."""
    plan = held(session, actor, id, wanted.version)
    colleagues.require_colleague(session, actor, plan.municipality_id, wanted.contact_id, "vastGezicht")
    colleagues.require_colleague(session, actor, plan.municipality_id, wanted.second_id, "kijktMee")
    if wanted.second_id == wanted.contact_id:
        raise Invalid(details={"kijktMee": "another"})
    if wanted.recognised_on is None and wanted.lasts_until is not None:
        raise Invalid(details={"erkendOp": "required"})
    if wanted.recognised_on and wanted.lasts_until and wanted.lasts_until < wanted.recognised_on:
        raise Invalid(details={"erkendTotEnMet": "before-start"})
    other_face = plan.contact_id != wanted.contact_id
    plan.goal, plan.known = wanted.goal, wanted.known or ""
    plan.contact_id, plan.second_id = wanted.contact_id, wanted.second_id
    plan.recognised_on, plan.lasts_until = wanted.recognised_on, wanted.lasts_until
    session.flush()
    if other_face:
        tell_members(session, actor, plan, "plan-face")
    return plan


def tell_members(session: Session, actor: Actor, plan: Plan, kind: str) -> None:
    """Everybody in the plan but children, once for this version of it."""
    query = select(PlanPerson.person_id).where(
        visible(actor, Permission.MODERATE_REQUEST, PlanPerson),
        PlanPerson.plan_id == plan.id,
        PlanPerson.left_on.is_(None),
        PlanPerson.role != PlanRole.CHILD,
    )
    for person_id in session.scalars(query):
        tell(session, person_id, plan.municipality_id, kind, plan.id, turn=plan.version)


def add_member(session: Session, actor: Actor, id: UUID, new: NewMember) -> Plan:
    """Somebody more in the plan; for a child the eighteenth birthday is a moment to look again.

    Raises NotFound for who is not one of the desk's people, HasPlan.
    """
    plan = held(session, actor, id)
    people.get(session, actor, new.person_id)
    if home(session, new.person_id).municipality_id != plan.municipality_id:
        raise Invalid(details={"persoon": "choose"})
    _refuse_blocked(session, actor, plan, new.person_id)
    join(session, plan, new.person_id, new.role)
    if new.role is PlanRole.CHILD:
        _when_eighteen(session, actor, plan, new.person_id)
    if new.role is not PlanRole.CHILD:
        tell(session, new.person_id, plan.municipality_id, "plan-made", plan.id)
    return plan


def _refuse_blocked(session: Session, actor: Actor, plan: Plan, person_id: UUID) -> None:
    """Whoever is in a plan reads all of it: nobody comes beside somebody who blocked them. Raises Invalid."""
    there = select(PlanPerson.person_id).where(
        visible(actor, Permission.MODERATE_REQUEST, PlanPerson),
        PlanPerson.plan_id == plan.id,
        PlanPerson.left_on.is_(None),
    )
    if any(meeting.blocked(session, person_id, one) for one in session.scalars(there).all()):
        raise Invalid(details={"persoon": "choose"})


def _when_eighteen(session: Session, actor: Actor, plan: Plan, person_id: UUID) -> None:
    query = (
        select(Contact.birth_year)
        .join(PlanPerson, PlanPerson.person_id == Contact.person_id)
        .where(
            visible(actor, Permission.MODERATE_REQUEST, PlanPerson),
            PlanPerson.plan_id == plan.id,
            PlanPerson.person_id == person_id,
        )
    )
    born = session.scalars(query).first()
    if born is None:
        return
    # the year is all that we know; half a year ahead there is time to arrange what changes
    day = date(born + 17, 7, 1)
    if day > today(session):
        look_again(session, actor, plan, About.EIGHTEEN, day)


def remove_member(session: Session, actor: Actor, id: UUID, person_id: UUID) -> Plan:
    """Somebody left the household, or has a plan of their own from now on. The last one does not leave: it closes."""
    plan = held(session, actor, id)
    query = select(PlanPerson).where(
        visible(actor, Permission.MODERATE_REQUEST, PlanPerson),
        PlanPerson.plan_id == id,
        PlanPerson.left_on.is_(None),
    )
    rows = list(session.scalars(query))
    row = found(next((one for one in rows if one.person_id == person_id), None))
    if len(rows) == 1:
        raise Invalid(details={"persoon": "last-one"})
    row.left_on = today(session)
    session.flush()
    return plan


def close(session: Session, actor: Actor, id: UUID, closing: PlanClosing) -> Plan:
    """The plan is done; a promised decision comes first. Raises Bridged, Stale."""
    plan = held(session, actor, id, closing.version)
    if plan.status is PlanStatus.REASSESSED:
        raise Bridged
    day = today(session)
    rows = session.scalars(
        select(PlanPerson).where(
            visible(actor, Permission.MODERATE_REQUEST, PlanPerson),
            PlanPerson.plan_id == id,
            PlanPerson.left_on.is_(None),
        )
    ).all()
    plan.status, plan.closing_reason = PlanStatus.CLOSED, closing.reason
    for row in rows:
        row.left_on = day
    session.flush()
    return plan
