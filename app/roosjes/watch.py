"""A nightly look at the books: what is unusual is shown to a makelaar, and nothing is done to anybody.

Two people who give each other much and get it back, a day on which somebody is said to have helped longer than a day
allows, and two accounts of one household between which much goes. Times of help that overlap are refused where they
are agreed (`ex_occurrence_helper_at_two_places`), so that they are not looked for here.
"""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import AMSTERDAM, now
from app.errors import NotFound
from app.ids import uuid7
from app.notifications.service import tell_brokers
from app.roosjes.models import Signal
from app.schemas import Incoming
from app.text import Typed

PERIOD: Final = timedelta(days=30)
BACK_AND_FORTH: Final = 1200
"""Minutes that went both ways between two people within the period: twenty hours each."""
LONG_DAY: Final = 960
"""Minutes of help by one person on one day: sixteen hours."""
HOUSEHOLD: Final = 600
"""Minutes that went one way or the other between two people at one address, or with one telephone."""

# unscoped: the worker's reach is every municipality
_MOVED = """
WITH moved AS (
    SELECT payer.id AS payer, payee.id AS payee, t.amount, t.kind,
           (b.occurred_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
           payer_home.municipality_id AS payer_m, payee_home.municipality_id AS payee_m
    FROM ledger.transfer t
    JOIN ledger.batch b ON b.id = t.batch_id
    JOIN person payer ON payer.pseudonym = t.payer
    JOIN person payee ON payee.pseudonym = t.payee
    JOIN membership payer_home ON payer_home.person_id = payer.id AND payer_home.kind = 'lives'
    JOIN membership payee_home ON payee_home.person_id = payee.id AND payee_home.kind = 'lives'
    WHERE t.kind IN ('settle', 'pay') AND t.unit = 'ROOSJE_MIN' AND t.follows_id IS NULL
      AND b.occurred_at > :since
      AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id)
), pairs AS (
    SELECT least(payer, payee) AS one, greatest(payer, payee) AS two,
           min(CASE WHEN payer < payee THEN payer_m ELSE payee_m END) AS one_m,
           min(CASE WHEN payer < payee THEN payee_m ELSE payer_m END) AS two_m,
           coalesce(sum(amount) FILTER (WHERE payer < payee), 0) AS there,
           coalesce(sum(amount) FILTER (WHERE payer > payee), 0) AS back
    FROM moved GROUP BY 1, 2
)
"""
# unscoped: the worker's reach is every municipality
_SEEN = text(
    _MOVED
    + """
SELECT 'back_and_forth' AS kind, one AS person, two AS other, one_m AS municipality, two_m AS beyond,
       CAST(:first AS date) AS since, there + back AS minutes
FROM pairs WHERE least(there, back) >= :back_and_forth
UNION ALL
SELECT 'long_day', payee, NULL, min(payee_m), NULL, day, sum(amount)
FROM moved GROUP BY payee, day HAVING sum(amount) > :long_day
UNION ALL
SELECT 'one_household', one, two, one_m, two_m, CAST(:first AS date), there + back
FROM pairs JOIN contact c ON c.person_id = one JOIN contact d ON d.person_id = two
WHERE there + back >= :household
  AND ((c.phone <> '' AND c.phone = d.phone)
       OR (c.house_number <> '' AND c.postcode = d.postcode AND c.house_number = d.house_number))
"""
)


class Remark(Incoming):
    """What came of looking."""

    text: Annotated[Annotated[str, Typed(400, lines=True)] | None, Field(alias="opmerking")] = None


def look(session: Session) -> int:
    """Write down what is unusual in the last thirty days; how much of it was new. The worker's reach is all.

    A pair or household counts once in a calendar month, a day once.
    """
    moment = now(session)
    first = moment.astimezone(AMSTERDAM).date().replace(day=1)
    values = {
        "since": moment - PERIOD, "first": first, "back_and_forth": BACK_AND_FORTH, "long_day": LONG_DAY,
        "household": HOUSEHOLD,
    }  # fmt: skip
    new = 0
    for row in session.execute(_SEEN, values).all():
        signal = insert(Signal).values(
            id=uuid7(), municipality_id=row.municipality, other_municipality_id=row.beyond, kind=row.kind,
            person_id=row.person, other_id=row.other, since=row.since, minutes=int(row.minutes), remark="",
        )  # fmt: skip
        written = session.execute(signal.on_conflict_do_nothing().returning(Signal.id)).scalar_one_or_none()
        if written is not None:
            new += 1
            tell_brokers(session, row.municipality, "roosjes-signal", written)
    return new


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[Signal]:
    """What nobody of the desk looked at yet, the newest first."""
    require(actor, Permission.CORRECT_LEDGER, municipality_id)
    # unscoped: the permission was asked for this municipality
    query = select(Signal).where(Signal.municipality_id == municipality_id, Signal.seen_at.is_(None))
    shown = query.options(joinedload(Signal.person), joinedload(Signal.other))
    return list(session.scalars(shown.order_by(Signal.found_at.desc(), Signal.id).limit(100)))


def seen(session: Session, actor: Actor, id: UUID, remark: Remark) -> Signal:
    """Somebody of the desk looked, and says what came of it; that is all that happens."""
    theirs = select(Signal).where(Signal.id == id, visible(actor, Permission.CORRECT_LEDGER, Signal))
    signal = found(session.scalars(locked(theirs)).one_or_none())
    if signal.municipality_id not in actor.reach(Permission.CORRECT_LEDGER):
        raise NotFound
    if signal.seen_at is None:
        signal.seen_at, signal.seen_by_id, signal.remark = now(session), actor.person_id, remark.text or ""
    return signal
