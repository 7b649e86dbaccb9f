"""The pure model's moving house: see `rewards.model`."""

from uuid import UUID

from rewards.errors import NotEmpty, NoTrust, WrongAccount
from rewards.model import ModelAccount
from rewards.model_departures import Departures
from rewards.types import AccountId, AccountKind, AccountStatus, TransferKind, Unit


class Moving(Departures):
    """One account in use per person; the others keep what is owed until it is carried along."""

    def move_home(self, owner: UUID, municipality_id: int, id: AccountId) -> ModelAccount:
        """`id` is for the account that is opened when there is none here yet."""
        old = self._in_use(owner)
        mine = next((one for one in self._of(owner) if one.municipality_id == municipality_id), None)
        if old is None:
            return mine or self._opened(owner, municipality_id, id)
        if old is mine or (mine is not None and mine.status is AccountStatus.CLOSED):
            return old
        old.moved_to, old.personal, old.narrowed = municipality_id, True, False
        old.floor = old.ceiling = 0
        mine = mine or self._opened(owner, municipality_id, id)
        mine.moved_to, mine.status = None, old.status
        self._set_line(mine)
        return mine

    def carry_home(self, account: AccountId) -> None:
        old = self._account(account)
        mine = self._in_use(old.owner)
        if old.moved_to is None or mine is None:
            raise WrongAccount
        if old.held_out or old.held_in:
            raise NotEmpty
        if old.posted:
            self._carry(*((mine, old) if old.posted < 0 else (old, mine)), mine)
        if mine.narrowed:
            self._set_line(mine)

    def follow_policy(self, account: AccountId) -> None:
        self._in_place(account)
        super().follow_policy(account)
        self._set_line(self._account(account))

    def set_limits(self, account: AccountId, *, floor: int, ceiling: int) -> None:
        self._in_place(account)
        super().set_limits(account, floor=floor, ceiling=ceiling)
        self._account(account).narrowed = False

    def _carry(self, payer: ModelAccount, payee: ModelAccount, mine: ModelAccount) -> None:
        """Along both clearing accounts, whatever the limits of the one that takes it on."""
        here, there = payer.municipality_id, payee.municipality_id
        if (there, here) not in self.trust:
            raise NoTrust
        legs = (payer, self.clearing[here, there]), (self.clearing[there, here], payee)
        limits = mine.floor, mine.ceiling
        mine.floor, mine.ceiling = -(10**15), 10**15
        try:
            amount = abs((payer if payee is mine else payee).posted)
            self._change(legs, moved=amount)
            self._write(TransferKind.PAY, legs, amount)
        finally:
            mine.floor, mine.ceiling = limits

    def _set_line(self, mine: ModelAccount) -> None:
        owed = sum(max(0, one.held_out - one.posted) for one in self._of(mine.owner) if one.moved_to)
        terms = self.terms(mine.municipality_id)
        mine.personal = mine.narrowed = owed > 0
        mine.floor, mine.ceiling = min(0, terms.floor_for(mine.earned) + owed), terms.ceiling

    def _in_place(self, account: AccountId) -> None:
        if self._account(account).moved_to is not None:
            raise WrongAccount

    def _of(self, owner: UUID | None) -> list[ModelAccount]:
        mine = (AccountKind.MEMBER, Unit.ROOSJE_MIN, owner)
        return [one for one in self.accounts.values() if owner and (one.kind, one.unit, one.owner) == mine]

    def _in_use(self, owner: UUID | None) -> ModelAccount | None:
        standing = (
            one for one in self._of(owner) if one.moved_to is None and one.status is not AccountStatus.CLOSED
        )
        return next(standing, None)

    def _opened(self, owner: UUID, municipality_id: int, id: AccountId) -> ModelAccount:
        terms = self.terms(municipality_id)
        opened = self.open_account(id, municipality_id, AccountKind.MEMBER, terms.floor, terms.ceiling)
        opened.owner, opened.personal = owner, False
        return opened
