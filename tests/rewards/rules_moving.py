"""Rules of the stateful test on moving house, and on words that are erased: see `tests.rewards.test_model`."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Column, Connection, Engine, MetaData, Table, UniqueConstraint, select
from sqlalchemy.orm import Session

import rewards
from app.roosjes import notes
from app.roosjes.models import RoosjesNote
from app.roosjes.notes import Words
from rewards import AccountId, AccountKind, check
from rewards.model_moving import Moving
from tests.rewards.factories import A, B

C = 855
"""A third municipality, so that somebody moves on before all came along."""
PLACES = (A, B, C)
pick = st.integers(0, 10**6)
minutes = st.sampled_from([1, 60, 300])
SAID = "Dank voor het bezoek aan mijn moeder"


def make_notes(engine: Engine) -> None:
    """The table of words as it is, without the people that it refers to: the ledger knows none."""
    columns = [
        Column(one.name, one.type, primary_key=one.primary_key, server_default=one.server_default)
        for one in RoosjesNote.__table__.columns
    ]
    Table("roosjes_note", MetaData(), *columns, UniqueConstraint("from_id", "key")).create(engine)


class MovingRules:
    """Everybody moves to and fro, with whatever stands open; what was left behind is carried along or not."""

    connection: Connection
    model: Moving
    account: Any
    accounts: list[AccountId]
    both: Any

    @rule(one=pick, place=st.sampled_from(PLACES))
    def move(self, one: int, place: int) -> None:
        """Both sides have the same account in use afterwards."""
        mover = self.model.accounts[self.account(one)]
        if mover.kind is not AccountKind.MEMBER or mover.owner is None:
            return
        ours = rewards.move_home(self.connection, mover.owner, place)
        theirs = self.model.move_home(mover.owner, place, ours.id)
        assert (ours.id, ours.status, ours.balance.floor, ours.balance.ceiling) == (
            theirs.id, theirs.status, theirs.floor, theirs.ceiling,
        )  # fmt: skip
        if ours.id not in self.accounts:
            self.accounts.append(ours.id)

    @rule(one=pick)
    def carry(self, one: int) -> None:
        self.both("carry_home", {"account": self.account(one)})

    @rule()
    def the_night_carries_all(self) -> None:
        for left in rewards.left_behind(self.connection):
            self.both("carry_home", {"account": left.id})


class WordRules:
    """Gifts with words, kept and erased by the application's own code; the ledger has a hash of them."""

    connection: Connection
    both: Any
    account: Any
    model: Any
    moves: list[Any]
    words: dict[bytes, tuple[UUID, UUID]]

    def begin_words(self) -> None:
        self.words = {}

    @rule(one=pick, other=pick, minutes=minutes)
    def pay_with_words(self, one: int, other: int, minutes: int) -> None:
        payer, payee = self.account(one), self.account(other)
        giver, getter = (self.model.accounts[id].owner for id in (payer, payee))
        if giver is None or getter is None:
            return
        key = str(uuid4())
        with Session(self.connection, join_transaction_mode="create_savepoint") as session:
            _, said = notes.keep(session, Words(giver, A, getter, None, key, f"{SAID} {key}"))
            session.commit()
        call = {"key": key, "actor": giver, "payer": payer, "payee": payee, "minutes": minutes}
        pair = self.both("pay", call | {"note_hash": said}, call)
        if pair:
            self.moves.append(pair)
            self.words[said] = giver, getter

    @precondition(lambda self: self.words)
    @rule(which=pick)
    def erase(self, which: int) -> None:
        """I20: whoever is erased leaves no words and no salt, and every chain verifies as before."""
        someone = list(self.words.values())[which % len(self.words)][which % 2]
        with Session(self.connection, join_transaction_mode="create_savepoint") as session:
            notes.forget(session, someone)
            left = session.execute(select(RoosjesNote.note_hash, RoosjesNote.salt, RoosjesNote.text)).all()
            session.commit()
        assert check.run(self.connection) == []
        gone = {said for said, parties in self.words.items() if someone in parties}
        kept = {row.note_hash for row in left}
        assert not gone & kept
        assert set(self.words) - gone <= kept
        assert all(notes.digest(row.salt, row.text) == row.note_hash for row in left)
        self.words = {said: parties for said, parties in self.words.items() if said not in gone}

    def compare_words(self) -> None:
        """The ledger has the hash of what was said, and never what was said."""
        held = self.connection.exec_driver_sql(
            "SELECT note_hash FROM ledger.batch WHERE note_hash IS NOT NULL"
        )
        assert set(self.words) <= {bytes(row[0]) for row in held}
        plain = "SELECT count(*) FROM ledger.batch b WHERE b::text LIKE %s"
        assert self.connection.exec_driver_sql(plain, (f"%{SAID}%",)).scalar_one() == 0
