"""The ledger once more, in memory and without a database: what the SQL must do, said in another way.

Tests run the same calls on both and compare. The arguments are those of `rewards.ledger`, the errors are the
same classes, and each is raised in the same order of precedence. Ids are the model's own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from rewards.errors import (
    AccountNotOpen,
    AlreadyReversed,
    DifferentUnits,
    ExpiryInPast,
    HoldEnded,
    HoldNotDue,
    HoldPastExpiry,
    KeyReused,
    LedgerError,
    MoreThanHeld,
    NotEmpty,
    NotReversible,
    NoTrust,
    Overdrawn,
    Overfull,
    SameAccount,
    TrustExhausted,
    UnknownAccount,
    UnknownHold,
    UnknownTransfer,
    WrongAccount,
)
from rewards.types import (
    SYSTEM,
    AccountId,
    AccountKind,
    AccountStatus,
    BatchId,
    Booking,
    TransferId,
    TransferKind,
    Unit,
)

BOOKED_ON = (AccountKind.MEMBER, AccountKind.ORGANISATION, AccountKind.POT)
MOVING = (TransferKind.SETTLE, TransferKind.PAY)


@dataclass
class ModelAccount:
    """An account; its entries are the list of what moved it."""

    id: AccountId
    municipality_id: int
    unit: Unit
    kind: AccountKind
    floor: int
    ceiling: int
    status: AccountStatus = AccountStatus.OPEN
    held_out: int = 0
    held_in: int = 0
    personal: bool = True
    owner: UUID | None = None
    shard: int = 0
    earned: int = 0
    moved_to: int | None = None
    narrowed: bool = False
    """Its limits are narrower for what the owner still owes elsewhere."""
    deltas: list[int] = field(default_factory=list)

    @property
    def posted(self) -> int:
        return sum(self.deltas)


@dataclass(frozen=True)
class ModelTransfer:
    """A transfer with all its legs: (debit, credit) pairs."""

    id: TransferId
    kind: TransferKind
    legs: tuple[tuple[ModelAccount, ModelAccount], ...]
    amount: int
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """What a booking does to one account."""

    account: ModelAccount
    delta: int = 0
    out: int = 0
    into: int = 0

    def check(self) -> None:
        """A limit stops what leads past it or further past it, never what leads back."""
        account = self.account
        available = account.posted - account.held_out + self.delta - self.out
        if self.delta - self.out < 0 and available < account.floor:
            raise TrustExhausted if account.kind is AccountKind.CLEARING else Overdrawn
        if (
            self.delta + self.into > 0
            and account.posted + account.held_in + self.delta + self.into > account.ceiling
        ):
            raise Overfull

    def apply(self) -> None:
        if self.delta:
            self.account.deltas.append(self.delta)
        self.account.held_out += self.out
        self.account.held_in += self.into


class Ledger:
    """The whole ledger of a region; `now` is set by whoever plays time."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.accounts: dict[AccountId, ModelAccount] = {}
        self.clearing: dict[tuple[int, int], ModelAccount] = {}
        self.trust: dict[tuple[int, int], int] = {}
        self.transfers: dict[TransferId, ModelTransfer] = {}
        self.ended: dict[TransferId, TransferKind] = {}
        self.reversed: set[TransferId] = set()
        self.keys: dict[tuple[UUID, str, str], tuple[object, Booking]] = {}

    def open_account(
        self, id: AccountId, municipality_id: int, kind: AccountKind, floor: int, ceiling: int
    ) -> ModelAccount:
        """An account for minutes under an id of the caller's choice."""
        self.accounts[id] = ModelAccount(id, municipality_id, Unit.ROOSJE_MIN, kind, floor, ceiling)
        return self.accounts[id]

    def set_limits(self, account: AccountId, *, floor: int, ceiling: int) -> None:
        found = self._not_closed(account)
        found.floor, found.ceiling, found.personal = floor, ceiling, True

    def set_status(self, account: AccountId, status: AccountStatus) -> None:
        found = self._not_closed(account)
        if status is AccountStatus.CLOSED and (found.posted or found.held_out or found.held_in):
            raise NotEmpty
        found.status = status

    def set_trust(self, *, municipality_id: int, counter_municipality_id: int, limit_minutes: int) -> None:
        pair = (municipality_id, counter_municipality_id)
        for m, k in (pair, pair[::-1]):
            if (m, k) not in self.clearing:
                self.clearing[m, k] = ModelAccount(
                    AccountId(-1 - len(self.clearing)), m, Unit.ROOSJE_MIN, AccountKind.CLEARING, 0, 10**12
                )
        self.trust[pair] = limit_minutes
        self.clearing[pair].floor = -limit_minutes

    def hold(
        self,
        *,
        key: str,
        actor: UUID,
        asker: AccountId,
        helper: AccountId,
        minutes: int,
        expires_at: datetime,
    ) -> Booking:
        def book() -> ModelTransfer:
            self._not_a_pot(asker)
            if expires_at <= self.now:
                raise ExpiryInPast
            legs = self._route(asker, helper)
            self._change(legs, held=minutes)
            return self._write(TransferKind.HOLD, legs, minutes, expires_at)

        return self._once(actor, "hold", key, (asker, helper, minutes, expires_at), book)

    def pay(self, *, key: str, actor: UUID, payer: AccountId, payee: AccountId, minutes: int) -> Booking:
        def book() -> ModelTransfer:
            legs = self._route(payer, payee)
            self._change(legs, moved=minutes)
            return self._write(TransferKind.PAY, legs, minutes)

        return self._once(actor, "pay", key, (payer, payee, minutes), book)

    def settle(self, *, key: str, actor: UUID, hold: TransferId, minutes: int) -> Booking:
        held = self._hold(hold)

        def book() -> ModelTransfer:
            self._require_unended(held)
            if self._is_due(held):
                raise HoldPastExpiry
            if minutes > held.amount:
                raise MoreThanHeld
            return self._end(held, TransferKind.SETTLE, minutes)

        return self._once(actor, "settle", key, (hold, minutes), book)

    def void(self, *, key: str, actor: UUID, hold: TransferId) -> Booking:
        held = self._hold(hold)

        def book() -> ModelTransfer:
            self._require_unended(held)
            return self._end(held, TransferKind.VOID)

        return self._once(actor, "void", key, hold, book)

    def expire(self, *, key: str, actor: UUID, hold: TransferId) -> Booking:
        held = self._hold(hold)

        def book() -> ModelTransfer:
            self._require_unended(held)
            if not self._is_due(held):
                raise HoldNotDue
            return self._end(held, TransferKind.EXPIRE)

        return self._once(actor, "expire", key, hold, book)

    def expire_due(self) -> list[TransferId]:
        """Without a limit: all of them."""
        due = [
            hold.id
            for hold in self.transfers.values()
            if hold.kind is TransferKind.HOLD and hold.id not in self.ended and self._is_due(hold)
        ]
        for id in due:
            self.expire(key=f"hold:{id}", actor=SYSTEM, hold=id)
        return due

    def reverse(self, *, key: str, actor: UUID, transfer: TransferId) -> Booking:
        original = self.transfers.get(transfer)
        if original is None:
            raise UnknownTransfer
        if original.kind not in MOVING:
            raise NotReversible

        def book() -> ModelTransfer:
            if any(side.status is AccountStatus.CLOSED for leg in original.legs for side in leg):
                raise AccountNotOpen
            self._require_unreversed(transfer)
            legs = tuple((credit, debit) for debit, credit in original.legs)
            self._change(legs, moved=original.amount)
            self.reversed.add(transfer)
            return self._write(TransferKind.REVERSE, legs, original.amount)

        return self._once(actor, "reverse", key, transfer, book)

    def _require_unreversed(self, transfer: TransferId) -> None:
        if transfer in self.reversed:
            raise AlreadyReversed

    def _once(
        self, actor: UUID, operation: str, key: str, body: object, book: Callable[[], ModelTransfer]
    ) -> Booking:
        earlier = self.keys.get((actor, operation, key))
        if earlier is None:
            transfer = book()
            first = Booking(BatchId(int(transfer.id)), transfer.id, hit=False)
            self.keys[actor, operation, key] = body, first
            return first
        if earlier[0] != body:
            raise KeyReused
        return Booking(earlier[1].batch, earlier[1].transfer, hit=True)

    def _route(
        self, payer_id: AccountId, payee_id: AccountId
    ) -> tuple[tuple[ModelAccount, ModelAccount], ...]:
        self._not_a_pot(payer_id)
        payer, payee = self._account(payer_id), self._account(payee_id)
        wrong: list[tuple[bool, type[LedgerError]]] = [
            (payer is payee, SameAccount),
            (payer.unit is not payee.unit, DifferentUnits),
            (payer.kind not in BOOKED_ON or payee.kind not in BOOKED_ON, WrongAccount),
        ]
        here, there = payer.municipality_id, payee.municipality_id
        wrong.append((here != there and (there, here) not in self.trust, NoTrust))
        wrong.append(
            (AccountStatus.OPEN is not payer.status or AccountStatus.OPEN is not payee.status, AccountNotOpen)
        )
        for is_wrong, error in wrong:
            if is_wrong:
                raise error
        if here == there:
            return ((payer, payee),)
        return (payer, self.clearing[here, there]), (self.clearing[there, here], payee)

    def _change(self, legs: Any, *, moved: int = 0, held: int = 0) -> None:
        changes = [
            change
            for debit, credit in legs
            for change in (Change(debit, -moved, out=held), Change(credit, moved, into=held))
        ]
        for change in changes:
            change.check()
        for change in changes:
            change.apply()

    def _end(self, hold: ModelTransfer, kind: TransferKind, minutes: int = 0) -> ModelTransfer:
        self._change(hold.legs, moved=minutes, held=-hold.amount)
        self.ended[hold.id] = kind
        return self._write(kind, hold.legs, minutes or hold.amount)

    def _write(
        self, kind: TransferKind, legs: Any, amount: int, expires_at: datetime | None = None
    ) -> ModelTransfer:
        transfer = ModelTransfer(TransferId(len(self.transfers) + 1), kind, legs, amount, expires_at)
        self.transfers[transfer.id] = transfer
        return transfer

    def _account(self, id: AccountId) -> ModelAccount:
        if id not in self.accounts:
            raise UnknownAccount
        return self.accounts[id]

    def _not_a_pot(self, id: AccountId) -> None:
        if self._account(id).kind is AccountKind.POT:
            raise WrongAccount

    def _not_closed(self, id: AccountId) -> ModelAccount:
        account = self._account(id)
        if account.status is AccountStatus.CLOSED:
            raise AccountNotOpen
        return account

    def _hold(self, id: TransferId) -> ModelTransfer:
        found = self.transfers.get(id)
        if found is None or found.kind is not TransferKind.HOLD:
            raise UnknownHold
        return found

    def _is_due(self, hold: ModelTransfer) -> bool:
        return hold.expires_at is not None and hold.expires_at <= self.now

    def _require_unended(self, hold: ModelTransfer) -> None:
        if hold.id in self.ended:
            raise HoldEnded
