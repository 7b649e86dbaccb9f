"""Signing up and off, the waiting list, and telling everybody. The places are counted by the database."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, SmallInteger, cast, func, literal, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked
from app.access.roles import Permission
from app.activities import judging, service
from app.activities.models import (
    Activity,
    ActivityDate,
    ActivitySignup,
    DateStatus,
    SignupStatus,
    Status,
)
from app.activities.schemas import Joining, Stopping
from app.activities.service import ActivityOver
from app.clock import now
from app.errors import NotFound
from app.matches import meeting
from app.notifications.service import tell

REMINDED = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Coming:
    """A time to which somebody comes or for which they wait."""

    activity: Activity
    date: ActivityDate
    signup: ActivitySignup


def join(session: Session, actor: Actor, id: UUID, wanted: Joining) -> list[SignupStatus]:
    """A place for one time, or for all that are still to come; where it is full, on the waiting list.

    Signing up again changes nothing. Raises ActivityOver where there is nothing to come to, or who hosts it.
    """
    activity = service.get(session, actor, id)
    meeting.refuse_suspended(session, actor.person_id)
    dates = [date for date in upcoming(session, actor, activity) if wanted.date_id in (None, date.id)]
    said = [_take(session, date, min(wanted.guests, activity.guests) + 1) for date in dates]
    standing = [SignupStatus(one) for one in said if one]
    if not standing:
        raise ActivityOver
    session.expire_all()
    return standing


def _take(session: Session, date: ActivityDate, heads: int) -> str | None:
    asked = func.take_place(date.id, cast(literal(heads), SmallInteger))
    answer: str | None = session.execute(select(asked)).scalar_one()
    return answer


def leave(session: Session, actor: Actor, date_id: UUID) -> Activity:
    """Give the place back; the first who waits comes in and hears so. Twice is once."""
    shown = service.selection(actor).with_only_columns(Activity.id)
    query = select(ActivityDate).where(ActivityDate.id == date_id, ActivityDate.activity_id.in_(shown))
    date = found(session.scalars(query).one_or_none())
    activity = service.get(session, actor, date.activity_id)
    if date.starts_at <= now(session):
        raise ActivityOver
    came_in = session.scalars(select(func.leave_place(date.id))).all()
    _tell_let_in(session, activity, date, list(came_in))
    session.expire_all()
    return activity


def let_in(session: Session, activity: Activity, date: ActivityDate) -> None:
    """Who waits comes in as far as there are places, and hears so."""
    _tell_let_in(session, activity, date, list(session.scalars(select(func.move_up(date.id)))))


def _tell_let_in(session: Session, activity: Activity, date: ActivityDate, people: list[UUID]) -> None:
    minute = int(now(session).timestamp()) // 60
    for person_id in people:
        tell(
            session, person_id, date.municipality_id, "activity-let-in", date.id, turn=minute,
            title=activity.title, starts_at=date.starts_at.isoformat(),
        )  # fmt: skip


def upcoming(session: Session, actor: Actor, activity: Activity) -> list[ActivityDate]:
    """The times that are still to come, in order."""
    return list(session.scalars(_ahead(session, actor, activity)))


def _ahead(session: Session, actor: Actor, activity: Activity) -> Select[ActivityDate]:
    return (
        select(ActivityDate)
        .where(
            ActivityDate.activity_id == activity.id,
            ActivityDate.activity_id.in_(service.selection(actor).with_only_columns(Activity.id)),
            ActivityDate.status == DateStatus.PLANNED,
            ActivityDate.starts_at > now(session),
        )
        .order_by(ActivityDate.starts_at)
    )


def who_comes(session: Session, actor: Actor, id: UUID) -> list[tuple[ActivityDate, list[ActivitySignup]]]:
    """For the host only: first names by time, in the order in which they signed up. Raises Forbidden, NotFound."""
    activity = service.get_hosted(session, actor, id)
    dates = service.dates_of(session, actor, activity.id)
    query = (
        select(ActivitySignup)
        .where(
            ActivitySignup.activity_id == activity.id,
            ActivitySignup.activity_id.in_(service.selection(actor).with_only_columns(Activity.id)),
        )
        .options(joinedload(ActivitySignup.person))
        .order_by(ActivitySignup.signed_at, ActivitySignup.id)
    )
    signups = list(session.scalars(query))
    return [(date, [one for one in signups if one.date_id == date.id]) for date in dates]


def my_places(session: Session, actor: Actor, activity_id: UUID) -> dict[UUID, ActivitySignup]:
    """Where the actor stands with each time of an activity."""
    if not actor.signed_in:
        return {}
    own = select(ActivitySignup).where(
        ActivitySignup.owned_by(actor.person_id), ActivitySignup.activity_id == activity_id
    )
    return {row.date_id: row for row in session.scalars(own.options(joinedload(ActivitySignup.by)))}


def mine(session: Session, actor: Actor) -> list[Coming]:
    """To what the actor comes or waits to come, the soonest first; what was cancelled stays until its day."""
    own = (
        select(Activity, ActivityDate, ActivitySignup)
        .join(ActivityDate, ActivityDate.activity_id == Activity.id)
        .join(ActivitySignup, ActivitySignup.date_id == ActivityDate.id)
        .where(ActivitySignup.owned_by(actor.person_id), ActivityDate.ends_at > now(session))
        .options(*service.FACE, joinedload(ActivitySignup.by))
        .order_by(ActivityDate.starts_at, ActivityDate.id)
        .limit(100)
    )
    return [Coming(*row) for row in session.execute(own)]


def stop(session: Session, actor: Actor, id: UUID, wanted: Stopping) -> Activity:
    """One time, or all that is to come, does not go on; everybody who comes hears it once.

    Times to which nobody comes go away. The only time of an activity ends it. Raises ActivityOver.
    """
    activity = service.get_hosted(session, actor, id, moderated=True)
    if activity.status not in (Status.SUBMITTED, Status.OPEN):
        raise ActivityOver
    dates = list(session.scalars(locked(_ahead(session, actor, activity))))
    if wanted.date_id is not None and len(dates) > 1:
        one = next((date for date in dates if date.id == wanted.date_id), None)
        if one is None:
            raise NotFound
        _cancel(session, activity, one, wanted.message)
    elif wanted.date_id in (None, *(date.id for date in dates)):
        _end(session, actor, activity, dates, wanted.message)
    else:
        raise ActivityOver
    return activity


def _cancel(session: Session, activity: Activity, date: ActivityDate, message: str) -> None:
    date.status, date.reason = DateStatus.CANCELLED, message
    session.flush()
    for person_id in _people(session, [date]):
        tell(
            session, person_id, activity.municipality_id, "activity-cancelled", date.id,
            title=activity.title, starts_at=date.starts_at.isoformat(),
        )  # fmt: skip


def _end(session: Session, actor: Actor, activity: Activity, dates: list[ActivityDate], message: str) -> None:
    people = _people(session, dates)
    for date in dates:
        if date.taken + date.waiting == 0:
            session.delete(date)
        else:
            date.status, date.reason = DateStatus.CANCELLED, message
    home = session.scalars(service.activity_home(actor, activity)).one_or_none()
    if home is not None:
        session.delete(home)  # nobody needs to find it any more
    activity.is_public, activity.reason = False, message
    activity.step(Status.STOPPED, actor.person, message)
    session.flush()
    _tell_stopped(session, activity, people)


def reject(session: Session, actor: Actor, id: UUID, reason: str) -> Activity:
    """What waits for the desk does not go on like this. Who had a place before it was changed hears that it is off."""
    activity = judging.reject(session, actor, id, reason)
    dates = [one for one in upcoming(session, actor, activity) if one.taken + one.waiting]
    people = _people(session, dates)
    for date in dates:
        date.status = DateStatus.CANCELLED
    session.flush()
    _tell_stopped(session, activity, people)
    return activity


def _tell_stopped(session: Session, activity: Activity, people: list[UUID]) -> None:
    for person_id in people:
        tell(
            session,
            person_id,
            activity.municipality_id,
            "activity-stopped",
            activity.id,
            title=activity.title,
        )


def _people(session: Session, dates: list[ActivityDate]) -> list[UUID]:
    """Everybody who comes to one of these, or waits, once."""
    people: dict[UUID, None] = {}
    for date in dates:
        people |= dict.fromkeys(session.scalars(select(func.people_of_date(date.id))))
    return list(people)


def tell_all(
    session: Session, activity: Activity, dates: list[ActivityDate], kind: str, *, turn: int = 0
) -> None:
    """One message to each who comes or waits, however many of these times they come to."""
    for person_id in _people(session, dates):
        tell(session, person_id, activity.municipality_id, kind, activity.id, turn=turn, title=activity.title)


def tell_moved(session: Session, activity: Activity, date: ActivityDate) -> None:
    """Who comes to this time, or waits for it, hears when it is now."""
    for person_id in _people(session, [date]):
        tell(
            session, person_id, activity.municipality_id, "activity-time", date.id, turn=activity.version,
            title=activity.title, starts_at=date.starts_at.isoformat(),
        )  # fmt: skip


def leave_all(session: Session, actor: Actor, reason: str) -> None:
    """Somebody is forgotten: their places come free, and what they host stops."""
    for coming in mine(session, actor):
        if coming.date.starts_at > now(session):
            leave(session, actor, coming.date.id)
    live = (Status.SUBMITTED, Status.OPEN)
    own = select(Activity.id).where(Activity.owned_by(actor.person_id), Activity.status.in_(live))
    for id in session.scalars(own).all():
        stop(session, actor, id, Stopping.model_validate({"bericht": reason}))


def stop_hosted_by(session: Session, actor: Actor, person_id: UUID, reason: str) -> None:
    """Somebody may receive nobody for now: what they host stops. For the worker, in all of its reach."""
    live = (Status.SUBMITTED, Status.OPEN)
    # unscoped: the worker's reach is every municipality
    hosted = select(Activity).where(Activity.host_id == person_id, Activity.status.in_(live))
    for activity in session.scalars(locked(hosted.order_by(Activity.id))).all():
        dates = list(session.scalars(locked(_ahead(session, actor, activity))))
        _end(session, actor, activity, dates, reason)


def remind(session: Session, actor: Actor) -> None:
    """The day before: who has a place is reminded, once. For the worker, in all of its reach."""
    moment = now(session)
    query = (
        select(ActivitySignup.person_id, ActivityDate, Activity.title)
        .join(ActivityDate, ActivityDate.id == ActivitySignup.date_id)
        .join(Activity, Activity.id == ActivityDate.activity_id)
        .where(
            ActivityDate.municipality_id.in_(actor.reach(Permission.SEE_ACTIVITIES)),
            ActivitySignup.status == SignupStatus.IN,
            ActivityDate.status == DateStatus.PLANNED,
            ActivityDate.starts_at > moment,
            ActivityDate.starts_at <= moment + REMINDED,
        )
    )
    for person_id, date, title in session.execute(query).all():
        tell(
            session, person_id, date.municipality_id, "activity-reminder", date.id,
            # moved to another day, it is another day to be reminded of
            turn=date.starts_at.toordinal() % 100_000, title=title, starts_at=date.starts_at.isoformat(),
        )  # fmt: skip


def forget_old(session: Session) -> None:
    """Names of who came go three months later; the worker's reach is every municipality."""
    session.execute(text("SELECT forget_signups()"))
