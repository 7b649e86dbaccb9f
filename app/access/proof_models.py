"""What shows that somebody is who they say: keys, apps, letters, invitations, and what happened to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.access.roles import REGIONAL, STAFF_ROLES, Role
from app.db import Base, BigInteger, Keyed, SmallInteger, Tenanted
from app.states import one_of

MOST_TRIES = 5
INVITABLE = tuple(role for role in Role if role in STAFF_ROLES - REGIONAL)
"""Roles in one municipality, which its administrator may hand out."""


class Passkey(Keyed, Base):
    """A key on somebody's telephone, computer or stick (toegangssleutel); we hold its public half."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="sign_count"),
        CheckConstraint("octet_length(credential_id) BETWEEN 1 AND 1023", name="credential"),
        Index(None, "person_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    user_handle: Mapped[bytes] = mapped_column(LargeBinary)
    """The name under which the key knows the person: a hash that says nothing elsewhere."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    used_at: Mapped[datetime | None]


class Authenticator(Keyed, Base):
    """An app that shows a new code every half minute; its secret is made from this id and the installation's key."""

    __tablename__ = "authenticator"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    confirmed_at: Mapped[datetime | None]


class SpentProof(Base):
    """A challenge or a code of an app that was shown; it is worth nothing a second time."""

    __tablename__ = "spent_proof"
    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    expires_at: Mapped[datetime]


class LetterCode(Keyed, Tenanted, Base):
    """A code in a letter, for who has no e-mail: once, within fourteen days, with the postcode of the person."""

    __tablename__ = "letter_code"
    __table_args__ = (
        CheckConstraint(f"tries BETWEEN 0 AND {MOST_TRIES}", name="tries"),
        CheckConstraint("made_by_id <> person_id", name="somebody_else"),
        Index(None, "person_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Letters to oneself."""
        return cls.person_id == person_id


class StaffInvitation(Keyed, Tenanted, Base):
    """A link for one colleague, with the role and the municipality fixed in it."""

    __tablename__ = "staff_invitation"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(str(role)) for role in INVITABLE)})", name="role"),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        CheckConstraint("(used_at IS NULL) = (person_id IS NULL)", name="whose"),
        Index(None, "municipality_id", "created_at"),
    )
    email: Mapped[str] = mapped_column(CITEXT)
    first_name: Mapped[str]
    role: Mapped[Role]
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who used it."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Happened(StrEnum):
    """What can happen to somebody's ways in."""

    SIGNED_IN = "signed_in"
    LETTER_MADE = "letter_made"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    SESSIONS_ENDED = "sessions_ended"
    FACTORS_RESET = "factors_reset"
    ROLE_GIVEN = "role_given"
    ROLE_ENDED = "role_ended"
    PROVIDER_ADDED = "provider_added"
    PROVIDER_REMOVED = "provider_removed"
    SHUT_OUT = "shut_out"
    LET_IN = "let_in"
    PROGRAM_ADDED = "program_added"
    PROGRAM_REMOVED = "program_removed"


class SignInEvent(Keyed, Base):
    """Something that happened to somebody's ways in; the person reads it, nobody changes it."""

    __tablename__ = "sign_in_event"
    __table_args__ = (one_of("kind", Happened), Index(None, "person_id", "at"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Happened]
    said: Mapped[str] = mapped_column(server_default="", default="")
    """A way, a browser or the name of a key: never a code."""
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id
