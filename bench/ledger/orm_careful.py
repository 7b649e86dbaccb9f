"""The same double entry by somebody who counts statements: told beside the bound, which names the plain one.

Both rows in one SELECT, ids instead of relationships, and the key left to its constraint.
"""

from datetime import datetime

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.ledger.places import AMOUNT, Places, Refused


class Base(DeclarativeBase):
    """The same tables, mapped without relationships."""


class Account(Base):
    """A balance."""

    __tablename__ = "account"
    __table_args__ = {"schema": "orm"}
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    balance: Mapped[int] = mapped_column(BigInteger)
    floor: Mapped[int] = mapped_column(BigInteger)


class Transfer(Base):
    """What moved."""

    __tablename__ = "transfer"
    __table_args__ = {"schema": "orm"}
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str]
    debit_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    credit_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    amount: Mapped[int] = mapped_column(BigInteger)
    booked_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Entry(Base):
    """What it did to one account."""

    __tablename__ = "entry"
    __table_args__ = {"schema": "orm"}
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey(Transfer.id))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    delta: Mapped[int] = mapped_column(BigInteger)
    balance: Mapped[int] = mapped_column(BigInteger)


class OrmCareful:
    """A double entry through mapped classes; rows are locked in order, so that nothing is lost."""

    def __init__(self, places: Places) -> None:
        self.book = places.others
        self._engine = create_engine(places.owner_url)

    def transfer(self, debit: int, credit: int, key: str) -> int:
        """Read both with a lock, change, add, commit."""
        with Session(self._engine) as session, session.begin():
            rows = select(Account).where(Account.id.in_((debit, credit))).order_by(Account.id)
            found = {account.id: account for account in session.scalars(rows.with_for_update())}
            payer, payee = found[debit], found[credit]
            if payer.balance - AMOUNT < payer.floor:
                raise Refused
            transfer = Transfer(key=key, debit_id=debit, credit_id=credit, amount=AMOUNT)
            session.add(transfer)
            session.flush()
            for account, delta in ((payer, -AMOUNT), (payee, AMOUNT)):
                account.balance += delta
                session.add(Entry(transfer_id=transfer.id, account_id=account.id, delta=delta,
                                  balance=account.balance))  # fmt: skip
            return transfer.id

    def give(self, debit: int, shard: int, key: str) -> int:
        """A shard is an account."""
        return self.transfer(debit, shard, key)

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()
