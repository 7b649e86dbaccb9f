"""The desk's list of welfare budgets: what waits for whom, and figures without names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.clock import today
from app.reports import hiding
from app.welfare.models import (
    FUNDED,
    GrantStatus,
    Helped,
    PlanStatus,
    SpendingStatus,
    Way,
    WelfareGrant,
    WelfarePlan,
    WelfareSpending,
)
from app.welfare.plans import FACE
from rewards import welfare
from rewards.types import PeriodId

SOON = timedelta(days=42)
PAGE = 100


class Queue(StrEnum):
    """What the desk has to do, in the order in which it presses; the words are those of the address."""

    ASKED = "gevraagd"
    TO_APPROVE = "tweede-blik"
    TO_DECIDE = "uitgaven"
    RECEIPTS = "bonnen"
    TO_PAY = "betalen"
    ENDS_SOON = "loopt-af"
    TO_TELL = "wat-het-bracht"
    ALL = "alles"

    @property
    def presses(self) -> bool:
        """Whether somebody waits for the desk."""
        return self not in (Queue.ENDS_SOON, Queue.TO_TELL, Queue.ALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A plan on the list, with its budget (none before the first grant) and what is promised of it in cents."""

    plan: WelfarePlan
    budget: welfare.Budget | None
    promised: int


@dataclass(frozen=True, slots=True)
class Board:
    """A queue on a screen beside the counts of all."""

    queue: Queue
    counts: Mapping[Queue, int]
    entries: list[Entry]


def board(session: Session, actor: Actor, municipality_id: int, queue: Queue | None = None) -> Board:
    """One queue, or the first in which something waits; raises Forbidden for who does not see budgets."""
    require(actor, Permission.SEE_WELFARE, municipality_id)
    conditions = _conditions(today(session))
    counts = _counts(session, actor, municipality_id, conditions)
    shown = queue or next((each for each in Queue if counts[each]), Queue.ALL)
    query = (
        _plans(actor, municipality_id)
        .where(conditions[shown])
        .options(*FACE)
        .order_by(WelfarePlan.status.in_([PlanStatus.CLOSED, PlanStatus.REJECTED, PlanStatus.WITHDRAWN]),
                  WelfarePlan.created_at)
        .limit(PAGE)
    )  # fmt: skip
    return Board(shown, counts, entries(session, list(session.scalars(query))))


def _plans(actor: Actor, municipality_id: int) -> Select[WelfarePlan]:
    reach = actor.reach(Permission.SEE_WELFARE) & {municipality_id}
    return select(WelfarePlan).where(WelfarePlan.municipality_id.in_(reach))


def entries(session: Session, plans: list[WelfarePlan]) -> list[Entry]:
    """Plans with what stands in the ledger, in two questions whatever their number."""
    periods = [PeriodId(plan.period_id) for plan in plans if plan.period_id is not None]
    found = welfare.budgets(session.connection(), periods) if periods else {}
    # unscoped: goes with plans that were visible
    promised = (
        select(WelfareSpending.plan_id, func.sum(WelfareSpending.cents))
        .where(WelfareSpending.plan_id.in_([plan.id for plan in plans]))
        .where(WelfareSpending.status == SpendingStatus.APPROVED)
        .group_by(WelfareSpending.plan_id)
    )
    sums: dict[UUID, int] = {row[0]: int(row[1]) for row in session.execute(promised)} if periods else {}
    return [Entry(plan, found.get(PeriodId(plan.period_id or 0)), sums.get(plan.id, 0)) for plan in plans]


def _conditions(day: date) -> dict[Queue, ColumnElement[bool]]:
    def spent(*clauses: ColumnElement[bool]) -> ColumnElement[bool]:
        return select(WelfareSpending.id).where(WelfareSpending.plan_id == WelfarePlan.id, *clauses).exists()

    asked = WelfareSpending.status == SpendingStatus.ASKED
    # unscoped: goes with plans that are visible, as a condition
    waiting = select(WelfareGrant.id).where(
        WelfareGrant.plan_id == WelfarePlan.id, WelfareGrant.status == GrantStatus.ASKED
    )
    return {
        Queue.ASKED: WelfarePlan.status == PlanStatus.ASKED,
        Queue.TO_APPROVE: waiting.exists(),
        Queue.TO_DECIDE: spent(asked, WelfareSpending.way == Way.BEFOREHAND),
        Queue.RECEIPTS: spent(asked, WelfareSpending.way == Way.RECEIPT),
        Queue.TO_PAY: spent(WelfareSpending.status == SpendingStatus.APPROVED),
        Queue.ENDS_SOON: (WelfarePlan.status == PlanStatus.ACTIVE) & (WelfarePlan.ends_on <= day + SOON),
        Queue.TO_TELL: WelfarePlan.status.in_([PlanStatus.ENDED, PlanStatus.CLOSED])
        & WelfarePlan.evaluated_at.is_(None)
        & (WelfarePlan.ends_on > day - timedelta(days=183)),
        Queue.ALL: or_(WelfarePlan.status != PlanStatus.WITHDRAWN, WelfarePlan.period_id.is_not(None)),
    }


def _counts(
    session: Session, actor: Actor, municipality_id: int, conditions: dict[Queue, ColumnElement[bool]]
) -> dict[Queue, int]:
    reach = actor.reach(Permission.SEE_WELFARE) & {municipality_id}
    columns = [func.count().filter(conditions[queue]) for queue in Queue]
    row = session.execute(select(*columns).where(WelfarePlan.municipality_id.in_(reach))).one()
    return dict(zip(Queue, map(int, row), strict=True))


@dataclass(frozen=True, slots=True)
class Sums:
    """Figures of a year without names; None where a count is under five."""

    people: int | None
    """With a budget now."""
    granted: int | None
    """Budgets that began in the last year."""
    told: int | None
    helped: int | None
    """Of those who told, who said that it helped."""


def sums(session: Session, actor: Actor, municipality_id: int) -> Sums:
    """For the page of the municipality: counts under five stay hidden."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    since = today(session) - timedelta(days=365)
    told = WelfarePlan.evaluated_at.is_not(None) & (WelfarePlan.ends_on >= since)
    query = select(
        func.count().filter(WelfarePlan.status.in_(FUNDED)),
        func.count().filter(WelfarePlan.period_id.is_not(None), WelfarePlan.starts_on >= since),
        func.count().filter(told),
        func.count().filter(told, WelfarePlan.helped == Helped.YES),
    ).where(WelfarePlan.municipality_id.in_(actor.reach(Permission.SEE_FIGURES) & {municipality_id}))
    people, granted, answered, helped = session.execute(query).one()
    # the rest of those who told is as small a group as those whom it helped
    both_shown = min(helped, answered - helped) >= hiding.LEAST or helped in (0, answered)
    return Sums(
        hiding.one(people),
        hiding.one(granted),
        hiding.one(answered),
        hiding.one(helped) if both_shown else None,
    )
