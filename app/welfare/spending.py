"""Spending: approved beforehand and then paid, or bought and then refunded against a receipt.

What is approved is the purpose, never the payee: a second-hand moped from a neighbour is possible.
"""

from datetime import datetime, time
from functools import partial
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from app.access.actor import Actor
from app.access.policy import found, visible
from app.access.roles import Permission
from app.audit.write import Act, note
from app.clock import AMSTERDAM, now, today
from app.errors import Conflict, Forbidden, Invalid
from app.ids import uuid7
from app.notifications.service import tell
from app.welfare import plans, receipts
from app.welfare.errors import BudgetEmpty, PeriodOver, ReceiptUsed
from app.welfare.granting import budget_of, pseudonym
from app.welfare.models import (
    FUNDED,
    PlanStatus,
    SpendingStatus,
    Way,
    WelfarePlan,
    WelfareReceipt,
    WelfareSpending,
)
from app.welfare.schemas import NewReceipt, NewSpending
from rewards import Booking, Reason, TransferId, errors, welfare
from rewards.types import PeriodId

S = SpendingStatus


class HasNoReceipt(Conflict):
    """A receipt is looked at and refunded, not approved beforehand, and the other way about."""

    code = "other-way"


def ask(session: Session, actor: Actor, plan_id: UUID, new: NewSpending) -> WelfareSpending:
    """May it be spent on this? Raises PeriodOver once the last day is over, BudgetEmpty above what is left."""
    plan = plans.get_locked(session, actor, plan_id)
    plans.with_resident(actor, plan)
    if plan.status is not PlanStatus.ACTIVE:
        raise PeriodOver
    return _new(session, actor, plan, Way.BEFOREHAND, new)


def hand_in(session: Session, actor: Actor, plan_id: UUID, new: NewReceipt, sent: bytes) -> WelfareSpending:
    """A receipt for something bought within the period, until it is closed.

    Raises WrongFile, PeriodOver, BudgetEmpty, Invalid for a day that is no day of the period.
    """
    receipt = receipts.read(sent)
    plan = plans.get_locked(session, actor, plan_id)
    plans.with_resident(actor, plan)
    if plan.status not in FUNDED or plan.starts_on is None or plan.ends_on is None:
        raise PeriodOver
    if not plan.starts_on <= new.spent_on <= min(plan.ends_on, today(session)):
        raise Invalid(details={"datum": "not-in-period"})
    spending = _new(session, actor, plan, Way.RECEIPT, new)
    session.add(
        WelfareReceipt(
            id=uuid7(),
            municipality_id=plan.municipality_id,
            spending_id=spending.id,
            person_id=plan.person_id,
            media_type=receipt.media_type,
            content=receipt.content,
            sent_hash=receipt.sent_hash,
            width=receipt.width,
            height=receipt.height,
        )
    )
    session.flush()
    return spending


def _new(session: Session, actor: Actor, plan: WelfarePlan, way: Way, new: NewSpending) -> WelfareSpending:
    if new.cents > room(session, plan):
        raise BudgetEmpty
    spending = WelfareSpending(
        id=uuid7(),
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        person_id=plan.person_id,
        author_id=actor.person_id,
        way=way,
        what=new.what,
        cents=new.cents,
        spent_on=new.spent_on if isinstance(new, NewReceipt) else None,
    )
    session.add(spending)
    session.flush()
    spending.tell("", actor.person_id)
    return spending


def room(session: Session, plan: WelfarePlan, *, beside: UUID | None = None) -> int:
    """What is left in cents, without what was approved and is still to be paid."""
    # unscoped: goes with the plan that was visible
    promised = select(func.coalesce(func.sum(WelfareSpending.cents), 0)).where(
        WelfareSpending.plan_id == plan.id, WelfareSpending.status == S.APPROVED, WelfareSpending.id != beside
    )
    return budget_of(session, plan).rest - int(session.scalars(promised).one())


def get_locked(session: Session, actor: Actor, id: UUID) -> tuple[WelfareSpending, WelfarePlan]:
    """A spending under its locked plan; NotFound when the actor may not see it."""
    seen = select(WelfareSpending).where(
        WelfareSpending.id == id, visible(actor, Permission.SEE_WELFARE, WelfareSpending)
    )
    plan = plans.get_locked(session, actor, found(session.scalars(seen).one_or_none()).plan_id)
    again = seen.options(joinedload(WelfareSpending.receipt)).execution_options(populate_existing=True)
    return session.scalars(again).one(), plan


def _for_desk(session: Session, actor: Actor, plan: WelfarePlan, spending: WelfareSpending) -> None:
    """Two pairs of eyes: who wrote it down for the resident does not decide on it; raises Forbidden."""
    plans.for_desk(session, actor, plan, Permission.APPROVE_WELFARE)
    if spending.author_id == actor.person_id:
        raise Forbidden


def approve(session: Session, actor: Actor, id: UUID) -> WelfareSpending:
    """Yes, it may be spent on this; raises BudgetEmpty when other yeses left too little."""
    spending, plan = get_locked(session, actor, id)
    _for_desk(session, actor, plan, spending)
    if spending.way is not Way.BEFOREHAND:
        raise HasNoReceipt
    spending.transitions.next(spending.status, S.APPROVED)
    if plan.status is not PlanStatus.ACTIVE:
        raise PeriodOver
    if spending.cents > room(session, plan, beside=spending.id):
        raise BudgetEmpty
    _decide(session, actor, spending, S.APPROVED)
    _tell(session, plan, spending, "welfare-approved")
    return spending


