"""A mandate (volmacht): somebody chooses themselves who arranges things for them, from a day until a day.

Who wants to arrange for others hands out a link that carries their own signed key. So nobody is looked up, and nobody
learns whom we know: one reads a first name only from who gave one the link.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import quote
from uuid import UUID

from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sign_in import LinkDead
from app.clock import now, today
from app.errors import Forbidden, Invalid
from app.ids import uuid7
from app.notifications.service import tell
from app.people import service as people
from app.privacy import ages
from app.representations.models import ConsentWay, Representation, RepresentationKind, RepresentationStatus
from app.representations.schemas import Mandate
from app.representations.service import AlreadyStands, stands

PATH: Final = "/mijn/namens/volmacht"
"""Where one's own link leads."""
LINK_DAYS: Final = 30
DAY_S: Final = 86_400


class TooYoung(Forbidden):
    """A parent chooses who arranges for a child, with a paper, at the desk."""

    code = "mandate-too-young"


@dataclass(frozen=True, slots=True)
class Offer:
    """Who would arrange things, as whoever got the link reads it."""

    representative_id: UUID
    first_name: str


@dataclass(frozen=True, slots=True)
class Link:
    """What somebody hands out who wants to arrange for others."""

    token: str
    address: str
    until: datetime


def link(session: Session, secret: bytes, base: str, actor: Actor) -> Link:
    """One's own, for a month; ``base`` is our address."""
    token = _signer(secret).sign(actor.person_id.hex).decode()
    return Link(token, f"{base}{PATH}?t={quote(token)}", now(session) + timedelta(days=LINK_DAYS))


def _signer(secret: bytes) -> TimestampSigner:
    return TimestampSigner(secret, salt="mandate", digest_method=sha256)


def offered(session: Session, secret: bytes, token: str) -> Offer:
    """Whose link it is; raises LinkDead, whatever the cause, also for one's own."""
    try:
        key = UUID(_signer(secret).unsign(token, max_age=LINK_DAYS * DAY_S).decode())
    except (BadSignature, ValueError):
        raise LinkDead from None
    name = session.execute(text("SELECT who_offers_to_arrange(:key)"), {"key": key}).scalar_one()
    if name is None:
        raise LinkDead
    return Offer(key, name)


def give(session: Session, actor: Actor, secret: bytes, token: str, mandate: Mandate) -> Representation:
    """One's own yes: it holds from its first day. Raises LinkDead, Invalid, AlreadyStands, TooYoung."""
    offer = offered(session, secret, token)
    age = ages.age_of(session, actor.person_id)
    if age is not None and age < ages.ADULT:
        raise TooYoung
    begins = _span(mandate, today(session))
    # one after the other: who presses twice reads that it stands
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"mandate {actor.person_id}", 0)))
    )
    if stands(session, offer.representative_id, actor.person_id):
        raise AlreadyStands
    row = Representation(
        id=uuid7(), municipality_id=people.home_of(session, actor).municipality_id,
        representative_id=offer.representative_id, represented_id=actor.person_id, kind=mandate.kind, claimed={},
        question={}, status=RepresentationStatus.ACTIVE, consent_way=ConsentWay.SITE, consent_at=now(session),
        recorded_by_id=actor.person_id, valid_from=begins, valid_until=mandate.valid_until,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    for party in row.parties():
        tell(session, party, row.municipality_id, "representation-stands", row.id)
    return row


def _span(mandate: Mandate, day: date) -> date:
    """The first day. Raises Invalid for what nobody can give: a legal one, and days that are over or turned around."""
    if mandate.kind is RepresentationKind.LEGAL:
        raise Invalid(details={"soort": "choose"})
    begins = mandate.valid_from or day
    if begins < day:
        raise Invalid(details={"vanaf": "past"})
    if mandate.valid_until is not None and mandate.valid_until < begins:
        raise Invalid(details={"totEnMet": "before"})
    return begins
