"""The pure model's bookings of many at once, and where the pot stands in: see `rewards.model`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from rewards.errors import (
    AccountNotOpen,
    AlreadyMadeWhole,
    KeyReused,
    NotEmpty,
    NotReversible,
    ReceiverCanBear,
    SameAccount,
    UnknownTransfer,
    WrongAccount,
)
from rewards.model import MOVING, ModelTransfer
from rewards.model_gifts import Gifts, Legs, shard_of
from rewards.model_policies import FOLLOWERS
from rewards.types import AccountId, AccountKind, AccountStatus, Booking, Departure, TransferId


class Departures(Gifts):
    """One to many, many from one, leaving, and the pot for what cannot be reversed."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.made_whole: set[TransferId] = set()
        self.restored: list[tuple[AccountId, datetime, int]] = []
        self.departures: dict[tuple[UUID, str], Departure] = {}

    def pay_many(
        self, *, key: str, actor: UUID, payer: AccountId, payments: Sequence[tuple[AccountId, int]]
    ) -> Booking:
        def book() -> ModelTransfer:
            if self._account(payer).kind is AccountKind.POT:
                raise WrongAccount
            routes = self._routes([(payer, payee) for payee, _ in payments])
            return self._book_all(
                [(legs, minutes) for legs, (_, minutes) in zip(routes, payments, strict=True)]
            )

        return self._once(actor, "pay_many", key, (payer, tuple(payments)), book)

    def share(
        self, *, key: str, actor: UUID, helper: AccountId, receivers: Sequence[AccountId], minutes: int
    ) -> Booking:
        def book() -> ModelTransfer:
            who = self._account(helper)
            others = [self._account(id) for id in receivers]
            if helper in receivers:
                raise SameAccount
            if any(account.kind not in FOLLOWERS for account in (who, *others)):
                raise WrongAccount
            others.sort(key=lambda account: account.municipality_id != who.municipality_id)
            shards = [self._pot(account.municipality_id)[shard_of(key)] for account in others[1:]]
            pairs = [(others[0].id, helper)]
            pairs += [(account.id, shard.id) for account, shard in zip(others[1:], shards, strict=True)]
            return self._book_all([(legs, minutes) for legs in self._routes(pairs)])

        return self._once(actor, "share", key, (helper, tuple(receivers), minutes), book)

    def make_whole(self, *, key: str, actor: UUID, transfer: TransferId) -> Booking:
        original = self.transfers.get(transfer)
        if original is None:
            raise UnknownTransfer
        if original.kind not in MOVING:
            raise NotReversible

        def book() -> ModelTransfer:
            wronged = self._grantee(original.legs[0][0].id, actor)
            self._require_unreversed(transfer)
            receiver = original.legs[-1][1]
            left = receiver.posted - receiver.held_out - original.amount
            if receiver.status is not AccountStatus.CLOSED and left >= receiver.floor:
                raise ReceiverCanBear
            terms = self.terms(wronged.municipality_id)
            within = timedelta(days=terms.eyes_days)
            before = self._granted_alone(wronged.id, within)
            before += sum(
                amount for to, at, amount in self.restored if to == wronged.id and at > self.now - within
            )
            paid = self._draw(wronged, key, original.amount, at_most=terms.eyes_above - before)
            self.made_whole.add(transfer)
            self.restored.append((wronged.id, self.now, original.amount))
            return paid

        return self._once(actor, "make_whole", key, transfer, book)

    def leave(self, *, key: str, actor: UUID, account: AccountId) -> Departure:
        leaver = self._grantee(account, actor)
        earlier = self.departures.get((actor, key))
        if earlier is not None:
            if earlier.account != account:
                raise KeyReused
            return Departure(account, earlier.balance, earlier.batch, earlier.transfer, hit=True)
        if leaver.status is AccountStatus.CLOSED:
            raise AccountNotOpen
        if leaver.held_out or leaver.held_in:
            raise NotEmpty
        balance, moved = leaver.posted, None
        if balance < 0:
            moved = self._draw(leaver, key, -balance, frozen=True)
        elif balance > 0:
            shard = self._pot(leaver.municipality_id)[shard_of(key)]
            if shard.status is not AccountStatus.OPEN:
                raise AccountNotOpen
            moved = self._book_all([(((leaver, shard),), balance)])
        leaver.status = AccountStatus.CLOSED
        first = Departure(account, balance, None, moved.id if moved else None, hit=False)
        self.departures[actor, key] = first
        return first

    def _routes(self, pairs: Sequence[tuple[AccountId, AccountId]]) -> list[Legs]:
        """All routes; that an account is not open counts after whatever is wrong with any of them."""
        routes, shut = [], False
        for payer, payee in pairs:
            try:
                routes.append(self._route(payer, payee))
            except AccountNotOpen:
                shut = True
        if shut:
            raise AccountNotOpen
        return routes

    def _require_unreversed(self, transfer: TransferId) -> None:
        super()._require_unreversed(transfer)
        if transfer in self.made_whole:
            raise AlreadyMadeWhole
