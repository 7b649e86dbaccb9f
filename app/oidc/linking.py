"""Who somebody is here whom a provider vouches for: known and signed in, new, or a colleague; and undoing that."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.models import WebSession
from app.access.policy import found
from app.access.proof_models import Happened
from app.access.sign_in import FRESH_FOR, act_as, person_for_email
from app.clock import now
from app.db import Scope, scope_to
from app.ids import uuid7
from app.oidc.arriving import Door, doors, give_roles, provider
from app.oidc.claims import Arrived
from app.oidc.errors import AttemptOver, OtherPerson
from app.oidc.models import OidcArrival, OidcIdentity, OidcProvider, Proof
from app.people import service as people
from app.people.models import Contact, Person
from app.people.service import NewPerson
from app.secrets import digest, new_token

ARRIVAL = timedelta(minutes=30)


def wait(session: Session, provider: OidcProvider, subject: bytes, who: Arrived, next_path: str) -> str:
    """Keep somebody whom we do not know yet, for half an hour; the answer is the token of their page."""
    token = new_token()
    session.add(
        OidcArrival(
            token_hash=digest(token), provider_id=provider.id, subject_hash=subject, email=who.email,
            first_name=who.first_name, roles=sorted(role.value for role in who.roles), second=who.second,
            next_path=next_path, expires_at=now(session) + ARRIVAL,
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


def shows_second(session: Session, arrival: OidcArrival) -> bool:
    """Whether the second proof that was shown at the provider is still one of the last ten minutes."""
    return arrival.second and now(session) - arrival.created_at <= FRESH_FOR


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
    name = provider(session, arrival.provider_id).name
    note(session, actor.person_id, actor.person_id, Happened.PROVIDER_ADDED, name)


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
    if provider(session, arrival.provider_id).staff_only:
        raise OtherPerson
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


def ways(
    session: Session, actor: Actor, here: int | None, *, works: bool
) -> tuple[list[tuple[OidcIdentity, OidcProvider]], list[Door]]:
    """What one linked, and what else a municipality has; a way for its staff only to whoever works somewhere."""
    # unscoped: one's own
    query = (
        select(OidcIdentity, OidcProvider)
        .join(OidcProvider, OidcProvider.id == OidcIdentity.provider_id)
        .where(OidcIdentity.person_id == actor.person_id, OidcProvider.ended_at.is_(None))
        .order_by(OidcProvider.name)
    )
    linked = [(row[0], row[1]) for row in session.execute(query)]
    taken = {way.id for _, way in linked}
    own, _ = doors(session, here)
    return linked, [door for door in own if door.id not in taken and (works or not door.staff_only)]


def proving(session: Session, actor: Actor, *, second: bool) -> list[Door]:
    """Linked providers whose word shows who the actor is, by name; of a second proof only those that give one."""
    linked, _ = ways(session, actor, None, works=False)
    return [
        Door(provider.id, provider.name, provider.staff_only)
        for _, provider in linked
        if not second or provider.second_acr or provider.second_amr
    ]


def unlink(session: Session, actor: Actor, provider_id: UUID) -> None:
    """End one's own way in, with the roles that it gave and the sessions that it opened; raises NotFound."""
    # unscoped: one's own
    query = select(OidcIdentity).where(
        OidcIdentity.provider_id == provider_id, OidcIdentity.person_id == actor.person_id
    )
    row = found(session.scalars(query).one_or_none())
    way = provider(session, provider_id)
    give_roles(session, way, actor.person_id, [])
    # unscoped: one's own
    opened = update(WebSession).where(
        WebSession.person_id == actor.person_id,
        WebSession.provider_id == provider_id,
        WebSession.ended_at.is_(None),
    )
    session.execute(opened.values(ended_at=func.ledger.now()))
    session.delete(row)
    session.flush()
    note(session, actor.person_id, actor.person_id, Happened.PROVIDER_REMOVED, way.name)
