"""Changing an activity: who comes hears of another place, and who waits comes in where there is more room."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.activities import joining, service
from app.activities.models import Activity, Status
from app.activities.schemas import ActivityChange, MoveTime
from app.errors import Invalid, NotFound, Stale
from app.matches import meeting


def move(session: Session, actor: Actor, id: UUID, wanted: MoveTime) -> Activity:
    """One time is at another moment. Everybody who comes or waits hears so and keeps their place; who cannot signs off.

    Where it stands already nothing happens. Raises ActivityOver, NotFound, and Invalid for a past or far moment, or one
    at which it is already. Suspended for who may receive nobody for now.
    """
    meeting.refuse_suspended(session, actor.person_id)
    activity = service.get_hosted(session, actor, id, moderated=True)
    dates = joining.upcoming(session, actor, activity)
    date = next((one for one in dates if one.id == wanted.date_id), None)
    if activity.status not in (Status.SUBMITTED, Status.OPEN) or not dates:
        raise service.ActivityOver
    if date is None:
        raise NotFound
    starts_at = service.future(session, wanted.on_date, wanted.at_time)
    if starts_at == date.starts_at:
        return activity
    if any(one.starts_at == starts_at for one in service.dates_of(session, actor, id)):
        raise Invalid(details={"datum": "date-there"})
    length = date.ends_at - date.starts_at
    date.starts_at, date.ends_at = starts_at, starts_at + length
    session.flush()
    # a new version, also where nothing but its time changed: an agenda takes it for the later one
    activity.version += 1
    session.flush()
    joining.tell_moved(session, activity, date)
    return activity


def _words(activity: Activity) -> tuple[str, ...]:
    """What everybody reads of it."""
    return activity.title, activity.body, activity.cost_words


def _look_again(session: Session, actor: Actor, activity: Activity, *, again: bool) -> None:
    if again and activity.status is Status.OPEN:
        activity.is_public = False
        activity.step(Status.SUBMITTED, actor.person_id, "changed")
        session.flush()
        service.tell_desk(session, activity, turn=activity.version)


def change(session: Session, actor: Actor, id: UUID, wanted: ActivityChange) -> Activity:
    """Change all but when it is. Who comes hears of another place; more places let in who waits.

    Other words or another place of a resident are looked at first, as they were when it was new.

    Raises Stale, ActivityOver, Suspended, and Invalid for fewer places than are taken or another municipality.
    """
    meeting.refuse_suspended(session, actor.person_id)
    activity = service.get_hosted(session, actor, id)
    if activity.version != wanted.version:
        raise Stale
    if activity.status not in (Status.SUBMITTED, Status.OPEN):
        raise service.ActivityOver
    place = service.where(session, wanted.postcode, activity.municipality_id)
    if place.municipality_id != activity.municipality_id:
        raise Invalid(details={"postcode": "postcode-elsewhere"})
    if wanted.at_home and activity.host_id is None:
        raise Invalid(details={"thuis": "only-oneself"})
    upcoming = joining.upcoming(session, actor, activity)
    if any(date.taken > wanted.places for date in upcoming):
        raise Invalid(details={"plaatsen": "places-taken"})
    moved = (activity.at_home, activity.venue, service.address_of(session, actor, activity), activity.pc4) != (
        wanted.at_home, "" if wanted.at_home else wanted.venue or "", wanted.address, place.pc4,
    )  # fmt: skip
    words, read_first = _words(activity), service.is_read_first(session, activity)
    for name, value in service.values_of(wanted, place).items():
        setattr(activity, name, value)
    _look_again(session, actor, activity, again=read_first and (moved or _words(activity) != words))
    session.flush()
    service.keep_home(session, actor, activity, wanted)
    for date in upcoming:
        date.places = wanted.places
    session.flush()
    for date in upcoming:
        joining.let_in(session, activity, date)
    if moved:
        joining.tell_all(session, activity, upcoming, "activity-moved", turn=activity.version)
    return activity
