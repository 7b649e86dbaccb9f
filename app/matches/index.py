"""The match index of this process: loaded once, then kept up with the database's change log."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, event
from sqlalchemy.orm import Session

from app.categories.vocabulary import WELCOME_SKILLS, Gender, Kind
from app.matches.following import CHECKS as CHECKS_ASKED, OFFERS, REQUESTS, News, Source
from app.places.service import mutual
from matching.borders import Borders
from matching.errors import BadRow
from matching.index import OfferIndex, RequestIndex
from matching.types import Change, Gender as EngineGender, Kind as EngineKind, Offer, Request
from matching.validation import check_offer, check_request

KINDS = {
    Kind.ROOSJES: EngineKind.ROOSJES,
    Kind.ZONDER: EngineKind.ZONDER,
    Kind.BETAALD: EngineKind.BETAALD,
    Kind.CHEQUE: EngineKind.CHEQUE,
}
GENDERS = {Gender.WOMAN: EngineGender.FEMALE, Gender.MAN: EngineGender.MALE}
UNPAID = EngineKind.ROOSJES | EngineKind.ZONDER
PAID = EngineKind.BETAALD | EngineKind.CHEQUE
SEED = 71205
"""Keys the order of equals; any number, but the same in every process."""
TURN = timedelta(minutes=1)
"""How often one looks for what changed by time alone."""
Fact = TypeVar("Fact", Offer, Request)
CHECKS: Final[dict[type, Callable[[Any], None]]] = {Offer: check_offer, Request: check_request}

log = logging.getLogger("zorgvoorelkaar.matches")


@dataclass(slots=True)
class Held:
    """What the index knows, and up to where."""

    news: News
    turned_at: datetime
    borders: Borders
    offers: OfferIndex
    requests: RequestIndex
    reads: int = 0
    """Counts the readings: the version of whatever is read then."""


class MatchIndex:
    """Both directions; ``of(session)`` answers with an index that knows every commit before this moment."""

    _of_engine: WeakKeyDictionary[Engine, "MatchIndex"] = WeakKeyDictionary()
    _creating = Lock()

    def __init__(self, engine: Engine) -> None:
        self._lock = Lock()
        self._source = Source(engine)
        self._held: Held | None = None
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    @classmethod
    def of(cls, session: Session) -> "MatchIndex":
        """The index of this session's database, brought up to date. What the session itself did and has not
        committed is not in it."""
        engine = session.get_bind().engine
        with cls._creating:
            index = cls._of_engine.get(engine)
            if index is None:
                index = cls._of_engine[engine] = cls(engine)
        index.refresh()
        return index

    @property
    def offers(self) -> OfferIndex:
        """Offers that are open."""
        return self._known.offers

    @property
    def requests(self) -> RequestIndex:
        """Requests that are open."""
        return self._known.requests

    @property
    def borders(self) -> Borders:
        """Who shares with whom."""
        return self._known.borders

    @property
    def _known(self) -> Held:
        assert self._held is not None  # refreshed by `of`
        return self._held

    def refresh(self) -> None:
        """Read what was committed since the last look. An error leaves the mark where it was."""
        with self._lock:
            # The order of the reads is the order of the versions, so reading happens under the lock.
            held = self._held
            if held is not None:
                news = self._source.news(held.news.mark)
                if news.follows(held.news):
                    self._follow(held, news)
                    return
            self._held = self._load()

    def close(self) -> None:
        """Give the connection back. What is being read just now is read first: it would leave a new one behind."""
        with self._lock:
            self._source.close()

    def _load(self) -> Held:
        with self._source.snapshot() as all_there_is:
            news, borders = all_there_is.news, Borders(mutual(all_there_is.sharing()))
            return Held(
                news=news,
                turned_at=news.at,
                borders=borders,
                offers=OfferIndex(_sound(offer_of, all_there_is.offers()), borders=borders, seed=SEED),
                requests=RequestIndex(
                    _sound(request_of, all_there_is.requests()), borders=borders, seed=SEED
                ),
            )

    def _follow(self, held: Held, news: News) -> None:
        offers, turned_at = news.offers, held.turned_at
        if news.at - turned_at >= TURN:
            offers, turned_at = offers | self._source.turned(turned_at, news.at), news.at
        held.reads += 1
        if offers:
            held.offers.apply(_changes(offers, _sound(offer_of, self._source.offers(offers)), held.reads))
        if news.requests:
            rows = _sound(request_of, self._source.requests(news.requests))
            held.requests.apply(_changes(news.requests, rows, held.reads))
        held.news, held.turned_at = news, turned_at


def _sound(read: Callable[[Row[Any]], Fact], rows: Iterable[Row[Any]]) -> Iterator[Fact]:
    """Open rows in the engine's words. One faulty row must not hide all others: it is left out, and logged."""
    for row in rows:
        if not row.open or row.suspended:
            continue
        try:
            fact = read(row)
            CHECKS[type(fact)](fact)
        except (BadRow, ValueError, KeyError) as error:
            log.error("row %s cannot be matched: %s", row.id, error)
            continue
        yield fact


