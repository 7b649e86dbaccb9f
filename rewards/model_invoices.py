"""The pure model's invoices: what is set aside, what municipalities paid each other, and what providers got."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from rewards.errors import (
    InvalidInput,
    InvoiceStands,
    LedgerError,
    MonthNotOver,
    NothingDue,
    OtherSide,
    Overdrawn,
    OwnInterest,
    PassedOn,
    UnknownAccount,
    UnknownInvoice,
    WrongAccount,
)
from rewards.invoices import State
from rewards.model import ModelTransfer
from rewards.model_months import AMSTERDAM, month_of
from rewards.model_paper import CENTS, Papers
from rewards.types import AccountId, Booking, Reason

NEXT = {
    State.MADE: {State.SENT, State.WITHDRAWN},
    State.SENT: {State.REPORTED, State.DISPUTED, State.WITHDRAWN},
    State.DISPUTED: {State.SENT, State.WITHDRAWN},
    State.REPORTED: {State.SENT, State.PAID},
    State.PAID: {State.SENT},
    State.WITHDRAWN: set[State](),
}
Said = tuple[State, UUID, date | None, Reason | None]


@dataclass
class ModelInvoice:
    """An invoice; `payee_id` is None for the organisation of the one line."""

    payer_id: int
    payee_id: int | None
    month: date
    lines: dict[AccountId, int]
    steps: list[Said]
    follows: "ModelInvoice | None" = None
    followers: list["ModelInvoice"] = field(default_factory=list)

    @property
    def state(self) -> State:
        return self.steps[-1][0]

    @property
    def cents(self) -> int:
        return CENTS * sum(self.lines.values())


class Invoices(Papers):
    """Invoices in the order in which they were made; sums follow from their states."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.invoices: list[ModelInvoice] = []
        self.came_in: dict[AccountId, list[date]] = {}

    def redeem(self, *, key: str, actor: UUID, serial: str, provider: AccountId) -> Booking:
        booked = super().redeem(key=key, actor=actor, serial=serial, provider=provider)
        if not booked.hit:
            self.came_in.setdefault(provider, []).append(month_of(self.now))
        return booked

    def bill(  # noqa: PLR0913  # as the ledger's own
        self, *, key: str, actor: UUID, municipality_id: int, payer_id: int, payee_id: int, month: date,
        accounts: Sequence[AccountId],
    ) -> Booking:  # fmt: skip
        if municipality_id not in (payer_id, payee_id):
            raise UnknownInvoice

        def book() -> ModelTransfer:
            if month >= month_of(self.now):
                raise MonthNotOver
            due = {id: self._due(id, month) for id in sorted(accounts) if self._provider(id, payer_id)}
            lines = {id: number for id, number in due.items() if number}
            if not lines:
                raise NothingDue
            return self._make(payer_id, payee_id, month, lines, actor)

        return self._once(actor, "invoice", key, (payer_id, payee_id, month, tuple(sorted(accounts))), book)

    def owe(  # the same
        self, *, key: str, actor: UUID, municipality_id: int, month: date, provider: AccountId, vouchers: int
    ) -> Booking:
        def book() -> ModelTransfer:
            if month > month_of(self.now):
                raise MonthNotOver
            self._provider(provider, municipality_id)
            if vouchers > self.providers[provider][1]:
                raise Overdrawn
            return self._make(municipality_id, None, month, {provider: vouchers}, actor)

        return self._once(actor, "invoice", key, (municipality_id, month, provider, vouchers), book)

    def step_invoice(  # the same
        self, *, actor: UUID, invoice: ModelInvoice, municipality_id: int, state: State,
        paid_on: date | None = None, reason: Reason | None = None,
    ) -> None:  # fmt: skip
        if municipality_id not in (invoice.payer_id, invoice.payee_id):
            raise UnknownInvoice
        if invoice.steps[-1] == (state, actor, paid_on, reason):
            return
        self._may_step(invoice, municipality_id, (state, actor, paid_on, reason))
        was, said = invoice.state, (state, actor, paid_on, reason)
        if state is State.WITHDRAWN:
            self._back_to_providers(invoice)
        elif state is State.PAID and invoice.payee_id is not None:
            for account, vouchers in invoice.lines.items():
                passed = ModelInvoice(invoice.payee_id, None, invoice.month, {account: vouchers},
                                      [(State.MADE, actor, None, None)], invoice)  # fmt: skip
                self.invoices.append(passed)
                invoice.followers.append(passed)
        elif was is State.PAID:
            self._withdraw_followers(invoice, (State.WITHDRAWN, actor, None, reason))
        invoice.steps.append(said)

    def set_aside(self, municipality_id: int) -> int:
        """Cents of what is still to be paid by this municipality."""
        return sum(
            one.cents
            for one in self.invoices
            if one.payer_id == municipality_id and one.state not in (State.PAID, State.WITHDRAWN)
        )

    def paid_to(self, municipality_id: int, other: int) -> int:
        """Cents that one municipality paid another, less what it was paid by it."""
        ways = {(municipality_id, other): 1, (other, municipality_id): -1}
        return sum(
            one.cents * ways.get((one.payer_id, one.payee_id or 0), 0)
            for one in self.invoices
            if one.state is State.PAID
        )

    def got(self, municipality_id: int) -> int:
        """Cents that organisations got from this municipality."""
        return sum(
            one.cents
            for one in self.invoices
            if one.state is State.PAID and one.payee_id is None and one.payer_id == municipality_id
        )

    def _may_step(self, invoice: ModelInvoice, municipality_id: int, said: Said) -> None:
        state, actor, paid_on, reason = said
        creditor = invoice.payer_id if invoice.payee_id is None else invoice.payee_id
        side = None
        if state in (State.DISPUTED, State.REPORTED):
            side = invoice.payer_id
        elif state is State.WITHDRAWN or invoice.state is State.MADE:
            side = creditor
        takes_back = state in (State.DISPUTED, State.WITHDRAWN) or invoice.state is State.PAID
        today = self.now.astimezone(AMSTERDAM).date()
        wrong: list[tuple[Callable[[], bool], type[LedgerError]]] = [
            (lambda: state not in NEXT[invoice.state], InvoiceStands),
            (lambda: state is State.WITHDRAWN and invoice.follows is not None, InvoiceStands),
            (lambda: side is not None and side != municipality_id, OtherSide),
            (lambda: (state is State.REPORTED) != (paid_on is not None), InvalidInput),
            (lambda: paid_on is not None and not invoice.month <= paid_on <= today, InvalidInput),
            (lambda: takes_back != (reason is not None), InvalidInput),
            (lambda: state is State.PAID and invoice.steps[-1][1] == actor, OwnInterest),
        ]
        for is_wrong, error in wrong:
            if is_wrong():
                raise error

    def _provider(self, id: AccountId, municipality_id: int) -> bool:
        if id not in self.providers:
            raise WrongAccount if id in self.accounts or id in self.tills else UnknownAccount
        if self.providers[id][0] != municipality_id:
            raise WrongAccount
        return True

    def _due(self, id: AccountId, month: date) -> int:
        later = sum(came > month for came in self.came_in.get(id, []))
        return max(0, self.providers[id][1] - later)

    def _make(
        self, payer_id: int, payee_id: int | None, month: date, lines: dict[AccountId, int], actor: UUID
    ) -> ModelTransfer:
        for id, vouchers in lines.items():
            place, waiting = self.providers[id]
            self.providers[id] = place, waiting - vouchers
        self.invoices.append(
            ModelInvoice(payer_id, payee_id, month, lines, [(State.MADE, actor, None, None)])
        )
        return self._counted(sum(lines.values()))

    def _back_to_providers(self, invoice: ModelInvoice) -> None:
        for id, vouchers in invoice.lines.items():
            place, waiting = self.providers[id]
            self.providers[id] = place, waiting + vouchers

    @staticmethod
    def _withdraw_followers(invoice: ModelInvoice, said: Said) -> None:
        still = [one for one in invoice.followers if one.state is not State.WITHDRAWN]
        if any(one.state in (State.REPORTED, State.PAID) for one in still):
            raise PassedOn
        for one in still:
            one.steps.append(said)
