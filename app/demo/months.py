"""The treasurers' year: months closed at the beginning of the next, and two nettings that wait for somebody."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import system
from app.agreements.calendar import moment
from app.db import Database, scope_to
from app.demo.books import a_clock
from app.demo.desks import HOME
from app.demo.world import World
from app.places.models import Municipality
from app.treasury.calendar import following
from rewards import months, netting
from rewards.netting import Netting

CLOSING_DAY = 4
LEFT_OPEN = 1
"""Months that are over and that the treasurer has still to close."""
_POTS = text(
    "SELECT municipality_id, sum(posted)::bigint FROM ledger.account"
    " WHERE kind = 'pot' AND unit = 'ROOSJE_MIN' GROUP BY 1"
)
_GIVERS = text(
    "SELECT id, owner_pseudonym, posted - held_out FROM ledger.account WHERE kind = 'member'"
    " AND unit = 'ROOSJE_MIN' AND status = 'open' AND municipality_id = :municipality AND posted - held_out > 0"
    " ORDER BY posted - held_out DESC, id"
)


def close(database: Database, owner_url: str, world: World) -> None:
    """Close the year's months in the home municipality but the last, and leave nettings to answer.

    The last step of the filling: nothing can be booked in a closed month.
    """
    treasurer = world.personas["penningmeester"].person.pseudonym
    with a_clock(owner_url, world.moments.now) as clock:
        for month in _to_close(database, world):
            clock.to(_closing_moment(month))
            with database.transaction() as session:
                _everywhere(session)
                connection = session.connection()
                for unit in months.units(connection, HOME):
                    if months.next_month(connection, HOME, unit) == month:
                        months.close_month(
                            connection, actor=treasurer, municipality_id=HOME, unit=unit, month=month
                        )
    with database.transaction() as session:
        _everywhere(session)
        _net(session, world)


def _to_close(database: Database, world: World) -> list[date]:
    with database.transaction() as session:
        _everywhere(session)
        connection = session.connection()
        firsts = [months.next_month(connection, HOME, unit) for unit in months.units(connection, HOME)]
    running = world.moments.today.replace(day=1)
    every, month = [], min(firsts)
    while month < running:
        every.append(month)
        month = following(month)
    return every[:-LEFT_OPEN]


def _closing_moment(month: date) -> datetime:
    return moment(following(month).replace(day=CLOSING_DAY), time(10))


def _net(session: Session, world: World) -> None:
    """One waits for us, which the giver's pot can pay, and one for a neighbour."""
    connection = session.connection()
    ended = (world.moments.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    pots = {row[0]: row[1] for row in session.execute(_POTS)}
    proposed = sorted(
        netting.propose(connection, HOME, ended),
        key=lambda one: (pots.get(one.giver_id, 0) < one.minutes, one.minutes),
    )
    for one in proposed[:1]:
        _give(session, one.giver_id, one.minutes - pots.get(one.giver_id, 0))
    for place, one in enumerate(proposed[:2]):
        other = one.giver_id if one.taker_id == HOME else one.taker_id
        _yes(session, world, one, (other, HOME)[place])


def _give(session: Session, municipality_id: int, minutes: int) -> None:
    """Let residents who have most give to their pot until so many minutes more are in it."""
    for account, pseudonym, spare in session.execute(_GIVERS, {"municipality": municipality_id}).all():
        if minutes <= 0:
            return
        part = min(minutes, spare)
        rewards.donate(
            session.connection(), key=f"demo:netting:{account}", actor=pseudonym, payer=account, minutes=part
        )
        minutes -= part


def _yes(session: Session, world: World, one: Netting, side: int) -> None:
    netting.answer(
        session.connection(),
        actor=world.broker(side).person.pseudonym,
        netting=one.id,
        municipality_id=side,
        approved=True,
    )


def _everywhere(session: Session) -> None:
    scope_to(session, system(frozenset(session.scalars(select(Municipality.id)))).scope)
