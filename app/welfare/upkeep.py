"""What the night does with welfare budgets: periods end, receipts have had their time, and the rest goes back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now, today
from app.notifications.service import tell
from app.welfare.models import (
    OPEN_SPENDING,
    PlanStatus,
    SpendingStatus,
    WelfarePlan,
    WelfareSpending,
)
from rewards import welfare

AT_ONCE = 100
OVER = "period-over"
"""The reason on what was still open when its period closed; the page has the words."""


def end_due(session: Session) -> int:
    """Plans whose last day is over: receipts may still come, and we ask what it brought."""
    # unscoped: the worker's reach is every municipality
    due = select(WelfarePlan).where(
        WelfarePlan.status == PlanStatus.ACTIVE, WelfarePlan.ends_on < today(session)
    )
    plans = session.scalars(due.with_for_update(skip_locked=True)).all()
    for plan in plans:
        plan.step(PlanStatus.ENDED, None)
        tell(session, plan.person_id, plan.municipality_id, "welfare-ended", plan.id, title=plan.wish)
    return len(plans)


def close_due(session: Session) -> int:
    """Periods that ended so long ago that no receipt may come any more: what is left goes back. Again until 0."""
    closed = [period for period, _ in welfare.close_due(session.connection(), AT_ONCE)]
    # unscoped: the worker's reach is every municipality
    plans = session.scalars(select(WelfarePlan).where(WelfarePlan.period_id.in_(closed))).all()
    for plan in plans:
        if plan.status is PlanStatus.ACTIVE:
            plan.step(PlanStatus.ENDED, None)
        plan.step(PlanStatus.CLOSED, None)
        _close_spending(session, plan)
        tell(session, plan.person_id, plan.municipality_id, "welfare-closed", plan.id, title=plan.wish)
    return len(closed)


def _close_spending(session: Session, plan: WelfarePlan) -> None:
    # unscoped: the worker's reach is every municipality
    still_open = select(WelfareSpending).where(
        WelfareSpending.plan_id == plan.id, WelfareSpending.status.in_(OPEN_SPENDING)
    )
    at = now(session)
    for spending in session.scalars(still_open).all():
        with session.no_autoflush:
            spending.reason, spending.decided_at = OVER, at
            spending.step(SpendingStatus.REJECTED, None, OVER)
