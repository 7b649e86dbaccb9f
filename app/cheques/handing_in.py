"""At the provider: cheques that residents paid with, scanned or typed, and the times that they paid for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, joinedload

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.agreements import occur
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.categories.vocabulary import Kind
from app.cheques.models import ChequeProvider, ChequeUse
from app.cheques.papers import careful
from app.cheques.schemas import HandingOfCheque
from app.clock import now
from app.errors import Conflict, Invalid
from app.help_requests.models import HelpRequest
from app.organisations.models import Organisation
from rewards import invoices, paper
from rewards.invoices import Invoice
from rewards.types import TransferId

HOUR = 60
PAYABLE = (
    OccurrenceStatus.AGREED,
    OccurrenceStatus.HELPED,
    OccurrenceStatus.RECEIVED,
    OccurrenceStatus.DONE,
)
LINES_SHOWN = 30


class PaidFor(Conflict):
    """All the cheques of this time were handed in before."""

    code = "paid-for"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What came of one cheque: its booking, and the time that it paid for, if any."""

    transfer: TransferId
    organisation: str
    hit: bool
    needed: int = 0
    """Cheques that the time costs; 0 without a time."""
    given: int = 0


@dataclass(frozen=True, slots=True)
class OpenTime:
    """A time of help with cheques that are still to come in."""

    occurrence: Occurrence
    needed: int
    given: int


@dataclass(frozen=True, slots=True)
class Line:
    """A cheque that came in (1), or a payout (a number below 0)."""

    transfer: int
    batch: int
    at: datetime
    cheques: int


@dataclass(frozen=True, slots=True)
class Book:
    """Where a provider stands: cheques on no invoice yet, and what came and went, newest first."""

    provider: ChequeProvider
    unpaid: int
    this_month: int
    handed_in: int
    lines: list[Line]
    payouts: list[Line]
    """Paid before there were invoices."""
    invoices: list[Invoice]
    """What pays this organisation, whichever municipality does; the newest first."""