def _changes(ids: Iterable[UUID], rows: Iterable[Fact], version: int) -> Iterator[Change[Fact]]:
    read = {row.id: row for row in rows}
    return (Change(key, version, read.get(key)) for key in ids)


def offer_of(row: Row[Any]) -> Offer:
    """A row of ``match_offers`` in the engine's words."""
    return Offer(
        id=row.id,
        person_id=row.person_id,
        municipality_id=row.municipality_id,
        cell=row.cell,
        categories=tuple(row.category_numbers),
        slots=row.slots,
        minutes_per_week=row.minutes_per_week,
        radius_km=row.radius_km,
        languages=row.languages,
        skills=row.skills,
        checks=row.checks,
        kinds=PAID if row.paid else UNPAID,
        organisation=organisation_number(row.organisation_id) if row.exclusive else None,
        paused=not row.open or row.suspended,
        resting=row.resting,
        load_minutes=row.load_minutes,
        load_limit_minutes=row.load_limit_minutes,
        proposals_this_week=row.proposals_this_week,
        proposal_cap=row.proposal_cap,
        last_proposed_days=row.last_proposed_days,
        gender=GENDERS.get(row.gender),
        cross_border=row.cross_border,
        excluded=frozenset(row.excluded or ()),
    )


def request_of(row: Row[Any]) -> Request:
    """A row of ``match_requests`` in the engine's words."""
    return Request(
        id=row.id,
        person_id=row.person_id,
        municipality_id=row.municipality_id,
        cell=row.cell,
        category=row.category_number,
        slots=row.slots,
        minutes=row.minutes,
        max_km=row.max_km,
        languages=row.languages,
        skills=row.skills,
        skills_wished=WELCOME_SKILLS.get(row.category_number, 0) & ~row.skills,
        checks=row.checks,
        # whatever was asked before the rule: this work is not done unpaid
        kinds=PAID if row.professionals_only else KINDS[Kind(row.kind)],
        urgency=row.urgency,
        vulnerable=row.vulnerable,
        days_waiting=row.days_waiting,
        gender=GENDERS.get(row.helper_gender),
        organisation=organisation_number(row.organisation_id),
        cross_border=row.cross_border,
        excluded=frozenset(row.excluded or ()),
    )


def offers_by_id(session: Session, ids: list[UUID]) -> dict[UUID, Offer]:
    """Offers as they stand in this very transaction, for the check before somebody is confirmed."""
    return {row.id: offer_of(row) for row in session.execute(OFFERS, {"ids": ids})}


def request_by_id(session: Session, id: UUID) -> Request:
    """A request as it stands in this very transaction."""
    return request_of(session.execute(REQUESTS, {"ids": [id]}).one())


def checks_of_request(session: Session, id: UUID) -> int:
    """What a request asks of its helper, as it stands in this very transaction; a page asks for nothing else of it."""
    checks: int = session.execute(CHECKS_ASKED, {"id": id}).scalar_one()
    return checks


def organisation_number(organisation_id: UUID | None) -> int | None:
    """The engine's number for an organisation: its random tail, which the engine only compares."""
    return None if organisation_id is None else organisation_id.int % (2**31 - 2) + 1
