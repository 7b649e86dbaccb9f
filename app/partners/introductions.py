"""Introductions: the desk knows two that could do something together; each says yes or no by itself."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Invalid, NotFound, Stale
from app.ids import uuid7
from app.moderation import organisations
from app.notifications.service import tell
from app.organisations.models import Organisation
from app.organisations.staff import works_for
from app.partners.models import Introduction, IntroductionStatus
from app.partners.schemas import IntroductionAnswer, IntroductionEnded, NewIntroduction

I = IntroductionStatus  # noqa: E741 - one letter, as beside the other lives


@dataclass(frozen=True, slots=True)
class Meeting:
    """An introduction as one of the two reads it: the other's telephone and mail only once both said yes."""

    row: Introduction
    ours: Organisation
    other: Organisation
    said: bool | None


def selection(actor: Actor) -> Select[Introduction]:
    """Those of one's desk, and of the organisations that one works for."""
    flags = works_for(actor)
    return (
        select(Introduction)
        .where(
            or_(
                visible(actor, Permission.KEEP_SOCIAL_MAP, Introduction),
                Introduction.one_id.in_(flags),
                Introduction.other_id.in_(flags),
            )
        )
        .options(joinedload(Introduction.one), joinedload(Introduction.other))
    )


def every(session: Session, actor: Actor, municipality_id: int) -> list[Introduction]:
    """Of one desk, what is open first."""
    require(actor, Permission.KEEP_SOCIAL_MAP, municipality_id)
    query = selection(actor).where(Introduction.municipality_id == municipality_id)
    return list(
        session.scalars(
            query.order_by(Introduction.ended_at.nulls_first(), Introduction.created_at.desc()).limit(100)
        )
    )


def propose(session: Session, actor: Actor, municipality_id: int, new: NewIntroduction) -> Introduction:
    """Two organisations of the municipality, and why. Raises NotFound for one of elsewhere, Invalid for one twice."""
    require(actor, Permission.KEEP_SOCIAL_MAP, municipality_id)
    here = {one.organisation.id for one in organisations.of_municipality(session, actor, municipality_id)}
    if not {new.one_id, new.other_id} <= here:
        raise NotFound
    if new.one_id == new.other_id:
        raise Invalid(details={"ander": "choose"})
    row = Introduction(
        id=uuid7(), municipality_id=municipality_id, one_id=new.one_id, other_id=new.other_id, why=new.why,
        made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    _tell(session, row, "introduction")
    return row


def _tell(session: Session, row: Introduction, kind: str) -> None:
    staff = text("SELECT DISTINCT person_id FROM organisation_staff(:o)")
    for organisation_id in (row.one_id, row.other_id):
        for person_id in session.scalars(staff, {"o": organisation_id}).all():
            tell(session, person_id, row.municipality_id, kind, row.id)


def mine(session: Session, actor: Actor) -> list[Meeting]:
    """What one's own organisations were asked; a no of the other reads as one sentence."""
    flags = works_for(actor)
    query = selection(actor).where(or_(Introduction.one_id.in_(flags), Introduction.other_id.in_(flags)))
    rows = session.scalars(query.order_by(Introduction.created_at.desc()).limit(50))
    return [_side(row, flags) for row in rows]


def _side(row: Introduction, flags: frozenset[UUID]) -> Meeting:
    if row.one_id in flags:
        return Meeting(row, row.one, row.other, row.one_yes)
    return Meeting(row, row.other, row.one, row.other_yes)


def answer(session: Session, actor: Actor, id: UUID, said: IntroductionAnswer) -> Meeting:
    """Yes or no of one's own organisation; once both said yes they read how to reach each other."""
    flags = works_for(actor)
    query = select(Introduction).where(
        Introduction.id.in_(selection(actor).with_only_columns(Introduction.id)), Introduction.id == id
    )
    row = found(session.scalars(locked(query)).one_or_none())
    if row.one_id not in flags and row.other_id not in flags:
        raise NotFound
    if row.version != said.version:
        raise Stale
    if row.one_id in flags:
        row.one_yes = said.yes
    else:
        row.other_yes = said.yes
    if not said.yes:
        row.ended_at = now(session)
        row.step(I.DECLINED, actor.person_id)
    elif row.one_yes and row.other_yes:
        row.step(I.AGREED, actor.person_id)
    session.flush()
    if row.status is I.AGREED:
        _tell(session, row, "introduction-yes")
    return _side(found(session.scalars(selection(actor).where(Introduction.id == id)).one_or_none()), flags)


def get(session: Session, actor: Actor, id: UUID) -> Introduction:
    """One of the desk's, locked. Raises NotFound."""
    seen = visible(actor, Permission.KEEP_SOCIAL_MAP, Introduction)
    one = select(Introduction).where(seen, Introduction.id == id)
    return found(session.scalars(locked(one)).one_or_none())


def finish(session: Session, actor: Actor, id: UUID, ended: IntroductionEnded) -> Introduction:
    """What came of it, as the desk heard."""
    row = get(session, actor, id)
    require(actor, Permission.KEEP_SOCIAL_MAP, row.municipality_id)
    if row.version != ended.version:
        raise Stale
    row.outcome, row.ended_at = ended.outcome, now(session)
    row.step(I.DONE, actor.person_id)
    session.flush()
    return row
