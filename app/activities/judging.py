"""The desk's look at what a resident wants to host, and at what there is in its municipality."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.access.policy import found, locked, require, require_apart
from app.access.roles import Permission
from app.activities.models import (
    Activity,
    ActivityDate,
    DateStatus,
    Status,
)
from app.activities.service import FACE, open_up, selection
from app.clock import now
from app.notifications.service import tell


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[Activity]:
    """What residents want to host and nobody of the desk has looked at, the oldest first."""
    require(actor, Permission.MODERATE_ACTIVITY, municipality_id)
    query = selection(actor).where(
        Activity.municipality_id == municipality_id, Activity.status == Status.SUBMITTED
    )
    rows = query.options(*FACE, selectinload(Activity.dates)).order_by(Activity.created_at, Activity.id)
    return list(session.scalars(rows.limit(100)))


def running(session: Session, actor: Actor, municipality_id: int) -> list[tuple[Activity, ActivityDate]]:
    """What there is in a municipality, with its next time, the soonest first."""
    require(actor, Permission.MODERATE_ACTIVITY, municipality_id)
    upcoming = (
        select(ActivityDate.activity_id, func.min(ActivityDate.starts_at).label("first"))
        .where(
            ActivityDate.municipality_id == municipality_id,
            ActivityDate.municipality_id.in_(actor.reach(Permission.SEE_ACTIVITIES)),
            ActivityDate.status == DateStatus.PLANNED,
            ActivityDate.starts_at > now(session),
        )
        .group_by(ActivityDate.activity_id)
        .subquery()
    )
    query = (
        select(Activity, ActivityDate)
        .join(upcoming, upcoming.c.activity_id == Activity.id)
        .join(
            ActivityDate,
            (ActivityDate.activity_id == Activity.id) & (ActivityDate.starts_at == upcoming.c.first),
        )
        .where(
            Activity.municipality_id.in_(actor.reach(Permission.SEE_ACTIVITIES)),
            Activity.status == Status.OPEN,
        )
        .options(*FACE)
        .order_by(ActivityDate.starts_at, Activity.id)
        .limit(200)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def approve(session: Session, actor: Actor, id: UUID) -> Activity:
    """Show it to everybody, and tell the host."""
    activity = to_judge(session, actor, id)
    open_up(activity, actor)
    session.flush()
    _tell_maker(session, activity, "activity-approved")
    return activity


def reject(session: Session, actor: Actor, id: UUID, reason: str) -> Activity:
    """Not like this; the host reads why."""
    activity = to_judge(session, actor, id)
    activity.reason = reason
    activity.step(Status.REJECTED, actor.person_id, reason)
    session.flush()
    _tell_maker(session, activity, "activity-rejected")
    return activity


def to_judge(session: Session, actor: Actor, id: UUID) -> Activity:
    """Waits for the desk; nobody judges what they made themselves."""
    activity = found(session.scalars(locked(selection(actor).where(Activity.id == id))).one_or_none())
    require_apart(actor, Permission.MODERATE_ACTIVITY, activity.municipality_id, activity.made_by_id)
    return activity


def _tell_maker(session: Session, activity: Activity, kind: str) -> None:
    tell(
        session,
        activity.host_id or activity.made_by_id,
        activity.municipality_id,
        kind,
        activity.id,
        turn=activity.version,  # each time that the desk looked
        title=activity.title,
    )
