"""A double entry as one writes it first with an ORM: the anchor of the bound.

Each row is fetched by its id and locked, objects are made, tied to each other and changed, and the session works out
what to write. `bench.ledger.orm_careful` is by somebody who counts statements.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from bench.ledger.places import AMOUNT, Places, Refused


class Base(DeclarativeBase):
    """The ORM's tables."""


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
    key: Mapped[str] = mapped_column(unique=True)
    debit_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    credit_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    amount: Mapped[int] = mapped_column(BigInteger)
    booked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    debit: Mapped[Account] = relationship(foreign_keys=debit_id)
    credit: Mapped[Account] = relationship(foreign_keys=credit_id)
    entries: Mapped[list["Entry"]] = relationship(back_populates="transfer")


class Entry(Base):
    """What it did to one account."""

    __tablename__ = "entry"
    __table_args__ = {"schema": "orm"}
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey(Transfer.id))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    delta: Mapped[int] = mapped_column(BigInteger)
    balance: Mapped[int] = mapped_column(BigInteger)
    transfer: Mapped[Transfer] = relationship(back_populates="entries")
    account: Mapped[Account] = relationship()


class Orm:
    """A double entry through mapped classes; rows are locked in order of their ids, so that nothing is lost."""

    def __init__(self, places: Places) -> None:
        self.book = places.others
        self._engine = create_engine(places.owner_url)

    def transfer(self, debit: int, credit: int, key: str) -> int:
        """Get both with a lock, look at the key, check, change, add, commit."""
        with Session(self._engine) as session:
            found = {id: session.get_one(Account, id, with_for_update=True) for id in sorted((debit, credit))}
            payer, payee = found[debit], found[credit]
            earlier = session.scalar(select(Transfer).where(Transfer.key == key))
            if earlier is not None:
                return earlier.id
            if payer.balance - AMOUNT < payer.floor:
                raise Refused
            payer.balance -= AMOUNT
            payee.balance += AMOUNT
            transfer = Transfer(key=key, debit=payer, credit=payee, amount=AMOUNT)
            transfer.entries = [
                Entry(account=payer, delta=-AMOUNT, balance=payer.balance),
                Entry(account=payee, delta=AMOUNT, balance=payee.balance),
            ]
            session.add(transfer)
            session.flush()
            booked = transfer.id  # after the commit this would be loaded again
            session.commit()
            return booked

    def give(self, debit: int, shard: int, key: str) -> int:
        """A shard is an account."""
        return self.transfer(debit, shard, key)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()
