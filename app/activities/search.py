"""Samen doen: what there is to come to, by words, kind, neighbourhood, day and what a place has."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, column, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access.actor import VISITOR
from app.access.policy import visible
from app.access.roles import Permission
from app.activities.models import Activity, ActivityDate, ActivityKind, DateStatus
from app.agreements.calendar import moment
from app.clock import now
from app.help_requests.search import words_of
from app.organisations.models import Organisation
from app.paging import Found, page_of, paged
from app.people.models import Person
from app.places.models import Municipality, Neighbourhood

CARD: Final = (
    contains_eager(ActivityDate.activity).options(
        joinedload(Activity.host).load_only(Person.first_name),
        joinedload(Activity.organisation).load_only(Organisation.name),
        joinedload(Activity.neighbourhood).load_only(Neighbourhood.place),
        joinedload(Activity.municipality).load_only(Municipality.name),
    ),
)
"""What a card shows: who welcomes, and where about."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is left empty lets everything through."""

    municipality_id: int | None = None
    typed: str = ""
    kind: ActivityKind | None = None
    pc4: int | None = None
    day: date | None = None
    access: int = 0
    organisation_id: UUID | None = None
    number: int = 1


def shown(session: Session, wanted: Wanted) -> Found[ActivityDate]:
    """Public activities, each at its first time to come that fits, the soonest first."""
    words = words_of(wanted.typed)
    if wanted.typed.strip() and not words:
        return Found()
    first = _first_times(session, wanted, words).subquery()
    query = (
        select(ActivityDate)
        .join(ActivityDate.activity)
        .where(ActivityDate.id.in_(select(first.c.id)), visible(VISITOR, Permission.SEE_ACTIVITIES, Activity))
        .options(*CARD)
        .order_by(ActivityDate.starts_at, ActivityDate.id)
    )
    return page_of(session, paged(query), wanted.number)


def _first_times(session: Session, wanted: Wanted, words: str) -> Select[Any]:
    """Of each activity its first time that fits."""
    query = (
        select(ActivityDate.id)
        .ext(distinct_on(ActivityDate.activity_id))
        .join(Activity, Activity.id == ActivityDate.activity_id)
        .where(
            visible(VISITOR, Permission.SEE_ACTIVITIES, Activity), ActivityDate.status == DateStatus.PLANNED
        )
        .where(ActivityDate.starts_at > now(session), *_filters(wanted))
        .order_by(ActivityDate.activity_id, ActivityDate.starts_at)
    )
    if words:
        hit = func.search_activities(words).table_valued(column("id", Uuid), column("rank")).alias("hit")
        query = query.join(hit, hit.c.id == Activity.id)
    return query


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.municipality_id is not None:
        clauses.append(Activity.municipality_id == wanted.municipality_id)
    if wanted.kind is not None:
        clauses.append(Activity.kind == wanted.kind)
    if wanted.pc4 is not None:
        clauses.append(Activity.pc4 == wanted.pc4)
    if wanted.access:
        clauses.append(Activity.access.op("&")(wanted.access) == wanted.access)
    if wanted.organisation_id is not None:
        clauses.append(Activity.organisation_id == wanted.organisation_id)
    if wanted.day is not None:
        clauses.append(ActivityDate.starts_at >= moment(wanted.day, time(0)))
        clauses.append(ActivityDate.starts_at < moment(wanted.day + timedelta(days=1), time(0)))
    return clauses


def neighbourhoods(session: Session, municipality_id: int | None) -> list[tuple[int, str]]:
    """Where there is something to come to in a municipality, as postcode and name."""
    somewhere = (
        select(Activity.pc4)
        .join(ActivityDate, ActivityDate.activity_id == Activity.id)
        .where(
            visible(VISITOR, Permission.SEE_ACTIVITIES, Activity), ActivityDate.status == DateStatus.PLANNED
        )
        .where(ActivityDate.starts_at > now(session))
    )
    if municipality_id is not None:
        somewhere = somewhere.where(Activity.municipality_id == municipality_id)
    query = select(Neighbourhood.pc4, Neighbourhood.place).where(Neighbourhood.pc4.in_(somewhere))
    rows = session.execute(query.order_by(Neighbourhood.place, Neighbourhood.pc4)).all()
    return [(row.pc4, f"{row.place} ({row.pc4})") for row in rows]
