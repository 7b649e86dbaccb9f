"""The pure model's nettings: what stood open at a month's end, cancelled against the pots with a yes of both."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from rewards.errors import (
    AccountNotOpen,
    MonthNotOver,
    NettingAnswered,
    NettingOutgrown,
    OwnInterest,
    PotEmpty,
    UnknownNetting,
)
from rewards.model_gifts import room_of, shard_of
from rewards.model_months import Months, month_of
from rewards.types import AccountStatus


@dataclass
class ModelNetting:
    """A proposal; `answers` maps a municipality to who answered and what."""

    taker_id: int
    giver_id: int
    month: date
    minutes: int
    answers: dict[int, tuple[UUID, bool]] = field(default_factory=dict)
    booked: bool = False


class Nettings(Months):
    """Proposals per pair and month."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.nettings: list[ModelNetting] = []

    def propose_netting(self, municipality_id: int, month: date) -> None:
        if month_of(self.now) <= month:
            raise MonthNotOver
        for (one, other), account in self.clearing.items():
            months = self.booked_in.get(int(account.id), [])
            stood = sum(d for d, booked in zip(account.deltas, months, strict=True) if booked <= month)
            if stood <= 0 or account.posted <= 0 or municipality_id not in (one, other):
                continue
            if not any((n.taker_id, n.giver_id, n.month) == (one, other, month) for n in self.nettings):
                self.nettings.append(ModelNetting(one, other, month, min(stood, account.posted)))

    def answer_netting(
        self, *, key: str, actor: UUID, netting: ModelNetting, municipality_id: int, approved: bool
    ) -> bool:
        """Whether it is booked by now; `key` is the ledger's own for this netting."""
        if municipality_id not in (netting.taker_id, netting.giver_id):
            raise UnknownNetting
        earlier = netting.answers.get(municipality_id)
        if earlier == (actor, approved):
            return netting.booked
        if earlier is not None or any(not yes for _, yes in netting.answers.values()):
            raise NettingAnswered
        if any(self._follows(one, netting) for one in self.nettings):
            raise NettingOutgrown
        if any(by == actor for by, _ in netting.answers.values()):
            raise OwnInterest
        if approved and netting.answers:
            self._book_netting(key, netting)
            netting.booked = True
        netting.answers[municipality_id] = (actor, approved)
        return netting.booked

    @staticmethod
    def _follows(one: ModelNetting, other: ModelNetting) -> bool:
        pair = {one.taker_id, one.giver_id}
        return pair == {other.taker_id, other.giver_id} and one.month > other.month

    def _book_netting(self, key: str, one: ModelNetting) -> None:
        owed, mirror = self.clearing[one.taker_id, one.giver_id], self.clearing[one.giver_id, one.taker_id]
        giving, receiving = self._pot(one.giver_id), self._pot(one.taker_id)[shard_of(key)]
        if any(account.status is AccountStatus.CLOSED for account in (*giving, receiving, owed, mirror)):
            raise AccountNotOpen
        if owed.posted < one.minutes:
            raise NettingOutgrown
        missing, moves = one.minutes, []
        for shard in sorted(giving, key=lambda shard: (-room_of(shard), shard.id)):
            part = min(missing, room_of(shard))
            if part:
                moves.append((((shard, mirror), (owed, receiving)), part))
            missing -= part
        if moves and receiving.status is not AccountStatus.OPEN:
            raise AccountNotOpen
        if missing:
            raise PotEmpty
        self._book_all(moves)
