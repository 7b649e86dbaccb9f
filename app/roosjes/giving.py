"""Giving Roosjes by hand: to somebody one knows, to a number one was told, for an offer, or to the pot.

A gift always comes from one's own account: a member has no choice of source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.agreements.models import Agreement, Occurrence
from app.errors import Conflict, Invalid, NotFound
from app.help_offers import service as help_offers
from app.help_offers.models import Status as OfferStatus
from app.help_requests.models import HelpRequest
from app.matches import meeting
from app.notifications.service import tell
from app.people.models import Person
from app.roosjes import codes, notes, service
from rewards import errors

T = TypeVar("T")


class KeyUsed(Conflict):
    """The form was sent before, with something else in it."""

    code = "key-used"


@dataclass(frozen=True, slots=True)
class Receiver:
    """The other end of a gift or a question: who, where their account is, and for which offer."""

    person: Person
    municipality_id: int
    offer_id: UUID | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Gift:
    """How much (minutes), under which key, and with which words."""

    minutes: int
    key: str
    text: str = ""


def known(session: Session, actor: Actor, person_id: UUID) -> Receiver:
    """Somebody one had an agreement with; NotFound for anybody else, whether they exist or not."""
    if person_id == actor.person_id:
        raise Invalid(details={"aan": "oneself"})
    shared = found(session.scalars(_knows(actor.person_id, person_id)).first())
    there = shared.helper_municipality_id if shared.helper_id == person_id else shared.municipality_id
    return _here(session, actor, person_id, there)


def by_code(session: Session, actor: Actor, code: str) -> Receiver:
    """Whoever told one their number; NotFound when it is nobody's. Raises TooMany after many tries."""
    holder = codes.holder(session, actor, code)
    if holder is None:
        raise NotFound
    if holder[0] == actor.person_id:
        raise Invalid(details={"nummer": "oneself"})
    return _here(session, actor, *holder)


def by_offer(session: Session, actor: Actor, offer_id: UUID) -> Receiver:
    """Whoever offers this, as far as one may read the offer; NotFound else."""
    offer = help_offers.get(session, actor, offer_id)
    if offer.person_id == actor.person_id:
        raise Invalid(details={"aanbod": "oneself"})
    if offer.status is OfferStatus.DRAFT:
        raise NotFound
    there = _here(session, actor, offer.person_id, offer.municipality_id)
    return Receiver(there.person, there.municipality_id, offer.id, offer.title)


def _here(session: Session, actor: Actor, person_id: UUID, municipality_id: int) -> Receiver:
    """Somebody who is kept apart from the actor reads as nobody."""
    person = found(session.get(Person, person_id))
    if person.disabled_at is not None or meeting.blocked(session, actor.person_id, person_id):
        raise NotFound
    return Receiver(person, municipality_id)


def _knows(one: UUID, other: UUID) -> Select[Occurrence]:
    # unscoped: one's own: rows that both are party to
    return (
        select(Occurrence)
        .where(
            ((Occurrence.asker_id == one) & (Occurrence.helper_id == other))
            | ((Occurrence.asker_id == other) & (Occurrence.helper_id == one))
        )
        .order_by(Occurrence.starts_at.desc())
        .limit(1)
    )


def acquaintances(session: Session, actor: Actor) -> list[Person]:
    """People whom one helped or was helped by, by name."""
    mine = actor.person_id
    # unscoped: one's own: occurrences that one is party to, behind row-level security
    helped = select(Occurrence.asker_id).where(Occurrence.helper_id == mine)
    helpers = select(Occurrence.helper_id).where(Occurrence.asker_id == mine)  # unscoped: one's own
    # who is kept apart is not among them, as who left is not: nothing tells the one from the other
    query = select(Person).where(
        Person.id.in_(helped.union(helpers)), Person.disabled_at.is_(None), ~func.are_blocked(Person.id, mine)
    )
    return list(session.scalars(query.order_by(Person.first_name, Person.id)))


def together(session: Session, actor: Actor) -> dict[UUID, str]:
    """What one last did with each of them: a title, to tell two of one name apart."""
    mine = actor.person_id
    other = case((Occurrence.helper_id == mine, Occurrence.asker_id), else_=Occurrence.helper_id)
    # unscoped: one's own: occurrences that one is party to, behind row-level security
    query = (
        select(other.label("other"), HelpRequest.title)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .join(HelpRequest, HelpRequest.id == Agreement.help_request_id)
        .where(or_(Occurrence.helper_id == mine, Occurrence.asker_id == mine))
        .ext(distinct_on(other))
        .order_by(other, Occurrence.starts_at.desc())
    )
    return {row[0]: row[1] for row in session.execute(query)}


def give(session: Session, actor: Actor, to: Receiver, gift: Gift) -> rewards.Booking:
    """Give somebody Roosjes and tell them. Raises OutOfRoosjes, KeyUsed."""
    giver, home = service.oneself(session, actor)
    words = notes.Words(
        giver.id, home, to.person.id, to.municipality_id, f"pay:{gift.key}", gift.text, to.about
    )

    def book() -> tuple[UUID, rewards.Booking]:
        note_id, note_hash = notes.keep(session, words)
        return note_id, rewards.pay(
            session.connection(),
            key=gift.key,
            actor=giver.pseudonym,
            payer=service.account_of(session, giver, home).id,
            payee=service.account_of(session, to.person, to.municipality_id).id,
            minutes=gift.minutes,
            subject=to.offer_id,
            note_hash=note_hash,
        )

    note_id, booking = refusing(session, book)
    if not booking.hit:
        tell(
            session, to.person.id, to.municipality_id, "gift", note_id, minutes=gift.minutes, terms="roosjes"
        )
    return booking


def donate(session: Session, actor: Actor, gift: Gift) -> rewards.Booking:
    """Give Roosjes to the pot of where one lives. Raises OutOfRoosjes, KeyUsed."""
    giver, home = service.oneself(session, actor)
    words = notes.Words(giver.id, home, None, None, f"donate:{gift.key}", gift.text)

    def book() -> rewards.Booking:
        _, note_hash = notes.keep(session, words)
        account = service.account_of(session, giver, home).id
        return rewards.donate(
            session.connection(),
            key=gift.key,
            actor=giver.pseudonym,
            payer=account,
            minutes=gift.minutes,
            note_hash=note_hash,
        )

    return refusing(session, book)


def refusing(session: Session, book: Callable[[], T]) -> T:
    """Book, or leave nothing behind: raises OutOfRoosjes for a limit, KeyUsed for a key of something else."""
    try:
        with session.begin_nested():
            return book()
    except errors.KeyReused as reused:
        raise KeyUsed from reused
    except (errors.OverLimit, errors.NoTrust, errors.AccountNotOpen) as refusal:
        raise service.OutOfRoosjes from refusal
