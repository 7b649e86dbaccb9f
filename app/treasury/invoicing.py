"""Invoices for cheques: made at the month's end per pair of municipalities and per provider, sent, disputed, paid.

The ledger keeps the states and books them (`rewards.invoices`); here is who may do what, and names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.errors import Invalid, NotFound
from app.ids import uuid7
from app.people.models import Person
from app.treasury.calendar import names, this_month
from app.treasury.errors import AccountStands, InvoiceMoved, NotOver, PassedOn, SecondPerson
from rewards import errors, invoices
from rewards.invoices import State
from rewards.months import VOUCHER_CENTS
from rewards.types import AccountId, Reason

_DUE = text("SELECT * FROM cheques_due(:place, :month)")
_NAMES = text("SELECT invoice_id, organisation, account_id FROM invoice_names(:ids)")
WHY = (Reason.WRONG_AMOUNT, Reason.WRONG_PARTY, Reason.BOOKED_BY_MISTAKE, Reason.NOT_DELIVERED, Reason.OTHER)
"""Reasons that make sense for an invoice."""


@dataclass(frozen=True, slots=True)
class Line:
    """Cheques that an organisation took in."""

    organisation: str
    cheques: int

    @property
    def cents(self) -> int:
        """What they are worth."""
        return VOUCHER_CENTS * self.cheques


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is still to be put on an invoice for a pair."""

    payer_id: int
    payer: str
    payee_id: int
    payee: str
    accounts: tuple[AccountId, ...]
    lines: tuple[Line, ...]

    @property
    def cheques(self) -> int:
        """All of them."""
        return sum(line.cheques for line in self.lines)

    @property
    def cents(self) -> int:
        """Their worth."""
        return VOUCHER_CENTS * self.cheques


@dataclass(frozen=True, slots=True)
class Taken:
    """A step in the life of an invoice; ``by`` is a first name, empty for people we no longer know."""

    state: State
    by: str
    at: datetime
    paid_on: date | None
    reason: Reason | None
    takes_back: bool
    """Whether it took a payment back, or the report of one."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as staff of `side_id` see it."""

    row: invoices.Invoice
    side_id: int
    payer: str
    payee: str
    """A municipality, or an organisation."""
    lines: tuple[Line, ...]
    steps: tuple[Taken, ...]
    acts: frozenset[State]
    """The steps that the actor may take now."""

    @property
    def we_pay(self) -> bool:
        """Whether this side pays it."""
        return self.row.payer_id == self.side_id

    @property
    def to_organisation(self) -> bool:
        """Whether it pays one organisation."""
        return self.row.payee_id is None


def waiting(session: Session, actor: Actor, municipality_id: int, month: date) -> list[Waiting]:
    """Per pair with this municipality the cheques that are on no invoice yet; what we pay first."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    places = names(session)
    pairs: dict[tuple[int, int], list[tuple[AccountId, Line]]] = {}
    for row in session.execute(_DUE, {"place": municipality_id, "month": month}):
        line = AccountId(row.account_id), Line(row.organisation, row.cheques)
        pairs.setdefault((row.payer_id, row.payee_id), []).append(line)
    every = [
        Waiting(
            payer,
            places[payer],
            payee,
            places[payee],
            tuple(one[0] for one in of),
            tuple(one[1] for one in of),
        )
        for (payer, payee), of in pairs.items()
    ]
    return sorted(every, key=lambda one: (one.payer_id != municipality_id, one.payer, one.payee))


def make(session: Session, actor: Actor, municipality_id: int, month: date) -> list[Invoice]:
    """Make the invoices of a month that is over, one for each pair; again makes nothing new.

    Raises NotOver, AccountStands.
    """
    require(actor, Permission.PAY_OUT_CHEQUES, municipality_id)
    if month >= this_month(session):
        raise NotOver
    made = []
    for pair in sorted(
        waiting(session, actor, municipality_id, month), key=lambda one: (one.payer_id, one.payee_id)
    ):
        try:
            with session.begin_nested():
                booked = invoices.bill(
                    session.connection(),
                    key=f"invoice:{uuid7()}",
                    actor=found(actor.pseudonym),
                    municipality_id=municipality_id,
                    payer_id=pair.payer_id,
                    payee_id=pair.payee_id,
                    month=month,
                    accounts=pair.accounts,
                )
        except errors.NothingDue:
            continue  # the other side was first
        except errors.AccountNotOpen as refusal:
            raise AccountStands from refusal
        made.append(invoices.of_batch(session.connection(), booked.batch))
    return _shown(session, actor, municipality_id, made)


def owe(
    session: Session, actor: Actor, municipality_id: int, provider: AccountId, number: int, key: str
) -> invoices.Invoice:
    """Make the invoice that pays a provider of this municipality; the caller knows that it is one.

    Raises AccountStands, and the ledger's Overdrawn and KeyReused.
    """
    require(actor, Permission.PAY_OUT_CHEQUES, municipality_id)
    try:
        with session.begin_nested():
            booked = invoices.owe(
                session.connection(),
                key=key,
                actor=found(actor.pseudonym),
                municipality_id=municipality_id,
                month=this_month(session),
                provider=provider,
                vouchers=number,
            )
    except errors.AccountNotOpen as refusal:
        raise AccountStands from refusal
    return invoices.of_batch(session.connection(), booked.batch)


def listed(session: Session, actor: Actor, municipality_id: int, month: date | None = None) -> list[Invoice]:
    """All invoices with this municipality on either side, the newest month first; in three queries."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    return of(session, actor, municipality_id, month)


