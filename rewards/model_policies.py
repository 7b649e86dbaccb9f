"""The pure model's policies: see `rewards.model`."""

from datetime import datetime
from uuid import UUID

from rewards.errors import PolicyInPast, WrongAccount
from rewards.model import Ledger, ModelAccount, ModelTransfer
from rewards.policies import Terms
from rewards.types import AccountId, AccountKind, AccountStatus, Booking, TransferId, TransferKind

FOLLOWERS = (AccountKind.MEMBER, AccountKind.ORGANISATION)


class Policies(Ledger):
    """Limits that follow a municipality's terms, and grow with what was earned."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.policies: list[tuple[int, datetime, Terms]] = []

    def terms(self, municipality_id: int) -> Terms:
        """What holds now; of two that begin together the one set last."""
        begun = [
            (since, number)
            for number, (where, since, _) in enumerate(self.policies)
            if where == municipality_id and since <= self.now
        ]
        return self.policies[max(begun)[1]][2] if begun else Terms()

    def set_policy(self, *, municipality_id: int, terms: Terms, valid_from: datetime | None = None) -> None:
        """Without keys."""
        if valid_from is not None and valid_from < self.now:
            raise PolicyInPast
        self.policies.append((municipality_id, valid_from or self.now, terms))

    def apply_policy(self, municipality_id: int) -> None:
        """All accounts in one step."""
        for account in self.accounts.values():
            if account.municipality_id == municipality_id:
                self._follow(account)

    def follow_policy(self, account: AccountId) -> None:
        found = self._account(account)
        if found.kind not in FOLLOWERS:
            raise WrongAccount
        self._not_closed(account).personal = False
        self._follow(found)

    def _follow(self, account: ModelAccount) -> None:
        if account.kind in FOLLOWERS and not account.personal and account.status is not AccountStatus.CLOSED:
            terms = self.terms(account.municipality_id)
            account.floor, account.ceiling = terms.floor_for(account.earned), terms.ceiling

    def _end(self, hold: ModelTransfer, kind: TransferKind, minutes: int = 0) -> ModelTransfer:
        ended = super()._end(hold, kind, minutes)
        if kind is TransferKind.SETTLE:
            self._earn(ended.legs[-1][1], minutes)
        return ended

    def reverse(self, *, key: str, actor: UUID, transfer: TransferId) -> Booking:
        booking = super().reverse(key=key, actor=actor, transfer=transfer)
        original = self.transfers[transfer]
        if original.kind is TransferKind.SETTLE and not booking.hit:
            self._earn(original.legs[-1][1], -original.amount)
        return booking

    def _earn(self, account: ModelAccount, minutes: int) -> None:
        if account.kind not in FOLLOWERS:
            return
        account.earned += minutes
        if not account.personal:
            account.floor = self.terms(account.municipality_id).floor_for(account.earned)
