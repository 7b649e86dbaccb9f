"""Invoices in the demonstration: cheques that an organisation of Helmond took in, for one month paid, for one open."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

import rewards
from app.access.models import RoleGrant
from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements.calendar import moment
from app.cheques import desks as points, handing_in
from app.cheques.papers import end_of_next_year
from app.db import Database
from app.demo.desks import HELMOND, HOME
from app.demo.world import World
from rewards import errors, invoices, paper
from rewards.invoices import Invoice, State
from rewards.serials import Serial
from rewards.types import AccountId, AccountKind, Unit

Do = Callable[[Connection], object]
Act = tuple[datetime, Do]
"""What is done at a moment of the past."""
SOLD = 8
TAKEN_IN = ((10, 3), (14, 2))
"""On which day of the month before last, and of the last, how many came in at the organisation of Helmond."""


def colleagues(world: World) -> tuple[UUID, UUID]:
    """The two at home of whom one says that it was paid and the other confirms it."""
    return world.personas["penningmeester"].person.pseudonym, world.personas["collega"].person.pseudonym


def pay(connection: Connection, one: Invoice, by: tuple[UUID, UUID], paid_on: date) -> None:
    """Send it, say that it was paid, and let the other confirm."""
    treasurer, colleague = by
    at: dict[str, Any] = {"invoice": one.id, "municipality_id": one.payer_id}
    if one.state is State.MADE:
        invoices.step(connection, actor=treasurer, state=State.SENT, **at)
    invoices.step(connection, actor=treasurer, state=State.REPORTED, paid_on=paid_on, **at)
    invoices.step(connection, actor=colleague, state=State.PAID, **at)


def between(database: Database, world: World) -> list[Act]:
    """What there is to do for two months of cheques with Helmond: one invoice is paid, the second waits to be paid."""
    organisation = next(
        (row.id for row in world.organisations.values() if row.municipality_id == HELMOND), None
    )
    theirs = next((g.person_id for g in world.all(RoleGrant)
                   if g.role is Role.TREASURER and g.municipality_id == HELMOND), None)  # fmt: skip
    if organisation is None or theirs is None:
        return []
    last = (world.moments.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    first = (last - timedelta(days=1)).replace(day=1)
    provider = _open(database, world, organisation)
    helmond = world.residents[theirs].person.pseudonym
    serials: list[Serial] = []
    made: list[Invoice] = []

    def sell(connection: Connection) -> None:
        ends = end_of_next_year(connection.execute(select(func.ledger.now())).scalar_one())
        seller = world.personas["verkoper"].person.pseudonym
        serials.extend(paper.sell(connection, key="demo:between:sale", actor=seller, desk=_till(connection),
                                  vouchers=SOLD, expires_at=ends).serials)  # fmt: skip

    def take_in(key: str) -> Do:
        return lambda connection: paper.redeem(
            connection, key=key, actor=helmond, serial=serials.pop().text, provider=provider
        )

    def bill(month: date) -> Do:
        return lambda connection: made.extend(_bill(connection, helmond, month, provider))

    acts: list[Act] = [(_at(world, first, 3), sell)]
    for month, (day, number) in zip((first, last), TAKEN_IN, strict=True):
        following = (month + timedelta(days=31)).replace(day=1)
        acts += [
            (_at(world, month, day), take_in(f"demo:between:{month}:{taken}")) for taken in range(number)
        ]
        acts.append((_at(world, following, 2), bill(month)))
    paid_on = last.replace(day=11)
    acts.append(
        (_at(world, last, 12), lambda connection: pay(connection, made[0], colleagues(world), paid_on))
    )
    return acts


def _bill(connection: Connection, actor: UUID, month: date, provider: AccountId) -> list[Invoice]:
    try:
        with connection.begin_nested():
            booked = invoices.bill(connection, key=f"demo:between:{month}", actor=actor, municipality_id=HELMOND,
                                   payer_id=HOME, payee_id=HELMOND, month=month, accounts=[provider])  # fmt: skip
    except errors.MonthNotOver:
        return []  # the month ended a few minutes ago
    made = invoices.of_batch(connection, booked.batch)
    return [
        invoices.step(connection, actor=actor, invoice=made.id, municipality_id=HELMOND, state=State.SENT)
    ]


def _at(world: World, month: date, day: int) -> datetime:
    return world.moments.past(moment(month.replace(day=day), time(10)))


def _till(connection: Connection) -> AccountId:
    """The first desk's."""
    return rewards.open_account(
        connection, municipality_id=HOME, unit=Unit.EURCENT, kind=AccountKind.DESK, owner=None, shard=1
    ).id


def _open(database: Database, world: World, organisation: UUID) -> AccountId:
    """Let an organisation of the neighbour take our cheques."""
    with database.transaction() as session:
        actor = act_as(session, world.personas["penningmeester"].id)
        points.add_provider(session, actor, HOME, organisation)
        every = points.providers(session, actor, HOME)
        mine = next(row for row in every if row.organisation_id == organisation)
        return handing_in.account_of(session, mine).id
