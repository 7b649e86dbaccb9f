"""Grants: what a makelaar gives with the resident; above the amount of the rules somebody else of the desk approves."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, visible
from app.access.roles import Permission
from app.clock import now, today
from app.errors import Conflict, Forbidden, Invalid
from app.ids import uuid7
from app.notifications.service import tell
from app.people.models import Person
from app.welfare import plans
from app.welfare.errors import BudgetCeiling, PeriodOver, PeriodTaken
from app.welfare.models import GrantStatus, PlanStatus, WelfareGrant, WelfarePlan
from app.welfare.schemas import NewGrant
from rewards import errors, welfare
from rewards.types import PeriodId

FIRST = (PlanStatus.ASKED,)


class AlreadyWaiting(Conflict):
    """A grant for this plan waits for its second pair of eyes."""

    code = "grant-waits"


def propose(session: Session, actor: Actor, plan_id: UUID, new: NewGrant) -> WelfareGrant:
    """So much for this plan, and for the first time on which days.

    It counts at once as long as one makelaar may decide alone (`eyes_above_cents` of the rules); else somebody else
    looks first. Raises BudgetCeiling, AlreadyWaiting, PeriodOver, PeriodTaken, NotAllowed, Invalid, Forbidden for
    one's own plan.
    """
    plan = plans.get_locked(session, actor, plan_id)
    plans.for_desk(session, actor, plan, Permission.ARRANGE_WELFARE)
    _none_waiting(session, plan)
    first = plan.status in FIRST
    if first:
        starts_on, ends_on = _period(session, new)
        plan.starts_on, plan.ends_on, plan.broker_id = starts_on, ends_on, actor.person_id
    elif plan.status is not PlanStatus.ACTIVE or new.starts_on is not None:
        raise PeriodOver
    elif new.cents > budget_of(session, plan).grantable:
        raise BudgetCeiling
    grant = WelfareGrant(
        id=uuid7(),
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        person_id=plan.person_id,
        cents=new.cents,
        proposed_by_id=actor.person_id,
    )
    session.add(grant)
    session.flush()
    grant.tell("", actor.person_id)
    if not _alone(session, actor, grant, plan) and first:
        plan.step(PlanStatus.PROPOSED, actor.person_id)
    session.flush()
    return grant


def _alone(session: Session, actor: Actor, grant: WelfareGrant, plan: WelfarePlan) -> bool:
    """Whether it counts without a second pair of eyes; the ledger knows the rules and what was given before."""
    try:
        with session.connection().begin_nested():
            period_id, transfer_id = _booked(session, actor, grant, plan, None)
    except errors.NeedsSecondEyes:
        return False
    _granted(session, actor, grant, plan, (period_id, transfer_id))
    return True


def _period(session: Session, new: NewGrant) -> tuple[date, date]:
    if new.starts_on is None or new.ends_on is None:
        raise Invalid(details={"van": "missing"})
    if new.ends_on < new.starts_on or new.ends_on < today(session):
        raise Invalid(details={"totEnMet": "period-past"})
    if (new.ends_on - new.starts_on).days > 366:
        raise Invalid(details={"totEnMet": "period-long"})
    return new.starts_on, new.ends_on


def _none_waiting(session: Session, plan: WelfarePlan) -> None:
    # unscoped: goes with the plan that was visible
    waiting = select(WelfareGrant.id).where(
        WelfareGrant.plan_id == plan.id, WelfareGrant.status == GrantStatus.ASKED
    )
    if session.scalars(waiting).first() is not None:
        raise AlreadyWaiting


def get_locked(session: Session, actor: Actor, id: UUID) -> tuple[WelfareGrant, WelfarePlan]:
    """A grant under its locked plan; NotFound when the actor may not see it."""
    seen = select(WelfareGrant).where(
        WelfareGrant.id == id, visible(actor, Permission.SEE_WELFARE, WelfareGrant)
    )
    plan = plans.get_locked(session, actor, found(session.scalars(seen).one_or_none()).plan_id)
    grant = session.scalars(seen.execution_options(populate_existing=True)).one()
    return grant, plan


def approve(session: Session, actor: Actor, id: UUID) -> WelfareGrant:
    """The second pair of eyes says yes: the ledger books it. Raises BudgetCeiling, PeriodTaken, PeriodOver."""
    grant, plan = get_locked(session, actor, id)
    _second_eyes(session, actor, grant, plan)
    grant.transitions.next(grant.status, GrantStatus.GRANTED)
    _granted(session, actor, grant, plan, _booked(session, actor, grant, plan, found(actor.person_id)))
    return grant


def _booked(
    session: Session, actor: Actor, grant: WelfareGrant, plan: WelfarePlan, approver: UUID | None
) -> tuple[int, int]:
    """The period and the booking, in the ledger."""
    period_id = plan.period_id or _open_period(session, actor, plan)
    return period_id, _book(session, grant, period_id, approver)


def _granted(
    session: Session, actor: Actor, grant: WelfareGrant, plan: WelfarePlan, booked: tuple[int, int]
) -> None:
    """It counts: state, and a word to the resident."""
    period_id, grant.transfer_id = booked
    with session.no_autoflush:  # what belongs together reaches its row together
        grant.decided_at = now(session)
        grant.decided_by_id = None if grant.proposed_by_id == actor.person_id else actor.person_id
        grant.step(GrantStatus.GRANTED, actor.person_id)
        if plan.period_id is None:
            plan.period_id = period_id
            plan.step(PlanStatus.ACTIVE, actor.person_id)
    session.flush()
    tell(session, plan.person_id, plan.municipality_id, "welfare-granted", grant.id, title=plan.wish)


def refuse(session: Session, actor: Actor, id: UUID, reason: str) -> WelfareGrant:
    """The second pair of eyes says no, with the reason for the one who proposed; a first plan goes back to them."""
    grant, plan = get_locked(session, actor, id)
    _second_eyes(session, actor, grant, plan)
    with session.no_autoflush:
        grant.decided_by_id, grant.decided_at = actor.person_id, now(session)
        grant.reason = reason
        grant.step(GrantStatus.REJECTED, actor.person_id, reason)
    if plan.status is PlanStatus.PROPOSED:
        plan.step(PlanStatus.ASKED, actor.person_id, reason)
    tell(
        session, grant.proposed_by_id, plan.municipality_id, "welfare-not-approved", grant.id, title=plan.wish
    )
    return grant


def _second_eyes(session: Session, actor: Actor, grant: WelfareGrant, plan: WelfarePlan) -> None:
    plans.for_desk(session, actor, plan, Permission.APPROVE_WELFARE)
    if grant.proposed_by_id == actor.person_id:
        raise Forbidden


def _open_period(session: Session, actor: Actor, plan: WelfarePlan) -> int:
    assert plan.starts_on is not None  # the table's own CHECK on a plan that was worked out
    assert plan.ends_on is not None
    connection = session.connection()
    try:
        with connection.begin_nested():
            period = welfare.open_period(
                connection,
                key=f"plan:{plan.id}",
                actor=pseudonym(session, actor.person_id),
                municipality_id=plan.municipality_id,
                person=pseudonym(session, plan.person_id),
                starts_on=plan.starts_on,
                ends_on=plan.ends_on,
            )
    except errors.PeriodOverlaps as refusal:
        raise PeriodTaken from refusal
    return int(period.id)


def _book(session: Session, grant: WelfareGrant, period_id: int, approver: UUID | None) -> int:
    connection = session.connection()
    try:
        with connection.begin_nested():
            booked = welfare.grant(
                connection,
                key=f"grant:{grant.id}",
                actor=pseudonym(session, grant.proposed_by_id),
                period=PeriodId(period_id),
                cents=grant.cents,
                approved_by=None if approver is None else pseudonym(session, approver),
            )
    except errors.GrantCeiling as refusal:
        raise BudgetCeiling from refusal
    except (errors.PeriodOver, errors.AccountNotOpen) as refusal:
        raise PeriodOver from refusal
    return int(booked.transfer)


def pseudonym(session: Session, person_id: UUID) -> UUID:
    """Somebody's name in the ledger."""
    return found(session.get(Person, person_id)).pseudonym


def budget_of(session: Session, plan: WelfarePlan) -> welfare.Budget:
    """Where the budget of a plan stands, in cents."""
    return welfare.budget(session.connection(), PeriodId(plan.period_id or 0))
