"""Saying how it was, and reading what was said: by the two, as the writer chose, and by the desk."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.agreements import occur
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.errors import Conflict, Forbidden
from app.ids import uuid7
from app.matches import meeting
from app.notifications.service import tell, tell_brokers
from app.satisfaction.models import Face, Satisfaction
from app.satisfaction.schemas import ForWhom, NewSatisfaction


def say(session: Session, actor: Actor, occurrence_id: UUID, new: NewSatisfaction) -> Satisfaction:
    """How one looks back on a time that was done; said twice it is what was said first.

    A face that is not glad tells the makelaars; words for the other tell the other. Nobody is told that somebody was
    kept out: between people who are kept apart it is for the makelaar only.
    """
    occurrence, _agreement, help_request = occur.get_locked(session, actor, occurrence_id)
    if actor.behind is not None or actor.person_id not in occurrence.parties():
        raise Forbidden
    if occurrence.status is not OccurrenceStatus.DONE:
        raise Conflict
    own = select(Satisfaction).where(
        Satisfaction.has_party(actor.person_id),
        Satisfaction.occurrence_id == occurrence_id,
        Satisfaction.author_id == actor.person_id,
    )
    before = session.scalars(own).one_or_none()
    if before is not None:
        return before
    for_other = new.for_whom is ForWhom.BOTH and not meeting.blocked(session, *occurrence.parties())
    row = Satisfaction(
        id=uuid7(), municipality_id=occurrence.municipality_id,
        helper_municipality_id=occurrence.helper_municipality_id, occurrence_id=occurrence.id,
        asker_id=occurrence.asker_id, helper_id=occurrence.helper_id, author_id=actor.person_id, face=new.face,
        words=new.words or "", for_other=for_other,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if new.face is Face.UNHAPPY:
        tell_brokers(
            session, occurrence.municipality_id, "not-content", occurrence.id, title=help_request.title
        )
    if for_other and row.words:
        for person_id, municipality_id in occurrence.sides():
            if person_id != actor.person_id:
                tell(
                    session,
                    person_id,
                    municipality_id,
                    "content-said",
                    occurrence.id,
                    title=help_request.title,
                )
    return row


def of_occurrences(
    session: Session, actor: Actor, occurrences: Iterable[Occurrence]
) -> dict[UUID, list[Satisfaction]]:
    """What the actor may read of what was said about these times, the first that was said on top."""
    seen = visible(actor, Permission.SEE_AGREEMENTS, Satisfaction)
    query = select(Satisfaction).where(seen, Satisfaction.occurrence_id.in_([row.id for row in occurrences]))
    rows: dict[UUID, list[Satisfaction]] = defaultdict(list)
    for row in session.scalars(query.order_by(Satisfaction.created_at, Satisfaction.id)):
        rows[row.occurrence_id].append(row)
    return rows


def of_case(session: Session, actor: Actor, help_request_id: UUID) -> list[Satisfaction]:
    """What both sides said about the help of one case, for its desk; the newest first."""
    query = (
        select(Satisfaction)
        .join(Occurrence, Occurrence.id == Satisfaction.occurrence_id)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .where(
            Agreement.help_request_id == help_request_id,
            visible(actor, Permission.SEE_AGREEMENTS, Satisfaction),
        )
        .options(joinedload(Satisfaction.author))
    )
    return list(session.scalars(query.order_by(Satisfaction.created_at.desc(), Satisfaction.id).limit(60)))
