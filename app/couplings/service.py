"""Talks: planned and ended by a makelaar, prepared by each of the two."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.agreements import occur
from app.agreements.agree import chosen
from app.agreements.models import Agreement
from app.agreements.schemas import NewTime
from app.clock import now, today
from app.couplings.course import OPEN
from app.couplings.models import CouplingTalk, GoesOn, TalkAnswer, TalkOutcome, TalkStatus
from app.couplings.schemas import NewAnswer, PlanTalk, TalkHeld
from app.errors import Conflict, Forbidden, NotFound, Stale
from app.ids import uuid7
from app.moderation import cases
from app.notifications.service import tell, tell_brokers

AHEAD: Final = timedelta(days=14)
"""How long before its day a talk is work: one plans it with two people."""
REMINDED: Final = timedelta(hours=26)
FACE: Final = (
    joinedload(CouplingTalk.asker),
    joinedload(CouplingTalk.helper),
    joinedload(CouplingTalk.planned_by),
    joinedload(CouplingTalk.agreement).joinedload(Agreement.help_request),
)


class TalkOver(Conflict):
    """The talk was held, or the coupling ended before it."""

    code = "talk-over"


def selection(actor: Actor) -> Select[CouplingTalk]:
    """The talks that the actor may see: one's own, and those of a desk."""
    return select(CouplingTalk).where(visible(actor, Permission.SEE_AGREEMENTS, CouplingTalk))


def of_agreement(session: Session, actor: Actor, agreement_id: UUID) -> list[CouplingTalk]:
    """The talks of one agreement, in order; none where it has no guidance."""
    query = selection(actor).where(CouplingTalk.agreement_id == agreement_id).options(*FACE)
    return list(session.scalars(query.order_by(CouplingTalk.due_on, CouplingTalk.id)))


def get(session: Session, actor: Actor, id: UUID) -> CouplingTalk:
    """One talk; NotFound when the actor may not see it."""
    query = selection(actor).where(CouplingTalk.id == id).options(*FACE)
    return found(session.scalars(query).one_or_none())


def own(session: Session, actor: Actor, id: UUID) -> tuple[CouplingTalk, TalkAnswer | None]:
    """A talk about oneself, and what one said for it. NotFound for any other."""
    talk = get(session, actor, id)
    if actor.person_id not in talk.parties() or actor.behind is not None:
        raise NotFound
    said = select(TalkAnswer).where(TalkAnswer.talk_id == id, TalkAnswer.has_party(actor.person_id))
    return talk, session.scalars(said).one_or_none()


def answers(session: Session, actor: Actor, talk_ids: list[UUID]) -> dict[UUID, list[TalkAnswer]]:
    """What the two said for talks of a desk; whoever is one of the two reads their own only."""
    seen = visible(actor, Permission.SEE_AGREEMENTS, TalkAnswer)
    query = (
        select(TalkAnswer)
        .where(seen, TalkAnswer.talk_id.in_(talk_ids))
        .options(joinedload(TalkAnswer.author))
    )
    rows: dict[UUID, list[TalkAnswer]] = {id: [] for id in talk_ids}
    for row in session.scalars(query.order_by(TalkAnswer.said_at, TalkAnswer.id)):
        rows[row.talk_id].append(row)
    return rows


def say(session: Session, actor: Actor, id: UUID, new: NewAnswer) -> None:
    """How it goes, for whoever leads the talk; said again it is what was said last. Raises TalkOver.

    Who would rather stop says so here and nowhere else: the makelaar phones, and the other hears nothing of it.
    """
    talk, _ = own(session, actor, id)
    if talk.status not in OPEN:
        raise TalkOver
    said = {"face": new.face, "goes_on": new.goes_on, "words": new.words or ""}
    row = insert(TalkAnswer).values(
        id=uuid7(), municipality_id=talk.municipality_id, helper_municipality_id=talk.helper_municipality_id,
        talk_id=talk.id, asker_id=talk.asker_id, helper_id=talk.helper_id, author_id=actor.person_id, **said,
    )  # fmt: skip
    session.execute(
        row.on_conflict_do_update(
            index_elements=["talk_id", "author_id"], set_={**said, "said_at": func.ledger.now()}
        )
    )
    if new.goes_on is GoesOn.RATHER_NOT:
        tell_brokers(session, talk.municipality_id, "coupling-doubt", talk.id)


