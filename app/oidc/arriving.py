"""From an attempt to a person: begun, spent, recognised, or kept waiting until they say who they are here.

A provider's word alone never opens the page of somebody whom we know: that takes a subject that was linked
before, an invitation of the desk for that very address, or the person's own session (`link`).
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import WebSession
from app.access.policy import found
from app.access.sign_in import act_as, person_for_email
from app.clock import now
from app.db import Scope, scope_to
from app.ids import uuid7
from app.oidc.claims import Arrived
from app.oidc.errors import AttemptOver, OtherPerson
from app.oidc.models import OidcArrival, OidcAttempt, OidcIdentity, OidcProvider, Proof
from app.people import service as people
from app.people.models import Contact, Person
from app.people.service import NewPerson
from app.secrets import digest, new_token

ATTEMPT = timedelta(minutes=10)
ARRIVAL = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Door:
    """A provider as the page for signing in offers it."""

    id: UUID
    name: str


def doors(session: Session, first: int | None) -> list[Door]:
    """Every provider in use, those of the visitor's own municipality first."""
    # unscoped: who stands at the door may choose any
    rows = session.scalars(select(OidcProvider).where(OidcProvider.ended_at.is_(None))).all()
    own_first = sorted(rows, key=lambda row: (row.municipality_id != first, row.name, row.id))
    return [Door(row.id, row.name) for row in own_first]


def provider(session: Session, provider_id: UUID) -> OidcProvider:
    """A provider in use; raises NotFound."""
    # unscoped: as above
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
    # unscoped: an attempt is found by its own secret
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
    query = text("SELECT oidc_person(:provider, :subject)")
    person_id: UUID | None = session.execute(
        query, {"provider": provider.id, "subject": subject}
    ).scalar_one()
    if person_id is None and who.email is not None:
        accept = text("SELECT oidc_accept(:provider, :subject, CAST(:email AS citext))")
        values = {"provider": provider.id, "subject": subject, "email": who.email}
        person_id = session.execute(accept, values).scalar_one()
    if person_id is None:
        return None
    if not act_as(session, person_id).signed_in:
        raise OtherPerson("shut-out")
    give_roles(session, provider, person_id, who.roles)
    return person_id


def give_roles(session: Session, provider: OidcProvider, person_id: UUID, roles: Iterable[str]) -> None:
    """Roles as the claims say; when that changes any, the sessions from before end."""
    given = text("SELECT oidc_roles(:provider, :person, CAST(:roles AS text[]))")
    wanted = sorted(str(role) for role in roles) if provider.role_claim else []
    values = {"provider": provider.id, "person": person_id, "roles": wanted}
    if session.execute(given, values).scalar_one():
        end_sessions(session, provider.id, person_id)


def end_sessions(session: Session, provider_id: UUID, person_id: UUID) -> None:
    """End what somebody opened through this provider."""
    # unscoped: one's own sessions
    live = update(WebSession).where(
        WebSession.person_id == person_id,
        WebSession.provider_id == provider_id,
        WebSession.ended_at.is_(None),
    )
    session.execute(live.values(ended_at=func.ledger.now()))


def wait(session: Session, provider: OidcProvider, subject: bytes, who: Arrived, next_path: str) -> str:
    """Keep somebody whom we do not know yet, for half an hour; the answer is the token of their page."""
    token = new_token()
    session.add(
        OidcArrival(
            token_hash=digest(token), provider_id=provider.id, subject_hash=subject, email=who.email,
            first_name=who.first_name, roles=sorted(role.value for role in who.roles), next_path=next_path,
            expires_at=now(session) + ARRIVAL,
        )
    )  # fmt: skip
    session.flush()
    return token


def waiting(session: Session, token: str) -> OidcArrival:
    """Who waits under this token, locked; raises AttemptOver."""
    # unscoped: found by its own secret
    query = select(OidcArrival).where(
        OidcArrival.token_hash == digest(token), OidcArrival.used_at.is_(None),
        OidcArrival.expires_at > func.ledger.now(),
    )  # fmt: skip
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise AttemptOver
    return row


