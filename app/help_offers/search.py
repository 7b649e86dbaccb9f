"""Finding help offers by the words people use: stems, synonyms, accents, a part of a word."""

from sqlalchemy import ARRAY, SmallInteger, column, func, literal, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.categories import service as categories
from app.help_offers.models import HelpOffer
from app.help_offers.service import FACE
from app.help_requests.search import words_of


def search(
    session: Session, actor: Actor, typed: str, *, limit: int = 20, offset: int = 0
) -> list[HelpOffer]:
    """The offers that the actor may see and that fit the words, best first; two queries, whatever is found.

    None for a blank, or for text that nobody types. The indexes are used inside a function of the owner's.
    """
    words = words_of(typed)
    if not words:
        return []
    numbers = literal(categories.matching(session, words), ARRAY(SmallInteger))
    hit = func.search_offers(words, numbers).table_valued(column("id"), column("rank")).alias("hit")
    query = (
        select(HelpOffer)
        .join(hit, hit.c.id == HelpOffer.id)
        .where(visible(actor, Permission.SEE_OFFERS, HelpOffer))
        .options(*FACE)
        .order_by(hit.c.rank.desc(), HelpOffer.posted_at.desc().nulls_last(), HelpOffer.id)
    )
    return list(session.scalars(query.limit(limit).offset(offset)))
