"""A code by letter, for who has no e-mail: made at the desk, once, fourteen days, with the postcode of the person.

Whoever makes it holds the code and can look up the postcode: they could be that person. So nobody gets one who comes
in by mail; of who has a key, and lost it, the maker says so in words that the person reads.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.events import note
from app.access.policy import found, require_reach
from app.access.proof_models import Happened, LetterCode
from app.access.roles import Permission
from app.access.sign_in import LinkDead
from app.audit import write as audit
from app.clock import now
from app.errors import Conflict
from app.ids import uuid7
from app.people import service as people
from app.people.models import Contact
from app.places.postcodes import Postcode
from app.pots.notes import refuse_own
from app.schemas import Incoming
from app.text import Typed

DIGITS = 12
DAYS = 14
SHORTEST_REASON = 10
WHY_THE_ADDRESS = "brief om in te loggen"
"""The person reads this beside who looked, with the words of who made it."""


class NotForOneself(Conflict):
    """Nobody makes a letter for themselves."""

    code = "not-for-oneself"


class NotForStaff(Conflict):
    """Who works at a desk comes in with a mail and a key: a letter would let the colleague who made it be them."""

    code = "not-for-staff"


class HasMail(Conflict):
    """A link in a mail lets them in, and lets nobody else be them."""

    code = "has-mail"


class HasKey(Conflict):
    """A key lets them in: why they need a letter all the same is not said."""

    code = "has-key"


class NewLetter(Incoming):
    """Why somebody with a key needs a letter."""

    reason: Annotated[Annotated[str, Typed(400)] | None, Field(alias="reden")] = None


def hash_of(secret: bytes, code: str) -> bytes:
    """What is stored of a code: without the installation's key it cannot be found by trying all of them."""
    return hmac.new(secret, b"letter\0" + code.encode(), sha256).digest()


def of(session: Session, actor: Actor, person_id: UUID) -> list[LetterCode]:
    """Letters to somebody of one's municipality, the newest first."""
    home = _home(session, actor, person_id)
    # unscoped: the permission was asked for this municipality
    query = select(LetterCode).where(LetterCode.person_id == person_id, LetterCode.municipality_id == home)
    return list(session.scalars(query.order_by(LetterCode.created_at.desc()).limit(10)))


def _home(session: Session, actor: Actor, person_id: UUID) -> int:
    """Where the person lives; raises NotFound out of reach."""
    home = people.home(session, person_id)
    require_reach(actor, Permission.REGISTER_PERSON, home.municipality_id)
    return home.municipality_id


def addressee(session: Session, actor: Actor, person_id: UUID) -> Contact:
    """The name for the page; the look is in the log. Raises NotFound out of reach."""
    home = _home(session, actor, person_id)
    audit.note(session, actor, audit.Act.PERSON, subject=person_id, municipality_id=home, entity="person")
    return _contact(session, person_id)


def envelope(session: Session, actor: Actor, person_id: UUID) -> Contact:
    """All that the window of a letter shows, of which `make` wrote down the look. Raises NotFound out of reach."""
    _home(session, actor, person_id)
    return _contact(session, person_id)


def _contact(session: Session, person_id: UUID) -> Contact:
    # unscoped: the permission was asked for this municipality
    query = select(Contact).where(Contact.person_id == person_id).options(joinedload(Contact.person))
    return found(session.scalars(query).one_or_none())


def other_way_in(session: Session, person_id: UUID) -> str:
    """ "mail" or "key" for who comes in without a letter, else empty."""
    return str(session.execute(text("SELECT other_way_in(:who)"), {"who": person_id}).scalar_one())


def make(
    session: Session, actor: Actor, secret: bytes, person_id: UUID, reason: str = ""
) -> tuple[str, datetime]:
    """A new code and its last moment; letters from before are worth nothing.

    Raises NotFound, NotForOneself, NotForStaff, HasMail, HasKey without a reason, OwnInterest for who lives with them.
    """
    home = _home(session, actor, person_id)
    if person_id == actor.person_id:
        raise NotForOneself
    refuse_own(session, actor, person_id)
    if session.execute(text("SELECT works_at_a_desk(:who)"), {"who": person_id}).scalar_one():
        raise NotForStaff
    other = other_way_in(session, person_id)
    if other == "mail":
        raise HasMail
    if other == "key" and len(reason) < SHORTEST_REASON:
        raise HasKey
    older = update(LetterCode).where(  # unscoped: the permission was asked for this municipality
        LetterCode.person_id == person_id, LetterCode.used_at.is_(None), LetterCode.withdrawn_at.is_(None)
    )
    session.execute(older.values(withdrawn_at=func.ledger.now()))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    until = now(session) + timedelta(days=DAYS)
    row = LetterCode(
        id=uuid7(), municipality_id=home, person_id=person_id, made_by_id=actor.person_id,
        code_hash=hash_of(secret, code), expires_at=until,
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, person_id, actor.person_id, Happened.LETTER_MADE)
    # the envelope's window shows where they live
    audit.note(session, actor, audit.Act.ADDRESS, subject=person_id, municipality_id=home, entity="letter_code",
               entity_id=row.id, reason=f"{WHY_THE_ADDRESS}: {reason}" if reason else WHY_THE_ADDRESS)  # fmt: skip
    return code, until


def withdraw(session: Session, actor: Actor, person_id: UUID) -> None:
    """Letters that are under way are worth nothing from here on."""
    _home(session, actor, person_id)
    live = update(LetterCode).where(  # unscoped: the permission was asked for this municipality
        LetterCode.person_id == person_id, LetterCode.used_at.is_(None), LetterCode.withdrawn_at.is_(None)
    )
    session.execute(live.values(withdrawn_at=func.ledger.now()))


def use(session: Session, secret: bytes, code: str, postcode: Postcode) -> UUID:
    """The person of a letter; raises LinkDead, whatever was wrong with it."""
    person_id: UUID | None = session.execute(
        text("SELECT use_letter(:hash, :postcode)"),
        {"hash": hash_of(secret, code), "postcode": postcode.compact},
    ).scalar_one_or_none()
    if person_id is None:
        raise LinkDead
    return person_id
