"""Roosjes on paper: printed against an account, given away like cash, handed in once by whoever holds one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.access.roles import Permission
from app.cheques.papers import SOON, KeyUsed, Printed, careful, end_of_next_year
from app.clock import now
from app.ids import uuid7
from app.notifications.service import tell
from app.people import service as people
from app.people.models import Person
from app.pots.notes import refuse_own
from app.roosjes import service
from app.roosjes.service import OutOfRoosjes
from rewards import Account, errors, paper
from rewards.serials import Serial, read_serial
from rewards.types import BatchId, Booking, SerialId, TransferId, Unit

PAPERS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Paper:
    """One of one's own papers, by its number; ``ending`` is "", redeemed, refunded or lapsed."""

    number: int
    minutes: int
    made_at: datetime
    expires_at: datetime
    ending: str
    soon: bool
    """Still out, and close to its end."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was booked for one paper: the same when the key was used before."""

    transfer: TransferId
    minutes: int


@dataclass(frozen=True, slots=True)
class Issued:
    """Papers with their codes, empty when the form was sent before: they were shown then."""

    batch: BatchId
    minutes: int
    expires_at: datetime
    papers: tuple[Printed, ...]


def holder(session: Session, actor: Actor, person_id: UUID | None = None) -> Person:
    """Oneself, or somebody for whom a makelaar of their municipality acts; NotFound for anybody else.

    Raises OwnInterest for who lives with the makelaar.
    """
    if person_id is None or person_id == actor.person_id:
        return people.oneself(session, actor)
    person = found(session.get(Person, person_id))
    if service.home_municipality(session, person.id) not in actor.reach(Permission.BOOK_FOR_OTHERS):
        found(None)
    refuse_own(session, actor, person.id)
    return person


def account_of(session: Session, person: Person) -> Account:
    """The account on which that person's papers are made and handed in."""
    return service.account_of(session, person, service.home_municipality(session, person.id))


def issue(session: Session, actor: Actor, person: Person, wanted: tuple[int, int], key: str) -> Issued:
    """Papers against the person's account; ``wanted`` is how many, and minutes each. Raises OutOfRoosjes, KeyUsed."""
    papers, minutes = wanted
    account = account_of(session, person)
    expires_at = end_of_next_year(now(session))
    try:
        with session.begin_nested():
            made = paper.issue(
                session.connection(),
                key=f"issue:{key}",
                actor=found(actor.pseudonym),
                account=account.id,
                papers=papers,
                minutes=minutes,
                expires_at=expires_at,
            )
    except (errors.OverLimit, errors.AccountNotOpen) as refused:
        raise OutOfRoosjes from refused
    except errors.KeyReused as reused:
        raise KeyUsed from reused
    if not made.booking.hit:
        _tell(session, actor, person, account, papers * minutes)
    return Issued(made.booking.batch, minutes, expires_at, _printed(session, account, tuple(made.serials)))


def _tell(session: Session, actor: Actor, person: Person, account: Account, minutes: int) -> None:
    """Whose Roosjes the desk put on paper, or on their account, hears so: the desk has seen the codes."""
    if person.id != actor.person_id:
        tell(session, person.id, account.municipality_id, "booked-by-desk", uuid7(),
             minutes=minutes, terms="roosjes")  # fmt: skip


def _printed(session: Session, account: Account, serials: tuple[Serial, ...]) -> tuple[Printed, ...]:
    known = paper.numbers(
        session.connection(), serials=serials, unit=Unit.ROOSJE_MIN, municipality_id=account.municipality_id
    )
    return tuple(Printed(int(number), made.text) for number, made in zip(known, serials, strict=True))


def printable(session: Session, actor: Actor, person: Person, codes: list[str]) -> tuple[Issued, ...]:
    """The papers of these codes as they may be printed, by issue; PaperRefused when one is not the person's."""
    account = account_of(session, person)
    with careful(session, actor):
        papers = _printed(session, account, tuple(read_serial(code) for code in codes))
        own = {one.number: one for one in mine(session, person, numbers=[one.number for one in papers])}
        if len(own) != len(papers):
            raise errors.SerialRefused  # counted as any other wrong code
    first = own[papers[0].number]
    return (Issued(BatchId(0), first.minutes, first.expires_at, papers),)


_MINE = text("""
    SELECT s.id, s.amount, b.booked_at, s.expires_at, coalesce(e.ending::text, ''), s.expires_at < :soon
    FROM ledger.serial s
    JOIN ledger.batch b ON b.id = s.batch_id
    LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
    WHERE s.source_id = :account AND s.unit = 'ROOSJE_MIN'
        AND (cast(:numbers AS bigint[]) IS NULL OR s.id = ANY(:numbers))
    ORDER BY e.serial_id IS NOT NULL, s.id DESC LIMIT :limit
""")


def mine(session: Session, person: Person, numbers: list[int] | None = None) -> list[Paper]:
    """The papers that were made against the person's account: those still out first."""
    values = {
        "account": account_of(session, person).id,
        "soon": now(session) + SOON,
        "numbers": numbers,
        "limit": PAPERS_SHOWN,
    }
    return [
        Paper(row[0], row[1], row[2], row[3], row[4], row[5] and not row[4])
        for row in session.execute(_MINE, values)
    ]


def take_back(session: Session, actor: Actor, person: Person, number: int, key: str) -> Taken:
    """A paper that is lost, or not needed: its minutes come back, and whoever finds it gets nothing for it."""
    account = account_of(session, person)
    with careful(session, actor) as connection:
        booked = paper.take_back(
            connection,
            key=f"back:{key}",
            actor=found(actor.pseudonym),
            paper=SerialId(number),
            account=account.id,
        )
    return _taken(session, actor, person, account, booked)


def hand_in(session: Session, actor: Actor, person: Person, code: str, key: str) -> Taken:
    """Put a paper's minutes on the person's account. Raises PaperRefused, Invalid, OutOfRoosjes."""
    account = account_of(session, person)
    try:
        with careful(session, actor) as connection:
            booked = paper.hand_in(
                connection,
                key=f"hand-in:{key}",
                actor=found(actor.pseudonym),
                serial=code,
                account=account.id,
            )
    except (errors.OverLimit, errors.AccountNotOpen) as refused:
        raise OutOfRoosjes from refused
    return _taken(session, actor, person, account, booked)


def _taken(session: Session, actor: Actor, person: Person, account: Account, booked: Booking) -> Taken:
    """What the booking put on the account; a paper from elsewhere is booked in more steps than one."""
    minutes = session.execute(
        text(
            "SELECT coalesce(sum(e.delta), 0) FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id"
            " WHERE t.batch_id = :batch AND e.account_id = :account"
        ),
        {"batch": booked.batch, "account": account.id},
    ).scalar_one()
    if not booked.hit:
        _tell(session, actor, person, account, int(minutes))
    return Taken(booked.transfer, int(minutes))
