"""Organisations that take part: care, welfare, clubs, schools, employers."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, Tenanted
from app.states import one_of


class OrganisationKind(StrEnum):
    """What an organisation is; roles go beyond care."""

    WELFARE = "welfare"
    CARE = "care"
    VOLUNTEERS = "volunteers"
    CLUB = "club"
    SCHOOL = "school"
    EMPLOYER = "employer"
    LIBRARY = "library"


class Organisation(Keyed, Tenanted, Base):
    """An organisation (organisatie) with its public description."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", OrganisationKind), Index(None, "municipality_id", "name"))
    name: Mapped[str]
    kind: Mapped[OrganisationKind]
    description: Mapped[str]
    phone: Mapped[str]
    website: Mapped[str]
    covenant_signed_on: Mapped[date | None]
    insurance: Mapped[str] = mapped_column(default="", server_default="")
    """How whoever helps under this flag is insured; empty when that is not known."""
    email: Mapped[str] = mapped_column(default="", server_default="")
    external_id: Mapped[str] = mapped_column(default="", server_default="")
    """Its key in the file that it came from; empty for what was typed here."""

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Organisations are there to be found."""
        return true()
