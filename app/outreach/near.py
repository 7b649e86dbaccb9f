"""Trustees for a neighbourhood or a group, and mediation between neighbours by who was trained for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.audit.write import Act, note_each
from app.clock import now, today
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.ids import uuid7
from app.matches import meeting
from app.moderation import people as known_people
from app.notifications.service import tell
from app.outreach.models import MediationCase, MediationNote, MediationStatus, Mediator, Trustee
from app.outreach.schemas import Assigned, Mediated, MediationStep, NewMediation, NewMediator, NewTrustee
from app.people import service as people
from app.places.service import place_of

M = MediationStatus


@dataclass(frozen=True, slots=True)
class Reach:
    """How the mediator reaches who asked."""

    phone: str
    email: str


class AskedBefore(Conflict):
    """One asked for mediation before, and it is not over."""

    code = "asked-before"


def trustees(session: Session, actor: Actor, municipality_id: int) -> list[Trustee]:
    """Whom people can speak to in a municipality; everybody may know."""
    seen = visible(actor, Permission.MODERATE_REQUEST, Trustee)
    query = select(Trustee).where(
        seen, Trustee.municipality_id == municipality_id, Trustee.ended_at.is_(None)
    )
    query = query.options(joinedload(Trustee.person), joinedload(Trustee.neighbourhood))
    return sorted(session.scalars(query), key=lambda row: (row.pc4 or 9999, row.person.first_name.casefold()))


def add_trustee(session: Session, actor: Actor, municipality_id: int, new: NewTrustee) -> Trustee:
    """With their own yes, which the makelaar heard. Raises Invalid."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    if not new.agreed:
        raise Invalid(details={"vindtGoed": "consent"})
    if new.postcode is None and not new.people:
        raise Invalid(details={"voorWie": "missing"})
    known = known_people.get(session, actor, new.person_id).person
    row = Trustee(
        id=uuid7(), municipality_id=municipality_id, person_id=known.id, people=new.people or "",
        pc4=place_of(session, new.postcode, municipality_id).pc4 if new.postcode else None, words=new.words or "",
        made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    tell(session, known.id, municipality_id, "trustee", row.id)
    return row


def end_trustee(session: Session, actor: Actor, id: UUID) -> None:
    """By the desk."""
    seen = visible(actor, Permission.MODERATE_REQUEST, Trustee)
    row = found(session.scalars(locked(select(Trustee).where(seen, Trustee.id == id))).one_or_none())
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    row.ended_at = row.ended_at or now(session)
    session.flush()


def stop_being_trustee(session: Session, actor: Actor, id: UUID) -> None:
    """One's own yes, taken back. NotFound for anybody else's."""
    own = select(Trustee).where(Trustee.owned_by(actor.person_id), Trustee.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    row.ended_at = row.ended_at or now(session)
    session.flush()


def mediators(session: Session, actor: Actor, municipality_id: int) -> list[Mediator]:
    """Who may mediate today, by name. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    seen = visible(actor, Permission.MODERATE_REQUEST, Mediator)
    query = select(Mediator).where(
        seen, Mediator.municipality_id == municipality_id, Mediator.ended_at.is_(None),
        Mediator.valid_until >= today(session),
    )  # fmt: skip
    rows = session.scalars(query.options(joinedload(Mediator.person)))
    return sorted(rows, key=lambda row: row.person.first_name.casefold())


def add_mediator(session: Session, actor: Actor, municipality_id: int, new: NewMediator) -> Mediator:
    """Somebody whose training the desk saw.

    Raises Invalid for a training to come, or one that is over, and Conflict for who is there already.
    """
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    day = today(session)
    if new.trained_on > day or new.valid_until <= day:
        raise Invalid(details={"geldigTot": "past"})
    known = known_people.get(session, actor, new.person_id).person
    if known.id in {row.person_id for row in mediators(session, actor, municipality_id)}:
        raise Conflict
    seen = visible(actor, Permission.MODERATE_REQUEST, Mediator)
    over = select(Mediator).where(
        seen,
        Mediator.municipality_id == municipality_id,
        Mediator.person_id == known.id,
        Mediator.ended_at.is_(None),
    )
    for older in session.scalars(locked(over)):  # trained again after it had run out
        older.ended_at = now(session)
    session.flush()
    row = Mediator(
        id=uuid7(), municipality_id=municipality_id, person_id=known.id, trained_on=new.trained_on,
        valid_until=new.valid_until, made_by_id=actor.person_id,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:  # a colleague added them at this very moment
        raise Conflict from twice
    return row


def end_mediator(session: Session, actor: Actor, id: UUID) -> None:
    """They mediate no more; what runs is given to another."""
    seen = visible(actor, Permission.MODERATE_REQUEST, Mediator)
    row = found(session.scalars(locked(select(Mediator).where(seen, Mediator.id == id))).one_or_none())
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    row.ended_at = row.ended_at or now(session)
    session.flush()


def selection(actor: Actor) -> Select[MediationCase]:
    """One's own, those in which one mediates, and those of a desk."""
    seen = visible(actor, Permission.MODERATE_REQUEST, MediationCase)
    return (
        select(MediationCase)
        .where(seen)
        .options(joinedload(MediationCase.asker), joinedload(MediationCase.mediator))
    )


def ask(session: Session, actor: Actor, new: NewMediation) -> MediationCase:
    """Ask for somebody who listens to both. The desk sees that one asked; the words are for the mediator."""
    if actor.behind is not None:
        raise Forbidden
    own = selection(actor).where(MediationCase.owned_by(actor.person_id), MediationCase.ended_at.is_(None))
    if session.scalars(own.limit(1)).one_or_none() is not None:
        raise AskedBefore
    place = people.home_of(session, actor).municipality_id
    row = MediationCase(
        id=uuid7(), municipality_id=place, asker_id=actor.person_id, words=new.words, other=new.other or ""
    )
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    for person_id in session.scalars(staff, {"m": place}).all():
        tell(session, person_id, place, "mediation-asked", row.id)
    return row


def mine(session: Session, actor: Actor) -> list[MediationCase]:
    """What one asked oneself, the newest first."""
    own = selection(actor).where(MediationCase.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(MediationCase.created_at.desc()).limit(20)))


def withdraw(session: Session, actor: Actor, id: UUID) -> None:
    """Rather not, at any moment and without a reason."""
    own = select(MediationCase).where(MediationCase.owned_by(actor.person_id), MediationCase.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    row.ended_at = now(session)
    row.step(M.STOPPED, actor.person_id)
    session.flush()


def of_desk(session: Session, actor: Actor, municipality_id: int) -> list[MediationCase]:
    """What is open at a desk, the oldest first: who asked and who mediates. What it is about is for the mediator."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(
        MediationCase.municipality_id == municipality_id, MediationCase.ended_at.is_(None)
    )
    query = query.options(
        defer(MediationCase.words, raiseload=True), defer(MediationCase.other, raiseload=True)
    )
    return list(session.scalars(query.order_by(MediationCase.created_at, MediationCase.id).limit(100)))


def get(session: Session, actor: Actor, id: UUID) -> MediationCase:
    """One of the desk's, locked. Raises NotFound."""
    seen = visible(actor, Permission.MODERATE_REQUEST, MediationCase)
    one = select(MediationCase).where(seen, MediationCase.id == id)
    return found(session.scalars(locked(one)).one_or_none())


def assign(session: Session, actor: Actor, id: UUID, assigned: Assigned) -> MediationCase:
    """To somebody who was trained, and is not one of the two. Raises Invalid, Stale."""
    row = get(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    if row.version != assigned.version:
        raise Stale
    trained = {one.person_id for one in mediators(session, actor, row.municipality_id)}
    apart = not meeting.may(session, assigned.mediator_id, row.asker_id)
    if assigned.mediator_id not in trained or assigned.mediator_id == row.asker_id or apart:
        raise Invalid(details={"bemiddelaar": "choose"})
    row.mediator_id, row.other_agreed_at = assigned.mediator_id, None
    row.step(M.ASSIGNED, actor.person_id)
    session.flush()
    tell(session, assigned.mediator_id, row.municipality_id, "mediation-yours", row.id, turn=row.version)
    tell(session, row.asker_id, row.municipality_id, "mediation-assigned", row.id, turn=row.version)
    return row


def given_to_me(session: Session, actor: Actor) -> list[MediationCase]:
    """In which one mediates now; NotFound for who mediates nowhere, or whose training is over."""
    if not mediates(session, actor):
        raise NotFound
    query = selection(actor).where(MediationCase.has_party(actor.person_id), MediationCase.ended_at.is_(None))
    return list(session.scalars(query.order_by(MediationCase.created_at)))


def mediates(session: Session, actor: Actor) -> bool:
    """Whether one was trained for it, and that still counts."""
    own = select(Mediator.id).where(
        Mediator.owned_by(actor.person_id),
        Mediator.ended_at.is_(None),
        Mediator.valid_until >= today(session),
    )
    return actor.behind is None and session.scalars(own.limit(1)).one_or_none() is not None


def reach(session: Session, actor: Actor, rows: Sequence[MediationCase]) -> dict[UUID, Reach]:
    """The telephone and mail of who asked, for the one who mediates; that they were shown is written down."""
    query = text("SELECT key, r.* FROM unnest(CAST(:keys AS uuid[])) key, LATERAL mediation_reach(key) r")
    found_ = session.execute(query, {"keys": [row.id for row in rows]})
    note_each(session, actor, Act.COUNTERPART, {row.asker_id: row.municipality_id for row in rows})
    known = {row.key: Reach(row.phone or "", row.email or "") for row in found_}
    return {row.id: known.get(row.id, Reach("", "")) for row in rows}


def notes(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, list[MediationNote]]:
    """One's own notes of each of these mediations."""
    own = select(MediationNote).where(
        MediationNote.owned_by(actor.person_id), MediationNote.mediation_id.in_(ids)
    )
    written: dict[UUID, list[MediationNote]] = {id: [] for id in ids}
    for one in session.scalars(own.order_by(MediationNote.at)):
        written[one.mediation_id].append(one)
    return written


def mediate(session: Session, actor: Actor, id: UUID, done: Mediated) -> MediationCase:
    """What the mediator writes down: the other is spoken to only by them, and says yes to nobody else."""
    rows = {row.id: row.version for row in given_to_me(session, actor)}
    if id not in rows:
        raise NotFound
    query = select(MediationCase).where(MediationCase.has_party(actor.person_id), MediationCase.id == id)
    row = found(session.scalars(locked(query)).one_or_none())
    if row.version != done.version:
        raise Stale
    if done.what is MediationStep.NOTE and not done.words:
        raise Invalid(details={"notitie": "missing"})
    if done.words:
        session.add(
            MediationNote(
                id=uuid7(), municipality_id=row.municipality_id, mediation_id=row.id, author_id=actor.person_id,
                words=done.words,
            )
        )  # fmt: skip
    if done.what is MediationStep.OTHER_AGREES:
        row.other_agreed_at = now(session)
        row.step(M.BOTH, actor.person_id)
    elif done.what is not MediationStep.NOTE:
        row.ended_at = now(session)
        row.step(M.SETTLED if done.what is MediationStep.SETTLED else M.STOPPED, actor.person_id)
    session.flush()
    if done.what is not MediationStep.NOTE:
        tell(session, row.asker_id, row.municipality_id, "mediation-news", row.id, turn=row.version)
    return row


def forget_old(session: Session) -> None:
    """Let go of what is over. For the worker."""
    session.execute(text("SELECT forget_outreach()"))
