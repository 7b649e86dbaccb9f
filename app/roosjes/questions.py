""" "Dit klopt niet": a question about a booked line, and a makelaar's answer: a correction or an explanation.

What is not booked yet is disputed at its time of help (`app.agreements.occur.dispute`).
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

import rewards
from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Conflict, Invalid, NotFound
from app.ids import uuid7
from app.notifications.service import tell, tell_brokers
from app.people.models import Person
from app.pots.notes import refuse_own
from app.roosjes import service, story
from app.roosjes.models import LineQuestion, QuestionStatus
from app.schemas import Incoming
from app.text import Typed
from rewards import Reason, errors
from rewards.types import TransferKind

FACE = (
    joinedload(LineQuestion.asked_by),
    joinedload(LineQuestion.other),
    joinedload(LineQuestion.answered_by),
)


class AskedBefore(Conflict):
    """Somebody asked about this line before: a line has one question."""

    code = "line-asked-before"


class NotAsked(Conflict):
    """There is nothing to ask about: it is a correction itself, or was corrected."""

    code = "line-settled"


class NobodyCanBear(Conflict):
    """The other side has spent it, and the pot has not got that much."""

    code = "nobody-can-bear"


class How(StrEnum):
    """What a makelaar does about it."""

    CORRECT = "verbeteren"
    EXPLAIN = "uitleggen"


class NewQuestion(Incoming):
    """What is not right, in one's own words."""

    words: Annotated[Annotated[str, Typed(400, lines=True)], Field(alias="uitleg")]


class Answer(Incoming):
    """A correction needs its reason; both come with words for the two."""

    how: Annotated[How, Field(alias="hoe")]
    reason: Annotated[Reason | None, Field(alias="reden")] = None
    words: Annotated[Annotated[str, Typed(400, lines=True)], Field(alias="uitleg")]


def ask(session: Session, actor: Actor, seq: int, new: NewQuestion) -> LineQuestion:
    """Ask the makelaar about a line of one's own statement. Raises AskedBefore, NotAsked, NotFound."""
    line = story.line(session, actor, seq)
    if line.kind is TransferKind.REVERSE or line.other_moment is not None:
        raise NotAsked
    _me, home = service.oneself(session, actor)
    other = _other(session, actor, line.transfer)
    question = LineQuestion(
        id=uuid7(), municipality_id=home, transfer_id=line.transfer, asked_by_id=actor.person_id,
        other_id=other.id if other else None, minutes=line.minutes, line=line.about,
        occurred_at=line.moment, words=new.words,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(question)
            session.flush()
    except IntegrityError as twice:
        raise AskedBefore from twice
    question.tell("", actor.person_id)
    tell_brokers(session, home, "line-question", question.id)
    return question


def _other(session: Session, actor: Actor, transfer: int) -> Person | None:
    row = session.execute(
        text("SELECT payer, payee FROM ledger.transfer WHERE :id IN (id, follows_id) LIMIT 1"),
        {"id": transfer},
    ).one()
    there = row.payee if row.payer == actor.pseudonym else row.payer
    return session.scalars(select(Person).where(Person.pseudonym == there)).one_or_none() if there else None


def of_line(session: Session, actor: Actor, transfer: int) -> LineQuestion | None:
    """The question about a line of one's own, if anybody asked one."""
    own = LineQuestion.has_party(actor.person_id)
    query = select(LineQuestion).where(LineQuestion.transfer_id == transfer, own).options(*FACE)
    return session.scalars(query).one_or_none()


def line_of(session: Session, actor: Actor, id: UUID) -> int:
    """Where the line of a question stands on one's own statement; NotFound for a question of others."""
    own = select(LineQuestion.transfer_id).where(
        LineQuestion.id == id, LineQuestion.has_party(actor.person_id)
    )
    transfer = found(session.execute(own).scalar_one_or_none())
    account = story.account_of(session, actor)
    query = text(
        "SELECT e.seq FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id"
        " WHERE e.account_id = :account AND :id IN (t.id, t.follows_id)"
    )
    values = {"account": account.id, "id": transfer}
    return int(found(session.execute(query, values).scalar_one_or_none()))


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[LineQuestion]:
    """What a desk has to answer, the oldest first."""
    require(actor, Permission.CORRECT_LEDGER, municipality_id)
    # unscoped: the permission was asked for this municipality
    query = select(LineQuestion).where(
        LineQuestion.municipality_id == municipality_id, LineQuestion.status == QuestionStatus.OPEN
    )
    return list(session.scalars(query.options(*FACE).order_by(LineQuestion.created_at).limit(100)))


def answered(session: Session, actor: Actor, municipality_id: int) -> list[LineQuestion]:
    """The last answers of a desk."""
    require(actor, Permission.CORRECT_LEDGER, municipality_id)
    # unscoped: the permission was asked for this municipality
    query = select(LineQuestion).where(
        LineQuestion.municipality_id == municipality_id, LineQuestion.status != QuestionStatus.OPEN
    )
    return list(session.scalars(query.options(*FACE).order_by(LineQuestion.answered_at.desc()).limit(10)))


def at_desk(session: Session, actor: Actor, id: UUID) -> LineQuestion:
    """A question that this makelaar may answer, locked; NotFound for every other."""
    seen = visible(actor, Permission.CORRECT_LEDGER, LineQuestion)
    query = select(LineQuestion).where(LineQuestion.id == id, seen)
    question = found(session.scalars(locked(query)).one_or_none())
    if question.municipality_id not in actor.reach(Permission.CORRECT_LEDGER):
        raise NotFound
    return question


def answer(session: Session, actor: Actor, id: UUID, said: Answer) -> LineQuestion:
    """A makelaar corrects the booking, or explains it; both sides are told.

    What the receiver can no longer give back, the pot makes good. Raises NobodyCanBear, NotAllowed when it was
    answered before, OwnInterest for a party to it and their house.
    """
    question = at_desk(session, actor, id)
    refuse_own(session, actor, *question.parties())  # nobody decides on what they or their house gave or got
    if said.how is How.CORRECT and said.reason is None:
        raise Invalid(details={"reden": "missing"})
    done = QuestionStatus.CORRECTED if said.how is How.CORRECT else QuestionStatus.EXPLAINED
    moment = now(session)
    question.step(done, actor.person_id)
    question.answer, question.answered_at, question.answered_by_id = said.words, moment, actor.person_id
    session.flush()
    if said.how is How.CORRECT:
        _set_right(session, actor, question, said.reason or Reason.OTHER)
    for person_id in question.parties():
        tell(session, person_id, question.municipality_id, "line-answered", question.id)
    return question


def _set_right(session: Session, actor: Actor, question: LineQuestion, reason: Reason) -> None:
    connection, transfer = session.connection(), rewards.TransferId(question.transfer_id)
    by = actor.pseudonym or rewards.SYSTEM
    try:
        with connection.begin_nested():
            rewards.reverse(connection, key=f"reverse:{transfer}", actor=by, transfer=transfer, reason=reason)
        return
    except (errors.AlreadyReversed, errors.AlreadyMadeWhole):
        return  # it was set right elsewhere meanwhile: the answer says so
    except (errors.OverLimit, errors.AccountNotOpen):
        pass
    try:
        with connection.begin_nested():
            rewards.make_whole(
                connection, key=f"whole:{transfer}", actor=by, transfer=transfer, reason=reason
            )
    except errors.LedgerError as refusal:
        raise NobodyCanBear from refusal
