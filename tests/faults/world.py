"""Pairs of people with times to confirm, proposals to agree to, minutes to give, cheques and a welfare budget."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401 - every table, before the first query
import rewards
from app import upkeep
from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as, new_api_token
from app.agreements import agree, occur
from app.cheques import desks, selling
from app.cheques.schemas import NewDesk
from app.clock import today
from app.db import Database, Scope
from app.ids import uuid7
from app.people.models import Person
from app.roosjes import service as roosjes
from app.welfare import granting, plans, spending
from app.welfare.schemas import NewGrant, NewPlan, NewSpending
from tests import databases
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    an_appointment,
)
from tests.web.desks.cheques import an_organisation, grant

MINUTES = 15
TIMES = (time(8), time(9), time(10), time(11), time(13), time(14), time(15), time(16))
TOKEN_DAYS = 365
LIMIT = 1_000_000
CENTS = 50
PLAN = {"doel": "Ik wil weer mensen zien.", "wens": "Zwemles", "waarom": "In het water heb ik geen pijn."}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as a client knows them."""

    id: UUID
    pseudonym: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Who sells, pays and takes cheques for all pairs."""

    broker: Actor
    seller: Actor
    provider: Actor
    desk_id: UUID


@dataclass(frozen=True, slots=True)
class Pair:
    """One who asks and one who helps, and the two at whose desks they are served."""

    asker: Somebody
    helper: Somebody
    provider: Somebody
    broker: Somebody
    cheques: tuple[str, ...]
    """Codes that were sold."""
    spendings: tuple[UUID, ...]
    """What a makelaar approved and is still to be paid, each for CENTS."""
    to_confirm: tuple[UUID, ...]
    """Times that are over."""
    to_agree: tuple[UUID, ...]
    """Proposals whose helper said yes."""
    free_from: date
    """From this day on nothing stands in their calendars."""


def fill(application_url: str, owner_url: str, pairs: int, each: int) -> list[Pair]:
    """A migrated database with so many pairs, each with so many times and proposals."""
    upkeep.migrate(owner_url, "zve_app")
    with upkeep.as_owner(owner_url) as owner:
        upkeep.load_demonstration_region(owner)
    program = Database(application_url, pool_size=2)
    staff = _staff(databases.Database(owner_url, application_url), program)
    made = []
    for _ in range(pairs):
        with program.transaction(Scope()) as session:
            made.append(_pair(session, staff, each))
    program.close()
    days = each // len(TIMES) + 5
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as owner:
        owner.execute(text("SELECT ledger.shift(:by)"), {"by": timedelta(days=days)})
    return made


def _staff(database: databases.Database, program: Database) -> Staff:
    organisation_id = an_organisation(database)
    with program.transaction() as session:
        broker = a_member_of_staff(database, session)
        seller = a_member_of_staff(database, session, role=Role.SELLER)
        treasurer = a_member_of_staff(database, session, role=Role.TREASURER)
        provider = a_person(session)
    grant(database, provider, Role.ORGANISATION_MEMBER, organisation_id)
    with program.transaction() as session:
        treasurer = act_as(session, treasurer.person_id)
        desk = desks.open_desk(
            session, treasurer, GELDROP_MIERLO, NewDesk.model_validate({"naam": "Balie", "adres": "Heuvel 1"})
        )
        desks.add_seller(session, treasurer, desk.id, seller.person_id)
        desks.add_provider(session, treasurer, GELDROP_MIERLO, organisation_id)
        return Staff(broker, seller, provider, desk.id)


def _cheques(session: Session, staff: Staff, number: int) -> tuple[str, ...]:
    seller = act_as(session, staff.seller.person_id)
    sold = selling.sell(session, seller, staff.desk_id, number, str(uuid7()))
    return tuple(paper.code for paper in sold.papers)


def _spendings(session: Session, asker: Actor, staff: Staff, number: int) -> tuple[UUID, ...]:
    """A budget that one makelaar may grant alone, and what it is to be spent on."""
    days = {"van": today(session).isoformat(), "totEnMet": (today(session) + timedelta(days=90)).isoformat()}
    plan = plans.ask(session, act_as(session, asker.person_id), NewPlan.model_validate(PLAN))
    new = NewGrant.model_validate({"bedrag": number * CENTS, **days})
    granting.propose(session, act_as(session, staff.broker.person_id), plan.id, new)
    approved = []
    for _ in range(number):
        wish = NewSpending.model_validate({"wat": "Een zwemles", "bedrag": CENTS})
        asked = spending.ask(session, act_as(session, asker.person_id), plan.id, wish)
        approved.append(spending.approve(session, act_as(session, staff.broker.person_id), asked.id).id)
    return tuple(approved)


def _pair(session: Session, staff: Staff, each: int) -> Pair:
    asker = a_person(session)
    helper, _ = a_helper(session, minutenPerWeek=2400)
    times, proposals = [], []
    for number in range(2 * each):
        act_as(session, asker.person_id)
        help_request = a_request(session, asker, minuten=MINUTES)
        proposal = a_willing_helper(session, asker, helper, help_request)
        if number >= each:
            proposals.append(proposal.id)
            continue
        when = an_appointment(session, days=2 + number // len(TIMES), at=TIMES[number % len(TIMES)])
        agreement = agree.agree(session, asker, proposal.id, when)
        session.flush()
        session.expire(agreement)
        times.append(occur.get(session, asker, agreement.id).occurrences[0].id)
    free_from = today(session) + timedelta(days=60)
    return Pair(
        asker=_with_account(session, asker),
        helper=_with_account(session, helper),
        provider=_somebody(session, staff.provider),
        broker=_somebody(session, staff.broker),
        cheques=_cheques(session, staff, each),
        spendings=_spendings(session, asker, staff, each),
        to_confirm=tuple(times),
        to_agree=tuple(proposals),
        free_from=free_from,
    )


def _with_account(session: Session, actor: Actor) -> Somebody:
    known = _somebody(session, actor)
    person = session.get_one(Person, actor.person_id)
    account = roosjes.account_of(session, person, roosjes.home_municipality(session, person.id))
    rewards.set_limits(session.connection(), account.id, floor=-LIMIT, ceiling=LIMIT)
    return known


def _somebody(session: Session, actor: Actor) -> Somebody:
    act_as(session, actor.person_id)
    person = session.get_one(Person, actor.person_id)
    return Somebody(person.id, person.pseudonym, new_api_token(session, person.id, "faults", TOKEN_DAYS))