def pay(session: Session, actor: Actor, id: UUID) -> WelfareSpending:
    """What was approved was paid, to whomever; the ledger books it."""
    spending, plan = get_locked(session, actor, id)
    _for_desk(session, actor, plan, spending)
    spending.transitions.next(spending.status, S.PAID)
    approver = pseudonym(session, found(spending.decided_by_id))
    booked = _spend(session, actor, spending, plan, approved_by=approver)
    spending.transfer_id = int(booked.transfer)
    spending.step(S.PAID, actor.person_id)
    _tell(session, plan, spending, "welfare-paid")
    return spending


def refund(session: Session, actor: Actor, id: UUID) -> WelfareSpending:
    """The receipt was looked at and the resident gets it back; raises ReceiptUsed, BudgetEmpty, PeriodOver."""
    spending, plan = get_locked(session, actor, id)
    _for_desk(session, actor, plan, spending)
    if spending.receipt is None:
        raise HasNoReceipt
    spending.transitions.next(spending.status, S.REFUNDED)
    if spending.cents > room(session, plan):
        raise BudgetEmpty
    booked = _spend(session, actor, spending, plan, receipt=spending.receipt.sent_hash)
    _decide(session, actor, spending, S.REFUNDED, transfer_id=int(booked.transfer))
    _tell(session, plan, spending, "welfare-refunded")
    return spending


def reject(session: Session, actor: Actor, id: UUID, reason: str) -> WelfareSpending:
    """Not for this, with the reason that the resident reads."""
    spending, plan = get_locked(session, actor, id)
    _for_desk(session, actor, plan, spending)
    spending.transitions.next(spending.status, S.REJECTED)
    _decide(session, actor, spending, S.REJECTED, reason=reason)
    _tell(session, plan, spending, "welfare-spending-rejected")
    return spending


def withdraw(session: Session, actor: Actor, id: UUID) -> WelfareSpending:
    """The resident would rather not, before anything was paid."""
    spending, plan = get_locked(session, actor, id)
    plans.with_resident(actor, plan)
    spending.step(S.WITHDRAWN, actor.person_id)
    return spending


def undo(session: Session, actor: Actor, id: UUID, reason: str) -> WelfareSpending:
    """Paid or refunded by mistake: the ledger takes it back, once, while the period is open."""
    spending, plan = get_locked(session, actor, id)
    _for_desk(session, actor, plan, spending)
    spending.transitions.next(spending.status, S.UNDONE)
    connection = session.connection()
    try:
        with connection.begin_nested():
            welfare.undo_spending(
                connection,
                key=f"undo:{spending.id}",
                actor=pseudonym(session, actor.person_id),
                spending=TransferId(spending.transfer_id or 0),
                reason=Reason.BOOKED_BY_MISTAKE,
            )
    except errors.PeriodOver as refusal:
        raise PeriodOver from refusal
    spending.reason = reason
    spending.step(S.UNDONE, actor.person_id, reason)
    _tell(session, plan, spending, "welfare-undone")
    return spending


def _decide(
    session: Session,
    actor: Actor,
    spending: WelfareSpending,
    outcome: SpendingStatus,
    *,
    reason: str = "",
    transfer_id: int | None = None,
) -> None:
    at = now(session)
    with session.no_autoflush:  # what belongs together reaches its row together
        spending.decided_by_id, spending.decided_at = actor.person_id, at
        spending.reason, spending.transfer_id = reason, transfer_id
        spending.step(outcome, actor.person_id, reason)


def _tell(session: Session, plan: WelfarePlan, spending: WelfareSpending, kind: str) -> None:
    session.flush()
    tell(session, plan.person_id, plan.municipality_id, kind, spending.id, title=spending.what)


def _spend(
    session: Session,
    actor: Actor,
    spending: WelfareSpending,
    plan: WelfarePlan,
    *,
    approved_by: UUID | None = None,
    receipt: bytes | None = None,
) -> Booking:
    connection = session.connection()
    book = partial(
        welfare.spend_approved if receipt is None else welfare.spend_on_receipt,
        connection,
        key=f"spending:{spending.id}",
        actor=pseudonym(session, actor.person_id),
        period=PeriodId(plan.period_id or 0),
        cents=spending.cents,
        occurred_at=_moment(session, spending, plan),
    )
    try:
        with connection.begin_nested():
            return book(approved_by=approved_by) if receipt is None else book(receipt_hash=receipt)
    except errors.ReceiptUsed as refusal:
        raise ReceiptUsed from refusal
    except errors.Overdrawn as refusal:
        raise BudgetEmpty from refusal
    except (errors.PeriodOver, errors.AccountNotOpen) as refusal:
        raise PeriodOver from refusal


def _moment(session: Session, spending: WelfareSpending, plan: WelfarePlan) -> datetime | None:
    """Noon of the day on the receipt; what was approved counts as spent in the period, also when paid just after."""
    day = spending.spent_on or min(today(session), found(plan.ends_on))
    return min(now(session), datetime.combine(day, time(12), AMSTERDAM))


def content_of(session: Session, actor: Actor, receipt_id: UUID) -> WelfareReceipt:
    """A receipt with its file; NotFound when the actor may not see it."""
    seen = select(WelfareReceipt).where(
        WelfareReceipt.id == receipt_id, visible(actor, Permission.SEE_WELFARE, WelfareReceipt)
    )
    receipt = found(session.scalars(seen.options(undefer(WelfareReceipt.content))).one_or_none())
    if receipt.person_id != actor.person_id:
        note(
            session, actor, Act.RECEIPT, subject=receipt.person_id, municipality_id=receipt.municipality_id,
            entity="welfare_receipt", entity_id=receipt.id,
        )  # fmt: skip
    return receipt
