"""Why the desk did something, and whose Roosjes it may do it with."""

from hashlib import sha256
from secrets import token_bytes
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.errors import NotFound
from app.people.models import Membership, MembershipKind, Person
from app.pots.errors import KeyUsed, OwnInterest
from app.pots.models import LedgerNote, NoteKind


def resident(session: Session, actor: Actor, permission: Permission, person_id: UUID) -> tuple[Person, int]:
    """Somebody who lives in the actor's municipalities; one's own account is Forbidden, anybody else's NotFound."""
    # unscoped: row-level security lets through one's own and the desk's people
    lives = (
        select(Membership)
        .where(Membership.person_id == person_id, Membership.kind == MembershipKind.LIVES)
        .options(joinedload(Membership.person))
        .order_by(Membership.since.desc())
    )
    home = found(session.scalars(lives).first())
    if home.municipality_id not in actor.reach(permission) and home.person_id != actor.person_id:
        raise NotFound
    require(actor, permission, home.municipality_id)
    return home.person, home.municipality_id


def refuse_own(session: Session, actor: Actor, *person_ids: UUID) -> None:
    """Nobody does it for themselves, nor for whoever lives at the same address, as far as we know that."""
    of_them = func.unnest(list(person_ids), type_=Uuid()).column_valued()
    if session.execute(select(func.bool_or(func.one_house(of_them, actor.person_id)))).scalar_one():
        raise OwnInterest


def write(  # noqa: PLR0913 - a note is what it is
    session: Session, actor: Actor, key: UUID, kind: NoteKind, person_id: UUID, municipality_id: int, text: str,
    **more: Any,
) -> LedgerNote:  # fmt: skip
    """The note of an act; the one of before when the form was sent twice. Raises KeyUsed for another act."""
    wanted = {"kind": kind, "person_id": person_id, "by_id": actor.person_id, "text": text, **more}
    # of two windows that send at once, the second waits here and finds what the first wrote
    new = insert(LedgerNote).values(id=key, municipality_id=municipality_id, salt=token_bytes(16), **wanted)
    session.execute(new.on_conflict_do_nothing(index_elements=["id"]))
    # unscoped: goes with the form that the caller was allowed to send; of one from elsewhere there is no row
    note = session.get(LedgerNote, key)
    if note is None or any(getattr(note, name) != value for name, value in wanted.items()):
        raise KeyUsed
    return note


def hash_of(note: LedgerNote) -> bytes:
    """What the ledger keeps of the words: it verifies with the salt, and says nothing without."""
    return sha256(note.salt + note.text.encode()).digest()


def of_person(session: Session, actor: Actor, person_id: UUID, *, limit: int = 50) -> list[LedgerNote]:
    """What the desk wrote about somebody's Roosjes, the newest first."""
    query = (
        select(LedgerNote)
        .where(
            LedgerNote.person_id == person_id,
            LedgerNote.municipality_id.in_(actor.reach(Permission.SEE_LEDGER)),
        )
        .options(joinedload(LedgerNote.by))
        .order_by(LedgerNote.at.desc(), LedgerNote.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def texts(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    """The words behind the subjects of bookings, those that this actor may read."""
    # unscoped: row-level security: for the subjects of lines in sight
    rows = session.execute(select(LedgerNote.id, LedgerNote.text).where(LedgerNote.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
