"""A statement as people read it: who was at the other end, and what it was about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.agreements.models import Agreement, Occurrence
from app.errors import Conflict
from app.help_requests.models import HelpRequest
from app.people.models import Person
from app.roosjes import service
from rewards import errors
from rewards.types import TransferKind

PAGE = 20

_TOTALS = text(
    "SELECT coalesce(sum(e.delta) FILTER (WHERE e.delta > 0), 0),"
    " coalesce(-sum(e.delta) FILTER (WHERE e.delta < 0), 0), count(*) FILTER (WHERE t.kind = 'pay')"
    " FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id"
    " WHERE e.account_id = :account AND t.reverses_id IS NULL"
    " AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id)"
)
"""What was taken back counts on neither side."""


class KeyUsed(Conflict):
    """The form was sent before, with something else in it."""

    code = "key-used"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``minutes`` is signed; ``about`` is the title of the request, ``name`` who was at the other end."""

    seq: int
    kind: TransferKind
    minutes: int
    balance: int
    moment: datetime
    name: str
    about: str
    corrected_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """Minutes that stand aside for an appointment; negative ones will leave the account."""

    minutes: int
    balance: int
    moment: datetime
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that ``/mijn/roosjes`` tells, all in minutes."""

    balance: rewards.Balance
    given: int
    received: int
    gifts: bool
    """Whether presents are among what was given and received."""
    holds: list[Held]
    lines: list[Line]
    older: int | None
    """Where the next page begins; None when this is the last."""


def story(session: Session, actor: Actor, *, before: int | None = None, limit: int = PAGE) -> Story:
    """One's own account, the newest line first; ``before`` is the ``older`` of the page above."""
    person = found(session.get(Person, actor.person_id))
    account = service.account_of(session, person, service.home_municipality(session, person.id))
    connection = session.connection()
    rows = rewards.statement(connection, account.id, before_seq=before, limit=limit + 1)
    holds = rewards.open_holds(connection, account.id)
    both: list[rewards.StatementLine | rewards.OpenHold] = [*rows, *holds]
    about = _titles(session, {row.subject for row in both if row.subject})
    known = {row.counterparty for row in both if row.counterparty} | {row.actor for row in rows}
    names = service.names(session, known)
    given, received, gifts = session.execute(_TOTALS, {"account": account.id}).one()
    return Story(
        account.balance,
        int(given),
        int(received),
        gifts > 0,
        _held(holds, account.balance.posted, names, about),
        [_line(row, names, about) for row in rows[:limit]],
        rows[limit - 1].seq if len(rows) > limit else None,
    )


def _line(row: rewards.StatementLine, names: dict[UUID, str], about: dict[UUID, str]) -> Line:
    back = row.kind is TransferKind.REVERSE
    return Line(
        row.seq,
        row.kind,
        row.delta,
        row.balance,
        row.occurred_at,
        names.get(row.counterparty, "") if row.counterparty else "",
        about.get(row.subject, "") if row.subject else "",
        names.get(row.actor, "") if back else "",
        row.reason or "",
    )


def _held(
    holds: list[rewards.OpenHold], posted: int, names: dict[UUID, str], about: dict[UUID, str]
) -> list[Held]:
    """The last to come on top, each with where the account stands after it."""
    told: list[Held] = []
    for hold in sorted(holds, key=lambda hold: hold.occurred_at):
        posted += hold.delta
        name = names.get(hold.counterparty, "") if hold.counterparty else ""
        title = about.get(hold.subject, "") if hold.subject else ""
        told.append(Held(hold.delta, posted, hold.occurred_at, name, title))
    return told[::-1]


def _titles(session: Session, occurrence_ids: set[UUID]) -> dict[UUID, str]:
    # unscoped: occurrences on one's own account, behind row-level security
    query = (
        select(Occurrence.id, HelpRequest.title)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .join(HelpRequest, HelpRequest.id == Agreement.help_request_id)
        .where(Occurrence.id.in_(occurrence_ids))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def acquaintances(session: Session, actor: Actor) -> list[Person]:
    """People whom one helped or was helped by, by name: to them one may give Roosjes."""
    mine = actor.person_id
    # unscoped: occurrences that one is party to, behind row-level security
    helped = select(Occurrence.asker_id).where(Occurrence.helper_id == mine)
    helpers = select(Occurrence.helper_id).where(Occurrence.asker_id == mine)  # unscoped: as above
    query = select(Person).where(Person.id.in_(helped.union(helpers)), Person.disabled_at.is_(None))
    return list(session.scalars(query.order_by(Person.first_name, Person.id)))


def give(session: Session, actor: Actor, to_person_id: UUID, minutes: int, key: str) -> bool:
    """Give Roosjes; False when this very form was sent before. Raises OutOfRoosjes, KeyUsed, NotFound, Invalid."""
    try:
        return not service.pay(session, actor, to_person_id, minutes, key).hit
    except errors.KeyReused as reused:
        raise KeyUsed from reused
    except errors.AccountNotOpen as closed:
        raise service.OutOfRoosjes from closed
