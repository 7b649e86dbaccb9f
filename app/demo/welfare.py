"""Welfare budgets in every state, and a driver near the ceiling: done through the services, each at its own time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import rewards
from app import upkeep
from app.access.actor import Actor, system
from app.access.models import RoleGrant
from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status
from app.costs import agreed, paid
from app.costs.schemas import NewCost, WhatItCost
from app.db import Database, scope_to
from app.demo.books import a_clock
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.welfare import granting, plans, spending, upkeep as nights
from app.welfare.schemas import NewGrant, NewPlan, NewReceipt, NewSpending, Told
from rewards import allowance
from rewards.allowance import AllowanceKind

BEFORE = 8
"""Rides that were counted before, and what each came to: together 81 percent of the year."""
RIDE_CENTS = 21_200


@dataclass(frozen=True)
class Tale:
    """A plan: days ago it was asked, and what became of it. Days and cents; `until` in days from when it began."""

    wish: str
    goal: str
    why: str
    days_ago: int
    cents: int = 0
    until: int = 180
    proposed: bool = True
    approved: bool = True
    spent: tuple[tuple[int, str, int, str], ...] = ()
    """Days after the beginning, what, how many cents, and how far it came: asked, approved, paid, no, bon, terug."""
    brought: str = ""
    rejected: str = ""


SWIM = "In het water heb ik minder pijn, en ik zie er bekenden."
TALES = (
    Tale("Zwemmen op dinsdag", "Ik wil weer onder de mensen zijn.", SWIM, 70, 30_000, spent=(
        (3, "Tien zwemlessen", 9_500, "paid"), (20, "Badpak en handdoek", 4_250, "terug"),
        (60, "Abonnement voor het zwembad", 6_500, "approved"), (62, "Taxi naar het zwembad", 1_875, "bon"))),
    Tale("Een cursus aquarel", "Ik wil iets maken met mijn handen.", "Thuis komt er niets van.", 2),
    Tale("Naar het voetbal met een maatje", "Ik wil weer ergens bij horen.", "Alleen durf ik niet.", 5),
    Tale("Een tablet en les", "Ik wil beeldbellen met mijn zus.", "Zij woont ver weg.", 9, 18_000, approved=False),
    Tale("Tweedehands scooter van de buurman", "Ik wil zelf naar de markt.", "Lopen gaat niet meer.", 30, 45_000,
         spent=((4, "Scooter van de buurman", 40_000, "paid"), (22, "Regenhoes", 2_995, "asked"))),
    Tale("Koor en bladmuziek", "Ik wil weer zingen.", "Sinds ik ziek ben, zit ik veel binnen.", 150, 22_000, until=175,
         spent=((10, "Contributie van het koor", 15_000, "paid"), (30, "Muziekmap", 1_995, "terug"))),
    Tale("Yoga op een stoel", "Ik wil rustiger slapen.", "Mijn hoofd staat nooit stil.", 110, 16_000, until=95,
         spent=((8, "Twaalf lessen", 12_000, "paid"), (40, "Reis langs de kust", 4_000, "no"))),
    Tale("Met de trein naar mijn broer", "Ik wil mijn broer weer zien.", "Hij kan niet naar mij komen.", 300, 24_000,
         until=120, spent=((6, "Abonnement voor de trein", 20_000, "paid"), (50, "Cadeau", 1_500, "terug")),
         brought="Ik was zes keer bij mijn broer. Nu belt hij mij elke zondag."),
    Tale("Een nieuwe televisie", "Ik wil beter beeld.", "De oude is klein.", 40,
         rejected="Een televisie brengt u niet bij andere mensen. Wij denken graag met u mee over iets anders."),
)  # fmt: skip


LATELY_DAYS = 150


@dataclass
class Teller:
    """Who acts, and everything to do, each at its moment."""

    database: Database
    world: World
    broker: Resident
    second: UUID
    acts: list[tuple[datetime, Callable[[Session], None]]] = field(default_factory=list)

    def at(self, days_ago: float, by: UUID, act: Callable[[Session, Actor], Any]) -> None:
        """Somebody does something, that many days ago at eleven."""
        moment = min(self.world.moments.at(days_ago, 11 * 60), self.world.moments.ago(hours=1))
        self.acts.append((moment, lambda session: act(session, act_as(session, by))))

    def tell(self, tale: Tale, resident: Resident) -> None:
        """One plan from beginning to end."""
        kept: dict[str, UUID] = {}
        new = NewPlan.model_validate(
            {"doel": tale.goal, "wens": tale.wish, "waarom": tale.why, "bedrag": tale.cents or None}
        )
        self.at(tale.days_ago, resident.id, lambda s, a: kept.update(plan=plans.ask(s, a, new).id))
        if tale.rejected:
            self.at(
                tale.days_ago - 3,
                self.broker.id,
                lambda s, a: plans.reject(s, a, kept["plan"], tale.rejected),
            )
        if not tale.cents:
            return
        begins = tale.days_ago - 5
        grant = NewGrant.model_validate(
            {"bedrag": tale.cents, "van": self.day(begins), "totEnMet": self.day(begins - tale.until)}
        )
        self.at(tale.days_ago - 4, self.broker.id,
                lambda s, a: kept.update(grant=granting.propose(s, a, kept["plan"], grant).id))  # fmt: skip
        if not tale.approved:
            return
        self.at(begins, self.second, lambda s, a: granting.approve(s, a, kept["grant"]))
        for days, what, cents, came in tale.spent:
            self.spend(resident, kept, (begins - days, what, cents, came))
        if tale.brought:
            told = Told.model_validate({"tekst": tale.brought, "geholpen": "ja", "meerMensen": "ja"})
            self.at(begins - tale.until - 12, resident.id,
                    lambda s, a: plans.tell_what_it_brought(s, a, kept["plan"], told))  # fmt: skip

    def spend(self, resident: Resident, kept: dict[str, UUID], spent: tuple[int, str, int, str]) -> None:
        """One spending, as far as it came."""
        days_ago, what, cents, came = spent
        by_receipt = came in ("bon", "terug")
        said = {"wat": what, "bedrag": cents, **({"datum": self.day(days_ago)} if by_receipt else {})}

        def ask(session: Session, actor: Actor) -> None:
            if by_receipt:
                row = spending.hand_in(
                    session, actor, kept["plan"], NewReceipt.model_validate(said), a_receipt(spent)
                )
            else:
                row = spending.ask(session, actor, kept["plan"], NewSpending.model_validate(said))
            kept[what] = row.id

        self.at(days_ago, resident.id, ask)
        if came in ("approved", "paid"):
            self.at(days_ago - 1, self.broker.id, lambda s, a: spending.approve(s, a, kept[what]))
        if came == "paid":
            self.at(days_ago - 2, self.second, lambda s, a: spending.pay(s, a, kept[what]))
        if came == "terug":
            self.at(days_ago - 2, self.broker.id, lambda s, a: spending.refund(s, a, kept[what]))
        if came == "no":
            why = "Een reis past niet bij dit plan. Bel mij gerust, dan zoeken wij iets anders."
            self.at(days_ago - 1, self.broker.id, lambda s, a: spending.reject(s, a, kept[what], why))

    def day(self, days_ago: int) -> date:
        """The date of so many days ago."""
        return self.world.moments.today - timedelta(days=days_ago)


def a_receipt(spent: tuple[int, str, int, str]) -> bytes:
    """A small picture that could be a receipt; each another."""
    from PIL import Image, ImageDraw

    _, what, cents, _ = spent
    picture = Image.new("RGB", (360, 480), "#fbfaf5")
    pen = ImageDraw.Draw(picture)
    lines = ("KASSABON", "", what, "", f"TOTAAL  {cents // 100},{cents % 100:02} EUR", "", "Dank u wel")
    for number, line in enumerate(lines):
        pen.text((32, 40 + 48 * number), line, fill="#222222", font_size=22)
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def budgets(database: Database, owner_url: str, world: World) -> None:
    """Plans in every state at home, with the resident persona's own first, and a driver near the ceiling."""
    random = world.chance("welfare")
    since = world.moments.ago(days=max(tale.days_ago for tale in TALES) + 1)
    apart = world.apart
    grown = [
        r for r in world.living_in(HOME)
        if r.age >= 45 and r.id not in apart and r.person.registered_at < since
    ]  # fmt: skip
    people = [world.personas["bewoner"], *random.sample(grown, len(TALES) - 1)]
    treasurer = next(g.person_id for g in world.all(RoleGrant)
                     if g.role is Role.TREASURER and g.municipality_id == HOME)  # fmt: skip
    teller = Teller(database, world, world.broker(HOME), treasurer)
    for tale, resident in zip(TALES, people, strict=True):
        teller.tell(tale, resident)
    for days_ago in (174, 140, 24, 9, 1):
        teller.acts.append((world.moments.at(days_ago, 3 * 60 + 25), _night))
    with a_clock(owner_url, world.moments.now) as clock:
        for moment, act in sorted(teller.acts, key=lambda each: each[0]):
            clock.to(moment)
            with database.transaction() as session:
                act(session)
    _driver(database, owner_url, world)
    with upkeep.as_owner(owner_url) as owner:
        # nobody is mailed about a past that never was
        # unscoped: the owner's own work
        owner.execute(text("UPDATE notice SET mailed_at = created_at"
                           " WHERE kind LIKE ANY ('{welfare-%,costs-%,allowance-%}')"))  # fmt: skip


