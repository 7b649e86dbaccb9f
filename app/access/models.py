"""Grants, sessions, links and tokens. Secrets are kept as hashes only."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.access.roles import Role, TokenScope
from app.db import Base, Keyed, SmallInteger
from app.states import one_of


class RoleGrant(Keyed, Base):
    """A role given to a person, in a municipality, an organisation, or the whole region (neither)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("municipality_id IS NOT NULL OR role = 'region_administrator'", name="region_only"),
        Index(None, "person_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    given_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("oidc_provider.id"))
    """The provider whose claim gave it; it counts only in sessions that were opened through that provider."""


class SignInLink(Keyed, Base):
    """A link by e-mail: single use, dead after fifteen minutes or when a newer one is made."""

    __tablename__ = "sign_in_link"
    __table_args__ = (Index(None, "email"), CheckConstraint("tries BETWEEN 0 AND 5", name="tries"))
    email: Mapped[str] = mapped_column(CITEXT)
    next_path: Mapped[str] = mapped_column(default="/")
    draft_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The draft that is sent when this link is confirmed."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    """How often a code was typed for it; see `app.access.codes`."""


class Way(StrEnum):
    """How somebody came in."""

    LINK = "link"
    CODE = "code"
    LETTER = "letter"
    PASSKEY = "passkey"
    INVITATION = "invitation"
    OIDC = "oidc"
    DEMONSTRATION = "demonstration"


class WebSession(Base):
    """A signed-in browser: the cookie holds the token, the row its sha256."""

    __tablename__ = "web_session"
    __table_args__ = (
        Index(None, "person_id"),
        one_of("way", Way),
        CheckConstraint("(way = 'oidc') = (provider_id IS NOT NULL)", name="through"),
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    representation_id: Mapped[UUID | None] = mapped_column(ForeignKey("representation.id"))
    """For whom somebody acts in this browser, while their consent stands."""
    id: Mapped[UUID] = mapped_column(unique=True, default=uuid4, server_default=func.gen_random_uuid())
    """What a page may name; the token is nobody's to see."""
    way: Mapped[Way] = mapped_column(server_default="link", default=Way.LINK)
    proven_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    """When somebody last showed who they are, in whatever way."""
    second_at: Mapped[datetime | None]
    """When a passkey or an app was last shown; without it a session has no role at a desk."""
    browser: Mapped[str] = mapped_column(server_default="", default="")
    """Kind of browser and device, in words; nothing finer."""
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("oidc_provider.id"))
    """The provider through which somebody came in."""


class ApiToken(Base):
    """A bearer token for programs: personal, expiring, and narrower than its person where they chose so."""

    __tablename__ = "api_token"
    __table_args__ = (Index(None, "person_id"), one_of("scope", TokenScope))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    id: Mapped[UUID] = mapped_column(unique=True, default=uuid4, server_default=func.gen_random_uuid())
    """What a page may name; the token is nobody's to see."""
    scope: Mapped[TokenScope]
    used_at: Mapped[datetime | None]
    """Some minutes fine: see `SEEN_EVERY`."""


class Attempt(Keyed, Base):
    """Something counted against a limit; written after a refusal too."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "rule", "subject", "at"),)
    rule: Mapped[str]
    subject: Mapped[bytes] = mapped_column(LargeBinary)
    """sha256 of the address, account or e-mail that the rule counts by."""
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class Pace(Base):
    """How often somebody did something of one kind in one stretch of time; a crash may forget it."""

    __tablename__ = "pace"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
    rule: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int]


class RefusedAccess(Keyed, Base):
    """Someone asked for a row that does not exist for them."""

    __tablename__ = "refused_access"
    person_id: Mapped[UUID | None]
    path: Mapped[str]
    status: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class IdempotencyKey(Base):
    """The first answer to a request that came with an Idempotency-Key."""

    __tablename__ = "idempotency_key"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
