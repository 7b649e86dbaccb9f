"""Talks about help that lasts: whose turn it is, and what was said. Nothing ends by one: that is reassessing."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, Date, Integer, Select, and_, case, cast, func, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.access.actor import Actor
from app.access.policy import require, visible
from app.access.roles import Permission
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status as AgreementStatus
from app.casework import rhythm
from app.casework.models import Evaluation
from app.categories.models import Category
from app.categories.vocabulary import Frequency
from app.clock import today
from app.couplings.course import GUIDED
from app.errors import Conflict, Invalid
from app.help_requests.models import HelpRequest, Status
from app.ids import uuid7
from app.moderation import cases
from app.people.models import Person
from app.satisfaction.models import Face
from app.schemas import Day, Incoming
from app.text import Typed

FARTHEST_DAYS: Final = 3 * 366
AGAIN: Final = (Agreement.status == AgreementStatus.ACTIVE, Agreement.frequency != Frequency.ONCE)
"""Of an agreement: help that comes back, and goes on."""


class NewEvaluation(Incoming):
    """How it goes, what was said, and perhaps when to talk again."""

    face: Annotated[Face, Field(alias="gezicht")]
    words: Annotated[Annotated[str, Typed(2000, lines=True)] | None, Field(alias="gezegd")] = None
    next_on: Annotated[Day | None, Field(alias="volgendeKeer")] = None


class NotLasting(Conflict):
    """Nobody helps again and again here: there is nothing to talk about."""

    code = "not-lasting"


class JustHeld(Conflict):
    """A colleague held this talk a moment ago."""

    code = "just-held"


@dataclass(frozen=True, slots=True)
class Course:
    """The talks of one case."""

    lasting: bool
    held: list[Evaluation]
    due_on: date | None
    """The first that is due, past or to come."""
    missed: list[date]
    """Days up to today on which one was due."""


def _lasting() -> ColumnElement[bool]:
    """Help that comes back, by somebody who still does it. Buddies have talks of their own, with both."""
    # unscoped: goes with a request that another statement selects
    again = select(Agreement.id).where(Agreement.help_request_id == HelpRequest.id, *AGAIN)
    return and_(again.correlate(HelpRequest).exists(), HelpRequest.category_number.not_in(_guided()))


def _guided() -> Select[int]:
    return select(Category.number).where(Category.slug.in_(sorted(GUIDED)))


def _started_on(id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[Any]:
    """The day of the first time of help that lasts, or none."""
    local = func.timezone("Europe/Amsterdam", func.min(Occurrence.starts_at))
    return (
        select(cast(local, Date))
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .where(
            Agreement.help_request_id == id,
            *AGAIN,
            Occurrence.status != OccurrenceStatus.CANCELLED,
        )
        .correlate_except(Occurrence, Agreement)
        .scalar_subquery()
    )


def _due_on(id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[Any]:
    """The day on which the next talk is due, or none: as agreed at the last one, else by the rhythm."""
    days = case((Evaluation.number <= rhythm.WEEKLY, rhythm.WEEK_DAYS), else_=rhythm.FORTNIGHT_DAYS)
    after = (
        select(func.coalesce(Evaluation.next_on, Evaluation.held_on + cast(days, Integer)))
        .where(Evaluation.help_request_id == id)
        .order_by(Evaluation.number.desc())
        .limit(1)
        .correlate_except(Evaluation)
        .scalar_subquery()
    )
    return func.coalesce(after, _started_on(id) + literal(rhythm.FIRST_DAYS, Integer))


def due(municipality_id: int, day: date) -> Select[Any]:
    """Cases of a desk (``id``) of which a talk was due by then, and since when (``due_on``).

    Found by what was agreed: only of a case with a talk that is due the rest is read.
    """
    # unscoped: the permission was asked for this municipality, by the caller
    again = select(Agreement.help_request_id.label("id")).where(
        Agreement.municipality_id == municipality_id, *AGAIN
    )
    lasting = again.distinct().subquery("lasting")
    due_on = _due_on(lasting.c.id)
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(lasting.c.id, due_on.label("due_on"))
        .join(HelpRequest, HelpRequest.id == lasting.c.id)
        .where(
            due_on <= day,
            HelpRequest.municipality_id == municipality_id,
            HelpRequest.status.in_([Status.FILLED, Status.OPEN]),
            HelpRequest.category_number.not_in(_guided()),
        )
    )


def course(session: Session, actor: Actor, id: UUID) -> Course:
    """The talks of a case: held, due and missed."""
    cases.get(session, actor, id)
    seen = visible(actor, Permission.MODERATE_REQUEST, HelpRequest)
    query = (
        select(_lasting(), _started_on(HelpRequest.id), _due_on(HelpRequest.id))
        .where(HelpRequest.id == id, seen)
        .select_from(HelpRequest)
    )
    row = session.execute(query).one()
    lasting, started_on, next_on = bool(row[0]), row[1], row[2]
    held = _held(session, actor, id)
    day = today(session)
    missed: list[date] = []
    if lasting and next_on is not None and next_on <= day:
        by_rhythm = rhythm.due(started_on, [one.held_on for one in held], day) if started_on else []
        agreed = bool(held) and held[-1].next_on is not None
        missed = [next_on] if agreed else by_rhythm
    return Course(lasting, held[::-1], next_on if lasting else None, missed)


def _held(session: Session, actor: Actor, id: UUID) -> list[Evaluation]:
    query = select(Evaluation).where(
        visible(actor, Permission.MODERATE_REQUEST, Evaluation), Evaluation.help_request_id == id
    )
    names = joinedload(Evaluation.by).load_only(Person.first_name)
    return list(session.scalars(query.options(names).order_by(Evaluation.number)))


def hold(session: Session, actor: Actor, id: UUID, said: NewEvaluation) -> Evaluation:
    """Write down what was said. Raises NotLasting, JustHeld where a colleague was first today, Invalid."""
    help_request = cases.get(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    now_ = course(session, actor, id)
    if not now_.lasting:
        raise NotLasting
    day = today(session)
    if said.next_on is not None and not 0 < (said.next_on - day).days <= FARTHEST_DAYS:
        raise Invalid(details={"volgendeKeer": "past" if said.next_on <= day else "too-far"})
    if now_.held and now_.held[0].held_on == day:
        raise JustHeld
    row = Evaluation(
        id=uuid7(), municipality_id=help_request.municipality_id, help_request_id=id,
        asker_id=help_request.person_id, number=now_.held[0].number + 1 if now_.held else 1, held_on=day,
        face=said.face, words=said.words or "", next_on=said.next_on, by_id=actor.person_id,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:
        raise JustHeld from twice
    return row
