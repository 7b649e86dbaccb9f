"""Pairs of people with times to confirm, proposals to agree to and minutes to give."""

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
from app.access.sign_in import act_as, new_api_token
from app.agreements import agree, occur
from app.clock import today
from app.db import Database, Scope
from app.people.models import Person
from app.roosjes import service as roosjes
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, an_appointment

MINUTES = 15
TIMES = (time(8), time(9), time(10), time(11), time(13), time(14), time(15), time(16))
TOKEN_DAYS = 365
LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as a client knows them."""

    id: UUID
    pseudonym: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One who asks and one who helps."""

    asker: Somebody
    helper: Somebody
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
    made = []
    for _ in range(pairs):
        with program.transaction(Scope()) as session:
            made.append(_pair(session, each))
    program.close()
    days = each // len(TIMES) + 5
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as owner:
        owner.execute(text("SELECT ledger.shift(:by)"), {"by": timedelta(days=days)})
    return made


def _pair(session: Session, each: int) -> Pair:
    asker = a_person(session)
    helper, _ = a_helper(session, minutenPerWeek=2400)
    people = tuple(_somebody(session, actor) for actor in (asker, helper))
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
    return Pair(people[0], people[1], tuple(times), tuple(proposals), free_from)


def _somebody(session: Session, actor: Actor) -> Somebody:
    act_as(session, actor.person_id)
    person = session.get_one(Person, actor.person_id)
    account = roosjes.account_of(session, person, roosjes.home_municipality(session, person.id))
    rewards.set_limits(session.connection(), account.id, floor=-LIMIT, ceiling=LIMIT)
    return Somebody(person.id, person.pseudonym, new_api_token(session, person.id, "faults", TOKEN_DAYS))
