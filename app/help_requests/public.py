"""The public list: what its owners showed to everyone, by words and by theme, a page at a time."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ARRAY, ColumnElement, Select, SmallInteger, column, func, literal, select
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
    """Public requests here and of the neighbours, the newest first; with words, what fits them best."""
    found, order = _matching(session, words_of(typed))
    found = found.where(shown_in(municipality_id))
    if theme:
        found = found.where(HelpRequest.category_number.in_(_of_theme(theme)))
    count = session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    pages = max(1, -(-count // PAGE))
    number = min(max(1, number), pages)
    query = found.options(*CARD).order_by(*order, HelpRequest.posted_at.desc(), HelpRequest.id)
    rows = session.scalars(query.limit(PAGE).offset((number - 1) * PAGE))
    return Found(list(rows), count, number, pages)


def _matching(session: Session, words: str) -> tuple[Select[HelpRequest], list[ColumnElement[float]]]:
    # unscoped: only what its owner made public
    public = select(HelpRequest).where(HelpRequest.is_public_row())
    if not words:
        return public, []
    numbers = literal(categories.matching(session, words), ARRAY(SmallInteger))
    hit = func.search_requests(words, numbers).table_valued(column("id"), column("rank")).alias("hit")
    return public.join(hit, hit.c.id == HelpRequest.id), [hit.c.rank.desc()]


def _of_theme(theme: str) -> Select[int]:
    return select(Category.number).where(Category.theme == theme)
