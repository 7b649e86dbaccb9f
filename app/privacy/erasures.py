"""Forgetting somebody who asks so by letter, by telephone or at the counter; and the log of what was forgotten."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor, Grant
from app.access.policy import found, require, require_reach
from app.access.roles import Permission, Role
from app.audit.write import Act, note, note_each
from app.config import Settings
from app.db import scope_to
from app.errors import Invalid
from app.people.models import Contact, Membership, MembershipKind, Person
from app.people.phone import WrongPhone, parse
from app.pots.notes import refuse_own
from app.privacy import erase, obligations
from app.privacy.erase import Receipt
from app.privacy.models import Erasure, ErasureWay
from app.privacy.obligations import Open
from app.schemas import Incoming

SHOWN: Final = 100
_ADDRESS: Final = re.compile(r"\s*([1-9]\d{3})\s*([A-Za-z]{2})[\s,]+(\d\S*)\s*")


class Asked(Incoming):
    """What has to be so before anything goes."""

    seen: Annotated[bool, Field(alias="gezien")] = False
    """That it is this person who asks, or who speaks for them."""
    sure: Annotated[bool, Field(alias="zeker")] = False
    to_pot: Annotated[bool, Field(alias="naarPot")] = False


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody who may be meant."""

    id: UUID
    first_name: str
    last_name: str


def log(session: Session, actor: Actor, municipality_id: int) -> list[Erasure]:
    """What was forgotten in a municipality, the newest first; it names nobody."""
    require_reach(actor, Permission.ERASE_PERSON, municipality_id)
    # unscoped: the reach was asked
    query = select(Erasure).where(Erasure.municipality_id == municipality_id)
    return list(session.scalars(query.order_by(Erasure.at.desc(), Erasure.id).limit(SHOWN)))


def find(session: Session, actor: Actor, municipality_id: int, typed: str) -> list[Face]:
    """Who lives here under exactly this e-mail address, telephone number, or postcode and house number."""
    require_reach(actor, Permission.ERASE_PERSON, municipality_id)
    meant = _meant(typed)
    if meant is None:
        return []
    # unscoped: of the municipality that was just asked about
    query = (
        select(Person.id, Person.first_name, Contact.last_name)
        .join(Contact, Contact.person_id == Person.id)
        .join(Membership, (Membership.person_id == Person.id) & (Membership.kind == MembershipKind.LIVES))
        .where(Membership.municipality_id == municipality_id, meant)
        .order_by(Person.first_name, Person.id)
        .limit(SHOWN)
    )
    faces = [Face(*row) for row in session.execute(query)]
    note_each(session, actor, Act.SEARCH, {face.id: municipality_id for face in faces})
    return faces


def _meant(typed: str) -> ColumnElement[bool] | None:
    if "@" in typed:
        return Contact.email == typed.strip()
    address = _ADDRESS.fullmatch(typed)
    if address is not None:
        code = f"{address[1]}{address[2].upper()}"
        same = func.replace(Contact.postcode, " ", "") == code
        return same & (func.lower(Contact.house_number) == address[3].lower())
    try:
        return Contact.phone == parse(typed)
    except WrongPhone:
        return None


def of(session: Session, actor: Actor, person_id: UUID) -> tuple[Face, Open]:
    """Whom it is about, and what stands open of them. Raises NotFound, OwnInterest."""
    person, last_name, municipality_id = _resident(session, actor, person_id)
    note(session, actor, Act.PERSON, subject=person.id, municipality_id=municipality_id, entity="person",
         entity_id=person.id)  # fmt: skip
    with _in_their_name(session, person, municipality_id) as themselves:
        return Face(person.id, person.first_name, last_name), obligations.of(session, themselves)


def erase_for(session: Session, actor: Actor, settings: Settings, person_id: UUID, asked: Asked) -> Receipt:
    """Forget somebody, whole or not at all, as if they did it. Raises Invalid, StillOpen, BalanceNotConfirmed."""
    person, _, municipality_id = _resident(session, actor, person_id)
    missing = {name: "tick" for name, said in (("gezien", asked.seen), ("zeker", asked.sure)) if not said}
    if missing:
        raise Invalid(details=missing)
    with _in_their_name(session, person, municipality_id) as themselves:
        erase.settle(session, themselves, settings, to_pot=asked.to_pot)
        session.flush()
    note(session, actor, Act.ERASURE, subject=person_id, municipality_id=municipality_id, entity="person")
    return erase.forget(session, person_id, ErasureWay.DESK)


def _resident(session: Session, actor: Actor, person_id: UUID) -> tuple[Person, str, int]:
    # unscoped: the reach is in the condition
    query = (
        select(Person, Contact.last_name, Membership.municipality_id)
        .join(Contact, Contact.person_id == Person.id)
        .join(Membership, (Membership.person_id == Person.id) & (Membership.kind == MembershipKind.LIVES))
        .where(
            Person.id == person_id,
            Person.forgotten_at.is_(None),
            Membership.municipality_id.in_(actor.reach(Permission.ERASE_PERSON)),
        )
        .order_by(Membership.since.desc())
        .limit(1)
    )
    person, last_name, municipality_id = found(session.execute(query).one_or_none())
    require(actor, Permission.ERASE_PERSON, municipality_id)
    refuse_own(session, actor, person.id)
    return person, last_name, municipality_id


@contextmanager
def _in_their_name(session: Session, person: Person, home: int) -> Iterator[Actor]:
    """The person as an actor, also one who was shut out; the session acts as before afterwards."""
    before = session.info["scope"]
    themselves = Actor(
        person.id, person.pseudonym, person.first_name, home, (Grant(Role.MEMBER, frozenset({home})),)
    )
    scope_to(session, themselves.scope)
    try:
        yield themselves
    finally:
        scope_to(session, before)
