"""The public list: what its owners showed to everyone, by words and by theme, a page at a time."""

from functools import cache
from typing import Any

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
from sqlalchemy.orm import Session, load_only

from app.categories import service as categories
from app.categories.models import Category
from app.help_requests.listing import shown_in
from app.help_requests.models import HelpRequest
from app.help_requests.search import words_of
from app.help_requests.service import CARD
from app.paging import COUNTED, Found, page_of, paged, paged_of_many

ON_A_CARD = load_only(
    HelpRequest.title, HelpRequest.body, HelpRequest.minutes, HelpRequest.slots, HelpRequest.frequency,
    HelpRequest.on_date, HelpRequest.at_time, HelpRequest.until_date, HelpRequest.cell,
)  # fmt: skip
"""Of the request itself; another would be asked for once more, and for each row."""


def shown(
    session: Session, municipality_id: int | None, *, typed: str = "", theme: str = "", number: int = 1
) -> Found[HelpRequest]:
    """Public requests here and of the neighbours, the newest first; with words, what fits them best.

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
    place = bindparam("municipality", type_=Integer) if somewhere else None
    # unscoped: anybody may see what its owner made public
    query = select(HelpRequest).where(shown_in(place)).options(ON_A_CARD, *CARD)
    order: list[Any] = [HelpRequest.posted_at.desc(), HelpRequest.id]
    if worded:
        hit = _hits()
        query = query.join(hit, hit.c.id == HelpRequest.id)
        order.insert(0, hit.c.rank.desc())
    if themed:
        of_theme = select(Category.number).where(Category.theme == bindparam("theme"))
        query = query.where(HelpRequest.category_number.in_(of_theme))
    return (paged if worded else paged_of_many)(query.order_by(*order))


def _hits() -> TableValuedAlias:
    numbers = bindparam("categories", type_=ARRAY(SmallInteger))
    search = func.search_requests(bindparam("typed"), numbers)
    return search.table_valued(column("id", Uuid), column("rank")).alias("hit")
