"""Providers, ways there and back, and whom a provider's subject is here."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.states import one_of


class ClientAuth(StrEnum):
    """How we prove to a provider that we are its client."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    KEY = "private_key_jwt"
    NONE = "none"


class Proof(StrEnum):
    """Why a subject of a provider is this person."""

    SESSION = "session"
    """They were signed in here with the address that the provider vouches for, and said so."""
    INVITATION = "invitation"
    """The desk had invited whoever has that address."""
    REGISTERED = "registered"
    """They came in that way when they were new here."""


class OidcProvider(Keyed, Tenanted, Base):
    """A provider of one municipality, as the owner set it up. Its secret stands elsewhere."""

    __tablename__ = "oidc_provider"
    __table_args__ = (
        one_of("client_auth", ClientAuth),
        CheckConstraint("(client_auth = 'none') = (secret_from = '')", name="secret"),
        CheckConstraint("session_hours BETWEEN 1 AND 336", name="session_hours"),
        Index(None, "municipality_id"),
    )
    name: Mapped[str]
    """What stands on the button: "Inloggen met ...". """
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_auth: Mapped[ClientAuth]
    secret_from: Mapped[str]
    """``env:NAME`` or ``file:/path``; the secret itself is in no database and no back-up."""
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What the provider asks us to call besides the issuer's own origin."""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    acr_values: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Levels of assurance that are asked for and taken, the best first; none takes any."""
    second_acr: Mapped[list[str]] = mapped_column(ARRAY(Text))
    second_amr: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What the provider says when it asked for a second proof itself; with neither its word is a first proof only."""
    email_domains: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Domains whose addresses the provider itself gives out, and so vouches for without saying so."""
    role_claim: Mapped[str]
    """The claim with roles or groups, with points for what lies deeper: ``realm_access.roles``."""
    role_map: Mapped[dict[str, Any]]
    """Value of that claim -> role here."""
    registers: Mapped[bool]
    """Whether somebody whom we do not know may come in this way."""
    staff_only: Mapped[bool]
    """For whoever works there: no resident is new here by it, and it stands apart from what they may press."""
    session_hours: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Who stands at the door may choose any that is in use."""
        return cls.ended_at.is_(None)


class OidcAttempt(Base):
    """Somebody on the way to a provider and back; good once."""

    __tablename__ = "oidc_attempt"
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("oidc_provider.id"))
    next_path: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OidcIdentity(Base):
    """Whom a subject of a provider is here."""

    __tablename__ = "oidc_identity"
    __table_args__ = (
        one_of("proof", Proof),
        UniqueConstraint("provider_id", "person_id"),
        Index(None, "person_id"),
    )
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("oidc_provider.id"), primary_key=True)
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proof: Mapped[Proof]
    linked_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class OidcArrival(Base):
    """Somebody whom a provider vouches for and whom we do not know yet."""

    __tablename__ = "oidc_arrival"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("oidc_provider.id"))
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[str | None] = mapped_column(CITEXT)
    """Only where the provider vouches for it."""
    first_name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    second: Mapped[bool]
    """Whether they showed a second proof at the provider."""
    next_path: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OidcInvitation(Keyed, Base):
    """The desk said in advance that a person comes in through a provider."""

    __tablename__ = "oidc_invitation"
    __table_args__ = (Index(None, "person_id"),)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("oidc_provider.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
