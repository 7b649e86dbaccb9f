"""Activities: which there are, who may see and change one, and making one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import found, require, visible
from app.access.roles import Permission, Role
from app.activities.models import (
    Activity,
    ActivityDate,
    ActivityHome,
    Status,
    mask_of,
)
from app.activities.schemas import DESK, MYSELF, ActivityChange, NewActivity
from app.agreements.calendar import FARTHEST, dates, moment
from app.categories.vocabulary import Frequency
from app.clock import now, today
from app.errors import Conflict, Forbidden, Invalid
from app.ids import uuid7
from app.matches import meeting
from app.notifications.service import tell_brokers
from app.organisations.models import Organisation
from app.places.postcodes import Postcode
from app.places.service import Place, SpansTwo, municipalities_of, place_of

FACE = (
    joinedload(Activity.host),
    joinedload(Activity.organisation),
    joinedload(Activity.neighbourhood),
    joinedload(Activity.municipality),
)
BY_PERSON: Final = Limit("activity-by-person", 10, timedelta(days=1))
"""A desk looks at each of them."""
AT_ORGANISATIONS = (Role.ORGANISATION_MEMBER, Role.ORGANISATION_ADMINISTRATOR)


class ActivityOver(Conflict):
    """The activity was stopped or refused before this, or there is nothing left to come to."""

    code = "activity-over"


@dataclass(frozen=True, slots=True)
class Hosts:
    """In whose name somebody may host."""

    organisations: list[Organisation]
    desk: bool


def selection(actor: Actor) -> Select[Activity]:
    """The activities that the actor may see: public ones, what one hosts or comes to, those of one's organisation and
    of one's desk."""
    seen = visible(actor, Permission.SEE_ACTIVITIES, Activity)
    return select(Activity).where(or_(seen, Activity.organisation_id.in_(_organisations(actor))))


def _organisations(actor: Actor) -> list[UUID]:
    return [
        grant.organisation_id
        for grant in actor.grants
        if grant.role in AT_ORGANISATIONS and grant.organisation_id is not None
    ]


def get(session: Session, actor: Actor, id: UUID) -> Activity:
    """One activity; NotFound when the actor may not see it."""
    return found(session.scalars(selection(actor).where(Activity.id == id).options(*FACE)).one_or_none())


def hosts(actor: Actor, activity: Activity) -> bool:
    """Whether the actor welcomes people there: the same rule as the database's."""
    if activity.host_id is not None:
        return activity.host_id == actor.person
    if activity.organisation_id is not None:
        return activity.organisation_id in _organisations(actor)
    return activity.municipality_id in actor.reach(Permission.MODERATE_ACTIVITY)


def get_hosted(session: Session, actor: Actor, id: UUID, *, moderated: bool = False) -> Activity:
    """An activity of which the actor is the host, locked; with ``moderated``, one of the desk's too.

    Raises NotFound, and Forbidden for who may only look.
    """
    activity = get(session, actor, id)
    if not hosts(actor, activity):
        if not moderated:
            raise Forbidden(Permission.MODERATE_ACTIVITY)
        require(actor, Permission.MODERATE_ACTIVITY, activity.municipality_id)
    query = selection(actor).where(Activity.id == id).options(*FACE)
    return found(
        session.scalars(
            query.with_for_update(of=Activity).execution_options(populate_existing=True)
        ).one_or_none()
    )


def dates_of(session: Session, actor: Actor, id: UUID) -> list[ActivityDate]:
    """The times of an activity in order, those that are over too. NotFound where it may not be seen."""
    get(session, actor, id)
    query = select(ActivityDate).where(
        ActivityDate.activity_id == id,
        ActivityDate.activity_id.in_(selection(actor).with_only_columns(Activity.id)),
    )
    return list(session.scalars(query.order_by(ActivityDate.starts_at)))


