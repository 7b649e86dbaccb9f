"""Desks that sell cheques, who sells there, organisations that take them, and what they paid for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigInteger, Keyed, SmallInteger, Tenanted
from app.organisations.models import Organisation
from app.people.models import Person


class ChequeDesk(Keyed, Tenanted, Base):
    """A point of sale (verkooppunt); its cash is the ledger's account of desk ``number``."""

    __tablename__ = "cheque_desk"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 63", name="number"),
        CheckConstraint("name <> ''", name="name"),
        UniqueConstraint("municipality_id", "number"),
    )
    number: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    address: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    closed_at: Mapped[datetime | None]

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Desks are there to be found."""
        return true()


class ChequeSeller(Keyed, Tenanted, Base):
    """Somebody who may sell at a desk, until that ends."""

    __tablename__ = "cheque_seller"
    __table_args__ = (
        Index(
            "uq_cheque_seller_desk_id_person_id",
            "desk_id",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "person_id"),
    )
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("cheque_desk.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
    desk: Mapped[ChequeDesk] = relationship(lazy="raise")

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Where one sells oneself."""
        return cls.person_id == person_id


class ChequeProvider(Keyed, Tenanted, Base):
    """An organisation that takes cheques for its work (aanbieder)."""

    __tablename__ = "cheque_provider"
    __table_args__ = (
        UniqueConstraint("municipality_id", "organisation_id"),
        Index(None, "organisation_id"),
    )
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Who takes cheques is there to be known."""
        return true()


class ChequeUse(Keyed, Tenanted, Base):
    """The time that a cheque paid for; ``transfer_id`` is its handing in."""

    __tablename__ = "cheque_use"
    __table_args__ = (
        UniqueConstraint("transfer_id"),
        Index(None, "occurrence_id"),
        Index(None, "organisation_id"),
    )
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    transfer_id: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
