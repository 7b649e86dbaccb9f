"""Whether there is a yes: asked before anything is opened, with the database's own guard behind it."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.categories.models import Category
from app.categories.vocabulary import OF_HEALTH
from app.errors import Conflict, Invalid
from app.privacy.models import Purpose

YES = "jaGevoelig"
"""The field in which somebody says yes to the text about sensitive facts: the version of the text that they read."""


class ConsentWithdrawn(Conflict):
    """Somebody took back their yes to this; they can give it again on the page of their data."""

    code = "consent-withdrawn"


class YesNeeded(Invalid):
    """A sensitive request needs its asker's yes to the text as it reads now (GDPR, article 9(2)(a))."""

    code = "yes-needed"

    def __init__(self) -> None:
        super().__init__(details={YES: self.code})


class WaitsForParent(Conflict):
    """A child asks, and a parent or guardian did not say yes yet."""

    code = "waits-for-parent"


class ToCome(StrEnum):
    """Why a request may not be open."""

    PARENT = "parent"
    YES = "yes"
    TAKEN_BACK = "taken-back"


def refuses(session: Session, person_id: UUID, purpose: Purpose) -> bool:
    """Whether somebody took back their yes and did not give it again."""
    said: bool = session.execute(
        text("SELECT refuses(:person, :purpose)"), {"person": person_id, "purpose": purpose.value}
    ).scalar_one()
    return said


def require(session: Session, person_id: UUID, purpose: Purpose) -> None:
    """Raises ConsentWithdrawn after a no."""
    if refuses(session, person_id, purpose):
        raise ConsentWithdrawn


def agreed_version(session: Session, person_id: UUID, purpose: Purpose) -> int | None:
    """The version of the text that somebody's standing yes belongs to; None without one."""
    said: int | None = session.execute(
        text("SELECT agreed_version(:person, :purpose)"), {"person": person_id, "purpose": purpose.value}
    ).scalar_one()
    return said


def is_under_16(session: Session, person_id: UUID) -> bool:
    """Whether somebody may still be fifteen: a parent or guardian says yes for them (UAVG, article 5)."""
    said: bool = session.execute(text("SELECT is_under_16(:person)"), {"person": person_id}).scalar_one()
    return said


def is_sensitive(category: Category, skills: int) -> bool:
    """Whether a request may say something about health; ``is_sensitive`` in the database says the same."""
    return category.sensitive or bool(skills & OF_HEALTH)


def to_come(session: Session, person_id: UUID, category_number: int, skills: int) -> ToCome | None:
    """Why somebody's request of this kind may not be open; None when it may."""
    why: str | None = session.execute(
        text("SELECT yes_to_come(:person, :category, :skills)"),
        {"person": person_id, "category": category_number, "skills": skills},
    ).scalar_one()
    return ToCome(why) if why else None


def require_open(session: Session, person_id: UUID, category_number: int, skills: int) -> None:
    """Raises WaitsForParent, ConsentWithdrawn or YesNeeded for a request that may not be open."""
    why = to_come(session, person_id, category_number, skills)
    if why is ToCome.PARENT:
        raise WaitsForParent
    if why is ToCome.TAKEN_BACK:
        raise ConsentWithdrawn
    if why is ToCome.YES:
        raise YesNeeded
