"""Which providers there are, as the owner of the database: said in a file, since it has a dozen lines."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import Connection, delete, func, insert, select, update

from app.access.models import RoleGrant, WebSession
from app.access.roles import Role
from app.ids import uuid7
from app.oidc.claims import BY_CLAIM
from app.oidc.models import ClientAuth, OidcIdentity, OidcInvitation, OidcProvider
from app.outgoing import NotOnTheList, origin_of
from app.people.models import Contact, Person
from app.places.models import Municipality
from app.places.region import NotPossible, taking_part

INVITED = timedelta(days=14)


def _address(value: str) -> str:
    try:
        origin_of(value)
    except NotOnTheList as error:
        raise ValueError(str(error)) from None
    return value


def _source(value: str) -> str:
    kind, _, where = value.partition(":")
    if value and (kind not in ("env", "file") or not where):
        raise ValueError("env:NAME or file:/path, never the secret itself")
    return value


def _by_claim(role: Role) -> Role:
    if role not in BY_CLAIM:
        raise ValueError("no role that a claim can give")
    return role


Text = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, AfterValidator(_address)]


class NewProvider(BaseModel):
    """The file: a provider of one municipality. An unknown line is refused rather than passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    municipality: Text
    name: Text
    issuer: Address
    client_id: Text
    client_auth: ClientAuth = ClientAuth.BASIC
    secret_from: Annotated[str, AfterValidator(_source)] = ""
    origins: tuple[Address, ...] = ()
    scopes: tuple[Text, ...] = ("openid", "profile", "email")
    acr_values: tuple[Text, ...] = ()
    second_acr: tuple[Text, ...] = ()
    second_amr: tuple[Text, ...] = ()
    email_domains: tuple[Text, ...] = ()
    role_claim: str = ""
    roles: dict[Text, Annotated[Role, AfterValidator(_by_claim)]] = {}
    registers: bool = False
    staff_only: bool = False
    session_hours: Annotated[int, Field(ge=1, le=336)] = 10

    @model_validator(mode="after")
    def _fits(self) -> "NewProvider":
        if (self.client_auth is ClientAuth.NONE) == bool(self.secret_from):
            raise ValueError("secret_from goes with every client_auth but none")
        if bool(self.roles) != bool(self.role_claim):
            raise ValueError("role_claim and roles go together")
        return self


def read(path: Path) -> NewProvider:
    """The file as a provider; raises NotPossible with every wrong line."""
    try:
        return NewProvider.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotPossible(f"{path} cannot be read: {error}") from None
    except ValidationError as invalid:
        lines = (f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}" for item in invalid.errors())
        raise NotPossible(f"{path} is not right. " + "; ".join(lines)) from None


def add(connection: Connection, new: NewProvider) -> UUID:
    """Add a provider; raises NotPossible for a municipality that does not take part, or the same one twice."""
    place = taking_part(connection, new.municipality)
    # unscoped: the owner's own work
    same = select(OidcProvider.id).where(
        OidcProvider.municipality_id == place.id, OidcProvider.issuer == new.issuer,
        OidcProvider.client_id == new.client_id, OidcProvider.ended_at.is_(None),
    )  # fmt: skip
    if connection.execute(same).first() is not None:
        raise NotPossible(f"{place.name} has this provider already. End that one first.")
    provider_id = uuid7()
    values = new.model_dump(exclude={"municipality", "roles"})
    for name in ("origins", "scopes", "acr_values", "second_acr", "second_amr"):
        values[name] = list(values[name])
    values["email_domains"] = [domain.lower() for domain in new.email_domains]
    role_map = {value: role.value for value, role in new.roles.items()}
    connection.execute(
        insert(OidcProvider).values(id=provider_id, municipality_id=place.id, role_map=role_map, **values)
    )
    return provider_id


def everything(connection: Connection) -> list[tuple[str, str, str, str, str]]:
    """Key, municipality, name, issuer and until when, of all providers."""
    # unscoped: the owner's own work
    rows = connection.execute(
        select(
            OidcProvider.id, Municipality.name, OidcProvider.name, OidcProvider.issuer, OidcProvider.ended_at
        )
        .join(Municipality, Municipality.id == OidcProvider.municipality_id)
        .order_by(Municipality.name, OidcProvider.name)
    )
    return [(str(row[0]), row[1], row[2], row[3], f"{row[4]:%Y-%m-%d}" if row[4] else "") for row in rows]


def invite(connection: Connection, provider_id: UUID, email: str) -> str:
    """Let somebody whom we know come in through a provider, once, within a fortnight; their first name."""
    _in_use(connection, provider_id)
    # unscoped: the owner's own work
    query = select(Person.id, Person.first_name).join(Contact, Contact.person_id == Person.id)
    row = connection.execute(
        query.where(Contact.email == email.strip(), Person.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotPossible(f"Nobody here has the e-mail address {email}.")
    linked = select(OidcIdentity.person_id).where(
        OidcIdentity.provider_id == provider_id, OidcIdentity.person_id == row.id
    )
    if connection.execute(linked).first() is not None:
        raise NotPossible(f"{row.first_name} comes in this way already.")
    expires_at = connection.execute(select(func.ledger.now())).scalar_one() + INVITED
    connection.execute(
        insert(OidcInvitation).values(
            id=uuid7(), provider_id=provider_id, person_id=row.id, expires_at=expires_at
        )
    )
    return str(row.first_name)


def end(connection: Connection, provider_id: UUID) -> None:
    """Nobody comes in this way any more: its sessions end and the roles that it gave are gone; links are forgotten."""
    _in_use(connection, provider_id)
    moment = func.ledger.now()
    # unscoped: the owner's own work
    for statement in (
        update(OidcProvider).where(OidcProvider.id == provider_id).values(ended_at=moment),
        update(WebSession)
        .where(WebSession.provider_id == provider_id, WebSession.ended_at.is_(None))
        .values(ended_at=moment),
        delete(RoleGrant).where(RoleGrant.provider_id == provider_id),
        delete(OidcIdentity).where(OidcIdentity.provider_id == provider_id),
        delete(OidcInvitation).where(OidcInvitation.provider_id == provider_id),
    ):
        connection.execute(statement)


def key(text: str) -> UUID:
    """A key as it was typed. Raises NotPossible."""
    try:
        return UUID(text)
    except ValueError:
        raise NotPossible(f"{text} is no key of a provider; see zorgvoorelkaar oidc list.") from None


def _in_use(connection: Connection, provider_id: UUID) -> None:
    # unscoped: the owner's own work
    query = select(OidcProvider.id).where(OidcProvider.id == provider_id, OidcProvider.ended_at.is_(None))
    if connection.execute(query).first() is None:
        raise NotPossible("There is no such provider in use; see zorgvoorelkaar oidc list.")
