"""Wat is er in de buurt?: provisions by the words people use, by category, neighbourhood and municipality."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Select, SmallInteger, Uuid, column, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import VISITOR
from app.access.policy import found, visible
from app.access.roles import Permission
from app.categories import service as categories
from app.categories.models import Category
from app.help_requests.search import words_of
from app.organisations.models import Organisation
from app.paging import Found, page_of, paged
from app.places.models import Neighbourhood
from app.social_map.models import Provision, ProvisionStatus

PUBLIC: Final = visible(VISITOR, Permission.KEEP_SOCIAL_MAP, Provision)
FOUND: Final = visible(VISITOR, Permission.SEE_ORGANISATIONS, Organisation)
"""What a visitor may see, which is all of it."""
FACE: Final = (
    joinedload(Provision.organisation),
    joinedload(Provision.neighbourhood),
    joinedload(Provision.municipality),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is left empty lets everything through."""

    municipality_id: int | None = None
    typed: str = ""
    theme: str = ""
    pc4: int | None = None
    number: int = 1


def shown(session: Session, wanted: Wanted) -> Found[Provision]:
    """What fits best first, else by name; what has ended is not shown. A page past the end is the first one."""
    words = words_of(wanted.typed)
    if wanted.typed.strip() and not words:
        return Found()
    return page_of(session, paged(_query(session, wanted, words)), wanted.number)


def _query(session: Session, wanted: Wanted, words: str) -> Select[Provision]:
    query = select(Provision).where(PUBLIC, Provision.status != ProvisionStatus.ENDED).options(*FACE)
    order: list[Any] = [Provision.name, Provision.id]
    if words:
        numbers = literal(categories.matching(session, words), ARRAY(SmallInteger))
        hit = (
            func.search_provisions(words, numbers)
            .table_valued(column("id", Uuid), column("rank"))
            .alias("hit")
        )
        query = query.join(hit, hit.c.id == Provision.id)
        order.insert(0, hit.c.rank.desc())
    if wanted.municipality_id is not None:
        here = Provision.municipality_id == wanted.municipality_id
        query = query.where(or_(here, Provision.serves.contains([wanted.municipality_id])))
    if wanted.theme:
        of_theme = select(Category.number).where(Category.theme == wanted.theme).scalar_subquery()
        query = query.where(Provision.category_numbers.overlap(func.array(of_theme)))
    if wanted.pc4 is not None:
        query = query.where(Provision.pc4 == wanted.pc4)
    return query.order_by(*order)


def get(session: Session, id: UUID) -> Provision:
    """One provision; NotFound when there is none."""
    query = select(Provision).where(Provision.id == id, PUBLIC).options(*FACE)
    return found(session.scalars(query).one_or_none())


def organisation(session: Session, id: UUID) -> tuple[Organisation, list[Provision]]:
    """An organisation with what it has for residents, by name. NotFound when there is none."""
    seen = select(Organisation).where(Organisation.id == id, FOUND)
    row = found(session.scalars(seen).one_or_none())
    query = select(Provision).where(
        PUBLIC, Provision.organisation_id == id, Provision.status != ProvisionStatus.ENDED
    )
    return row, list(session.scalars(query.options(*FACE).order_by(Provision.name, Provision.id).limit(200)))


def neighbourhoods(session: Session, municipality_id: int | None) -> list[tuple[int, str]]:
    """Where there is something in a municipality, as postcode and name."""
    there = select(Provision.pc4).where(
        PUBLIC, Provision.status != ProvisionStatus.ENDED, Provision.pc4.is_not(None)
    )
    query = select(Neighbourhood.pc4, Neighbourhood.place).where(Neighbourhood.pc4.in_(there))
    if municipality_id is not None:
        query = query.where(Neighbourhood.municipality_id == municipality_id)
    rows = session.execute(query.order_by(Neighbourhood.place, Neighbourhood.pc4)).all()
    return [(row.pc4, f"{row.place} ({row.pc4})") for row in rows]
