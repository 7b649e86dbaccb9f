"""The words of the ledger: units, kinds, ids and what its functions return.

Amounts are whole numbers of the account's unit: minutes of Roosjes (60 are one Roosje), vouchers, cents.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", int)
TransferId = NewType("TransferId", int)
BatchId = NewType("BatchId", int)
QuestionId = NewType("QuestionId", int)
SerialId = NewType("SerialId", int)
PeriodId = NewType("PeriodId", int)
AllowanceId = NewType("AllowanceId", int)

SYSTEM = UUID(int=0)
"""The actor of what the ledger does by itself, such as letting a hold expire."""


class Unit(StrEnum):
    """What is counted; a transfer has exactly one, and none is exchanged for another."""

    ROOSJE_MIN = "ROOSJE_MIN"
    VOUCHER = "VOUCHER"
    EURCENT = "EURCENT"
    WELFARE_CENT = "WELFARE_CENT"


class AccountKind(StrEnum):
    """Whose account it is. Members, organisations and providers have an owner, the others have none."""

    MEMBER = "member"
    ORGANISATION = "organisation"
    POT = "pot"
    ISSUER = "issuer"
    DESK = "desk"
    PROVIDER = "provider"
    CLEARING = "clearing"
    SUSPENSE = "suspense"
    EXPIRED = "expired"


class AccountStatus(StrEnum):
    """frozen: nothing new, what was agreed is still settled; closed: empty, for good."""

    OPEN = "open"
    FROZEN = "frozen"
    CLOSED = "closed"


class TransferKind(StrEnum):
    """hold, void and expire move nothing; the others do."""

    HOLD = "hold"
    SETTLE = "settle"
    VOID = "void"
    EXPIRE = "expire"
    PAY = "pay"
    REVERSE = "reverse"


class Reason(StrEnum):
    """Why something was taken back or let go."""

    BOOKED_BY_MISTAKE = "booked_by_mistake"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_PARTY = "wrong_party"
    NOT_DELIVERED = "not_delivered"
    CANCELLED = "cancelled"
    DISPUTE = "dispute"
    OTHER = "other"


class Outcome(StrEnum):
    """How a question ends; one that nobody answered in time lapses by itself."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Balance:
    """An account's position. `available` is posted less what is held; down to `floor` it may be spent."""

    posted: int
    held_out: int
    held_in: int
    floor: int
    ceiling: int

    @property
    def available(self) -> int:
        """What is left when all open holds are settled in full; below zero on credit."""
        return self.posted - self.held_out

    @property
    def spendable(self) -> int:
        """How much more can go out now; zero for an account past its floor."""
        return max(0, self.available - self.floor)

    @property
    def receivable(self) -> int:
        """How much more can come in now; zero for an account past its ceiling."""
        return max(0, self.ceiling - self.posted - self.held_in)


@dataclass(frozen=True, slots=True)
class Account:
    """One holder's place for one unit. A municipality is its CBS number; an owner is a pseudonym."""

    id: AccountId
    municipality_id: int
    unit: Unit
    kind: AccountKind
    owner: UUID | None
    counter_municipality_id: int | None
    shard: int
    status: AccountStatus
    balance: Balance


@dataclass(frozen=True, slots=True)
class Booking:
    """What a call booked. `transfer` is the handle for settle, void and reverse.

    With `hit`, the key was used before for the same request: this is what it booked then.
    """

    batch: BatchId
    transfer: TransferId
    hit: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits now; with `hit`, the key asked it before."""

    question: QuestionId
    hit: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a question, and what it booked when that was yes."""

    question: QuestionId
    outcome: Outcome
    batch: BatchId | None
    transfer: TransferId | None
    hit: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What waits for somebody: `operation` is pay or grant; a grant has no payer but the pot."""

    id: QuestionId
    operation: str
    payer: AccountId | None
    payee: AccountId
    amount: int
    asked_by: UUID
    beneficiary: UUID
    subject: UUID | None
    reason: str | None
    asked_at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """An account that was closed: `balance` went to the pot, or came out of it when below zero."""

    account: AccountId
    balance: int
    batch: BatchId | None
    transfer: TransferId | None
    hit: bool


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry of an account: `delta` moved it to `balance`."""

    seq: int
    transfer: TransferId
    kind: TransferKind
    delta: int
    balance: int
    counterparty: UUID | None
    """Pseudonym at the other end, also across municipalities; None for a pot."""
    subject: UUID | None
    """What it was about: a row of the application."""
    actor: UUID
    reason: str | None
    reverses: TransferId | None
    reversed_by: TransferId | None
    occurred_at: datetime
    booked_at: datetime
    operation: str
    """What happened: pay, settle, donate, grant, issue, ..."""
    note_hash: bytes | None
    """Salted hash of the words that came along, if any did."""


@dataclass(frozen=True, slots=True)
class OpenHold:
    """Minutes set aside: `delta` is what the account would change by if all were settled."""

    transfer: TransferId
    delta: int
    counterparty: UUID | None
    subject: UUID | None
    occurred_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ExpiredHold:
    """A hold that ended by itself."""

    hold: TransferId
    subject: UUID | None
    transfer: TransferId


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks an invariant: which, and the id of the offender."""

    invariant: str
    offender: str
    detail: str
