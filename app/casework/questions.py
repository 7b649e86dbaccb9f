"""Asking another about a case: a specialist for advice, or who has the mandate to decide where nobody moves."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.casework import colleagues
from app.casework.models import CaseQuestion, QuestionKind
from app.clock import now
from app.errors import Conflict, Forbidden, Invalid
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.moderation import cases
from app.notifications.service import tell
from app.people.models import Person
from app.places.working_days import add_working_days
from app.schemas import Incoming
from app.text import Line, Typed

CONSULT_DAYS: Final = 5
"""Working days within which advice is expected."""
DEADLOCK_DAYS: Final = 2
"""Working days within which who has the mandate decides."""


class NewQuestion(Incoming):
    """A question to a colleague, or to a profession outside of the desk."""

    kind: Annotated[QuestionKind, Field(alias="soortVraag")] = QuestionKind.CONSULT
    asked_of_id: Annotated[UUID | None, Field(alias="collega")] = None
    expert: Annotated[Line | None, Field(alias="deskundige")] = None
    question: Annotated[Annotated[str, Typed(2000, lines=True)], Field(alias="vraagstelling")]


class Answer(Incoming):
    """What they say."""

    answer: Annotated[Annotated[str, Typed(4000, lines=True)], Field(alias="antwoord")]


class AskedAlready(Conflict):
    """Somebody was asked to decide already, and has not yet."""

    code = "asked-already"


class AnsweredAlready(Conflict):
    """The answer is there."""

    code = "answered-already"


def of_case(session: Session, actor: Actor, id: UUID) -> list[CaseQuestion]:
    """What others were asked about a case, what waits first."""
    cases.get(session, actor, id)
    query = select(CaseQuestion).where(
        visible(actor, Permission.MODERATE_REQUEST, CaseQuestion), CaseQuestion.help_request_id == id
    )
    names = (
        joinedload(CaseQuestion.asked_by).load_only(Person.first_name),
        joinedload(CaseQuestion.asked_of).load_only(Person.first_name),
        joinedload(CaseQuestion.answered_by).load_only(Person.first_name),
    )
    rows = query.options(*names).order_by(
        CaseQuestion.answered_at.desc().nulls_first(), CaseQuestion.asked_at.desc()
    )
    return list(session.scalars(rows.limit(40)))


def decided(session: Session, actor: Actor, help_request_id: UUID) -> list[CaseQuestion]:
    """What was decided about one's own question, with the reasons, the newest first."""
    own = select(CaseQuestion).where(
        CaseQuestion.owned_by(actor.person_id), CaseQuestion.help_request_id == help_request_id
    )
    names = joinedload(CaseQuestion.answered_by).load_only(Person.first_name)
    return list(session.scalars(own.options(names).order_by(CaseQuestion.answered_at.desc())))


def ask(session: Session, actor: Actor, id: UUID, new: NewQuestion) -> CaseQuestion:
    """Ask for advice or for a decision. Raises Invalid for nobody to ask, AskedAlready for a second decision."""
    help_request = cases.get(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    _check(session, actor, help_request, new)
    days = DEADLOCK_DAYS if new.kind is QuestionKind.DEADLOCK else CONSULT_DAYS
    row = CaseQuestion(
        id=uuid7(), municipality_id=help_request.municipality_id, help_request_id=id,
        asker_id=help_request.person_id, kind=new.kind, asked_by_id=actor.person_id,
        asked_of_id=new.asked_of_id, expert=new.expert or "", question=new.question,
        due_at=add_working_days(now(session), days),
    )  # fmt: skip
    _once(session, row)
    if row.asked_of_id is not None:
        kind = "case-knot" if row.kind is QuestionKind.DEADLOCK else "case-consult"
        tell(
            session, row.asked_of_id, row.municipality_id, kind, id, turn=_turn(row), title=help_request.title
        )
    return row


def _check(session: Session, actor: Actor, help_request: HelpRequest, new: NewQuestion) -> None:
    deadlock = new.kind is QuestionKind.DEADLOCK
    if new.asked_of_id is None and (deadlock or not new.expert):
        raise Invalid(details={"collega": "choose"})
    colleagues.require_colleague(
        session, actor, help_request.municipality_id, new.asked_of_id, "collega", other=True
    )


def _once(session: Session, row: CaseQuestion) -> None:
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:
        raise AskedAlready from twice


def _turn(row: CaseQuestion) -> int:
    return row.id.int % 2_000_000_011


def answer(session: Session, actor: Actor, id: UUID, question_id: UUID, said: Answer) -> CaseQuestion:
    """Advice is written down by who got it; a decision is taken by who was asked to, and the asker reads it.

    Raises Forbidden for another who decides, AnsweredAlready.
    """
    help_request = cases.get(session, actor, id)
    query = select(CaseQuestion).where(
        visible(actor, Permission.MODERATE_REQUEST, CaseQuestion),
        CaseQuestion.id == question_id,
        CaseQuestion.help_request_id == id,
    )
    row = found(session.scalars(locked(query)).one_or_none())
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    if row.answered_at is not None:
        raise AnsweredAlready
    if row.kind is QuestionKind.DEADLOCK and row.asked_of_id != actor.person_id:
        raise Forbidden(Permission.MODERATE_REQUEST)
    row.answer, row.answered_at, row.answered_by_id = said.answer, now(session), actor.person_id
    session.flush()
    if row.asked_by_id != actor.person_id:
        tell(session, row.asked_by_id, row.municipality_id, "case-answered", id, turn=_turn(row),
             title=help_request.title)  # fmt: skip
    if row.kind is QuestionKind.DEADLOCK:
        tell(session, row.asker_id, row.municipality_id, "case-decided", id, turn=_turn(row),
             title=help_request.title)  # fmt: skip
    return row


def is_late(row: CaseQuestion, moment: datetime) -> bool:
    """Whether it waits for longer than was promised."""
    return row.answered_at is None and row.due_at < moment
