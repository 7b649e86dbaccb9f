"""The meter: what a helper got this month and this year, for themselves and, near the limit, for the makelaar."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.roles import Permission
from app.agreements.models import Agreement
from app.clock import today
from app.costs.models import AgreedCost, PaidCost, PaidStatus
from app.people import service as people
from app.people.models import Person
from rewards import allowance
from rewards.allowance import AllowanceKind, Near, Standing


@dataclass(frozen=True, slots=True)
class Meter:
    """Where a helper stands today, per kind of meter, and the last things that were counted."""

    day: date
    standings: dict[AllowanceKind, Standing]
    rows: list[PaidCost]


def mine(session: Session, actor: Actor) -> Meter:
    """One's own meter."""
    day = today(session)
    person = people.oneself(session, actor)
    connection = session.connection()
    standings = {
        kind: allowance.standing(connection, person=person.pseudonym, kind=kind, day=day)
        for kind in AllowanceKind
    }
    got = (
        select(PaidCost)
        .where(PaidCost.has_party(actor.person_id), PaidCost.helper_id == actor.person_id)
        .where(PaidCost.status == PaidStatus.PAID)
        .options(
            joinedload(PaidCost.occurrence),
            joinedload(PaidCost.agreed).joinedload(AgreedCost.agreement).joinedload(Agreement.help_request),
        )
        .order_by(PaidCost.created_at.desc())
        .limit(50)
    )
    return Meter(day, standings, list(session.scalars(got)))


def near_limit(session: Session, actor: Actor, municipality_id: int) -> list[tuple[Person, Near]]:
    """Helpers of the desk's municipality who came to 80 percent of their year, the nearest first."""
    if municipality_id not in actor.reach(Permission.SEE_PEOPLE):
        return []
    near = allowance.near_limit(session.connection(), municipalities=[municipality_id], day=today(session))
    query = select(Person).where(Person.pseudonym.in_({one.person for one in near}))
    people = {person.pseudonym: person for person in session.scalars(query)}
    return [(people[one.person], one) for one in near if one.person in people]
