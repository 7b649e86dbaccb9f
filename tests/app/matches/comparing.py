"""What tests of the index share: what a process knows by following, against what a fresh look at the database says."""

from sqlalchemy.orm import Session

from app.db import Database
from app.matches.index import MatchIndex
from matching.types import Offer, Request

Known = tuple[frozenset[Offer], frozenset[Request]]


def followed(session: Session) -> Known:
    """What this process knows."""
    index = MatchIndex.of(session)
    return frozenset(index.offers), frozenset(index.requests)


def looked_up(program: Database) -> Known:
    """What one who knew nothing would load at this moment."""
    fresh = MatchIndex(program.engine)
    fresh.refresh()
    return frozenset(fresh.offers), frozenset(fresh.requests)


def offer_ids(program: Database) -> set[object]:
    """Offers that a query of this moment would rank."""
    with program.transaction() as session:
        return {offer.id for offer in MatchIndex.of(session).offers}


def request_ids(program: Database) -> set[object]:
    """Requests that a query of this moment would rank."""
    with program.transaction() as session:
        return {request.id for request in MatchIndex.of(session).requests}


def agrees(program: Database) -> None:
    """The followed index is the database's, row by row and term by term."""
    with program.transaction() as session:
        assert followed(session) == looked_up(program)