def _night(session: Session) -> None:
    scope_to(session, system(frozenset({HOME})).scope)
    nights.end_due(session)
    nights.close_due(session)


def _driver(database: Database, owner_url: str, world: World) -> None:
    """Somebody who drives for others all year: rides that were counted, and kilometres agreed with one of them."""
    driver = world.personas["vrijwilliger"]
    year = world.moments.today.replace(month=1, day=1)
    for number in range(BEFORE):
        with database.transaction() as session:
            act_as(session, driver.id)
            day = max(year, world.moments.today - timedelta(days=25 * number))
            allowance.note(
                session.connection(),
                key=f"demo:{number}",
                actor=rewards.SYSTEM,
                municipality_id=HOME,
                person=driver.person.pseudonym,
                kind=AllowanceKind.DRIVING,
                day=day,
                cents=RIDE_CENTS,
            )
    agreement = next((a for a in world.all(Agreement) if a.helper_id == driver.id and a.status is Status.ACTIVE
                      and len(_done(world, a)) >= 3), None)  # fmt: skip
    if agreement is not None:
        times = _done(world, agreement)[-4:]
        with a_clock(owner_url, world.moments.now) as clock:
            clock.to(min(time.starts_at for time in times) - timedelta(days=1))
            cost = _agreed(database, agreement)
        _written_down(database, agreement, cost, times)


def _done(world: World, agreement: Agreement) -> list[Occurrence]:
    """Times that were, these months."""
    since = world.moments.ago(days=LATELY_DAYS)
    return [o for o in world.all(Occurrence) if o.agreement_id == agreement.id and o.status is OccurrenceStatus.DONE
            and o.starts_at >= since]  # fmt: skip


def _agreed(database: Database, agreement: Agreement) -> UUID:
    new = NewCost.model_validate({"soort": "kilometers", "kilometers": 40, "betaler": "vrager"})
    with database.transaction() as session:
        cost = agreed.propose(session, act_as(session, agreement.helper_id), agreement.id, new).id
    with database.transaction() as session:
        agreed.answer(session, act_as(session, agreement.asker_id), cost, yes=True)
    return cost


def _written_down(database: Database, agreement: Agreement, cost: UUID, times: list[Occurrence]) -> None:
    for number, time in enumerate(times):
        by = agreement.helper_id if number == len(times) - 1 else agreement.asker_id
        what = WhatItCost.model_validate({"kosten": cost, "keer": time.id, "kilometers": 30 + number})
        with database.transaction() as session:
            paid.write_down(session, act_as(session, by), what)
