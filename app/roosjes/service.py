"""The app's side of the ledger: whose account, which occurrence. Amounts are minutes; 60 make one Roosje."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.agreements.models import Occurrence
from app.categories.vocabulary import Kind
from app.errors import Conflict, Forbidden
from app.people import service as people
from app.people.models import Person
from rewards import errors


class OutOfRoosjes(Conflict):
    """A limit stands in the way of booking; it never stands in the way of the help."""

    code = "out-of-roosjes"


@dataclass(frozen=True, slots=True)
class Statement:
    """An account on a screen: where it stands, what is set aside, and what came and went."""

    balance: rewards.Balance
    holds: list[rewards.OpenHold]
    lines: list[rewards.StatementLine]


def account_of(session: Session, person: Person, municipality_id: int) -> rewards.Account:
    """The person's account in this municipality, opened at its first use."""
    return rewards.open_account(
        session.connection(),
        municipality_id=municipality_id,
        unit=rewards.Unit.ROOSJE_MIN,
        kind=rewards.AccountKind.MEMBER,
        owner=person.pseudonym,
    )


def statement(session: Session, actor: Actor, *, limit: int = 50) -> Statement:
    """One's own account, the newest line first."""
    account = account_of(session, *oneself(session, actor))
    connection = session.connection()
    return Statement(
        account.balance,
        rewards.open_holds(connection, account.id),
        rewards.statement(connection, account.id, limit=limit),
    )


def oneself(session: Session, actor: Actor) -> tuple[Person, int]:
    """The actor as a person, and where they live, which is where their Roosjes are kept; NotFound for who only works
    here."""
    return people.oneself(session, actor), found(actor.home)


def home_municipality(session: Session, person_id: UUID) -> int:
    """Where the person lives, which is where their Roosjes are kept."""
    return people.home(session, person_id).municipality_id


def hold(session: Session, actor: Actor, occurrence: Occurrence, *, since: datetime | None = None) -> bool:
    """Set the asker's minutes aside for this occurrence; False when a limit does not allow it.

    They stay so for the days of grace after it, or after ``since`` for one that is long over.

    Then the help goes on without Roosjes: the caller says so to the makelaar.
    """
    asker, helper = _people(session, occurrence)
    connection = session.connection()
    rules = rewards.policy_at(connection, occurrence.municipality_id, occurrence.ends_at).terms
    try:
        with connection.begin_nested():
            booking = rewards.hold(
                connection,
                # the version tells a move there and back apart: the hold of the first time has ended
                key=f"hold:{occurrence.id}:{occurrence.starts_at.isoformat()}:{occurrence.version}",
                actor=actor.pseudonym or rewards.SYSTEM,
                asker=account_of(session, asker, occurrence.municipality_id).id,
                helper=account_of(session, helper, occurrence.helper_municipality_id).id,
                minutes=occurrence.minutes,
                expires_at=(since or occurrence.ends_at) + timedelta(days=rules.grace_days),
                occurred_at=occurrence.starts_at,
                subject=occurrence.id,
            )
    except (errors.OverLimit, errors.NoTrust, errors.AccountNotOpen):
        occurrence.kind = Kind.ZONDER
        return False
    occurrence.hold_id = int(booking.transfer)
    return True


def settle(session: Session, actor: Actor, occurrence: Occurrence, minutes: int) -> None:
    """Move what was done, at most what was agreed; the rest is let go."""
    if occurrence.hold_id is not None:
        rewards.settle(
            session.connection(),
            key=f"settle:{occurrence.hold_id}",
            actor=actor.pseudonym or rewards.SYSTEM,
            hold=rewards.TransferId(occurrence.hold_id),
            minutes=min(minutes, occurrence.minutes),
            occurred_at=occurrence.starts_at,
        )


def void(session: Session, actor: Actor, occurrence: Occurrence) -> None:
    """Let the minutes go: it is moved, cancelled, or nobody came."""
    if occurrence.hold_id is not None:
        rewards.void(
            session.connection(),
            key=f"void:{occurrence.hold_id}",
            actor=actor.pseudonym or rewards.SYSTEM,
            hold=rewards.TransferId(occurrence.hold_id),
        )
        occurrence.hold_id = None


def expire(session: Session, actor: Actor, occurrence: Occurrence) -> bool:
    """Let the minutes go that were set aside past their date; False when they were not, or are no longer."""
    if occurrence.hold_id is None:
        return False
    connection = session.connection()
    try:
        with connection.begin_nested():
            rewards.expire(
                connection,
                key=f"expire:{occurrence.hold_id}",
                actor=actor.pseudonym or rewards.SYSTEM,
                hold=rewards.TransferId(occurrence.hold_id),
            )
    except (errors.HoldNotDue, errors.HoldEnded):
        return False
    occurrence.hold_id = None
    return True


def correct(
    session: Session, actor: Actor, occurrence: Occurrence, transfer: int, reason: rewards.Reason
) -> None:
    """A makelaar sets the booking of one time right: the exact opposite, once, with a reason; both lines stay."""
    require(actor, Permission.CORRECT_LEDGER, occurrence.municipality_id)
    if actor.person_id in occurrence.parties():
        raise Forbidden  # nobody corrects what they gave or got themselves
    rewards.reverse(
        session.connection(),
        key=f"reverse:{transfer}",
        actor=actor.pseudonym or rewards.SYSTEM,
        transfer=rewards.TransferId(transfer),
        reason=reason,
    )


def _people(session: Session, occurrence: Occurrence) -> tuple[Person, Person]:
    return found(session.get(Person, occurrence.asker_id)), found(session.get(Person, occurrence.helper_id))


def names(session: Session, pseudonyms: set[UUID]) -> dict[UUID, str]:
    """First names behind the pseudonyms of a statement; who is no longer here has none."""
    rows = session.execute(
        select(Person.pseudonym, Person.first_name).where(
            Person.pseudonym.in_(pseudonyms), Person.disabled_at.is_(None)
        )
    )
    return {row[0]: row[1] for row in rows}
