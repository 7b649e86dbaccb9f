"""A statement as people read it: who was at the other end, what it was about, and what became of it since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.agreements.models import Agreement, Occurrence
from app.clock import AMSTERDAM, today
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.pots import notes as desk_notes
from app.roosjes import notes, service
from app.roosjes.models import LineQuestion, QuestionStatus, RoosjesNote
from rewards.types import TransferKind

PAGE = 20
MONTHS = 12
"""How far the picture looks back."""
PRINTED = 2000
"""The most lines that a statement on paper or in a file has."""

_TOTALS = text(
    "SELECT coalesce(sum(e.delta) FILTER (WHERE e.delta > 0), 0),"
    " coalesce(-sum(e.delta) FILTER (WHERE e.delta < 0), 0), count(*) FILTER (WHERE t.kind = 'pay')"
    " FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id"
    " WHERE e.account_id = :account AND t.reverses_id IS NULL"
    " AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id)"
)
"""What was taken back counts on neither side."""
_BY_MONTH = text(
    "SELECT date_trunc('month', b.occurred_at AT TIME ZONE 'Europe/Amsterdam')::date,"
    " coalesce(sum(e.delta) FILTER (WHERE e.delta > 0), 0), coalesce(-sum(e.delta) FILTER (WHERE e.delta < 0), 0)"
    " FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id JOIN ledger.batch b ON b.id = t.batch_id"
    " WHERE e.account_id = :account AND t.reverses_id IS NULL"
    " AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id)"
    " AND (t.kind = 'settle' OR b.operation IN ('share', 'pay_many'))"
    " AND b.occurred_at >= :since GROUP BY 1"
)
"""Help only: who gives Roosjes away was not helped, and who gets them did not help."""
_OTHER_ENDS = text(
    "SELECT coalesce(t.follows_id, t.id) AS id, b.occurred_at FROM ledger.transfer t"
    " JOIN ledger.batch b ON b.id = t.batch_id"
    " WHERE t.id = ANY (:ids) OR t.follows_id = ANY (:ids)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``minutes`` is signed; ``about`` is the title of what it was for, ``name`` who was at the other end."""

    seq: int
    transfer: int
    kind: TransferKind
    operation: str
    minutes: int
    balance: int
    moment: datetime
    booked_at: datetime
    name: str
    """Empty for who is no longer here, and where ``somebody`` is false."""
    somebody: bool
    """Whether there was a person at the other end, rather than the pot or the desk."""
    about: str
    words: str
    """What was said with a gift, or why the desk booked it."""
    corrected_by: str
    reason: str
    other_moment: datetime | None
    """For a correction: when the line was booked that it sets right; for that line: when it was set right."""
    question: QuestionStatus | None
    occurrence_id: UUID | None
    offer_id: UUID | None
    note_id: UUID | None
    """Of what one gave the other, who then is a contact of one's own."""


@dataclass(frozen=True, slots=True)
class Held:
    """Minutes that stand aside for an appointment; negative ones will leave the account."""

    minutes: int
    balance: int
    moment: datetime
    name: str
    about: str
    occurrence_id: UUID | None


@dataclass(frozen=True, slots=True)
class Month:
    """Help given and help received in one month; minutes."""

    first: date
    given: int
    received: int


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


@dataclass(frozen=True, slots=True)
class _Around:
    """What lines refer to, read once for all of them."""

    names: Mapping[UUID, str]
    times: Mapping[UUID, str]
    offers: Mapping[UUID, str]
    words: Mapping[bytes, RoosjesNote]
    reasons: Mapping[UUID, str]
    moments: Mapping[int, datetime]
    questions: Mapping[int, QuestionStatus]


def account_of(session: Session, actor: Actor) -> rewards.Account:
    """One's own account, opened at its first use."""
    return service.account_of(session, *service.oneself(session, actor))


def story(session: Session, actor: Actor, *, before: int | None = None, limit: int = PAGE) -> Story:
    """One's own account, the newest line first; ``before`` is the ``older`` of the page above."""
    account = account_of(session, actor)
    connection = session.connection()
    rows = rewards.statement(connection, account.id, before_seq=before, limit=limit + 1)
    holds = rewards.open_holds(connection, account.id)
    around = _around(session, rows, holds)
    given, received, gifts = session.execute(_TOTALS, {"account": account.id}).one()
    return Story(
        account.balance,
        int(given),
        int(received),
        gifts > 0,
        _held(holds, account.balance.posted, around),
        [_line(row, around) for row in rows[:limit]],
        rows[limit - 1].seq if len(rows) > limit else None,
    )


def lines_of(session: Session, rows: Sequence[rewards.StatementLine]) -> list[Line]:
    """The same rows as people read them."""
    around = _around(session, rows, [])
    return [_line(row, around) for row in rows]


def line(session: Session, actor: Actor, seq: int) -> Line:
    """One line of one's own statement; NotFound for a number that it has not."""
    account = account_of(session, actor)
    rows = rewards.statement(session.connection(), account.id, before_seq=seq + 1, limit=1)
    row = found(next((row for row in rows if row.seq == seq), None))
    return lines_of(session, [row])[0]


