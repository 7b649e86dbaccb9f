"""What tests of the index share: what a process knows by following, against what a fresh look at the database says."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import Database
from app.matches.index import MatchIndex
from matching.types import Offer, Request
from tests.databases import Database as Migrated

Known = tuple[frozenset[Offer], frozenset[Request], frozenset[tuple[int, int]]]


def known(index: MatchIndex) -> Known:
    """Every row, and every pair of municipalities that share."""
    borders = index.borders
    assert index.offers.borders is index.requests.borders is borders
    return frozenset(index.offers), frozenset(index.requests), borders.pairs


def followed(session: Session) -> Known:
    """What this process knows."""
    index = MatchIndex.of(session)
    return known(index)


def looked_up(program: Database) -> Known:
    """What one who knew nothing would load at this moment."""
    fresh = MatchIndex(program.engine)
    fresh.refresh()
    return known(fresh)


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


def owner_runs(database: Migrated, statement: str, **values: Any) -> None:
    """As the owner, committed."""
    with database.owner.begin() as connection:
        connection.execute(text(statement), values)
