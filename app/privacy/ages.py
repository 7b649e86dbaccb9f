"""Who is old enough to help with what, and until when a parent has to agree: rules as data, in `ages.csv`.

We know a year of birth, not a day: whoever may still be seventeen counts as seventeen.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.categories.models import Category
from app.clock import today
from app.errors import Conflict, Invalid
from app.people.models import Contact
from app.privacy.models import Consent, Purpose

RULES: Final = Path(__file__).with_name("ages.csv")
ADULT: Final = 18
ONESELF: Final = 16
"""From this age on consent is one's own to give (UAVG, article 5); ``is_under_16`` in the database says the same."""


class ParentFirst(Conflict):
    """A parent or guardian has to agree before somebody this young offers help."""

    code = "parent-first"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which age one may help with this, and until which age a parent agrees; years."""

    minimum: int
    parent_until: int


@cache
def rules() -> dict[str, Rule]:
    """By category; what is not named there is for adults."""
    with RULES.open(encoding="utf-8", newline="") as file:
        return {
            row["slug"]: Rule(int(row["minimum"]), int(row["parent_until"])) for row in csv.DictReader(file)
        }


def rule(slug: str) -> Rule:
    """The rule of one category."""
    return rules().get(slug, Rule(ADULT, ADULT))


def age_of(session: Session, person_id: UUID) -> int | None:
    """Years, as few as they may be; None for who did not tell: they count as adults."""
    # unscoped: one's own, or of somebody of the caller's desk; row-level security stands behind it
    born = session.scalars(select(Contact.birth_year).where(Contact.person_id == person_id)).one_or_none()
    return None if born is None else as_few_as(session, born)


def as_few_as(session: Session, birth_year: int) -> int:
    """Years that somebody born then has had for certain."""
    return today(session).year - birth_year - 1


def last_day_as_a_child(session: Session, person_id: UUID) -> date | None:
    """The last day on which somebody may still be seventeen; None for adults and who did not tell."""
    age = age_of(session, person_id)
    if age is None or age >= ADULT:
        return None
    return date(today(session).year - age - 1 + ADULT, 12, 31)


def check(session: Session, person_id: UUID, category_numbers: Iterable[int]) -> None:
    """Raises Invalid for work that somebody is too young for, ParentFirst while nobody agreed for them."""
    age = age_of(session, person_id)
    if age is None or age >= ADULT:
        return
    slugs = session.scalars(select(Category.slug).where(Category.number.in_(list(category_numbers)))).all()
    if any(age < rule(slug).minimum for slug in slugs):
        raise Invalid(details={"categorieen": "too-young"})
    if any(age < rule(slug).parent_until for slug in slugs) and not _parent_agreed(session, person_id):
        raise ParentFirst


def _parent_agreed(session: Session, person_id: UUID) -> bool:
    # unscoped: one's own, or of somebody of the caller's desk
    query = select(Consent.id).where(
        Consent.person_id == person_id,
        Consent.purpose == Purpose.YOUNG_HELPER,
        Consent.withdrawn_at.is_(None),
    )
    return session.scalars(query).first() is not None
