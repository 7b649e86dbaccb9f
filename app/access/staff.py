"""Who works at the desks, as the owner of the database: a role in a municipality, given and ended by e-mail address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.access.models import RoleGrant, WebSession
from app.access.proof_models import Authenticator, Happened, Passkey, SignInEvent
from app.access.roles import REGIONAL, STAFF_ROLES, Role
from app.ids import uuid7
from app.people.models import Contact, Membership, MembershipKind, Person
from app.places.models import Municipality
from app.places.region import NotPossible, needed, taking_part
from app.text import Email, Name

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_NAME: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True, slots=True)
class Given:
    """A role that was given: to whom, where, and whether we knew them before."""

    first_name: str
    place: str
    was_known: bool


def give(
    connection: Connection, email: str, role: Role, municipality: str | None, first_name: str | None = None
) -> Given:
    """Give somebody a role; who is not known yet is registered by e-mail address and first name."""
    region = needed(connection)
    where, place = _where(connection, role, municipality, region)
    address = _email(email)
    row = _person(connection, address)
    if row is not None and row.disabled_at is not None:
        raise NotPossible(f"{row.first_name} ({address}) was shut out, and gets no role.")
    known = row is not None
    person_id, name = (row.id, row.first_name) if row else _registered(connection, address, first_name)
    by_hand = _grant(person_id, role, where).where(RoleGrant.provider_id.is_(None))
    if connection.execute(by_hand).first() is not None:
        raise NotPossible(f"{name} ({address}) has this role already: {role} of {place}.")
    grant = insert(RoleGrant).values(id=uuid7(), person_id=person_id, role=role, municipality_id=where)
    connection.execute(grant)
    if where is not None:
        works = upsert(Membership).values(
            person_id=person_id, municipality_id=where, kind=MembershipKind.WORKS
        )
        connection.execute(works.on_conflict_do_nothing())
    _sign_out(connection, person_id)
    return Given(name, place, known)


def end(connection: Connection, email: str, role: Role, municipality: str | None) -> Given:
    """End a role; the person stays, with what they ask and offer themselves."""
    where, place = _where(connection, role, municipality, needed(connection))
    address = _email(email)
    row = _person(connection, address)
    if row is None:
        raise NotPossible(f"Nobody here has the e-mail address {address}.")
    if connection.execute(_grant(row.id, role, where)).first() is None:
        raise NotPossible(f"{row.first_name} ({address}) is no {role} of {place}.")
    # unscoped: the owner's own work
    connection.execute(
        delete(RoleGrant).where(
            RoleGrant.person_id == row.id,
            RoleGrant.role == role,
            RoleGrant.municipality_id.is_not_distinct_from(where),
        )
    )
    _leave(connection, row.id, where)
    _sign_out(connection, row.id)
    return Given(row.first_name, place, True)


def begin_anew(connection: Connection, email: str) -> str:
    """Take every key and app of somebody away, where no second administrator is left to do so; their first name."""
    address = _email(email)
    row = _person(connection, address)
    if row is None:
        raise NotPossible(f"Nobody here has the e-mail address {address}.")
    for kind in (Passkey, Authenticator):
        connection.execute(delete(kind).where(kind.person_id == row.id))  # unscoped: the owner's own work
    noted = insert(SignInEvent).values(
        id=uuid7(), person_id=row.id, by_id=row.id, kind=Happened.FACTORS_RESET, said=""
    )
    connection.execute(noted)
    _sign_out(connection, row.id)
    return str(row.first_name)


def everyone(connection: Connection) -> list[tuple[str, str, str, str]]:
    """E-mail address, first name, role and municipality of all staff; an empty municipality is the region."""
    # unscoped: the owner's own work
    rows = connection.execute(
        select(Contact.email, Person.first_name, RoleGrant.role, Municipality.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Contact, Contact.person_id == Person.id)
        .outerjoin(Municipality, Municipality.id == RoleGrant.municipality_id)
        .where(RoleGrant.role.in_(STAFF_ROLES))
        .order_by(Municipality.name.nulls_first(), RoleGrant.role, Contact.email)
    )
    return [(row[0] or "", row[1], str(row[2]), row[3] or "") for row in rows]


def _where(
    connection: Connection, role: Role, municipality: str | None, region: str
) -> tuple[int | None, str]:
    """The municipality's code and its name, or nothing and the region's."""
    if role in REGIONAL:
        if municipality is not None:
            raise NotPossible(f"{role} is a role in the whole region: leave the municipality out.")
        return None, region
    if municipality is None:
        raise NotPossible(f"Say in which municipality: {role} is a role in one of them.")
    row = taking_part(connection, municipality)
    return row.id, row.name


def _email(typed: str) -> str:
    try:
        return _EMAIL.validate_python(typed.strip())
    except ValidationError:
        raise NotPossible(f"{typed} is no e-mail address.") from None


def _person(connection: Connection, email: str) -> Row[UUID, str, datetime | None] | None:
    # unscoped: the owner's own work
    query = select(Person.id, Person.first_name, Person.disabled_at).join(
        Contact, Contact.person_id == Person.id
    )
    return connection.execute(query.where(Contact.email == email)).one_or_none()


def _registered(connection: Connection, email: str, first_name: str | None) -> tuple[UUID, str]:
    if first_name is None:
        raise NotPossible(
            f"Nobody here has the e-mail address {email}. Say their first name as well: --name."
        )
    try:
        name = _NAME.validate_python(first_name)
    except ValidationError:
        raise NotPossible(f"{first_name} cannot be a first name.") from None
    person_id = uuid7()
    connection.execute(insert(Person).values(id=person_id, first_name=name))
    connection.execute(insert(Contact).values(person_id=person_id, email=email))
    return person_id, name


def _grant(person_id: UUID, role: Role, where: int | None) -> Select[UUID]:
    # unscoped: the owner's own work
    return select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.municipality_id.is_not_distinct_from(where),
    )


def _leave(connection: Connection, person_id: UUID, where: int | None) -> None:
    """Who has no role left in a municipality does not work there any more."""
    # unscoped: the owner's own work
    left = select(RoleGrant.id).where(RoleGrant.person_id == person_id, RoleGrant.municipality_id == where)
    connection.execute(
        # unscoped: the owner's own work
        delete(Membership).where(
            Membership.person_id == person_id,
            Membership.municipality_id == where,
            Membership.kind == MembershipKind.WORKS,
            ~left.exists(),
        )
    )


def _sign_out(connection: Connection, person_id: UUID) -> None:
    """A session from before is none after: with another role one signs in anew."""
    # unscoped: the owner's own work
    live = update(WebSession).where(WebSession.person_id == person_id, WebSession.ended_at.is_(None))
    connection.execute(live.values(ended_at=func.ledger.now()))
