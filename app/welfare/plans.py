"""Plans: asked for, worked out together, and told afterwards what they brought."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.audit.write import Act, note_each
from app.clock import now, today
from app.ids import uuid7
from app.notifications.service import tell
from app.people import service as people
from app.pots.notes import refuse_own
from app.welfare.errors import HasPlan, PeriodOver
from app.welfare.models import (
    STANDING,
    GrantStatus,
    PlanStatus,
    WelfareGrant,
    WelfarePlan,
    WelfareSpending,
)
from app.welfare.schemas import NewPlan, Told

FACE = (joinedload(WelfarePlan.person), joinedload(WelfarePlan.broker))
WHOLE = (
    *FACE,
    selectinload(WelfarePlan.grants).joinedload(WelfareGrant.proposed_by),
    selectinload(WelfarePlan.grants).joinedload(WelfareGrant.decided_by),
    selectinload(WelfarePlan.spendings).joinedload(WelfareSpending.receipt),
)


def selection(actor: Actor) -> Select[WelfarePlan]:
    """One's own plans and those of the desk: makelaar and treasurer of the municipality, and nobody else."""
    return select(WelfarePlan).where(visible(actor, Permission.SEE_WELFARE, WelfarePlan))


def mine(session: Session, actor: Actor) -> list[WelfarePlan]:
    """One's own plans, the newest first."""
    own = select(WelfarePlan).where(WelfarePlan.owned_by(actor.person_id)).options(*WHOLE)
    return list(session.scalars(own.order_by(WelfarePlan.created_at.desc()).limit(20)))


def get(session: Session, actor: Actor, id: UUID) -> WelfarePlan:
    """One plan with everything on it, which its owner can read back; NotFound when the actor may not see it."""
    query = selection(actor).where(WelfarePlan.id == id).options(*WHOLE)
    plan = found(session.scalars(query.execution_options(populate_existing=True)).one_or_none())
    looked_at(session, actor, [plan])
    return plan


def looked_at(session: Session, actor: Actor, plans: Sequence[WelfarePlan]) -> None:
    """Write down that somebody of the desk read why others ask for a budget."""
    others = {plan.person_id: plan.municipality_id for plan in plans if plan.person_id != actor.person_id}
    if others:
        note_each(session, actor, Act.PLAN, others)


def get_locked(session: Session, actor: Actor, id: UUID) -> WelfarePlan:
    """One plan, locked: of two who decide at once the second sees what the first did."""
    return found(session.scalars(locked(selection(actor).where(WelfarePlan.id == id))).one_or_none())


def for_desk(session: Session, actor: Actor, plan: WelfarePlan, permission: Permission) -> None:
    """Let somebody of the desk act on a budget that is not their own or of their house; raises Forbidden."""
    require(actor, permission, plan.municipality_id)
    refuse_own(session, actor, plan.person_id)


def with_resident(actor: Actor, plan: WelfarePlan) -> None:
    """Let the resident act, or a makelaar who writes it down for them."""
    if actor.person_id != plan.person_id:
        require(actor, Permission.ARRANGE_WELFARE, plan.municipality_id)


def ask(session: Session, actor: Actor, new: NewPlan) -> WelfarePlan:
    """A resident asks; or a makelaar writes it down together with them. Raises HasPlan: one at a time."""
    person_id = new.person_id or actor.person_id
    home = people.home(session, person_id).municipality_id
    if person_id != actor.person_id:
        require(actor, Permission.ARRANGE_WELFARE, home)
    _no_other(session, person_id)
    plan = WelfarePlan(
        id=uuid7(),
        municipality_id=home,
        person_id=person_id,
        author_id=actor.person_id,
        broker_id=actor.person_id if person_id != actor.person_id else None,
        **new.model_dump(include={"goal", "wish", "why", "asked_cents"}),
    )
    session.add(plan)
    session.flush()
    plan.tell("", actor.person_id)
    return plan


def _no_other(session: Session, person_id: UUID) -> None:
    # unscoped: one's own, or of somebody of the desk's own municipality
    standing = select(WelfarePlan.id).where(
        WelfarePlan.person_id == person_id, WelfarePlan.status.in_(STANDING)
    )
    if session.scalars(standing).first() is not None:
        raise HasPlan


def withdraw(session: Session, actor: Actor, id: UUID, reason: str = "") -> WelfarePlan:
    """The resident would rather not, before anything was granted."""
    plan = get_locked(session, actor, id)
    with_resident(actor, plan)
    plan.step(PlanStatus.WITHDRAWN, actor.person_id, reason)
    _drop_asked(session, plan, actor, reason)
    return plan


def reject(session: Session, actor: Actor, id: UUID, reason: str) -> WelfarePlan:
    """No budget for this, with the reason that the resident reads."""
    plan = get_locked(session, actor, id)
    for_desk(session, actor, plan, Permission.ARRANGE_WELFARE)
    plan.step(PlanStatus.REJECTED, actor.person_id, reason)
    plan.reason = reason
    _drop_asked(session, plan, actor, reason)
    tell(session, plan.person_id, plan.municipality_id, "welfare-rejected", plan.id, title=plan.wish)
    return plan


def _drop_asked(session: Session, plan: WelfarePlan, actor: Actor, reason: str) -> None:
    """What waited for a second pair of eyes waits no more; the plan is locked."""
    # unscoped: goes with the plan that was visible
    waiting = select(WelfareGrant).where(
        WelfareGrant.plan_id == plan.id, WelfareGrant.status == GrantStatus.ASKED
    )
    for grant in session.scalars(waiting).all():
        at = now(session)
        with session.no_autoflush:
            grant.reason, grant.decided_at = reason, at
            grant.step(GrantStatus.REJECTED, actor.person_id, reason)


def tell_what_it_brought(session: Session, actor: Actor, id: UUID, told: Told) -> WelfarePlan:
    """In the resident's own words, once the last day is over; raises PeriodOver while it lasts."""
    plan = get_locked(session, actor, id)
    with_resident(actor, plan)
    if plan.period_id is None or plan.ends_on is None or plan.ends_on >= today(session):
        raise PeriodOver
    at = now(session)
    plan.brought, plan.helped, plan.sees_people = told.brought, told.helped, told.sees_people
    plan.evaluated_at = at
    plan.tell(str(plan.status), actor.person_id, "told")
    return plan
