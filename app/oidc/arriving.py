"""From an attempt to a person: begun, spent, and recognised or not.

A provider's word alone never opens the page of somebody whom we know: that takes a subject that was linked
before, an invitation of the desk for that very address, or the person's own session (`app.oidc.linking`).
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.access.events import note
from app.access.policy import found
from app.access.proof_models import Happened
from app.access.sign_in import act_as
from app.clock import now
from app.oidc.claims import Arrived
from app.oidc.errors import AttemptOver, OtherPerson
from app.oidc.models import OidcAttempt, OidcProvider
from app.secrets import digest, new_token

ATTEMPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Door:
    """A provider as a page offers it."""

    id: UUID
    name: str
    staff_only: bool


def doors(session: Session, here: int | None) -> tuple[list[Door], list[Door]]:
    """Every provider in use, by name: those of one municipality, and all others."""
    # unscoped: anybody may choose any, at the door
    rows = session.scalars(select(OidcProvider).where(OidcProvider.ended_at.is_(None))).all()
    own, others = list[Door](), list[Door]()
    for row in sorted(rows, key=lambda row: (row.name, row.id)):
        (own if row.municipality_id == here else others).append(Door(row.id, row.name, row.staff_only))
    return own, others


def provider(session: Session, provider_id: UUID) -> OidcProvider:
    """A provider in use; raises NotFound."""
    # unscoped: anybody may choose any
    query = select(OidcProvider).where(OidcProvider.id == provider_id, OidcProvider.ended_at.is_(None))
    return found(session.scalars(query).one_or_none())


def begin(session: Session, provider: OidcProvider, next_path: str) -> str:
    """The state of a new attempt, for the address; the database keeps its hash."""
    state = new_token()
    session.add(
        OidcAttempt(
            state_hash=digest(state), provider_id=provider.id, next_path=next_path,
            expires_at=now(session) + ATTEMPT,
        )
    )  # fmt: skip
    session.flush()
    return state


def spend(session: Session, provider: OidcProvider, state: str) -> str:
    """Use an attempt up, whatever comes of it; the answer is where the visitor was going. Raises AttemptOver."""
    moment = func.ledger.now()
    # unscoped: found by its own secret
    spent = (
        update(OidcAttempt)
        .where(
            OidcAttempt.state_hash == digest(state), OidcAttempt.provider_id == provider.id,
            OidcAttempt.used_at.is_(None), OidcAttempt.expires_at > moment,
        )
        .values(used_at=moment)
        .returning(OidcAttempt.next_path)
    )  # fmt: skip
    path = session.scalars(spent).one_or_none()
    if path is None:
        raise AttemptOver
    return path


def subject_hash(secret: bytes, provider: OidcProvider, subject: str) -> bytes:
    """What is kept of a subject: some brokers hand out the BSN, and its nine digits would not survive a bare hash."""
    return hmac.new(secret, f"oidc subject\0{provider.issuer}\0{subject}".encode(), sha256).digest()


def recognised(session: Session, provider: OidcProvider, subject: bytes, who: Arrived) -> UUID | None:
    """Whom we know by this subject, or had invited; their roles are what the claims say now.

    The session acts as them from here on. None for whom we do not know; raises OtherPerson for who was shut out.
    """
    invited = False
    query = text("SELECT oidc_person(:provider, :subject)")
    person_id: UUID | None = session.execute(
        query, {"provider": provider.id, "subject": subject}
    ).scalar_one()
    if person_id is None and who.email is not None:
        accept = text("SELECT oidc_accept(:provider, :subject, CAST(:email AS citext))")
        values = {"provider": provider.id, "subject": subject, "email": who.email}
        person_id = session.execute(accept, values).scalar_one()
        invited = person_id is not None
    if person_id is None:
        return None
    if not act_as(session, person_id).signed_in:
        raise OtherPerson("shut-out")
    if invited:
        note(session, person_id, person_id, Happened.PROVIDER_ADDED, provider.name)
    give_roles(session, provider, person_id, who.roles)
    return person_id


def give_roles(session: Session, provider: OidcProvider, person_id: UUID, roles: Iterable[str]) -> None:
    """Roles as the claims say; where that changes any, every session from before ends in the database."""
    given = text("SELECT oidc_roles(:provider, :person, CAST(:roles AS text[]))")
    wanted = sorted(str(role) for role in roles) if provider.role_claim else []
    values = {"provider": provider.id, "person": person_id, "roles": wanted}
    session.execute(given, values)
