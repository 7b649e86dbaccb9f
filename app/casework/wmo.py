""" "Dit is een Wmo-melding": its day, its number and its receipt. A volunteer never replaces that right."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload

from app.access import letters
from app.access.actor import Actor
from app.access.policy import require, visible
from app.access.roles import Permission
from app.audit.write import Act, note
from app.casework.models import WmoReport
from app.casework.tasks import CLOSES
from app.clock import AMSTERDAM, today
from app.errors import Invalid
from app.ids import uuid7
from app.moderation import cases
from app.notifications.service import tell
from app.people.models import Contact, Person
from app.schemas import Day, Incoming
from app.text import Typed

RESEARCH: Final = timedelta(weeks=6)
"""The law's term for looking into it (Wmo 2015, article 2.3.2)."""
DECISION: Final = timedelta(weeks=2)
"""And, after an application, for the decision (article 2.3.5)."""


_NAMES: Final = (joinedload(WmoReport.by).load_only(Person.first_name), joinedload(WmoReport.person))


class NewReport(Incoming):
    """What somebody reported, in their words, and on which day they did."""

    words: Annotated[Annotated[str, Typed(2000, lines=True)], Field(alias="melding")]
    on_date: Annotated[Day | None, Field(alias="gemeldOp")] = None


@dataclass(frozen=True, slots=True)
class Terms:
    """By when the law wants what."""

    research_by: date
    decision_by: date


def terms(reported_on: date) -> Terms:
    """Six weeks to look into it; when one applies on that last day, two more for the decision."""
    return Terms(reported_on + RESEARCH, reported_on + RESEARCH + DECISION)


def end_of(day: date) -> datetime:
    """The end of office hours on a day that was promised."""
    return datetime.combine(day, CLOSES, tzinfo=AMSTERDAM)


def of_case(session: Session, actor: Actor, id: UUID) -> WmoReport | None:
    """The report of a case of the desk."""
    cases.get(session, actor, id)
    query = select(WmoReport).where(
        visible(actor, Permission.MODERATE_REQUEST, WmoReport), WmoReport.help_request_id == id
    )
    return session.scalars(query.options(*_NAMES)).one_or_none()


def of_asker(session: Session, actor: Actor, id: UUID) -> WmoReport | None:
    """The report that goes with one's own question."""
    query = select(WmoReport).where(WmoReport.help_request_id == id, WmoReport.owned_by(actor.person_id))
    return session.scalars(query.options(*_NAMES)).one_or_none()


def report(session: Session, actor: Actor, id: UUID, new: NewReport) -> WmoReport:
    """Write the report down, once; the asker gets a receipt. Nothing else about the question changes by it."""
    help_request = cases.get(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    day = today(session)
    on_date = new.on_date or day
    if on_date > day or on_date < day - timedelta(days=365):
        raise Invalid(details={"gemeldOp": "not-future" if on_date > day else "too-far"})
    # one after the other, so that no number is given twice
    session.execute(text("SELECT pg_advisory_xact_lock(51, :m)"), {"m": help_request.municipality_id})
    before = of_case(session, actor, id)
    if before is not None:
        return before
    last = select(func.max(WmoReport.number)).where(
        visible(actor, Permission.MODERATE_REQUEST, WmoReport),
        WmoReport.municipality_id == help_request.municipality_id,
    )
    row = WmoReport(
        id=uuid7(), municipality_id=help_request.municipality_id, help_request_id=id,
        person_id=help_request.person_id, number=(session.scalars(last).one() or 0) + 1,
        reported_on=on_date, words=new.words, by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    tell(session, row.person_id, row.municipality_id, "wmo-reported", id, title=help_request.title,
         starts_at=end_of(terms(on_date).research_by).isoformat())  # fmt: skip
    return row


def addressee(session: Session, actor: Actor, row: WmoReport) -> Contact:
    """All that the window of the receipt's envelope shows; the person can read back that it was looked at."""
    require(actor, Permission.REGISTER_PERSON, row.municipality_id)
    note(
        session, actor, Act.ADDRESS, subject=row.person_id, municipality_id=row.municipality_id,
        entity="wmo_report", entity_id=row.id, case_id=row.help_request_id,
    )  # fmt: skip
    return letters.envelope(session, actor, row.person_id)
