"""Four ways to move an amount from one account to another, each its own connection, each committed at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, Protocol

import psycopg
from sqlalchemy import create_engine, make_url

import rewards
from app.db import CONNECTING
from bench.ledger.orm import Orm
from bench.ledger.places import ACTOR, AMOUNT, Book, Places, Refused
from rewards import AccountId

OURS, OURS_PSYCOPG = "our functions, through rewards", "our functions, through psycopg"
ORM, PLAIN = "SQLAlchemy ORM with row locks", "the same guards in plain psycopg"


class Contender(Protocol):
    """A way to book, and its accounts."""

    book: Book

    def transfer(self, debit: int, credit: int, key: str) -> None:
        """Move one minute, committed."""

    def give(self, debit: int, shard: int, key: str) -> None:
        """Move one minute to the pot, which is in shards."""

    def close(self) -> None:
        """Let go of the connection."""


class Ours:
    """The functions as the program calls them."""

    def __init__(self, places: Places) -> None:
        self.book = places.ours
        self._engine = create_engine(places.application_url, pool_size=1, connect_args=CONNECTING)

    def transfer(self, debit: int, credit: int, key: str) -> None:
        """One call."""
        with self._engine.begin() as connection:
            rewards.pay(connection, key=key, actor=ACTOR, payer=AccountId(debit), payee=AccountId(credit),
                        minutes=AMOUNT)  # fmt: skip

    def give(self, debit: int, shard: int, key: str) -> None:
        """The function finds the shard by the key."""
        with self._engine.begin() as connection:
            rewards.donate(connection, key=key, actor=ACTOR, payer=AccountId(debit), minutes=AMOUNT)

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()


def _connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain)


class OursThroughPsycopg:
    """The functions without a layer in between."""

    def __init__(self, places: Places) -> None:
        self.book = places.ours
        self._connection = _connect(places.application_url)

    def transfer(self, debit: int, credit: int, key: str) -> None:
        """One call."""
        call = "SELECT ledger.pay(%s, %s, %s, %s, %s, NULL, NULL, NULL, NULL)"
        self._connection.execute(call, (key, ACTOR, debit, credit, AMOUNT))
        self._connection.commit()

    def give(self, debit: int, shard: int, key: str) -> None:
        """The function finds the shard by the key."""
        call = "SELECT ledger.donate(%s, %s, %s, %s, NULL, NULL, NULL)"
        self._connection.execute(call, (key, ACTOR, debit, AMOUNT))
        self._connection.commit()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


class Plain:
    """Key, limits with holds, running balance and hash chain in Python; six statements, prepared by psycopg."""

    def __init__(self, places: Places) -> None:
        self.book = places.others
        self._connection = _connect(places.owner_url)

    def transfer(self, debit: int, credit: int, key: str) -> None:
        """Claim the key, lock both rows in order, check, write, commit."""
        with self._connection.transaction():
            self._book(debit, credit, key)

    def give(self, debit: int, shard: int, key: str) -> None:
        """A shard is an account."""
        self.transfer(debit, shard, key)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _book(self, debit: int, credit: int, key: str) -> None:
        execute = self._connection.execute
        moment = datetime.now(UTC)
        body = sha256(f"{debit}|{credit}|{AMOUNT}".encode()).digest()
        claimed = execute(
            "INSERT INTO plain.batch (actor, operation, key, body_hash, booked_at) VALUES (%s, 'pay', %s, %s, %s)"
            " ON CONFLICT DO NOTHING RETURNING id",
            (ACTOR, key, body, moment),
        ).fetchone()
        if claimed is None:
            return self._again(key, body)
        rows = execute(
            "SELECT id, status, posted, held_out, held_in, entries, head, min_available, max_balance"
            " FROM plain.account WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE",
            ([debit, credit],),
        ).fetchall()
        accounts = {row[0]: row for row in rows}
        payer, payee = accounts[debit], accounts[credit]
        if payer[1] != "open" or payee[1] != "open":
            raise Refused
        if payer[2] - payer[3] - AMOUNT < payer[7] or payee[2] + payee[4] + AMOUNT > payee[8]:
            raise Refused
        made = execute(
            "INSERT INTO plain.transfer (batch_id, kind, debit_id, credit_id, amount)"
            " VALUES (%s, 'pay', %s, %s, %s) RETURNING id",
            (claimed[0], debit, credit, AMOUNT),
        ).fetchone()
        assert made is not None
        said = (
            f"{made[0]}|{claimed[0]}|pay|{debit}|{credit}|{AMOUNT}|{ACTOR}|{body.hex()}|{moment.timestamp()}"
        )
        lines = []
        for account, delta in ((payer, -AMOUNT), (payee, AMOUNT)):
            seq, balance, head = account[5] + 1, account[2] + delta, account[6]
            link = sha256((head or b"") + f"{account[0]}|{seq}|{delta}|{balance}|{said}".encode()).digest()
            lines.append((account[0], seq, made[0], delta, account[2], balance, head, link))
        execute(
            "INSERT INTO plain.entry (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s), (%s, %s, %s, %s, %s, %s, %s, %s)",
            (*lines[0], *lines[1]),
        )
        execute(
            "UPDATE plain.account a SET posted = v.posted, entries = v.entries, head = v.head"
            " FROM (VALUES (%s::bigint, %s::bigint, %s::bigint, %s::bytea), (%s, %s, %s, %s))"
            " AS v (id, posted, entries, head) WHERE a.id = v.id",
            tuple(value for line in lines for value in (line[0], line[5], line[1], line[7])),
        )
        return None

    def _again(self, key: str, body: bytes) -> None:
        row = self._connection.execute(
            "SELECT body_hash FROM plain.batch WHERE actor = %s AND operation = 'pay' AND key = %s",
            (ACTOR, key),
        ).fetchone()
        if row is None or row[0] != body:
            raise Refused


CONTENDERS: Final = (OURS, OURS_PSYCOPG, PLAIN, ORM)


def opened_as(name: str, places: Places) -> Contender:
    """A contender with a connection of its own."""
    made: dict[str, Callable[[Places], Contender]] = {
        OURS: Ours, OURS_PSYCOPG: OursThroughPsycopg, PLAIN: Plain, ORM: Orm
    }  # fmt: skip
    return made[name](places)
