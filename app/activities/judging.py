"""The desk's look at what a resident wants to host, and at what there is in its municipality."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

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
from app.paging import PAGE, Found


def waiting(session: Session, actor: Actor, municipality_id: int) -> Found[Activity]:
    """What residents want to host and nobody of the desk has looked at, the oldest first: those that come first, and
    how many there are. Once they are judged the others follow."""
    require(actor, Permission.MODERATE_ACTIVITY, municipality_id)
    query = selection(actor).where(
        Activity.municipality_id == municipality_id, Activity.status == Status.SUBMITTED
    )
    rows = query.options(*FACE, selectinload(Activity.dates)).order_by(Activity.created_at, Activity.id)
    found = session.execute(rows.add_columns(func.count().over()).limit(PAGE)).all()
    return Found([row[0] for row in found], found[0][1] if found else 0)


@dataclass(frozen=True, slots=True)
class Running:
    """A page of what there is, each with its next time; whether there is a page after it."""

    rows: list[tuple[Activity, ActivityDate]]
    number: int
    follows: bool


def running(session: Session, actor: Actor, municipality_id: int, page: int = 1) -> Running:
    """What there is in a municipality, with its next time, the soonest first.

    An index has the times of a municipality in this order: they are read until the page is full.
    """
    require(actor, Permission.MODERATE_ACTIVITY, municipality_id)
    reach, sooner = actor.reach(Permission.SEE_ACTIVITIES), aliased(ActivityDate)
    # unscoped: the permission was asked: its reach is in the condition
    before = select(sooner.id).where(
        sooner.activity_id == ActivityDate.activity_id,
        sooner.municipality_id.in_(reach),
        sooner.status == DateStatus.PLANNED,
        sooner.starts_at > now(session),
        sooner.starts_at < ActivityDate.starts_at,
    )
    # unscoped: the permission was asked: its reach is in the condition
    next_times = (
        select(ActivityDate.id)
        .join(Activity, Activity.id == ActivityDate.activity_id)
        .where(
            ActivityDate.municipality_id == municipality_id,
            ActivityDate.municipality_id.in_(reach),
            ActivityDate.status == DateStatus.PLANNED,
            ActivityDate.starts_at > now(session),
            Activity.municipality_id.in_(reach),
            Activity.status == Status.OPEN,
            ~before.exists(),
        )
        .order_by(ActivityDate.starts_at, Activity.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    # unscoped: the permission was asked: its reach is in the condition
    query = (
        select(Activity, ActivityDate)
        .join(ActivityDate, ActivityDate.activity_id == Activity.id)
        .where(Activity.municipality_id.in_(reach), ActivityDate.id.in_(next_times.subquery().select()))
        .options(*FACE)
        .order_by(ActivityDate.starts_at, Activity.id)
    )
    rows = [(row[0], row[1]) for row in session.execute(query)]
    return Running(rows[:PAGE], page, len(rows) > PAGE)


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
