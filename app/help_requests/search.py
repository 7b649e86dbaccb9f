"""Finding help requests by the words people use: stems, synonyms, accents, a part of a word."""

from sqlalchemy import ARRAY, SmallInteger, column, func, literal, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.categories import service as categories
from app.help_requests.models import HelpRequest
from app.help_requests.service import FACE
from app.text import Refused, clean

LONGEST = 200


def search(
    session: Session, actor: Actor, typed: str, *, limit: int = 20, offset: int = 0
) -> list[HelpRequest]:
    """The requests that the actor may see and that fit the words, best first; two queries, whatever is found.

    None for a blank, or for text that nobody types. The indexes are used inside a function of the owner's.
    """
    words = words_of(typed)
    if not words:
        return []
    numbers = literal(categories.matching(session, words), ARRAY(SmallInteger))
    hit = func.search_requests(words, numbers).table_valued(column("id"), column("rank")).alias("hit")
    query = (
        select(HelpRequest)
        .join(hit, hit.c.id == HelpRequest.id)
        .where(visible(actor, Permission.SEE_REQUESTS, HelpRequest))
        .options(*FACE)
        .order_by(hit.c.rank.desc(), HelpRequest.posted_at.desc().nulls_last(), HelpRequest.id)
    )
    return list(session.scalars(query.limit(limit).offset(offset)))


def words_of(typed: str) -> str:
    """What was typed as one clean line; empty when there is nothing in it to look for."""
    try:
        return clean(typed, max_length=LONGEST)
    except Refused:
        return ""
