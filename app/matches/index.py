"""The match index of this process: loaded once, then kept up with the database's change log."""

from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, select, text
from sqlalchemy.orm import Session

from app.categories.vocabulary import Gender, Kind
from app.clock import today
from app.places.models import Sharing
from app.places.service import mutual
from matching.borders import Borders
from matching.index import OfferIndex, RequestIndex
from matching.types import Change, Gender as EngineGender, Kind as EngineKind, Offer, Request

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

_CHANGES = text("SELECT next_mark::text, entity, id FROM match_changes(CAST(:mark AS xid8))")
_MARK = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
_OFFERS = text("SELECT * FROM match_offers(CAST(:ids AS uuid[]))")
_REQUESTS = text("SELECT * FROM match_requests(CAST(:ids AS uuid[]))")


class MatchIndex:
    """Both directions; ``of(session)`` answers with an index that knows every commit before this moment."""

    _of_engine: WeakKeyDictionary[Engine, "MatchIndex"] = WeakKeyDictionary()
    _creating = Lock()

    def __init__(self) -> None:
        self._lock = Lock()
        self._mark: str | None = None
        self._day: date | None = None
        self._reads = 0
        self.offers: OfferIndex
        self.requests: RequestIndex
        self.borders: Borders

    @classmethod
    def of(cls, session: Session) -> "MatchIndex":
        """The index of this session's database, brought up to date."""
        engine = session.get_bind().engine
        with cls._creating:
            index = cls._of_engine.setdefault(engine, cls())
        index.refresh(session)
        return index

    def refresh(self, session: Session) -> None:
        """Read what was committed since the last look; days waited are counted anew each day."""
        day = today(session)
        with self._lock:
            # The order of the reads is the order of the versions, so reading happens under the lock.
            if self._mark is None or day != self._day:
                self._load(session)
                self._day = day
            else:
                self._follow(session, self._mark)

    def _load(self, session: Session) -> None:
        self._mark = session.execute(_MARK).scalar_one()
        self.borders = _borders(session)
        offers = [offer_of(row) for row in session.execute(_OFFERS, {"ids": None}) if row.open]
        requests = [request_of(row) for row in session.execute(_REQUESTS, {"ids": None}) if row.open]
        self.offers = OfferIndex(offers, borders=self.borders, seed=SEED)
        self.requests = RequestIndex(requests, borders=self.borders, seed=SEED)
        self._reads = 0

    def _follow(self, session: Session, mark: str) -> None:
        rows = session.execute(_CHANGES, {"mark": mark}).all()
        self._mark = rows[0].next_mark
        changed: dict[str, list[UUID]] = {"o": [], "r": [], "b": []}
        for row in rows:
            if row.entity is not None:
                changed[_letter(row.entity)].append(row.id)
        if changed["b"]:
            self._load(session)
            return
        self._reads += 1
        if changed["o"]:
            read = {row.id: row for row in session.execute(_OFFERS, {"ids": changed["o"]})}
            self.offers.apply(self._offer_changes(changed["o"], read))
        if changed["r"]:
            read = {row.id: row for row in session.execute(_REQUESTS, {"ids": changed["r"]})}
            self.requests.apply(self._request_changes(changed["r"], read))

    def _offer_changes(self, ids: list[UUID], read: dict[UUID, Row[Any]]) -> Iterable[Change[Offer]]:
        for key in ids:
            row = read.get(key)
            yield Change(key, self._reads, offer_of(row) if row and row.open else None)

    def _request_changes(self, ids: list[UUID], read: dict[UUID, Row[Any]]) -> Iterable[Change[Request]]:
        for key in ids:
            row = read.get(key)
            yield Change(key, self._reads, request_of(row) if row and row.open else None)


def _letter(entity: str | bytes) -> str:
    return entity.decode() if isinstance(entity, bytes) else entity


def _borders(session: Session) -> Borders:
    # unscoped: who shares with whom is public
    said = session.execute(select(Sharing.municipality_id, Sharing.partner_id)).all()
    return Borders(mutual((row[0], row[1]) for row in said))


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
        paused=not row.open,
        resting=row.resting,
        load_minutes=row.load_minutes,
        load_limit_minutes=row.load_limit_minutes,
        proposals_this_week=row.proposals_this_week,
        proposal_cap=row.proposal_cap,
        last_proposed_days=row.last_proposed_days,
        gender=GENDERS.get(row.gender),
        cross_border=row.cross_border,
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
        checks=row.checks,
        # whatever was asked before the rule: this work is not done unpaid
        kinds=PAID if row.professionals_only else KINDS[Kind(row.kind)],
        urgency=row.urgency,
        vulnerable=row.vulnerable,
        days_waiting=row.days_waiting,
        gender=GENDERS.get(row.helper_gender),
        organisation=organisation_number(row.organisation_id),
        cross_border=row.cross_border,
    )


def offers_by_id(session: Session, ids: list[UUID]) -> dict[UUID, Offer]:
    """Offers as they stand in this very transaction, for the check before somebody is confirmed."""
    return {row.id: offer_of(row) for row in session.execute(_OFFERS, {"ids": ids})}


def request_by_id(session: Session, id: UUID) -> Request:
    """A request as it stands in this very transaction."""
    return request_of(session.execute(_REQUESTS, {"ids": [id]}).one())


def organisation_number(organisation_id: UUID | None) -> int | None:
    """The engine's number for an organisation: its random tail, which the engine only compares."""
    return None if organisation_id is None else organisation_id.int % (2**31 - 2) + 1
