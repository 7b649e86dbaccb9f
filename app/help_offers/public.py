"""The public list of offers: who shows everyone what they like to do, by words and by theme, a page at a time."""

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    SmallInteger,
    TableValuedAlias,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from app.categories import service as categories
from app.categories.models import Category
from app.help_offers.models import HelpOffer
from app.help_requests.listing import partners_of
from app.help_requests.search import words_of
from app.organisations.models import Organisation
from app.paging import COUNTED, Found, page_of, paged, paged_of_many
from app.people.models import Person
from app.places.models import Municipality, Neighbourhood

CARD: Final = (
    joinedload(HelpOffer.person).load_only(Person.first_name),
    joinedload(HelpOffer.neighbourhood).load_only(Neighbourhood.place),
    joinedload(HelpOffer.municipality).load_only(Municipality.name),
    joinedload(HelpOffer.organisation).load_only(Organisation.name),
)
"""What a card shows: never more than a first name, a place, and under whose flag."""


def shown(
    session: Session, municipality_id: int | None, *, typed: str = "", theme: str = "", number: int = 1
) -> Found[HelpOffer]:
    """Public offers here and of the neighbours, the newest first; with words, what fits them best.

    A page past the end is the first one.
    """
    words = words_of(typed)
    values = {
        "municipality": municipality_id,
        "typed": words,
        "categories": categories.matching(session, words) if words else [],
        "theme": theme,
    }
    query = _listing(municipality_id is not None, bool(words), bool(theme))
    return page_of(session, query, number, values, most=None if words else COUNTED)


@cache
def _listing(somewhere: bool, worded: bool, themed: bool) -> Select[Any]:
    """The statement for one kind of question, made once: building it costs as much as running it."""
    # unscoped: anybody may: only what its owner made public
    query = select(HelpOffer).where(_shown_in(somewhere)).options(*CARD)
    order: list[Any] = [HelpOffer.posted_at.desc(), HelpOffer.id]
    if worded:
        hit = _hits()
        query = query.join(hit, hit.c.id == HelpOffer.id)
        order.insert(0, hit.c.rank.desc())
    if themed:
        of_theme = select(Category.number).where(Category.theme == bindparam("theme"))
        query = query.where(HelpOffer.category_numbers.overlap(func.array(of_theme.scalar_subquery())))
    return (paged if worded else paged_of_many)(query.order_by(*order))


def _shown_in(somewhere: bool) -> ColumnElement[bool]:
    """Public offers of who takes no pause; of a neighbour's where both municipalities and the helper agree."""
    open_to_all = and_(HelpOffer.is_public_row(), HelpOffer.person.has(Person.paused.is_(False)))
    if not somewhere:
        return open_to_all
    place = bindparam("municipality", type_=Integer)
    across = and_(HelpOffer.cross_border, HelpOffer.municipality_id.in_(partners_of(place)))
    return and_(open_to_all, or_(HelpOffer.municipality_id == place, across))


def _hits() -> TableValuedAlias:
    numbers = bindparam("categories", type_=ARRAY(SmallInteger))
    search = func.search_offers(bindparam("typed"), numbers)
    return search.table_valued(column("id", Uuid), column("rank")).alias("hit")