def of_date(session: Session, actor: Actor, date_id: UUID) -> UUID:
    """The activity that a time belongs to; NotFound when the caller may not see it."""
    shown = selection(actor).with_only_columns(Activity.id)
    query = select(ActivityDate.activity_id).where(
        ActivityDate.id == date_id, ActivityDate.activity_id.in_(shown)
    )
    return found(session.scalars(query).one_or_none())


def address_of(session: Session, actor: Actor, activity: Activity) -> str:
    """Where it is. A home's address is there for who has a place, the host and the desk; for others empty."""
    if not activity.at_home:
        return activity.address
    return homes_of(session, actor, [activity]).get(activity.id, "")


def homes_of(session: Session, actor: Actor, activities: list[Activity]) -> dict[UUID, str]:
    """The addresses of what is at somebody's home, as far as the reader may have them: the database says which."""
    query = select(ActivityHome.activity_id, ActivityHome.address).where(
        ActivityHome.activity_id.in_([one.id for one in activities]),
        ActivityHome.activity_id.in_(selection(actor).with_only_columns(Activity.id)),
    )
    return {row.activity_id: row.address for row in session.execute(query)}


def may_host_as(session: Session, actor: Actor) -> Hosts:
    """Organisations that the actor works for, and whether they may host for a desk."""
    mine = select(Organisation).where(
        Organisation.id.in_(_organisations(actor)),
        visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
    )
    rows = list(session.scalars(mine.order_by(Organisation.name)))
    return Hosts(rows, bool(actor.at_desk(Permission.MODERATE_ACTIVITY)))


def mine(session: Session, actor: Actor) -> list[Activity]:
    """What the actor hosts, for an organisation or a desk too, the newest first."""
    desk = Activity.host_id.is_(None) & Activity.organisation_id.is_(None)
    own = or_(
        Activity.owned_by(actor.person_id),
        Activity.organisation_id.in_(_organisations(actor)),
        desk & Activity.municipality_id.in_(actor.at_desk(Permission.MODERATE_ACTIVITY)),
    )
    query = selection(actor).where(own).options(*FACE).order_by(Activity.created_at.desc(), Activity.id)
    return list(session.scalars(query.limit(100)))


def make(session: Session, actor: Actor, new: NewActivity) -> Activity:
    """Host something. A resident's waits for the desk, as does that of who signed no covenant.

    Raises Invalid, TooMany, and Suspended for who may not take part for now.
    """
    meeting.refuse_suspended(session, actor.person_id)
    if new.host == MYSELF:
        spend(session, BY_PERSON, str(actor.person_id))
    place = where(session, new.postcode, actor.desk or actor.home)
    organisation = _organisation(session, actor, new, place)
    times = _times(session, new)
    if new.at_home and new.host != MYSELF:
        raise Invalid(details={"thuis": "only-oneself"})
    activity = Activity(
        id=uuid7(),
        municipality_id=place.municipality_id,
        host_id=actor.person_id if new.host == MYSELF else None,
        organisation_id=organisation.id if organisation else None,
        made_by_id=actor.person_id,
        frequency=new.frequency,
        minutes=new.minutes,
        **values_of(new, place),
    )
    session.add(activity)
    session.flush()
    keep_home(session, actor, activity, new)
    _keep_dates(session, activity, times)
    activity.tell("", actor.person_id)
    if _opens_at_once(session, new, organisation):
        open_up(activity, actor)
    else:
        tell_desk(session, activity)
    session.flush()
    return activity


def where(session: Session, postcode: Postcode, rather: int | None) -> Place:
    """Where a venue lies; of a postcode in two municipalities the one that is rather meant, else its main one."""
    try:
        return place_of(session, postcode, rather)
    except SpansTwo:
        return place_of(session, postcode, municipalities_of(session, postcode.pc4)[0].id)


