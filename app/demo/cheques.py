"""Dienstencheques in the demonstration: three desks, some sixty cheques, and an organisation that takes them."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, func, select

import rewards
from app.access.sign_in import act_as
from app.cheques import desks as points, handing_in
from app.cheques.papers import end_of_next_year
from app.cheques.schemas import NewDesk
from app.clock import AMSTERDAM
from app.db import Database, Scope
from app.demo.books import a_clock
from app.demo.desks import HELMOND, HOME
from app.demo.invoices import Act, between, colleagues, pay
from app.demo.world import World
from rewards import invoices, paper
from rewards.serials import Serial
from rewards.types import AccountId

PLACES = (
    ("Bibliotheek Geldrop", "Heuvel 14, Geldrop"),
    ("Gemeentehuis", "Hofstraat 4, Geldrop"),
    ("Dorpshuis Mierlo", "Dorpsstraat 22, Mierlo"),
)
SALES = ((82, 0, 6), (76, 1, 4), (69, 0, 8), (61, 2, 5), (52, 0, 6), (44, 1, 3), (38, 2, 6), (29, 0, 8), (20, 1, 4),
         (13, 0, 6), (8, 2, 4), (3, 0, 2))  # fmt: skip
"""Days ago, at which of the three, how many."""
HANDED_IN_AFTER_DAYS = (3, 6, 9, 15, 30)


def year(database: Database, owner_url: str, world: World) -> None:
    """Sell, hand in and bring back in shifted time; what came in before last month was paid out."""
    organisation = next((row.id for row in world.organisations.values() if row.municipality_id == HOME), None)
    if organisation is None:
        return
    tills, provider = _open(database, world, organisation)
    here = Scope(municipalities=frozenset({HOME, HELMOND}))
    acts = [*_own(world, tills, provider), *between(database, world)]
    with a_clock(owner_url, world.moments.now) as clock, database.transaction(here) as session:
        for at, act in sorted(acts, key=lambda act: act[0]):
            clock.to(at)
            act(session.connection())


def _own(world: World, tills: list[AccountId], provider: AccountId) -> list[Act]:
    """Of the first desk itself."""
    by = [
        one.person.pseudonym for one in (world.personas["verkoper"], world.broker(HOME), world.broker(HOME))
    ]
    worker = world.personas["aanbieder"].person.pseudonym
    out: dict[int, list[Serial]] = {}

    def sell(key: str, sale: int, connection: Connection) -> None:
        _, at, vouchers = SALES[sale]
        ends = end_of_next_year(connection.execute(select(func.ledger.now())).scalar_one())
        sold = paper.sell(
            connection, key=key, actor=by[at], desk=tills[at], vouchers=vouchers, expires_at=ends
        )
        out[sale] = list(sold.serials)

    def refund(key: str, sale: int, connection: Connection) -> None:
        at = SALES[sale][1]
        paper.refund(connection, key=key, actor=by[at], serial=out[sale].pop().text, desk=tills[at])

    def redeem(key: str, sale: int, connection: Connection) -> None:
        paper.redeem(connection, key=key, actor=worker, serial=out[sale].pop().text, provider=provider)

    def pay_out(key: str, _: int, connection: Connection) -> None:
        treasurer = world.personas["penningmeester"].person.pseudonym
        waiting = rewards.balance(connection, provider).posted
        day = connection.execute(select(func.ledger.now())).scalar_one().astimezone(AMSTERDAM).date()
        owed = invoices.owe(connection, key=key, actor=treasurer, municipality_id=HOME, month=day.replace(day=1),
                            provider=provider, vouchers=waiting)  # fmt: skip
        pay(connection, invoices.of_batch(connection, owed.batch), colleagues(world), day)

    does = {"sell": sell, "refund": refund, "redeem": redeem, "pay_out": pay_out}
    return [
        (
            world.moments.now - timedelta(days=days_ago, minutes=-number),
            partial(does[act], f"demo:{act}:{number}", sale),
        )
        for number, (days_ago, act, sale) in enumerate(_planned())
    ]


def _planned() -> list[tuple[float, str, int]]:
    """Days ago, what, and which sale, in the order of time; the third sale brought one back."""
    acts: list[tuple[float, str, int]] = []
    for sale, (days_ago, _, vouchers) in enumerate(SALES):
        acts.append((days_ago, "sell", sale))
        if sale == 2:
            acts.append((days_ago - 0.5, "refund", sale))
        for turn, wait in enumerate(HANDED_IN_AFTER_DAYS[: vouchers - 2]):
            if days_ago - wait - sale % 3 > 0:
                acts.append((days_ago - wait - sale % 3 - turn / 10, "redeem", sale))
    acts.append((36, "pay_out", 0))
    return sorted(acts, key=lambda act: -act[0])


def _open(database: Database, world: World, organisation: UUID) -> tuple[list[AccountId], AccountId]:
    """Three desks at which the makelaars sell, and Toos at the first; and the provider, opened by the treasurer."""
    treasurer = world.personas["penningmeester"]
    with database.transaction() as session:
        actor = act_as(session, treasurer.id)
        tills: list[AccountId] = []
        for name, address in PLACES:
            desk = points.open_desk(
                session, actor, HOME, NewDesk.model_validate({"naam": name, "adres": address})
            )
            for seller in (*world.brokers[HOME], *((world.personas["verkoper"],) if not tills else ())):
                points.add_seller(session, actor, desk.id, seller.id)
            tills.append(points.till(session, desk).id)
        points.add_provider(session, actor, HOME, organisation)
        every = points.providers(session, actor, HOME)
        provider = next(row for row in every if row.organisation_id == organisation)
        return tills, handing_in.account_of(session, provider).id
