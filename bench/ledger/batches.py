"""Many payments in one transaction, with every guard and hash, beside a bare COPY of the same rows."""

import io
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from sqlalchemy import create_engine, make_url

import rewards
from bench.ledger.books import Server, members_of
from bench.ledger.places import ACTOR, Places
from rewards import AccountId

PAYEES = 100
TRANSFERS = (
    "COPY (SELECT id, batch_id, kind, unit, debit_id, credit_id, amount, payer, payee FROM ledger.transfer"
    " WHERE batch_id = {batch}) TO STDOUT"
)
ENTRIES = (
    "COPY (SELECT account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash FROM ledger.entry e"
    " JOIN ledger.transfer t ON t.id = e.transfer_id WHERE t.batch_id = {batch}) TO STDOUT"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Transfers a second, and microseconds of the server's CPU for each."""

    per_second: float
    server_cpu_us: float


class PayMany:
    """One organiser and a hundred helpers."""

    def __init__(self, places: Places, members: list[int]) -> None:
        self._engine = create_engine(places.application_url, pool_size=1)
        self._payer, self._payees = AccountId(members[0]), [AccountId(member) for member in members[1:]]

    def write(self) -> int:
        """One batch, committed; returns its id."""
        payments = [(payee, random.randint(1, 3)) for payee in self._payees]
        with self._engine.begin() as connection:
            booking = rewards.pay_many(
                connection, key=str(uuid4()), actor=ACTOR, payer=self._payer, payments=payments
            )
        return int(booking.batch)

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()


class BareCopy:
    """The rows of one batch, copied into tables without a key, an index or a guard."""

    def __init__(self, places: Places, batch: int) -> None:
        url = make_url(places.owner_url).set(drivername="postgresql")
        self._connection = psycopg.connect(url.render_as_string(hide_password=False))
        self._transfers, self._entries = (
            self._rows(query.format(batch=batch)) for query in (TRANSFERS, ENTRIES)
        )

    def _rows(self, query: str) -> bytes:
        into = io.BytesIO()
        with self._connection.cursor().copy(query) as copy:
            for part in copy:
                into.write(part)
        return into.getvalue()

    def write(self) -> int:
        """The same rows once more, committed."""
        cursor = self._connection.cursor()
        for table, rows in (("copied_transfer", self._transfers), ("copied_entry", self._entries)):
            with cursor.copy(f"COPY plain.{table} FROM STDIN") as copy:
                copy.write(rows)
        self._connection.commit()
        return 0

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def timed(server: Server, write: Callable[[], int], seconds: float) -> Figures:
    """One client, batch after batch."""
    before, begin, batches = server.cpu_s(), time.perf_counter(), 0
    while (took := time.perf_counter() - begin) < seconds:
        write()
        batches += 1
    many = batches * PAYEES
    return Figures(many / took, (server.cpu_s() - before) / many * 1e6)


def measured(server: Server, rounds: int, seconds: float) -> tuple[list[Figures], list[Figures]]:
    """Both, in turn."""
    engine = create_engine(server.places.owner_url)
    with engine.begin() as owner:
        members = members_of(owner, PAYEES + 1)
    engine.dispose()
    first = PayMany(server.places, members)
    batch = [first.write() for _ in range(20)][-1]
    first.close()
    server.know_itself()
    ours, bare = PayMany(server.places, members), BareCopy(server.places, batch)
    pairs = [(timed(server, ours.write, seconds), timed(server, bare.write, seconds)) for _ in range(rounds)]
    ours.close()
    bare.close()
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
