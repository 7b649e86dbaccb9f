"""What stands in somebody's agenda: times of help, talks, activities that one comes to or hosts.

The address is a token that opens nothing else. Whoever has it reads when somebody is where, so the feed says as little
as an agenda can do with: a first name, never what the help is about, and no address of anybody's home.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import VISITOR, Actor
from app.access.roles import TokenScope
from app.access.sign_in import actor_of_token
from app.activities.models import Activity, ActivityDate, ActivitySignup, DateStatus, SignupStatus
from app.agreements.models import Occurrence, OccurrenceStatus as O
from app.clock import now
from app.couplings.models import CouplingTalk, TalkStatus
from app.db import scope_to
from app.errors import NotFound, NotSignedIn
from app.places.models import Neighbourhood

BACK: Final = timedelta(days=31)
"""What was longer ago is in nobody's way any more."""
MOST: Final = 500


class What(StrEnum):
    """What one does at that time."""

    HELPS = "helps"
    IS_HELPED = "is_helped"
    COMES = "comes"
    WAITS = "waits"
    HOSTS = "hosts"
    TALKS = "talks"


@dataclass(frozen=True, slots=True)
class Entry:
    """One time. ``name`` is a first name or what an activity is called, ``page`` its path on this site."""

    id: UUID
    what: What
    name: str
    page: str
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    version: int
    cancelled: bool
    where: str = ""


def owner(session: Session, token: str) -> Actor:
    """Whose agenda a secret address is; the session acts as them. Raises NotFound for any other."""
    try:
        actor = actor_of_token(session, token)
    except NotSignedIn:
        raise NotFound from None
    if actor.token is not TokenScope.CALENDAR:
        scope_to(session, VISITOR.scope)
        raise NotFound
    return actor


def entries(session: Session, actor: Actor) -> list[Entry]:
    """All of them, the soonest first, in as many statements for one as for hundreds."""
    since = now(session) - BACK
    found = [
        *_help(session, actor, since),
        *_talks(session, actor, since),
        *_comes(session, actor, since),
        *_hosts(session, actor, since),
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.id))


def _help(session: Session, actor: Actor, since: datetime) -> list[Entry]:
    query = (
        select(Occurrence)
        .where(Occurrence.has_party(actor.person_id), Occurrence.starts_at > since)
        .options(joinedload(Occurrence.asker), joinedload(Occurrence.helper))
        .order_by(Occurrence.starts_at)
        .limit(MOST)
    )
    return [_time(row, actor.person_id) for row in session.scalars(query)]


def _time(row: Occurrence, me: UUID) -> Entry:
    helps = row.helper_id == me
    return Entry(
        id=row.id,
        what=What.HELPS if helps else What.IS_HELPED,
        name=(row.asker if helps else row.helper).first_name,
        page=f"/mijn/keren/{row.id}",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        made_at=row.created_at,
        version=row.version,
        cancelled=row.status in (O.CANCELLED, O.NO_SHOW),
    )


def _talks(session: Session, actor: Actor, since: datetime) -> list[Entry]:
    query = (
        select(CouplingTalk)
        .where(CouplingTalk.has_party(actor.person_id), CouplingTalk.starts_at > since)
        .options(joinedload(CouplingTalk.asker), joinedload(CouplingTalk.helper))
        .limit(MOST)
    )
    return [
        Entry(
            id=row.id,
            what=What.TALKS,
            name=(row.asker if row.helper_id == actor.person_id else row.helper).first_name,
            page=f"/mijn/begeleiding/{row.id}",
            starts_at=row.starts_at,
            ends_at=row.starts_at + timedelta(minutes=30),
            made_at=row.created_at,
            version=row.version,
            cancelled=row.status is TalkStatus.CANCELLED,
        )
        for row in session.scalars(query)
        if row.starts_at is not None
    ]


def _comes(session: Session, actor: Actor, since: datetime) -> list[Entry]:
    query = (
        select(ActivityDate, Activity, ActivitySignup, Neighbourhood.place)
        .join(ActivitySignup, ActivitySignup.date_id == ActivityDate.id)
        .join(Activity, Activity.id == ActivityDate.activity_id)
        .join(Neighbourhood, Neighbourhood.pc4 == Activity.pc4)
        .where(ActivitySignup.owned_by(actor.person_id), ActivityDate.starts_at > since)
        .order_by(ActivityDate.starts_at)
        .limit(MOST)
    )
    return [
        _activity(date, activity, place, What.COMES if signup.status is SignupStatus.IN else What.WAITS,
                  signup.moved_up_at or signup.signed_at)
        for date, activity, signup, place in session.execute(query)
    ]  # fmt: skip


def _hosts(session: Session, actor: Actor, since: datetime) -> list[Entry]:
    query = (
        select(ActivityDate, Activity, Neighbourhood.place)
        .join(Activity, Activity.id == ActivityDate.activity_id)
        .join(Neighbourhood, Neighbourhood.pc4 == Activity.pc4)
        .where(Activity.owned_by(actor.person_id), ActivityDate.starts_at > since)
        .order_by(ActivityDate.starts_at)
        .limit(MOST)
    )
    return [
        _activity(date, activity, place, What.HOSTS, activity.created_at)
        for date, activity, place in session.execute(query)
    ]


def _activity(date: ActivityDate, activity: Activity, place: str, what: What, made_at: datetime) -> Entry:
    cancelled = date.status is DateStatus.CANCELLED
    where = (
        "" if activity.at_home else ", ".join(one for one in (activity.venue, activity.address, place) if one)
    )
    return Entry(
        id=date.id,
        what=what,
        name=activity.title,
        page=f"/activiteiten/{activity.id}",
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        made_at=made_at,
        version=activity.version + cancelled,
        cancelled=cancelled,
        where=where,
    )
