"""What stands between a municipality and its neighbours: trust, imbalances that are cancelled."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, locked, require
from app.access.roles import Permission
from app.errors import NotFound
from app.places.models import Municipality, Sharing
from app.treasury.calendar import names
from app.treasury.errors import BothSides, NettingAnswered, NettingOutgrown, NotOver, PotEmpty
from rewards import errors, netting
from rewards.netting import Netting

TRUST_MINUTES_MAX = 6_000_000
"""A hundred thousand hours: more than a year of all help in the region."""
_PAIRS = text(
    "SELECT a.counter_municipality_id AS other, a.posted,"
    " coalesce(ours.limit_minutes, 0) AS ours, coalesce(theirs.limit_minutes, 0) AS theirs"
    " FROM ledger.account a"
    " LEFT JOIN ledger.trust ours ON (ours.municipality_id, ours.counter_municipality_id)"
    "  = (a.municipality_id, a.counter_municipality_id)"
    " LEFT JOIN ledger.trust theirs ON (theirs.municipality_id, theirs.counter_municipality_id)"
    "  = (a.counter_municipality_id, a.municipality_id)"
    " WHERE a.municipality_id = :place AND a.kind = 'clearing' AND a.unit = 'ROOSJE_MIN'"
)


class Standing(StrEnum):
    """How far a netting is."""

    OURS = "ours"
    THEIRS = "theirs"
    BOOKED = "booked"
    REFUSED = "refused"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Pair:
    """Between this municipality and another. Above zero, our residents got `open_minutes` more than they gave."""

    other_id: int
    other: str
    open_minutes: int
    we_trust: int
    """Minutes that our helpers may have given theirs on balance."""
    they_trust: int

    @property
    def used_percent(self) -> int:
        """How much of the trust in use is used up."""
        limit = self.they_trust if self.open_minutes > 0 else self.we_trust
        return 100 * abs(self.open_minutes) // limit if limit else 100 * bool(self.open_minutes)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A netting as one side sees it."""

    netting: Netting
    other: str
    we_gave_more: bool
    standing: Standing


def pairs(session: Session, actor: Actor, municipality_id: int) -> list[Pair]:
    """Every municipality with which Roosjes may cross or did, by name."""
    if municipality_id not in actor.reach(Permission.SET_TRUST):
        require(actor, Permission.SEE_LEDGER, municipality_id)
    places = names(session)
    rows = session.execute(_PAIRS, {"place": municipality_id})
    found_pairs = [Pair(row.other, places[row.other], row.posted, row.ours, row.theirs) for row in rows]
    return sorted(found_pairs, key=lambda pair: pair.other)


def set_trust(session: Session, actor: Actor, municipality_id: int, partner_id: int, minutes: int) -> None:
    """How far our helpers may help their residents on balance; only where help is shared (else NotFound)."""
    require(actor, Permission.SET_TRUST, municipality_id)
    ours = select(Sharing).where(  # unscoped: the permission was asked for this very municipality
        Sharing.municipality_id == municipality_id, Sharing.partner_id == partner_id
    )
    found(session.scalars(locked(ours)).one_or_none()).trust_minutes = minutes
    session.flush()
    rewards.set_trust(
        session.connection(),
        municipality_id=municipality_id,
        counter_municipality_id=partner_id,
        limit_minutes=minutes,
        actor=actor.pseudonym or rewards.SYSTEM,
    )


def proposals(session: Session, actor: Actor, municipality_id: int) -> list[Proposal]:
    """All nettings with this municipality on either side, the newest first."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    places = names(session)
    rows = netting.nettings(session.connection(), municipality_id)
    newest: dict[int, date] = {}
    for row in rows:
        other = _other(row, municipality_id)
        newest[other] = max(row.month, newest.get(other, row.month))
    return [
        _proposal(row, municipality_id, places, newest[_other(row, municipality_id)])
        for row in rows
    ]  # fmt: skip


def propose(session: Session, actor: Actor, municipality_id: int, month: date) -> list[Proposal]:
    """Propose, for each neighbour, to cancel what stood open when the month ended. Raises NotOver, NotFound."""
    require(actor, Permission.NET_BETWEEN, municipality_id)
    try:
        with session.connection().begin_nested():
            netting.propose(session.connection(), municipality_id, month)
    except errors.MonthNotOver as refusal:
        raise NotOver from refusal
    except errors.UnknownBooks as refusal:
        raise NotFound from refusal
    return [one for one in proposals(session, actor, municipality_id) if one.netting.month == month]


def answer(
    session: Session, actor: Actor, municipality_id: int, netting_id: int, *, approved: bool
) -> Proposal:
    """Say yes or no for one side; the second yes books.

    Raises NotFound, BothSides, NettingAnswered, NettingOutgrown, PotEmpty.
    """
    require(actor, Permission.NET_BETWEEN, municipality_id)
    try:
        with session.connection().begin_nested():
            netting.answer(
                session.connection(),
                actor=actor.pseudonym or rewards.SYSTEM,
                netting=netting_id,
                municipality_id=municipality_id,
                approved=approved,
            )
    except errors.UnknownNetting as refusal:
        raise NotFound from refusal
    except errors.OwnInterest as refusal:
        raise BothSides from refusal
    except errors.NettingAnswered as refusal:
        raise NettingAnswered from refusal
    except errors.NettingOutgrown as refusal:
        raise NettingOutgrown from refusal
    except errors.PotEmpty as refusal:
        raise PotEmpty from refusal
    return get(session, actor, municipality_id, netting_id)


def get(session: Session, actor: Actor, municipality_id: int, netting_id: int) -> Proposal:
    """One netting; NotFound for one in which this municipality has no part."""
    mine = proposals(session, actor, municipality_id)
    return found(next((one for one in mine if one.netting.id == netting_id), None))


def municipality(session: Session, municipality_id: int) -> Municipality:
    """The municipality with this code."""
    return found(session.get(Municipality, municipality_id))


def _other(row: Netting, municipality_id: int) -> int:
    return row.giver_id if row.taker_id == municipality_id else row.taker_id


def _proposal(row: Netting, municipality_id: int, names: dict[int, str], newest: date) -> Proposal:
    we_gave = row.giver_id == municipality_id
    ours, theirs = (row.giver, row.taker) if we_gave else (row.taker, row.giver)
    if row.batch is not None:
        standing = Standing.BOOKED
    elif any(answer is not None and not answer.approved for answer in (ours, theirs)):
        standing = Standing.REFUSED
    elif row.month < newest:
        standing = Standing.LAPSED
    else:
        standing = Standing.OURS if ours is None else Standing.THEIRS
    return Proposal(row, names[_other(row, municipality_id)], we_gave, standing)
