"""Checks that end: told in advance to who holds them, and listed for the makelaar."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.categories.vocabulary import Check
from app.clock import today
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.notifications.service import tell
from app.paging import PAGE
from app.people.models import CheckWay, Person, PersonCheck
from app.places.models import Municipality

LISTED_WEEKS: Final = 8
"""How far ahead the makelaar looks where the municipality tells nobody in advance."""
ENDED_DAYS: Final = 60
"""How long what ended stays on the list."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A check that ends, ended, or has days missing before it goes on."""

    id: UUID
    person_id: UUID
    first_name: str
    check: Check
    last_day: date
    exemption: bool
    offers: int
    """Open offers of this person: without one there is no haste."""


def _last_of_stretch() -> ColumnElement[bool]:
    """Nothing goes on from the record's last day."""
    after = aliased(PersonCheck)
    # unscoped: goes with a record that another statement selects
    return ~(
        select(after.id)
        .where(
            after.person_id == PersonCheck.person_id,
            after.kind == PersonCheck.kind,
            after.withdrawn_at.is_(None),
            or_(after.organisation_id.is_(None), after.organisation_id == PersonCheck.organisation_id),
            after.valid_from <= PersonCheck.valid_until + 1,
            or_(after.valid_until.is_(None), after.valid_until > PersonCheck.valid_until),
        )
        .exists()
    )


def _ending(first: date, last: date) -> Select[PersonCheck, str, int]:
    offers = (
        select(func.count())
        .where(HelpOffer.person_id == PersonCheck.person_id, HelpOffer.status == OfferStatus.OPEN)
        .scalar_subquery()
    )
    # unscoped: the permission was asked: both callers add their municipality
    return (
        select(PersonCheck, Person.first_name, offers)
        .join(Person, Person.id == PersonCheck.person_id)
        .where(
            PersonCheck.withdrawn_at.is_(None),
            PersonCheck.valid_until.between(first, last),
            Person.disabled_at.is_(None),
            _last_of_stretch(),
        )
        .order_by(PersonCheck.valid_until, PersonCheck.id)
    )


@dataclass(frozen=True, slots=True)
class Endings:
    """A page of what ends; whether there is a page after it."""

    rows: list[Ending]
    number: int
    follows: bool


def listed(session: Session, actor: Actor, municipality: Municipality, page: int = 1) -> Endings:
    """What ended lately and what ends soon in a municipality, the earliest first, a page of it."""
    require(actor, Permission.SEE_CHECKS, municipality.id)
    day = today(session)
    weeks = max(municipality.check_notice_weeks, default=LISTED_WEEKS)
    rows = _ending(day - timedelta(days=ENDED_DAYS), day + timedelta(weeks=weeks)).where(
        PersonCheck.municipality_id == municipality.id
    )
    shown = session.execute(rows.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    endings = [
        Ending(
            row.id,
            row.person_id,
            name,
            Check(row.kind),
            row.valid_until or day,
            row.way is CheckWay.EXEMPTION,
            offers,
        )
        for row, name, offers in shown[:PAGE]
    ]
    return Endings(endings, page, len(shown) > PAGE)


def remind(session: Session) -> int:
    """Tell whoever holds a check that ends, once for each of their municipality's moments; how many were due.

    The worker's reach is everyone. Whoever first comes within two moments at once hears the nearer one only.
    """
    day, told = today(session), 0
    for municipality in session.scalars(select(Municipality).where(Municipality.joined)):
        weeks = sorted(municipality.check_notice_weeks)
        if not weeks:
            continue
        rows = _ending(day, day + timedelta(weeks=weeks[-1])).where(
            PersonCheck.municipality_id == municipality.id
        )
        for row, _, _ in session.execute(rows):
            until = row.valid_until or day
            turn = next(week for week in weeks if until <= day + timedelta(weeks=week))
            tell(session, row.person_id, row.municipality_id, "check-ends", row.id, turn=turn)
            told += 1
    return told