def _organisation(session: Session, actor: Actor, new: NewActivity, place: Place) -> Organisation | None:
    if new.host == MYSELF:
        return None
    if new.host == DESK:
        if place.municipality_id not in actor.reach(Permission.MODERATE_ACTIVITY):
            raise Invalid(details={"gastheer": "choose"})
        return None
    for one in may_host_as(session, actor).organisations:
        if str(one.id) == new.host:
            return one
    raise Invalid(details={"gastheer": "choose"})


def _opens_at_once(session: Session, new: NewActivity, organisation: Organisation | None) -> bool:
    if new.host == DESK:
        return True
    return organisation is not None and _signed(session, organisation)


def _signed(session: Session, organisation: Organisation) -> bool:
    signed = organisation.covenant_signed_on
    return signed is not None and signed <= today(session)


def is_read_first(session: Session, activity: Activity) -> bool:
    """Whether a makelaar reads it before others do: what a resident hosts, and who signed no covenant."""
    if activity.organisation is None:
        return activity.host_id is not None
    return not _signed(session, activity.organisation)


def future(session: Session, on_date: date, at_time: time) -> datetime:
    """A Dutch day and time in UTC; raises Invalid for one that is past or too far."""
    at = moment(on_date, at_time)
    if at <= now(session):
        raise Invalid(details={"datum": "date-past"})
    if on_date > today(session) + FARTHEST:
        raise Invalid(details={"datum": "date-far"})
    return at


def _times(session: Session, new: NewActivity) -> list[datetime]:
    """When it is, in UTC; raises Invalid for a past, a far or an endless series."""
    first = future(session, new.on_date, new.at_time)
    if new.frequency is Frequency.ONCE:
        return [first]
    if new.until is None or new.until < new.on_date:
        raise Invalid(details={"totEnMet": "date-until"})
    if new.until > new.on_date + FARTHEST:
        raise Invalid(details={"totEnMet": "date-far"})
    return [moment(day, new.at_time) for day in dates(new.frequency, new.on_date, new.until)]


def values_of(wanted: ActivityChange, place: Place) -> dict[str, Any]:
    """What was typed, as columns."""
    return {
        "kind": wanted.kind,
        "title": wanted.title,
        "body": wanted.body or "",
        "at_home": wanted.at_home,
        "venue": "" if wanted.at_home else wanted.venue or "",
        "address": "" if wanted.at_home else wanted.address,
        "pc4": place.pc4,
        "access": mask_of(wanted.access),
        "cost_cents": wanted.cost_cents,
        "cost_words": wanted.cost_words or "",
        "places": wanted.places,
        "guests": wanted.guests,
    }


def keep_home(session: Session, actor: Actor, activity: Activity, wanted: ActivityChange) -> None:
    """The address of a home stands apart; of another place it stands with the rest."""
    home = session.scalars(activity_home(actor, activity)).one_or_none()
    if home is not None:
        session.delete(home)
        session.flush()
    if wanted.at_home:
        session.add(
            ActivityHome(
                municipality_id=activity.municipality_id, activity_id=activity.id, address=wanted.address
            )
        )
        session.flush()


def activity_home(actor: Actor, activity: Activity) -> Select[ActivityHome]:
    """The row with the address of a home."""
    return select(ActivityHome).where(
        ActivityHome.activity_id == activity.id,
        ActivityHome.activity_id.in_(selection(actor).with_only_columns(Activity.id)),
    )


def _keep_dates(session: Session, activity: Activity, times: list[datetime]) -> None:
    for starts_at in times:
        session.add(
            ActivityDate(
                id=uuid7(),
                municipality_id=activity.municipality_id,
                activity_id=activity.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=activity.minutes),
                places=activity.places,
            )
        )
    session.flush()


def open_up(activity: Activity, actor: Actor) -> None:
    activity.step(Status.OPEN, actor.person_id)
    activity.is_public = True


def tell_desk(session: Session, activity: Activity, *, turn: int = 0) -> None:
    """There is something to look at."""
    tell_brokers(
        session, activity.municipality_id, "activity-waits", activity.id, turn=turn, title=activity.title
    )
