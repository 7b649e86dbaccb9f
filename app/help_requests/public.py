"""The public list: what its owners showed to everyone, by words and by theme, a page at a time."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Integer,
    Select,
    SmallInteger,
    TableValuedAlias,
    Uuid,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.orm import Session

from app.categories import service as categories
from app.categories.models import Category
from app.help_requests.listing import shown_in
from app.help_requests.models import HelpRequest
from app.help_requests.search import words_of
from app.help_requests.service import CARD

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list; ``count`` is all that was found, ``pages`` at least 1."""

    rows: list[HelpRequest]
    count: int
    number: int
    pages: int


def shown(
    session: Session, municipality_id: int | None, *, typed: str = "", theme: str = "", number: int = 1
) -> Found:
    """Public requests here and of the neighbours, the newest first; with words, what fits them best.

    A page past the end is the first one.
    """
    words = words_of(typed)
    values = {
        "municipality": municipality_id,
        "typed": words,
        "categories": categories.matching(session, words) if words else [],
        "theme": theme,
        "skip": (max(1, number) - 1) * PAGE,
    }
    query = _listing(municipality_id is not None, bool(words), bool(theme))
    found = session.execute(query, values).all()
    if not found and number > 1:
        return shown(session, municipality_id, typed=typed, theme=theme)
    count: int = found[0].in_all if found else 0
    return Found([row.HelpRequest for row in found], count, max(1, number), max(1, -(-count // PAGE)))


@cache
def _listing(somewhere: bool, worded: bool, themed: bool) -> Select[HelpRequest, int]:
    """The statement for one kind of question, made once: building it costs as much as running it."""
    place = bindparam("municipality", type_=Integer) if somewhere else None
    # unscoped: anybody may see what its owner made public
    query = select(HelpRequest, func.count().over().label("in_all")).where(shown_in(place)).options(*CARD)
    order: list[Any] = [HelpRequest.posted_at.desc(), HelpRequest.id]
    if worded:
        hit = _hits()
        query = query.join(hit, hit.c.id == HelpRequest.id)
        order.insert(0, hit.c.rank.desc())
    if themed:
        of_theme = select(Category.number).where(Category.theme == bindparam("theme"))
        query = query.where(HelpRequest.category_number.in_(of_theme))
    return query.order_by(*order).limit(PAGE).offset(bindparam("skip", type_=Integer))


def _hits() -> TableValuedAlias:
    numbers = bindparam("categories", type_=ARRAY(SmallInteger))
    search = func.search_requests(bindparam("typed"), numbers)
    return search.table_valued(column("id", Uuid), column("rank")).alias("hit")
