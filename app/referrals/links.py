"""The signed links of practices, and of single referrals: made again from the key each time, no secret is stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import today
from app.errors import Invalid, NotFound
from app.ids import uuid7
from app.referrals.models import ReferralLink, Source
from app.referrals.schemas import OUTSIDE, NewLink

LASTS: Final = timedelta(days=365)
LONGEST: Final = timedelta(days=3 * 366)
TOLD_FOR: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Practice:
    """Whose link somebody holds."""

    id: UUID
    name: str
    source: Source
    email: str
    municipality_id: int


def selection(actor: Actor) -> Select[ReferralLink]:
    """The links of the actor's desks."""
    seen = visible(actor, Permission.MODERATE_REQUEST, ReferralLink)
    return select(ReferralLink).where(seen).options(joinedload(ReferralLink.made_by))


def every(session: Session, actor: Actor, municipality_id: int) -> list[ReferralLink]:
    """Of one municipality: what opens something first, then by name."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(ReferralLink.municipality_id == municipality_id)
    return list(
        session.scalars(query.order_by(ReferralLink.ended_at.nulls_first(), ReferralLink.name).limit(200))
    )


def make(session: Session, actor: Actor, municipality_id: int, new: NewLink) -> ReferralLink:
    """A practice that may refer with a link. Raises Invalid for a day that passed, or one very far."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    day = today(session)
    until = new.valid_until or day + LASTS
    if not day <= until <= day + LONGEST:
        raise Invalid(details={"totEnMet": "past"})
    if new.source not in OUTSIDE:
        raise Invalid(details={"bron": "choose"})
    row = ReferralLink(
        id=uuid7(), municipality_id=municipality_id, name=new.name, source=new.source, email=new.email or "",
        valid_until=until, made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def get(session: Session, actor: Actor, id: UUID) -> ReferralLink:
    """One of one's own desk."""
    return found(session.scalars(selection(actor).where(ReferralLink.id == id)).one_or_none())


def renew(session: Session, actor: Actor, id: UUID) -> ReferralLink:
    """A new link, a year long; the ones before open nothing."""
    row = _held(session, actor, id)
    row.turn, row.valid_until, row.ended_at = row.turn + 1, today(session) + LASTS, None
    session.flush()
    return row


def end(session: Session, actor: Actor, id: UUID) -> None:
    """It opens nothing from here on."""
    row = _held(session, actor, id)
    if row.ended_at is None:
        row.ended_at = func.ledger.now()
        session.flush()


def _held(session: Session, actor: Actor, id: UUID) -> ReferralLink:
    seen = visible(actor, Permission.MODERATE_REQUEST, ReferralLink)
    query = select(ReferralLink).where(seen, ReferralLink.id == id)
    return found(session.scalars(locked(query)).one_or_none())


def token_of(secret: bytes, link: ReferralLink) -> str:
    """What the practice keeps: a link of a year, for who works there."""
    return _signer(secret, "referral-link").sign(f"{link.id.hex}.{link.turn}").decode()


def practice(session: Session, secret: bytes, token: str) -> Practice:
    """Whose link this is; NotFound, whatever the cause."""
    key, turn = _unsigned(secret, "referral-link", token)
    query = text("SELECT * FROM referral_link_of(:key, :turn)")
    row = session.execute(query, {"key": key, "turn": turn}).one_or_none()
    if row is None:
        raise NotFound
    return Practice(key, row.name, Source(row.source), row.email, row.municipality_id)


def told_token(secret: bytes, referral_id: UUID, day: date) -> str:
    """What whoever referred keeps, to see how it goes: for half a year from this day. Each mail has a new one."""
    return _signer(secret, "referral-told").sign(f"{referral_id.hex}.{day.toordinal()}").decode()


def told_key(secret: bytes, token: str, day: date) -> UUID:
    """Which referral it is about; NotFound, whatever the cause."""
    key, made = _unsigned(secret, "referral-told", token)
    if not 0 <= day.toordinal() - made <= TOLD_FOR.days:
        raise NotFound
    return key


def _unsigned(secret: bytes, salt: str, token: str) -> tuple[UUID, int]:
    try:
        said = _signer(secret, salt).unsign(token).decode()
        key, turn = said.split(".")
        return UUID(key), int(turn)
    except (BadSignature, ValueError):
        raise NotFound from None


def _signer(secret: bytes, salt: str) -> Signer:
    return Signer(secret, salt=salt, sep="~", digest_method=sha256)
