"""Many payments in one transaction, with every guard and hash, beside a bare COPY of the same rows."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from sqlalchemy import create_engine, make_url

import rewards
from app.db import CONNECTING
from bench.ledger.books import Server, members_of
from bench.ledger.places import ACTOR, Places
from rewards import AccountId

PAYEES = 100
WARM = 20
COPIED_INTO = (
    "tables like ledger.batch, ledger.transfer and ledger.entry, with all their primary, unique and foreign keys and"
    " indexes; no CHECK, no trigger, no change of an account; the hashes are in the rows"
)
Batches = list[tuple[bytes, ...]]
"""Per batch what is copied, table by table."""
TABLES = {
    "batch": "SELECT {columns} FROM ledger.batch WHERE id = {batch}",
    "transfer": "SELECT {columns} FROM ledger.transfer WHERE batch_id = {batch} ORDER BY id",
    "entry": "SELECT {columns} FROM ledger.entry WHERE transfer_id IN"
    " (SELECT id FROM ledger.transfer WHERE batch_id = {batch}) ORDER BY account_id, seq",
}
"""In the order of their foreign keys."""
COLUMNS = (
    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
    " WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Transfers a second, and microseconds of the server's CPU for each."""

    per_second: float
    server_cpu_us: float


class PayMany:
    """One organiser and a hundred helpers."""

    def __init__(self, places: Places, members: list[int]) -> None:
        self._engine = create_engine(places.application_url, pool_size=1, connect_args=CONNECTING)
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
    """The rows of batches that were written, copied into empty tables with the same keys."""

    def __init__(self, places: Places) -> None:
        url = make_url(places.owner_url).set(drivername="postgresql")
        self._connection = psycopg.connect(url.render_as_string(hide_password=False))
        self._columns = {
            table: str(self._connection.execute(COLUMNS, (f"ledger.{table}",)).fetchall()[0][0])
            for table in TABLES
        }

    def read(self, batches: Sequence[int]) -> Batches:
        """What is to be copied."""
        return [tuple(self._rows(table, batch) for table in TABLES) for batch in batches]

    def _rows(self, table: str, batch: int) -> bytes:
        query = TABLES[table].format(columns=self._columns[table], batch=batch)
        with self._connection.cursor().copy(f"COPY ({query}) TO STDOUT") as copy:
            return b"".join(bytes(part) for part in copy)

    def write(self, rows: tuple[bytes, ...]) -> None:
        """One batch, committed."""
        for table, lines in zip(TABLES, rows, strict=True):
            into = f"COPY copied.{table} ({self._columns[table]}) FROM STDIN"
            with self._connection.cursor().copy(into) as copy:
                copy.write(lines)
        self._connection.commit()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def _timed(server: Server, act: Callable[[], int]) -> Figures:
    """Of one client; the act says how many batches it wrote."""
    before, begin = server.cpu_s(), time.perf_counter()
    payments = act() * PAYEES
    took = time.perf_counter() - begin
    return Figures(payments / took, (server.cpu_s() - before) / payments * 1e6)


def _round(server: Server, ours: PayMany, bare: BareCopy, seconds: float) -> tuple[Figures, Figures]:
    """Batch after batch for so long, and then a copy of just those."""
    written: list[int] = []

    def book() -> int:
        end = time.perf_counter() + seconds
        while not written or time.perf_counter() < end:
            written.append(ours.write())
        return len(written)

    def copy() -> int:
        for batch in rows:
            bare.write(batch)
        return len(rows)

    booked = _timed(server, book)
    rows = bare.read(written)
    return booked, _timed(server, copy)


def measured(server: Server, rounds: int, seconds: float) -> tuple[list[Figures], list[Figures]]:
    """Both, in turn."""
    engine = create_engine(server.places.owner_url)
    with engine.begin() as owner:
        members = members_of(owner, PAYEES + 1)
    engine.dispose()
    ours, bare = PayMany(server.places, members), BareCopy(server.places)
    for rows in bare.read([ours.write() for _ in range(WARM)]):
        bare.write(rows)
    server.know_itself()
    pairs = [_round(server, ours, bare, seconds) for _ in range(rounds)]
    ours.close()
    bare.close()
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
