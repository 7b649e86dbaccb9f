"""Joining, covenants with their versions and signatures, invitations, volunteers of one's own, introductions."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.organisations.models import Organisation, OrganisationKind
from app.people.models import Person
from app.states import Living, Transitions, one_of


class JoiningStatus(StrEnum):
    """The life of an application."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


J = JoiningStatus
JOINING: Transitions[JoiningStatus] = Transitions(
    {
        J.SUBMITTED: frozenset({J.APPROVED, J.REJECTED, J.WITHDRAWN}),
        J.APPROVED: frozenset(),
        J.REJECTED: frozenset(),
        J.WITHDRAWN: frozenset(),
    }
)


class Joining(Keyed, Tenanted, Living[JoiningStatus], Base):
    """An organisation that would like to take part, as somebody of it says."""

    __tablename__ = "joining"
    __table_args__ = (
        one_of("status", JoiningStatus),
        one_of("kind", OrganisationKind),
        CheckConstraint("char_length(name) BETWEEN 1 AND 80", name="name"),
        CheckConstraint("char_length(description) <= 1000", name="description"),
        CheckConstraint("(status = 'approved') = (organisation_id IS NOT NULL)", name="approved"),
        CheckConstraint("status <> 'rejected' OR reason <> ''", name="reason"),
        Index(None, "municipality_id", "status"),
        Index(None, "applicant_id"),
    )
    transitions: ClassVar = JOINING

    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    kind: Mapped[OrganisationKind]
    description: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    kvk_number: Mapped[str] = mapped_column(default="")
    position: Mapped[str] = mapped_column(default="")
    """What the applicant does there."""
    status: Mapped[JoiningStatus] = mapped_column(default=JoiningStatus.SUBMITTED)
    reason: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    applicant: Mapped[Person] = relationship(lazy="raise", foreign_keys=[applicant_id])

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Who asked."""
        return [self.applicant_id]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What one asked oneself."""
        return cls.applicant_id == person_id


class Covenant(Keyed, Tenanted, Base):
    """One version of what a municipality and its organisations agree; never changed once it is published."""

    __tablename__ = "covenant"
    __table_args__ = (
        UniqueConstraint("municipality_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("char_length(text) BETWEEN 1 AND 20000", name="text"),
    )
    number: Mapped[int]
    text: Mapped[str]
    changed: Mapped[str] = mapped_column(default="")
    """What is different from the version before, in a few words."""
    sign_before: Mapped[date | None]
    """Until then whoever signed the version before is still bound by that."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """What organisations are held to is there to be read."""
        return true()


class Side(StrEnum):
    """Who signs."""

    ORGANISATION = "organisatie"
    MUNICIPALITY = "gemeente"


class CovenantSignature(Keyed, Tenanted, Base):
    """One signature under one version: of the organisation first, then of the municipality."""

    __tablename__ = "covenant_signature"
    __table_args__ = (
        one_of("side", Side),
        UniqueConstraint("covenant_id", "organisation_id", "side"),
        Index(None, "organisation_id"),
        Index(None, "municipality_id"),
    )
    covenant_id: Mapped[UUID] = mapped_column(ForeignKey("covenant.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    side: Mapped[Side]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    position: Mapped[str] = mapped_column(default="")
    text_sha256: Mapped[str]
    """Of the text as it was read, so that one can show what was signed."""
    signed_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    covenant: Mapped[Covenant] = relationship(lazy="raise")


class InvitedAs(StrEnum):
    """As what somebody is invited."""

    MEMBER = "organisation_member"
    ADMINISTRATOR = "organisation_administrator"
    VOLUNTEER = "volunteer"


class OrganisationInvitation(Keyed, Tenanted, Base):
    """A link by e-mail for somebody who will work for an organisation, or help under its flag."""

    __tablename__ = "organisation_invitation"
    __table_args__ = (
        one_of("role", InvitedAs),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        CheckConstraint("(used_at IS NULL) = (person_id IS NULL)", name="whose"),
        CheckConstraint("role = 'volunteer' OR NOT exclusive", name="exclusive"),
        Index(None, "organisation_id", "created_at"),
        Index(None, "municipality_id"),
    )
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str]
    first_name: Mapped[str]
    role: Mapped[InvitedAs]
    exclusive: Mapped[bool] = mapped_column(default=False)
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]


class OrganisationVolunteer(Keyed, Tenanted, Base):
    """Somebody who helps under the flag of an organisation: for its people only, or for everybody."""

    __tablename__ = "organisation_volunteer"
    __table_args__ = (
        Index("uq_organisation_volunteer_live", "organisation_id", "person_id", unique=True,
              postgresql_where="ended_at IS NULL"),
        Index(None, "person_id"),
        Index(None, "municipality_id"),
    )  # fmt: skip
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    exclusive: Mapped[bool] = mapped_column(default=False)
    """Only for requests that this organisation handles; else the organisation shares them with everybody."""
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Under whose flag one helps."""
        return cls.person_id == person_id


class IntroductionStatus(StrEnum):
    """The life of an introduction."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    """Both said yes: they read how to reach each other."""
    DECLINED = "declined"
    DONE = "done"


I = IntroductionStatus  # noqa: E741 - one letter, as beside the other lives
INTRODUCING: Transitions[IntroductionStatus] = Transitions(
    {
        I.PROPOSED: frozenset({I.AGREED, I.DECLINED}),
        I.AGREED: frozenset({I.DONE}),
        I.DECLINED: frozenset(),
        I.DONE: frozenset(),
    }
)


class Introduction(Keyed, Tenanted, Living[IntroductionStatus], Base):
    """Two organisations that could do something together, as the desk thinks; each says yes or no by itself."""

    __tablename__ = "introduction"
    __table_args__ = (
        one_of("status", IntroductionStatus),
        CheckConstraint("one_id <> other_id", name="two"),
        CheckConstraint("char_length(why) BETWEEN 1 AND 1000", name="why"),
        CheckConstraint("status NOT IN ('agreed', 'done') OR (one_yes AND other_yes)", name="both"),
        Index(None, "municipality_id", "status"),
        Index(None, "one_id"),
        Index(None, "other_id"),
    )
    transitions: ClassVar = INTRODUCING

    one_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    why: Mapped[str]
    one_yes: Mapped[bool | None]
    other_yes: Mapped[bool | None]
    status: Mapped[IntroductionStatus] = mapped_column(default=IntroductionStatus.PROPOSED)
    outcome: Mapped[str] = mapped_column(default="")
    """What came of it, as the desk heard."""
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    one: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[one_id])
    other: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[other_id])

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """No person: organisations are not people."""
        return []
