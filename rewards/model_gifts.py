"""The pure model's pot, and what waits for somebody: see `rewards.model`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from rewards.errors import (
    AccountNotOpen,
    AlreadyDecided,
    KeyReused,
    LedgerError,
    NeedsSecondEyes,
    OwnInterest,
    PotEmpty,
    TooLateToDecide,
    UnknownQuestion,
    WrongAccount,
)
from rewards.model import ModelAccount, ModelTransfer
from rewards.model_policies import FOLLOWERS, Policies
from rewards.types import (
    SYSTEM,
    AccountId,
    AccountKind,
    AccountStatus,
    Asked,
    Booking,
    Outcome,
    QuestionId,
    TransferKind,
    Verdict,
)

SHARDS = 16
Legs = tuple[tuple[ModelAccount, ModelAccount], ...]


@dataclass(frozen=True)
class ModelQuestion:
    """What was asked; a grant has no payer."""

    operation: str
    key: str
    payer: AccountId | None
    payee: AccountId
    amount: int
    asked_by: UUID
    beneficiary: UUID
    lapses_at: datetime


def shard_of(key: str) -> int:
    """The number of the shard that a key goes to."""
    return sha256(key.encode()).digest()[0] % SHARDS


def room_of(account: ModelAccount) -> int:
    """What a shard can give now."""
    if account.status is not AccountStatus.OPEN:
        return 0
    return max(0, account.posted - account.held_out - account.floor)


class Gifts(Policies):
    """Gifts to and from a pot of sixteen shards, and questions with one answer."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.questions: dict[QuestionId, ModelQuestion] = {}
        self.asked: dict[tuple[UUID, str, str], tuple[object, QuestionId]] = {}
        self.verdicts: dict[QuestionId, Verdict] = {}
        self.decided: dict[tuple[UUID, str], tuple[QuestionId, Outcome]] = {}
        self.alone: list[tuple[AccountId, datetime, int]] = []
        """Grants that nobody else looked at."""

    def donate(self, *, key: str, actor: UUID, payer: AccountId, minutes: int) -> Booking:
        def book() -> ModelTransfer:
            giver = self._account(payer)
            if giver.kind not in FOLLOWERS:
                raise WrongAccount
            shard = self._pot(giver.municipality_id)[shard_of(key)]
            return self._book_all([(self._route(payer, shard.id), minutes)])

        return self._once(actor, "donate", key, (payer, minutes), book)

    def grant(self, *, key: str, actor: UUID, payee: AccountId, minutes: int) -> Booking:
        def book() -> ModelTransfer:
            getter = self._grantee(payee, actor)
            terms = self.terms(getter.municipality_id)
            if minutes > terms.eyes_above:
                raise NeedsSecondEyes
            before = self._granted_alone(payee, timedelta(days=terms.eyes_days))
            # The pot is asked before the sum is looked at: see ledger.grant.
            return self._draw(getter, key, minutes, at_most=terms.eyes_above - before)

        booking = self._once(actor, "grant", key, (payee, minutes), book)
        if not booking.hit:
            self.alone.append((payee, self.now, minutes))
        return booking

    def _granted_alone(self, payee: AccountId, within: timedelta) -> int:
        return sum(minutes for to, at, minutes in self.alone if to == payee and at > self.now - within)

    def ask(self, *, key: str, actor: UUID, payer: AccountId, payee: AccountId, minutes: int) -> Asked:
        def check() -> None:
            parties = [self.accounts.get(id) for id in (payer, payee)]
            pot = any(party and party.kind is AccountKind.POT for party in parties)
            try:
                self._route(payer, payee)
            except AccountNotOpen:
                if not pot:
                    raise
            if pot:
                raise WrongAccount

        return self._ask(actor, "pay", key, (payer, payee, minutes), check)

    def ask_grant(self, *, key: str, actor: UUID, payee: AccountId, minutes: int) -> Asked:
        return self._ask(actor, "grant", key, (None, payee, minutes), lambda: self._grantee(payee, actor))

    def decide(self, *, key: str, actor: UUID, question: QuestionId, outcome: Outcome) -> Verdict:
        asked = self.questions.get(question)
        if asked is None:
            raise UnknownQuestion
        earlier = self.decided.get((actor, key))
        if earlier is not None:
            if earlier != (question, outcome):
                raise KeyReused
            first = self.verdicts[question]
            return Verdict(question, outcome, first.batch, first.transfer, hit=True)
        if question in self.verdicts:
            raise AlreadyDecided
        if actor in (asked.asked_by, asked.beneficiary):
            raise OwnInterest
        if asked.payer is not None and self._account(asked.payer).owner != actor:
            raise OwnInterest
        if asked.lapses_at <= self.now:
            raise TooLateToDecide
        booked = self._carry_out(question, asked, actor) if outcome is Outcome.ACCEPTED else None
        self.decided[actor, key] = question, outcome
        batch, transfer = (booked.batch, booked.transfer) if booked else (None, None)
        self.verdicts[question] = Verdict(question, outcome, batch, transfer, hit=False)
        return self.verdicts[question]

    def lapse_questions(self) -> list[QuestionId]:
        """Without a limit: all of them."""
        due = [
            id
            for id, asked in self.questions.items()
            if id not in self.verdicts and asked.lapses_at <= self.now
        ]
        for id in due:
            self.verdicts[id] = Verdict(id, Outcome.LAPSED, None, None, hit=False)
        return due

    def _carry_out(self, id: QuestionId, asked: ModelQuestion, actor: UUID) -> Booking:
        key = f"pending:{id}"

        def book() -> ModelTransfer:
            if asked.payer is None:
                return self._draw(self._account(asked.payee), asked.key, asked.amount)
            return self._book_all([(self._route(asked.payer, asked.payee), asked.amount)])

        return self._once(actor, asked.operation, key, id, book)

    def _ask(
        self,
        actor: UUID,
        operation: str,
        key: str,
        body: tuple[AccountId | None, AccountId, int],
        check: Callable[[], object],
    ) -> Asked:
        earlier = self.asked.get((actor, operation, key))
        if earlier is not None:
            if earlier[0] != body:
                raise KeyReused
            return Asked(earlier[1], hit=True)
        check()
        payer, payee, amount = body
        getter = self._account(payee)
        id = QuestionId(len(self.questions) + 1)
        self.questions[id] = ModelQuestion(
            operation, key, payer, payee, amount, actor, getter.owner or SYSTEM,
            self.now + timedelta(days=self.terms(getter.municipality_id).asked_days),
        )  # fmt: skip
        self.asked[actor, operation, key] = body, id
        return Asked(id, hit=False)

    def _grantee(self, payee: AccountId, actor: UUID) -> ModelAccount:
        getter = self._account(payee)
        if getter.kind not in FOLLOWERS:
            raise WrongAccount
        if getter.owner == actor:
            raise OwnInterest
        return getter

    def _draw(
        self, payee: ModelAccount, key: str, minutes: int, *, frozen: bool = False, at_most: int | None = None
    ) -> ModelTransfer:
        shards = self._pot(payee.municipality_id)
        likely = shards[shard_of(key)]
        if room_of(likely) >= minutes:
            shards = [likely]
        if payee.status is not AccountStatus.OPEN and not frozen:
            raise AccountNotOpen
        if sum(map(room_of, shards)) < minutes:
            raise PotEmpty
        moves, missing = [], minutes
        for shard in sorted(shards, key=lambda shard: (-room_of(shard), shard.shard)):
            part = min(room_of(shard), missing)
            moves.append((((shard, payee),), part))
            missing -= part
            if not missing:
                break
        return self._book_all(moves, wanted=at_most is None or minutes <= at_most)

    def _pot(self, municipality_id: int) -> list[ModelAccount]:
        """The shards by number; whoever plays opens all of them."""
        shards = {
            account.shard: account
            for account in self.accounts.values()
            if account.kind is AccountKind.POT and account.municipality_id == municipality_id
        }
        return [shards[number] for number in range(SHARDS)]

    def _book_all(self, moves: Sequence[tuple[Legs, int]], *, wanted: bool = True) -> ModelTransfer:
        """All transfers of an event or none; returns the first. NeedsSecondEyes for what is not wanted."""
        done: list[Legs] = []
        try:
            for legs, amount in moves:
                self._change(legs, moved=amount)
                done.append(legs)
            if not wanted:
                raise NeedsSecondEyes
        except LedgerError:
            for account in (side for legs in reversed(done) for leg in legs for side in leg):
                account.deltas.pop()
            raise
        first, *_ = [self._write(TransferKind.PAY, legs, amount) for legs, amount in moves]
        return first