def of(
    session: Session, actor: Actor | None, municipality_id: int, month: date | None = None
) -> list[Invoice]:
    """The same for the program itself, within what row-level security lets it reach."""
    rows = invoices.of_municipality(session.connection(), municipality_id, month)
    return _shown(session, actor, municipality_id, rows)


def get(session: Session, actor: Actor, municipality_id: int, id: int) -> Invoice:
    """One invoice; NotFound for one in which this municipality has no part."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    try:
        row = invoices.get(session.connection(), id)
    except errors.UnknownInvoice as refusal:
        raise NotFound from refusal
    if municipality_id not in (row.payer_id, row.payee_id):
        raise NotFound
    return _shown(session, actor, municipality_id, [row])[0]


def step(  # noqa: PLR0913  # a step is what it is: its day and its reason by keyword
    session: Session, actor: Actor, municipality_id: int, id: int, state: State, *, paid_on: date | None = None,
    reason: Reason | None = None,
) -> Invoice:  # fmt: skip
    """Take a step for one side; a payment is booked by the second person.

    Raises NotFound, InvoiceMoved, SecondPerson, PassedOn, AccountStands, Invalid.
    """
    require(actor, Permission.PAY_OUT_CHEQUES, municipality_id)
    try:
        with session.begin_nested():
            invoices.step(
                session.connection(),
                actor=found(actor.pseudonym),
                invoice=id,
                municipality_id=municipality_id,
                state=state,
                paid_on=paid_on,
                reason=reason,
            )
    except errors.UnknownInvoice as refusal:
        raise NotFound from refusal
    except (errors.InvoiceStands, errors.OtherSide) as refusal:
        raise InvoiceMoved from refusal
    except errors.OwnInterest as refusal:
        raise SecondPerson from refusal
    except errors.PassedOn as refusal:
        raise PassedOn from refusal
    except errors.AccountNotOpen as refusal:
        raise AccountStands from refusal
    except errors.InvalidInput as refusal:
        raise Invalid(details={"betaaldatum" if state is State.REPORTED else "reden": "wrong"}) from refusal
    return get(session, actor, municipality_id, id)


def _shown(
    session: Session, actor: Actor | None, municipality_id: int, rows: Sequence[invoices.Invoice]
) -> list[Invoice]:
    if not rows:
        return []
    places = names(session)
    lines = _names(session, rows)
    people = _people(session, (step.by for row in rows for step in row.steps))
    return [
        Invoice(
            row=row,
            side_id=municipality_id,
            payer=places[row.payer_id],
            payee=lines[row.id, row.lines[0].account] if row.payee_id is None else places[row.payee_id],
            lines=tuple(Line(lines.get((row.id, line.account), "?"), line.vouchers) for line in row.lines),
            steps=tuple(
                Taken(step.state, people.get(step.by, ""), step.at, step.paid_on, step.reason,
                      step.state is State.SENT and number > 1 and row.steps[number - 1].state is not State.DISPUTED)
                for number, step in enumerate(row.steps)
            ),
            acts=frozenset() if actor is None else acts(row, actor, municipality_id),
        )
        for row in rows
    ]  # fmt: skip


def acts(row: invoices.Invoice, actor: Actor, municipality_id: int) -> frozenset[State]:
    """The steps that this person may take for this side; the ledger has the same rules."""
    if municipality_id not in actor.reach(Permission.PAY_OUT_CHEQUES):
        return frozenset()
    pays, is_paid, open_to = row.payer_id == municipality_id, row.creditor_id == municipality_id, set[State]()
    if row.state is State.MADE and is_paid:
        open_to |= {State.SENT}
    if row.state is State.SENT and pays:
        open_to |= {State.REPORTED, State.DISPUTED}
    if row.state in (State.DISPUTED, State.REPORTED, State.PAID):
        open_to |= {State.SENT}
    if row.state is State.REPORTED and row.steps[-1].by != actor.pseudonym:
        open_to |= {State.PAID}
    if row.state in (State.MADE, State.SENT, State.DISPUTED) and is_paid and row.follows is None:
        open_to |= {State.WITHDRAWN}
    return frozenset(open_to)


def _names(session: Session, rows: Sequence[invoices.Invoice]) -> dict[tuple[int, int], str]:
    found_names = session.execute(_NAMES, {"ids": [row.id for row in rows]})
    return {(row.invoice_id, row.account_id): row.organisation for row in found_names}


def _people(session: Session, pseudonyms: Iterable[UUID]) -> dict[UUID, str]:
    query = select(Person.pseudonym, Person.first_name).where(Person.pseudonym.in_(set(pseudonyms)))
    return {row[0]: row[1] for row in session.execute(query)}
