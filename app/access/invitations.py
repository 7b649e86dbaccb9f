"""Inviting a colleague: one link, once, for seven days, with the role and the municipality fixed in it."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from itsdangerous import BadSignature, Signer
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.limits import INVITATION_BY_MAKER, spend
from app.access.policy import found, require_reach, visible
from app.access.proof_models import INVITABLE, Happened, StaffInvitation
from app.access.roles import Permission, Role
from app.access.sign_in import LinkDead, act_as
from app.clock import now
from app.ids import uuid7
from app.jobs.queue import defer
from app.schemas import Incoming
from app.text import Email, FirstName

DAYS = 7
SHOWN = 50


def _invitable(role: Role) -> Role:
    if role not in INVITABLE:
        raise PydanticCustomError("enum", "a role in one municipality")
    return role


class Colleague(Incoming):
    """Whom to invite, as what."""

    email: Email
    first_name: Annotated[FirstName, Field(alias="voornaam")]
    role: Annotated[Role, AfterValidator(_invitable), Field(alias="rol")]


@dataclass(frozen=True, slots=True)
class Invited:
    """What the link shows."""

    id: UUID
    email: str
    first_name: str
    role: Role
    municipality_id: int


def invite(session: Session, actor: Actor, municipality_id: int, wanted: Colleague) -> StaffInvitation:
    """A mail with a link goes out; an older one for the same address and role dies. Raises NotFound, TooMany."""
    require_reach(actor, Permission.MANAGE_STAFF, municipality_id)
    spend(session, INVITATION_BY_MAKER, str(actor.person_id))
    older = update(StaffInvitation).where(  # unscoped: the permission was asked for this municipality
        StaffInvitation.municipality_id == municipality_id, StaffInvitation.email == wanted.email,
        StaffInvitation.role == wanted.role, *_live(),
    )  # fmt: skip
    session.execute(older.values(withdrawn_at=func.ledger.now()))
    row = StaffInvitation(
        id=uuid7(), municipality_id=municipality_id, email=wanted.email, first_name=wanted.first_name,
        role=wanted.role, invited_by_id=actor.person_id, expires_at=now(session) + timedelta(days=DAYS),
    )  # fmt: skip
    session.add(row)
    session.flush()
    defer(session, "invitations.mail", queue="mail", invitation_id=str(row.id))
    return row


def _live() -> tuple[ColumnElement[bool], ...]:
    return StaffInvitation.used_at.is_(None), StaffInvitation.withdrawn_at.is_(None)


def every(session: Session, actor: Actor, municipality_id: int) -> list[StaffInvitation]:
    """Those of one municipality that wait for an answer, the newest first. Raises NotFound."""
    require_reach(actor, Permission.MANAGE_STAFF, municipality_id)
    query = select(StaffInvitation).where(
        visible(actor, Permission.MANAGE_STAFF, StaffInvitation),
        StaffInvitation.municipality_id == municipality_id,
        StaffInvitation.expires_at > func.ledger.now(),
        *_live(),
    )
    return list(session.scalars(query.order_by(StaffInvitation.created_at.desc()).limit(SHOWN)))


def withdraw(session: Session, actor: Actor, invitation_id: UUID) -> None:
    """The link opens nothing from here on; raises NotFound, also for one that was used."""
    withdrawn = (
        update(StaffInvitation)
        .where(
            visible(actor, Permission.MANAGE_STAFF, StaffInvitation),
            StaffInvitation.id == invitation_id,
            *_live(),
        )
        .values(withdrawn_at=func.ledger.now())
        .returning(StaffInvitation.id)
    )
    found(session.execute(withdrawn).one_or_none())


def token_of(secret: bytes, invitation_id: UUID) -> str:
    """What the mail carries: made again from the key each time, so that no secret is stored."""
    return _signer(secret).sign(invitation_id.hex).decode()


def _signer(secret: bytes) -> Signer:
    return Signer(secret, salt="staff-invitation", digest_method=sha256)


def read(session: Session, secret: bytes, token: str) -> Invited:
    """What an invitation says; raises LinkDead, whatever the cause."""
    try:
        key = UUID(_signer(secret).unsign(token).decode())
    except (BadSignature, ValueError):
        raise LinkDead from None
    row = session.execute(text("SELECT * FROM invited(:key)"), {"key": key}).one_or_none()
    if row is None:
        raise LinkDead
    return Invited(key, row.email, row.first_name, Role(row.role), row.municipality_id)


def accept(session: Session, secret: bytes, token: str) -> UUID:
    """Use it up: whoever reads this mailbox has the role from here on. Raises LinkDead."""
    invitation = read(session, secret, token)
    person_id: UUID | None = session.execute(
        text("SELECT accept_invitation(:key, :person, :pseudonym, :grant)"),
        {"key": invitation.id, "person": uuid7(), "pseudonym": uuid7(), "grant": uuid7()},
    ).scalar_one_or_none()
    if person_id is None:
        raise LinkDead
    act_as(session, person_id)
    note(session, person_id, person_id, Happened.ROLE_GIVEN, str(invitation.role))
    return person_id