def is_known(session: Session, arrival: OidcArrival) -> bool:
    """Whether somebody here has the address that the provider vouches for."""
    return arrival.email is not None and person_for_email(session, arrival.email) is not None


def fits(session: Session, actor: Actor, arrival: OidcArrival) -> bool:
    """Whether who is signed in has that very address: without it a session alone links nothing."""
    if not actor.signed_in or actor.behind is not None or arrival.email is None:
        return False
    return person_for_email(session, arrival.email) == actor.person_id


def link(session: Session, actor: Actor, arrival: OidcArrival) -> None:
    """From now on this subject is the actor, who says so in a session of their own. Raises OtherPerson."""
    if not fits(session, actor, arrival):
        raise OtherPerson
    _become(session, actor.person_id, arrival, Proof.SESSION)


def _become(session: Session, person_id: UUID, arrival: OidcArrival, proof: Proof) -> None:
    arrival.used_at = now(session)
    # unscoped: one's own
    query = select(OidcIdentity.person_id).where(
        OidcIdentity.provider_id == arrival.provider_id, OidcIdentity.person_id == person_id
    )
    taken = text("SELECT oidc_person(:provider, :subject) IS NOT NULL")
    values = {"provider": arrival.provider_id, "subject": arrival.subject_hash}
    if session.scalars(query).first() is not None or session.execute(taken, values).scalar_one():
        raise OtherPerson
    session.add(
        OidcIdentity(
            provider_id=arrival.provider_id,
            subject_hash=arrival.subject_hash,
            person_id=person_id,
            proof=proof,
        )
    )
    session.flush()
    give_roles(session, provider(session, arrival.provider_id), person_id, arrival.roles)


def register(session: Session, arrival: OidcArrival, new: NewPerson) -> UUID:
    """A resident who is new here, with no other address than the one that is vouched for. Raises OtherPerson."""
    _refuse_known(session, arrival)
    person, _ = people.register(session, new.model_copy(update={"email": arrival.email}))
    _become(session, person.id, arrival, Proof.REGISTERED)
    return person.id


def hire(session: Session, arrival: OidcArrival) -> UUID:
    """A colleague who is new here and works at the municipality, as their roles say. Raises OtherPerson."""
    _refuse_known(session, arrival)
    person = Person(id=uuid7(), first_name=arrival.first_name)
    scope_to(session, Scope(person_id=person.id))
    session.add(person)
    session.flush()
    session.add(Contact(person_id=person.id, email=arrival.email))
    session.flush()
    act_as(session, person.id)
    _become(session, person.id, arrival, Proof.REGISTERED)
    return person.id


def may_be_hired(provider: OidcProvider, arrival: OidcArrival) -> bool:
    """Whether the claims say enough to begin: roles, a name and an address."""
    return provider.registers and bool(arrival.roles and arrival.first_name and arrival.email)


def _refuse_known(session: Session, arrival: OidcArrival) -> None:
    if not provider(session, arrival.provider_id).registers or is_known(session, arrival):
        raise OtherPerson


def mine(session: Session, actor: Actor) -> list[tuple[OidcIdentity, OidcProvider]]:
    """The ways in that one linked."""
    # unscoped: one's own
    query = (
        select(OidcIdentity, OidcProvider)
        .join(OidcProvider, OidcProvider.id == OidcIdentity.provider_id)
        .where(OidcIdentity.person_id == actor.person_id, OidcProvider.ended_at.is_(None))
        .order_by(OidcProvider.name)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def unlink(session: Session, actor: Actor, provider_id: UUID) -> None:
    """End one's own way in, with the roles that it gave and the sessions that it opened; raises NotFound."""
    # unscoped: one's own
    query = select(OidcIdentity).where(
        OidcIdentity.provider_id == provider_id, OidcIdentity.person_id == actor.person_id
    )
    row = found(session.scalars(query).one_or_none())
    give_roles(session, provider(session, provider_id), actor.person_id, [])
    end_sessions(session, provider_id, actor.person_id)
    session.delete(row)
    session.flush()
