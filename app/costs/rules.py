"""What holds on a day: the price of a kilometre, and what a helper may get in a month and a year."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require_anywhere
from app.access.roles import Permission
from app.clock import today
from app.costs.models import MileageRate
from app.costs.schemas import NewLimit, NewRate
from app.errors import Conflict, Invalid
from app.people import service as people
from rewards import allowance, errors


class RulesSet(Conflict):
    """There are other rules from that day on already."""

    code = "rules-set"


@dataclass(frozen=True, slots=True)
class Rules:
    """What was set and when it begins, the newest first; what holds now is the first that has begun."""

    rates: list[MileageRate]
    limits: list[allowance.Limit]


def rate_on(session: Session, day: date) -> MileageRate:
    """The price of a kilometre on a day."""
    begun = select(MileageRate).where(MileageRate.valid_from <= day)
    return session.scalars(begun.order_by(MileageRate.valid_from.desc()).limit(1)).one()


def all_rules(session: Session) -> Rules:
    """Everything that was ever set."""
    rates = session.scalars(select(MileageRate).order_by(MileageRate.valid_from.desc())).all()
    return Rules(list(rates), allowance.limits(session.connection()))


def set_rate(session: Session, actor: Actor, new: NewRate) -> MileageRate:
    """A price from a day to come on; the same again changes nothing. Raises RulesSet, Invalid, Forbidden."""
    require_anywhere(actor, Permission.SET_COST_RULES)
    if new.valid_from <= today(session):
        raise Invalid(details={"vanaf": "past"})
    earlier = session.get(MileageRate, new.valid_from)
    if earlier is not None:
        if (earlier.cents_per_km, earlier.source) != (new.cents_per_km, new.source):
            raise RulesSet
        return earlier
    rate = MileageRate(**new.model_dump(), set_by_id=actor.person_id)
    session.add(rate)
    session.flush()
    return rate


def set_limit(session: Session, actor: Actor, new: NewLimit) -> None:
    """Limits from a coming month on. Raises RulesSet, Invalid, Forbidden."""
    require_anywhere(actor, Permission.SET_COST_RULES)
    if new.month_cents > new.year_cents:
        raise Invalid(details={"maand": "more-than-a-year"})
    person = people.oneself(session, actor)
    connection = session.connection()
    try:
        with connection.begin_nested():
            allowance.set_limit(
                connection,
                actor=person.pseudonym,
                kind=new.kind,
                valid_from=new.valid_from,
                month=new.month_cents,
                year=new.year_cents,
            )
    except errors.RulesReachBack as refusal:
        raise Invalid(details={"vanaf": "no-coming-month"}) from refusal
    except errors.RulesSet as refusal:
        raise RulesSet from refusal


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
