"""Bare sums over municipalities, and the stretch of weeks that they are about; never shown as they are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.agreements.models import Agreement, Status as AgreementStatus
from app.clock import AMSTERDAM, today
from app.db import Scope, scope_to
from app.help_requests.models import HelpRequest, Status
from app.places.models import Municipality

WEEKS = 24
"""About half a year, as long as the evaluation goes back; it divides into stretches of four weeks."""


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of whole weeks; ``until`` is the Monday after it."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """Its last Sunday."""
        return self.until - timedelta(days=1)

    @property
    def between(self) -> ColumnElement[bool]:
        """Requests that were posted in it."""
        return and_(
            HelpRequest.posted_at >= _midnight(self.since), HelpRequest.posted_at < _midnight(self.until)
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """The bare sums of a municipality or the region; never shown as they are."""

    asked: int
    helped: int
    within_promise: int
    agreements: int
    across: int


def last_weeks(session: Session, weeks: int) -> Term:
    """The last so many whole weeks."""
    day = today(session)
    monday = day - timedelta(days=day.weekday())
    return Term(monday - timedelta(weeks=weeks), monday)


def first_found() -> Any:
    """When somebody was found for a request: its first agreement that stands; NULL for nobody yet."""
    # unscoped: the permission was asked by the caller, who narrows the query
    return (
        select(func.min(Agreement.created_at))
        .where(Agreement.help_request_id == HelpRequest.id, Agreement.status != AgreementStatus.CANCELLED)
        .scalar_subquery()
    )


def sums(session: Session, municipalities: Sequence[int], term: Term) -> Sums:
    """The sums over municipalities that the transaction reaches."""
    live = Agreement.status != AgreementStatus.CANCELLED
    found = first_found()
    in_time = found < HelpRequest.posted_at + func.make_interval(0, 0, 0, Municipality.promise_days + 1)
    # unscoped: counted only
    query = (
        select(
            func.count(),
            func.count().filter(found.is_not(None)),
            func.count().filter(in_time),
        )
        .select_from(HelpRequest)
        .join(Municipality, Municipality.id == HelpRequest.municipality_id)
        .where(
            HelpRequest.municipality_id.in_(municipalities), HelpRequest.status != Status.DRAFT, term.between
        )
    )
    asked, helped, within = session.execute(query).one()
    # unscoped: counted only
    agreed = select(
        func.count(), func.count().filter(Agreement.helper_municipality_id != Agreement.municipality_id)
    ).where(
        Agreement.municipality_id.in_(municipalities),
        live,
        Agreement.created_at >= _midnight(term.since),
        Agreement.created_at < _midnight(term.until),
    )
    agreements, across = session.execute(agreed).one()
    return Sums(asked, helped, within, agreements, across)


@contextmanager
def whole_region(session: Session) -> Iterator[list[int]]:
    """Every municipality in reach, for sums that name nobody; afterwards the actor's own reach again."""
    own: Scope = session.info.get("scope", Scope())
    session.flush()
    municipalities = list(session.scalars(select(Municipality.id).where(Municipality.joined)))
    scope_to(session, Scope(own.person_id, own.pseudonym, frozenset(municipalities), own.organisations))
    try:
        yield municipalities
    finally:
        scope_to(session, own)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=AMSTERDAM)