def every_line(session: Session, actor: Actor, year: int | None = None) -> list[Line]:
    """The lines of a statement that is printed, by the day they are about; of what a year booked, or the newest."""
    account = account_of(session, actor)
    rows: list[rewards.StatementLine] = []
    before: int | None = None
    while len(rows) < PRINTED:
        part = rewards.statement(session.connection(), account.id, before_seq=before, limit=500)
        rows += [row for row in part if year is None or row.booked_at.astimezone(AMSTERDAM).year == year]
        if len(part) < 500 or (year and part[-1].booked_at.astimezone(AMSTERDAM).year < year):
            break
        before = part[-1].seq
    return _by_day(lines_of(session, rows[:PRINTED][::-1]))


def _by_day(booked: list[Line]) -> list[Line]:
    """From the first day to the last, each with the balance after it: what was booked later may be of a day before."""
    balance = booked[0].balance - booked[0].minutes if booked else 0
    told = []
    for line in sorted(booked, key=lambda line: (line.moment.astimezone(AMSTERDAM).date(), line.seq)):
        balance += line.minutes
        told.append(replace(line, balance=balance))
    return told


def months(session: Session, actor: Actor) -> list[Month]:
    """A year of giving and getting, month by month up to this one; a month without is nought."""
    account = account_of(session, actor)
    firsts = _firsts(today(session))
    since = datetime(firsts[0].year, firsts[0].month, 1, tzinfo=AMSTERDAM)
    rows = {row[0]: row for row in session.execute(_BY_MONTH, {"account": account.id, "since": since})}
    return [
        Month(first, int(rows[first][1]), int(rows[first][2])) if first in rows else Month(first, 0, 0)
        for first in firsts
    ]


def _firsts(until: date) -> list[date]:
    """The first days of the last months, this one last."""
    number = until.year * 12 + until.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 1)]


def _around(
    session: Session, rows: Sequence[rewards.StatementLine], holds: Sequence[rewards.OpenHold]
) -> _Around:
    both: list[rewards.StatementLine | rewards.OpenHold] = [*rows, *holds]
    subjects = {row.subject for row in both if row.subject}
    known = {row.counterparty for row in both if row.counterparty} | {row.actor for row in rows}
    return _Around(
        service.names(session, known),
        _titles(session, subjects),
        _offers(session, subjects),
        notes.of_lines(session, (row.note_hash for row in rows if row.note_hash)),
        desk_notes.texts(session, {row.subject for row in rows if row.subject and row.note_hash}),
        _moments(session, {int(id) for row in rows for id in (row.reverses, row.reversed_by) if id}),
        _questions(session, [int(row.transfer) for row in rows]),
    )


def _line(row: rewards.StatementLine, around: _Around) -> Line:
    back = row.kind is TransferKind.REVERSE
    note = around.words.get(row.note_hash) if row.note_hash else None
    other = row.reverses or row.reversed_by
    subject = row.subject
    about = (around.times.get(subject) or around.offers.get(subject) or "") if subject else ""
    return Line(
        seq=row.seq,
        transfer=int(row.transfer),
        kind=row.kind,
        operation=row.operation,
        minutes=row.delta,
        balance=row.balance,
        moment=row.occurred_at,
        booked_at=row.booked_at,
        name=around.names.get(row.counterparty, "") if row.counterparty else "",
        somebody=row.counterparty is not None,
        about=about or (note.about if note else ""),
        words=note.text if note else around.reasons.get(subject, "") if subject else "",
        corrected_by=around.names.get(row.actor, "") if back else "",
        reason=row.reason or "",
        other_moment=around.moments.get(int(other)) if other else None,
        question=around.questions.get(int(row.transfer)),
        occurrence_id=subject if subject in around.times else None,
        offer_id=subject if subject in around.offers else None,
        note_id=note.id if note and note.to_id else None,
    )


def _held(holds: list[rewards.OpenHold], posted: int, around: _Around) -> list[Held]:
    """The last to come on top, each with where the account stands after it."""
    told: list[Held] = []
    for hold in sorted(holds, key=lambda hold: hold.occurred_at):
        posted += hold.delta
        name = around.names.get(hold.counterparty, "") if hold.counterparty else ""
        title = around.times.get(hold.subject, "") if hold.subject else ""
        told.append(Held(hold.delta, posted, hold.occurred_at, name, title, hold.subject))
    return told[::-1]


def _titles(session: Session, occurrence_ids: set[UUID]) -> dict[UUID, str]:
    # unscoped: one's own account's occurrences, behind row-level security
    query = (
        select(Occurrence.id, HelpRequest.title)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .join(HelpRequest, HelpRequest.id == Agreement.help_request_id)
        .where(Occurrence.id.in_(occurrence_ids))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _offers(session: Session, offer_ids: set[UUID]) -> dict[UUID, str]:
    # unscoped: one's own account's offers, behind row-level security
    query = select(HelpOffer.id, HelpOffer.title).where(HelpOffer.id.in_(offer_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def _moments(session: Session, transfers: set[int]) -> dict[int, datetime]:
    rows: Iterable[Any] = session.execute(_OTHER_ENDS, {"ids": sorted(transfers)})
    return {row.id: row.occurred_at for row in rows}


def _questions(session: Session, transfers: list[int]) -> dict[int, QuestionStatus]:
    # unscoped: one's own account's lines, behind row-level security
    query = select(LineQuestion.transfer_id, LineQuestion.status).where(
        LineQuestion.transfer_id.in_(transfers)
    )
    return {row[0]: row[1] for row in session.execute(query)}
