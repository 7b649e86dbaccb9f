"""The pure model's papers: cheques for cash, and Roosjes on paper. See `rewards.model`.

Cheques and cash are counted, not chained: what the chain does is the same for every unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rewards.errors import (
    AccountNotOpen,
    ExpiryInPast,
    MistypedSerial,
    SerialRefused,
    UnknownAccount,
    WrongAccount,
)
from rewards.model import ModelAccount, ModelTransfer
from rewards.model_moving import Moving
from rewards.model_policies import FOLLOWERS
from rewards.types import (
    AccountId,
    AccountKind,
    AccountStatus,
    BatchId,
    Booking,
    SerialId,
    TransferKind,
    Unit,
)

CENTS = 1500


@dataclass
class ModelPaper:
    """A paper; ``ending`` is "" while it is out."""

    text: str
    unit: Unit
    amount: int
    source: AccountId
    batch: BatchId
    municipality_id: int
    expires_at: datetime
    ending: str = ""


class Papers(Moving):
    """Papers by number, and the few sums beside the accounts of minutes: tills, providers, suspense."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.papers: dict[SerialId, ModelPaper] = {}
        self.tills: dict[AccountId, tuple[int, int]] = {}
        """Per desk: municipality and cents."""
        self.providers: dict[AccountId, tuple[int, int]] = {}
        """Per provider: municipality, and cheques that are on no invoice."""
        self.suspense: dict[int, ModelAccount] = {}

    def sell(
        self,
        *,
        key: str,
        actor: UUID,
        desk: AccountId,
        vouchers: int,
        expires_at: datetime,
        texts: Sequence[str],
    ) -> Booking:
        """``texts`` are the serials, which whoever plays read off the papers."""

        def book() -> ModelTransfer:
            municipality_id, cents = self._till(desk)
            if expires_at <= self.now:
                raise ExpiryInPast
            self._write_papers(texts, Unit.VOUCHER, 1, (desk, municipality_id, expires_at))
            self.tills[desk] = municipality_id, cents + CENTS * vouchers
            return self._counted(vouchers)

        return self._once(actor, "sell", key, (desk, vouchers, expires_at), book)

    def issue(  # noqa: PLR0913  # as the ledger's own
        self, *, key: str, actor: UUID, account: AccountId, papers: int, minutes: int, expires_at: datetime,
        texts: Sequence[str],
    ) -> Booking:  # fmt: skip
        def book() -> ModelTransfer:
            issuer = self._holder(account)
            if expires_at <= self.now:
                raise ExpiryInPast
            made = self._book_all([(((issuer, self._waiting(issuer.municipality_id)),), papers * minutes)])
            self._write_papers(texts, Unit.ROOSJE_MIN, minutes, (account, issuer.municipality_id, expires_at))
            return made

        return self._once(actor, "issue", key, (account, papers, minutes, expires_at), book)

    def redeem(self, *, key: str, actor: UUID, serial: str, provider: AccountId) -> Booking:
        def book() -> ModelTransfer:
            if provider not in self.providers:
                raise WrongAccount if provider in self.accounts or provider in self.tills else UnknownAccount
            paper = self._out(serial, Unit.VOUCHER)
            municipality_id, waiting = self.providers[provider]
            if paper.municipality_id != municipality_id:
                raise SerialRefused
            paper.ending = "redeemed"
            self.providers[provider] = municipality_id, waiting + 1
            return self._counted(1)

        return self._once(actor, "redeem", key, (self._read(serial), provider), book)

    def refund(self, *, key: str, actor: UUID, serial: str, desk: AccountId) -> Booking:
        def book() -> ModelTransfer:
            self._till(desk)
            return self._refund([self._from(self._out(serial, Unit.VOUCHER), desk)], desk)

        return self._once(actor, "refund", key, (self._read(serial), desk), book)

    def refund_sale(self, *, key: str, actor: UUID, sale: BatchId, desk: AccountId) -> Booking:
        def book() -> ModelTransfer:
            self._till(desk)
            sold = [
                paper
                for paper in self.papers.values()
                if paper.batch == sale and paper.source == desk and paper.expires_at > self.now
            ]
            if not sold or any(paper.ending for paper in sold):
                raise SerialRefused
            return self._refund(sold, desk)

        return self._once(actor, "refund", key, ("sale", sale, desk), book)

    def refund_lost(self, *, key: str, actor: UUID, paper: SerialId, desk: AccountId) -> Booking:
        def book() -> ModelTransfer:
            self._till(desk)
            return self._refund([self._from(self._numbered(paper, Unit.VOUCHER), desk)], desk)

        return self._once(actor, "refund", key, ("lost", paper, desk), book)

    def hand_in(self, *, key: str, actor: UUID, serial: str, account: AccountId) -> Booking:
        def book() -> ModelTransfer:
            holder = self._holder(account)
            paper = self._out(serial, Unit.ROOSJE_MIN)
            legs = self._way(paper.municipality_id, holder)
            made = self._book_all([(legs, paper.amount)])
            paper.ending = "redeemed"
            return made

        return self._once(actor, "hand_in", key, (self._read(serial), account), book)

    def take_back(self, *, key: str, actor: UUID, paper: SerialId, account: AccountId) -> Booking:
        def book() -> ModelTransfer:
            issuer = self._holder(account)
            found = self._from(self._numbered(paper, Unit.ROOSJE_MIN), account)
            made = self._book_all([(((self._waiting(found.municipality_id), issuer),), found.amount)])
            found.ending = "refunded"
            return made

        return self._once(actor, "take_back", key, (paper, account), book)

    def due_papers(self) -> list[SerialId]:
        """Papers past their date that are still out, in the order in which they lapse."""
        due = [id for id, paper in self.papers.items() if not paper.ending and paper.expires_at <= self.now]
        return sorted(due, key=lambda id: (self.papers[id].expires_at, id))

    def lapse_papers(self, ids: Iterable[SerialId], to: AccountId | None = None) -> None:
        """End them; `to` is where a paper Roosje's minutes go when its issuer's account is closed."""
        for id in ids:
            paper = self.papers[id]
            paper.ending = "lapsed"
            if paper.unit is Unit.ROOSJE_MIN:
                source = self.accounts[paper.source]
                if source.status is AccountStatus.CLOSED and to is not None:
                    source = self.accounts[to]
                waiting = self._waiting(paper.municipality_id)
                waiting.deltas.append(-paper.amount)
                source.deltas.append(paper.amount)
                self._write(TransferKind.PAY, ((waiting, source),), paper.amount)

    def _read(self, serial: str) -> str:
        """The serial as it was printed; the model knows every paper by the text that was read off it."""
        plain = "".join(character for character in serial.upper() if character.isalnum())
        plain = plain.replace("O", "0").replace("I", "1").replace("L", "1")
        if len(plain) != 27:
            raise MistypedSerial
        return plain

    def _out(self, serial: str, unit: Unit) -> ModelPaper:
        plain = self._read(serial)
        for paper in self.papers.values():
            same = (self._read(paper.text), paper.unit, paper.ending) == (plain, unit, "")
            if same and paper.expires_at > self.now:
                return paper
        raise SerialRefused

    def _numbered(self, id: SerialId, unit: Unit) -> ModelPaper:
        paper = self.papers.get(id)
        if paper is None:
            raise SerialRefused
        return self._out(paper.text, unit)

    @staticmethod
    def _from(paper: ModelPaper, source: AccountId) -> ModelPaper:
        if paper.source != source:
            raise SerialRefused
        return paper

    def _till(self, desk: AccountId) -> tuple[int, int]:
        if desk not in self.tills:
            raise WrongAccount if desk in self.accounts or desk in self.providers else UnknownAccount
        return self.tills[desk]

    def _holder(self, account: AccountId) -> ModelAccount:
        if account in self.tills or account in self.providers:
            raise WrongAccount
        holder = self._account(account)
        if holder.kind not in FOLLOWERS:
            raise WrongAccount
        if holder.status is not AccountStatus.OPEN:
            raise AccountNotOpen
        return holder

    def _waiting(self, municipality_id: int) -> ModelAccount:
        if municipality_id not in self.suspense:
            self.suspense[municipality_id] = ModelAccount(
                AccountId(-1000 - municipality_id),
                municipality_id,
                Unit.ROOSJE_MIN,
                AccountKind.SUSPENSE,
                0,
                10**12,
            )
        return self.suspense[municipality_id]

    def _way(self, of: int, holder: ModelAccount) -> tuple[tuple[ModelAccount, ModelAccount], ...]:
        """From where the paper was issued to who holds it; refused without trust of the second in the first."""
        waiting, to = self._waiting(of), holder.municipality_id
        if of == to:
            return ((waiting, holder),)
        if (to, of) not in self.trust:
            raise SerialRefused
        return ((waiting, self.clearing[of, to]), (self.clearing[to, of], holder))

    def _refund(self, papers: Sequence[ModelPaper], desk: AccountId) -> ModelTransfer:
        municipality_id, cents = self.tills[desk]
        for paper in papers:
            paper.ending = "refunded"
        self.tills[desk] = municipality_id, cents - CENTS * len(papers)
        return self._counted(len(papers))

    def _counted(self, amount: int) -> ModelTransfer:
        """A booking of which only the number counts here: its accounts are sums of the model."""
        return self._write(TransferKind.PAY, (), amount)

    def _write_papers(
        self, texts: Sequence[str], unit: Unit, amount: int, of: tuple[AccountId, int, datetime]
    ) -> None:
        source, municipality_id, expires_at = of
        for text in texts:
            id = SerialId(len(self.papers) + 1)
            batch = BatchId(len(self.transfers) + 1)
            self.papers[id] = ModelPaper(text, unit, amount, source, batch, municipality_id, expires_at)