def needed(minutes: int) -> int:
    """Cheques for so many minutes: one for each hour that began."""
    return -(-minutes // HOUR)


def mine(session: Session, actor: Actor) -> list[ChequeProvider]:
    """The providers for which the actor works, by name; also those that take no more cheques."""
    # unscoped: the permission was asked: the actor's organisations stand in it
    query = (
        select(ChequeProvider)
        .join(Organisation, Organisation.id == ChequeProvider.organisation_id)
        .where(ChequeProvider.organisation_id.in_(actor.scope.organisations), ChequeProvider.is_public_row())
        .options(joinedload(ChequeProvider.organisation))
        .order_by(Organisation.name)
    )
    return list(session.scalars(query))


def works_for_one(session: Session, actor: Actor) -> bool:
    """Whether the actor works for an organisation that takes or took cheques; costs nothing for anybody else."""
    return bool(actor.scope.organisations) and bool(mine(session, actor))


def account_of(session: Session, provider: ChequeProvider) -> rewards.Account:
    """The provider's cheques, opened at their first use."""
    return rewards.open_account(
        session.connection(),
        municipality_id=provider.municipality_id,
        unit=rewards.Unit.VOUCHER,
        kind=rewards.AccountKind.PROVIDER,
        owner=provider.organisation_id,
    )


def hand_in(session: Session, actor: Actor, wanted: HandingOfCheque) -> HandedIn:
    """Take a cheque. Raises NotFound for who works for no provider, PaperRefused, Invalid, PaidFor, TooMany.

    The last cheque of a time says that it happened: whoever gave it away has confirmed.
    """
    provider = _provider(session, actor, wanted.organisation_id)
    occurrence = _open_time(session, actor, wanted.occurrence_id)
    account = account_of(session, provider)
    with careful(session, actor) as connection:
        booked = paper.redeem(
            connection,
            key=f"redeem:{wanted.key}",
            actor=found(actor.pseudonym),
            serial=wanted.code,
            provider=account.id,
        )
    name = provider.organisation.name
    if occurrence is None:
        return HandedIn(booked.transfer, name, booked.hit)
    if booked.hit:
        return HandedIn(booked.transfer, name, True, needed(occurrence.minutes), _given(session, occurrence))
    session.add(
        ChequeUse(
            municipality_id=provider.municipality_id,
            occurrence_id=occurrence.id,
            organisation_id=provider.organisation_id,
            transfer_id=int(booked.transfer),
        )
    )
    session.flush()
    given = _given(session, occurrence)
    if given >= needed(occurrence.minutes):
        _settle(session, actor, occurrence.id)
    return HandedIn(booked.transfer, name, False, needed(occurrence.minutes), given)


def _provider(session: Session, actor: Actor, organisation_id: UUID | None) -> ChequeProvider:
    open_ones = [one for one in mine(session, actor) if one.ended_at is None]
    if organisation_id is None and len(open_ones) > 1:
        raise Invalid(details={"organisatie": "choose"})
    wanted = organisation_id or (open_ones[0].organisation_id if open_ones else None)
    return found(next((one for one in open_ones if one.organisation_id == wanted), None))


def _open_time(session: Session, actor: Actor, id: UUID | None) -> Occurrence | None:
    """The time, locked from its request down, so that two cheques at once are counted one after the other."""
    if id is None:
        return None
    occurrence, _agreement, _request = occur.get_locked(session, actor, id)
    if occurrence.helper_id != actor.person_id or occurrence.kind is not Kind.CHEQUE:
        raise Invalid(details={"keer": "choose"})
    if occurrence.status not in PAYABLE or occurrence.starts_at > now(session):
        raise Invalid(details={"keer": "choose"})
    if _given(session, occurrence) >= needed(occurrence.minutes):
        raise PaidFor
    return occurrence


def _given(session: Session, occurrence: Occurrence) -> int:
    # unscoped: goes with the occurrence that the caller holds
    query = select(func.count()).where(ChequeUse.occurrence_id == occurrence.id)
    return int(session.execute(query).scalar_one())


def _settle(session: Session, actor: Actor, id: UUID) -> None:
    occurrence, agreement, help_request = occur.get_locked(session, actor, id)
    if occurrence.status is OccurrenceStatus.AGREED:
        occurrence.step(OccurrenceStatus.HELPED, actor.person_id, "cheques")
    if occurrence.status in (OccurrenceStatus.HELPED, OccurrenceStatus.RECEIVED):
        occur.finish(session, actor, occurrence, agreement, help_request)


def _times(actor: Actor) -> Select[Occurrence, int]:
    used = select(func.count()).where(ChequeUse.occurrence_id == Occurrence.id).scalar_subquery()
    return (
        select(Occurrence, used)
        .where(
            Occurrence.has_party(actor.person_id),
            Occurrence.helper_id == actor.person_id,
            Occurrence.kind == Kind.CHEQUE,
            Occurrence.status.in_(PAYABLE),
            used * HOUR < Occurrence.minutes,
        )
        .options(
            joinedload(Occurrence.asker),
            joinedload(Occurrence.agreement)
            .joinedload(Agreement.help_request)
            .joinedload(HelpRequest.category),
        )
        .order_by(Occurrence.starts_at)
    )


def open_times(session: Session, actor: Actor, limit: int = 30) -> list[OpenTime]:
    """Times at which the actor helped for cheques, and not all of them came in yet."""
    query = _times(actor).where(Occurrence.starts_at <= now(session)).limit(limit)
    return [OpenTime(row[0], needed(row[0].minutes), row[1]) for row in session.execute(query)]


def still_to_come(session: Session, agreement: Agreement) -> int:
    """Cheques that the asker still has to give for the times that were agreed; the caller holds the agreement."""
    times = [row for row in agreement.occurrences if row.kind is Kind.CHEQUE and row.status in PAYABLE]
    if not times:
        return 0
    # unscoped: goes with the agreement that the caller holds
    query = (
        select(ChequeUse.occurrence_id, func.count())
        .where(ChequeUse.occurrence_id.in_([row.id for row in times]))
        .group_by(ChequeUse.occurrence_id)
    )
    given = {row[0]: row[1] for row in session.execute(query)}
    return sum(max(0, needed(row.minutes) - given.get(row.id, 0)) for row in times)


_LINES = text("""
    SELECT t.id, t.batch_id, b.booked_at, e.delta
    FROM ledger.entry e
    JOIN ledger.transfer t ON t.id = e.transfer_id
    JOIN ledger.batch b ON b.id = t.batch_id
    WHERE e.account_id = :account AND b.operation = :operation ORDER BY e.seq DESC LIMIT :limit
""")
_SUMS = text("""
    SELECT coalesce(sum(e.delta), 0),
        coalesce(sum(e.delta) FILTER (WHERE ledger.month_of(b.booked_at) = ledger.month_of(ledger.now())), 0)
    FROM ledger.entry e
    JOIN ledger.transfer t ON t.id = e.transfer_id
    JOIN ledger.batch b ON b.id = t.batch_id
    WHERE e.account_id = :account AND b.operation = 'redeem'
""")


def book(session: Session, provider: ChequeProvider) -> Book:
    """Where a provider of one's own stands."""
    account = account_of(session, provider)
    values = {"account": account.id, "limit": LINES_SHOWN}
    lines = [Line(*row) for row in session.execute(_LINES, values | {"operation": "redeem"})]
    payouts = [Line(*row) for row in session.execute(_LINES, values | {"operation": "pay_out"})]
    handed_in, this_month = session.execute(_SUMS, {"account": account.id}).one()
    owed = invoices.of_owner(session.connection(), provider.organisation_id)[:LINES_SHOWN]
    return Book(provider, account.balance.posted, int(this_month), int(handed_in), lines, payouts, owed)
