"""Five ways to move an amount from one account to another, each its own connection, each committed at once."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final, LiteralString, NamedTuple, Protocol
from uuid import UUID

import psycopg
from sqlalchemy import create_engine, make_url

import rewards
from bench.ledger.orm import Orm
from bench.ledger.orm_careful import OrmCareful
from bench.ledger.places import ACTOR, AMOUNT, Book, Places, Refused
from rewards import AccountId

OURS, OURS_PSYCOPG = "our functions, through rewards", "our functions, through psycopg"
ORM, CAREFUL = "naive SQLAlchemy ORM with row locks", "careful SQLAlchemy ORM with row locks"
PLAIN = "the same guards in plain psycopg"


class Contender(Protocol):
    """A way to book, and its accounts."""

    book: Book

    def transfer(self, debit: int, credit: int, key: str) -> int:
        """Move one minute, committed; which transfer that was."""

    def give(self, debit: int, shard: int, key: str) -> int:
        """Move one minute to the pot, which is in shards; which transfer that was."""

    def close(self) -> None:
        """Let go of the connection."""


class Ours:
    """The functions through the calls that the program makes.

    A booking is one statement, and so a transaction of its own: who only books says neither BEGIN nor COMMIT. In the
    program an act stands beside it, and pays for the transaction.
    """

    def __init__(self, places: Places) -> None:
        self.book = places.ours
        self._engine = create_engine(places.application_url, isolation_level="AUTOCOMMIT")
        self._connection = self._engine.connect()

    def transfer(self, debit: int, credit: int, key: str) -> int:
        """One call."""
        payer, payee = AccountId(debit), AccountId(credit)
        booked = rewards.pay(self._connection, key=key, actor=ACTOR, payer=payer, payee=payee, minutes=AMOUNT)
        return booked.transfer

    def give(self, debit: int, shard: int, key: str) -> int:
        """The function finds the shard by the key."""
        payer = AccountId(debit)
        return rewards.donate(self._connection, key=key, actor=ACTOR, payer=payer, minutes=AMOUNT).transfer

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
        self._engine.dispose()


def _connect(url: str, *, autocommit: bool = False) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=autocommit)


class OursThroughPsycopg:
    """The functions without a layer in between."""

    def __init__(self, places: Places) -> None:
        self.book = places.ours
        self._connection = _connect(places.application_url, autocommit=True)

    def transfer(self, debit: int, credit: int, key: str) -> int:
        """One call."""
        call = "SELECT ledger.pay(%s, %s, %s, %s, %s, NULL, NULL, NULL, NULL)"
        return self._booked(call, (key, ACTOR, debit, credit, AMOUNT))

    def give(self, debit: int, shard: int, key: str) -> int:
        """The function finds the shard by the key."""
        call = "SELECT ledger.donate(%s, %s, %s, %s, NULL, NULL, NULL)"
        return self._booked(call, (key, ACTOR, debit, AMOUNT))

    def _booked(self, call: LiteralString, values: tuple[Any, ...]) -> int:
        row = self._connection.execute(call, values).fetchone()
        assert row is not None
        return int(row[0].split(",")[1])  # (batch,transfer,hit)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


class Account(NamedTuple):
    """What a payment reads of an account, by the names of the columns."""

    id: int
    status: str
    kind: str
    unit: str
    municipality_id: int
    owner_pseudonym: UUID | None
    posted: int
    held_out: int
    held_in: int
    entries: int
    head: bytes | None
    floor: int
    ceiling: int
    min_available: int
    max_balance: int


class Plain:
    """What the functions do, in Python: six statements, prepared by psycopg, on the very tables of the ledger.

    So each guard that a table declares is the same for both, what it writes is the same to the byte, and the
    ledger's own check reads it afterwards. It knows only payments within a municipality and without a hold.
    On tables of its own, with the constraints that these six statements need, it took 0.7 of the server's CPU.
    """

    def __init__(self, places: Places) -> None:
        self.book = places.ours
        self._connection = _connect(places.owner_url)

    def transfer(self, debit: int, credit: int, key: str) -> int:
        """Claim the key, lock both rows in order, check, write, commit."""
        with self._connection.transaction():
            return self._book(debit, credit, key)

    def give(self, debit: int, shard: int, key: str) -> int:
        """A shard is an account."""
        return self.transfer(debit, shard, key)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _book(self, debit: int, credit: int, key: str) -> int:
        execute = self._connection.execute
        body = sha256(f"{debit}|{credit}|{AMOUNT}||||".encode()).digest()
        batch = execute(
            "INSERT INTO ledger.batch (actor, operation, key, body_hash, occurred_at, booked_at)"
            " SELECT %s, 'pay', %s, %s, moment, moment FROM ledger.now() moment"
            " ON CONFLICT (actor, operation, key) DO NOTHING RETURNING id, booked_at",
            (ACTOR, key, body),
        ).fetchone()
        if batch is None:
            return self._again(key, body)
        payer, payee = self._locked(debit, credit)
        made = execute(
            "INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, payer, payee)"
            " VALUES (%s, 'pay', %s, %s, %s, %s, %s, %s) RETURNING id",
            (batch[0], payer.unit, debit, credit, AMOUNT, payer.owner_pseudonym, payee.owner_pseudonym),
        ).fetchone()
        assert made is not None
        micros = round(batch[1].timestamp() * 1_000_000)
        said = (
            f"{made[0]}|{batch[0]}||pay|{payer.unit}|{debit}|{credit}|{AMOUNT}|{payer.owner_pseudonym or ''}"
            f"|{payee.owner_pseudonym or ''}|||{ACTOR}|pay|{body.hex()}||||{micros}|{micros}"
        )
        lines = [_line(payer, made[0], -AMOUNT, said), _line(payee, made[0], AMOUNT, said)]
        execute(
            "INSERT INTO ledger.entry (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s), (%s, %s, %s, %s, %s, %s, %s, %s)",
            (*lines[0], *lines[1]),
        )
        values = []
        for account, line in zip((payer, payee), lines, strict=True):
            lowest = min(account.floor, max(account.min_available, line[5] - account.held_out))
            highest = max(account.ceiling, min(account.max_balance, line[5] + account.held_in))
            values += [account.id, line[5], line[1], line[7], lowest, highest]
        execute(
            "UPDATE ledger.account a SET posted = v.posted, entries = v.entries, head = v.head,"
            " min_available = v.lowest, max_balance = v.highest"
            " FROM (VALUES (%s::bigint, %s::bigint, %s::bigint, %s::bytea, %s::bigint, %s::bigint),"
            " (%s, %s, %s, %s, %s, %s)) AS v (id, posted, entries, head, lowest, highest) WHERE a.id = v.id",
            values,
        )
        return int(made[0])

    def _locked(self, debit: int, credit: int) -> tuple[Account, Account]:
        rows = self._connection.execute(
            f"SELECT {', '.join(Account._fields)} FROM ledger.account"  # names of our own
            " WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE",
            ([debit, credit],),
        ).fetchall()
        found = {row[0]: Account(*row) for row in rows}
        payer, payee = found[debit], found[credit]
        if payer.kind == "pot" or (payer.unit, payer.municipality_id) != (payee.unit, payee.municipality_id):
            raise Refused
        if (payer.status, payee.status) != ("open", "open"):
            raise Refused
        if payer.posted - payer.held_out - AMOUNT < payer.min_available:
            raise Refused
        if payee.posted + payee.held_in + AMOUNT > payee.max_balance:
            raise Refused
        return payer, payee

    def _again(self, key: str, body: bytes) -> int:
        row = self._connection.execute(
            "SELECT body_hash, t.id FROM ledger.batch b JOIN ledger.transfer t ON t.batch_id = b.id"
            " WHERE actor = %s AND operation = 'pay' AND key = %s",
            (ACTOR, key),
        ).fetchone()
        if row is None or row[0] != body:
            raise Refused
        return int(row[1])


def _line(account: Account, transfer: int, delta: int, said: str) -> tuple[Any, ...]:
    """An entry, in the order of its columns."""
    seq, balance = account.entries + 1, account.posted + delta
    link = sha256((account.head or b"") + f"{account.id}|{seq}|{delta}|{balance}|{said}".encode()).digest()
    return account.id, seq, transfer, delta, account.posted, balance, account.head, link


CONTENDERS: Final = (OURS, OURS_PSYCOPG, PLAIN, CAREFUL, ORM)


def opened_as(name: str, places: Places) -> Contender:
    """A contender with a connection of its own."""
    made: dict[str, Callable[[Places], Contender]] = {
        OURS: Ours, OURS_PSYCOPG: OursThroughPsycopg, PLAIN: Plain, CAREFUL: OrmCareful, ORM: Orm
    }  # fmt: skip
    return made[name](places)