def due(session: Session, actor: Actor, municipality_id: int) -> list[CouplingTalk]:
    """What a desk still plans or holds, what should have been first."""
    require(actor, Permission.ARRANGE_AGREEMENT, municipality_id)
    query = _due(session, actor, municipality_id).options(*FACE)
    rows = query.order_by(CouplingTalk.due_on, CouplingTalk.id)
    return list(session.scalars(rows.limit(200)))


def count_due(session: Session, actor: Actor, municipality_id: int) -> int:
    """How many those are."""
    require(actor, Permission.ARRANGE_AGREEMENT, municipality_id)
    return session.scalars(_due(session, actor, municipality_id).with_only_columns(func.count())).one()


def _due(session: Session, actor: Actor, municipality_id: int) -> Select[CouplingTalk]:
    return selection(actor).where(
        CouplingTalk.municipality_id == municipality_id,
        CouplingTalk.status.in_(OPEN),
        CouplingTalk.due_on <= today(session) + AHEAD,
    )


def _held(session: Session, actor: Actor, id: UUID, version: int) -> CouplingTalk:
    """A talk of the desk's own municipality, locked, as it was read. Raises NotFound, Forbidden, Stale, TalkOver."""
    talk = found(session.scalars(locked(selection(actor).where(CouplingTalk.id == id))).one_or_none())
    require(actor, Permission.ARRANGE_AGREEMENT, talk.municipality_id)
    if actor.person_id in talk.parties():
        raise Forbidden(Permission.ARRANGE_AGREEMENT)  # nobody leads a talk about themselves
    if talk.status not in OPEN:
        raise TalkOver
    if talk.version != version:
        raise Stale
    return talk


def plan(session: Session, actor: Actor, id: UUID, wanted: PlanTalk) -> CouplingTalk:
    """Invite both; a planned one gets another moment. Raises Invalid for a past or far one, Stale, TalkOver."""
    talk = _held(session, actor, id, wanted.version)
    when = NewTime.model_validate({"datum": wanted.on_date, "tijd": wanted.at_time})
    talk.starts_at, talk.how, talk.planned_by_id = chosen(session, when), wanted.how, actor.person_id
    talk.step(TalkStatus.PLANNED, actor.person_id)
    session.flush()
    for person_id, municipality_id in talk.sides():
        tell(session, person_id, municipality_id, "talk-planned", talk.id, turn=talk.version,
             starts_at=talk.starts_at.isoformat())  # fmt: skip
    return talk


def hold(session: Session, actor: Actor, id: UUID, said: TalkHeld) -> CouplingTalk:
    """It took place: what came of it, and a note for the desk. Where it ends, so does the agreement, without a reason.

    Raises Stale, TalkOver.
    """
    talk = _held(session, actor, id, said.version)
    case_id = occur.get(session, actor, talk.agreement_id).help_request_id
    talk.outcome, talk.ended_at = said.outcome, now(session)
    talk.step(TalkStatus.HELD, actor.person_id)
    session.flush()
    if said.note:
        cases.note(session, actor, case_id, said.note)
    if said.outcome is TalkOutcome.ENDED:
        occur.end(session, actor, talk.agreement_id)
    return talk


def remind(session: Session, actor: Actor) -> None:
    """The day before: both are reminded, once. For the worker, in all of its reach."""
    moment = now(session)
    tomorrow = selection(actor).where(
        CouplingTalk.status == TalkStatus.PLANNED,
        CouplingTalk.starts_at > moment,
        CouplingTalk.starts_at <= moment + REMINDED,
    )
    for talk in session.scalars(tomorrow):
        assert talk.starts_at is not None  # as the query asks
        for person_id, municipality_id in talk.sides():
            tell(session, person_id, municipality_id, "talk-reminder", talk.id, turn=talk.version,
                 starts_at=talk.starts_at.isoformat())  # fmt: skip
