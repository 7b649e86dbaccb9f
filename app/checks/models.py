"""What a municipality asks for each kind of help, and numbers that were looked up in the register of companies."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.categories.vocabulary import Check
from app.db import Base, Keyed, SmallInteger, Tenanted
from app.people.models import Person
from app.states import one_of


class CheckRole(StrEnum):
    """As what somebody helps: unpaid, or for pay."""

    VOLUNTEER = "volunteer"
    PROFESSIONAL = "professional"


class CheckRequirement(Keyed, Tenanted, Base):
    """What a municipality asks for a kind of help, instead of what the taxonomy asks."""

    __tablename__ = "check_requirement"
    __table_args__ = (
        one_of("role", CheckRole),
        UniqueConstraint("municipality_id", "category_number", "role"),
        CheckConstraint("checks BETWEEN 0 AND 255 AND lasting_checks BETWEEN 0 AND 255", name="masks"),
    )
    category_number: Mapped[int] = mapped_column(SmallInteger, ForeignKey("category.number"))
    role: Mapped[CheckRole]
    checks: Mapped[int] = mapped_column(SmallInteger)
    """Mask of app.categories.vocabulary.Check."""
    lasting_checks: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """What is asked besides when the help comes back, week after week."""
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Everybody may know what is asked of who helps."""
        return true()


class KvkOutcome(StrEnum):
    """What became of a question to the register of companies."""

    FOUND = "found"
    ENDED = "ended"
    """The company was there and is no more."""
    UNKNOWN = "unknown"
    REFUSED = "refused"
    """The register does not know our key: somebody who keeps this installation has to look."""
    UNAVAILABLE = "unavailable"
    """Down, slow, too busy or talking nonsense: it is asked again."""


class KvkLookup(Keyed, Tenanted, Base):
    """A number that a makelaar had looked up, with the answer; it goes when a month has passed."""

    __tablename__ = "kvk_lookup"
    __table_args__ = (
        one_of("outcome", KvkOutcome),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        Index(None, "person_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str]
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    outcome: Mapped[KvkOutcome | None]
    answered_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(default="", server_default="")
    legal_form: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str] = mapped_column(default="", server_default="")

    asked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by_id])


class CheckName(StrEnum):
    """The checks by the names that forms and JSON use."""

    VOG = "vog"
    IDENTITY = "identiteit"
    REFERENCES = "referenties"
    KVK = "kvk"
    BIG = "big"
    SKJ = "skj"
    COURSE = "cursus"
    DRIVING = "rijden"

    @property
    def check(self) -> Check:
        """The bit of the mask."""
        return Check[self.name]


NAME_OF: Final = {name.check: name for name in CheckName}
