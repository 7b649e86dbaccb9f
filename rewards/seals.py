"""Seals: per night one line of text that stands for every chain of the books as it was.

A line can be kept by anybody outside. Whoever rewrites a chain consistently, as only the owner of the database
could, is found by the seals; whoever rewrites the seals as well, by a line that was kept. The root is a Merkle
tree over `account|entries|head` in the order of account ids, built as in RFC 6962.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from rewards.errors import InvalidInput, refusals

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = "number, sealed_on, sealed_at, accounts, entries, root, prev_hash, hash"
LINE = re.compile(
    r"zve-seal number=(\d{1,18}) on=(\d{4}-\d\d-\d\d) at=(-?\d{1,18}) accounts=(\d{1,18}) entries=(\d{1,18})"
    r" root=([0-9a-f]{64}) prev=([0-9a-f]{64}|none) hash=([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Seal:
    """All chains of one night in one hash, tied to the seal before."""

    number: int
    sealed_on: date
    sealed_at: datetime
    accounts: int
    entries: int
    root: bytes
    prev_hash: bytes | None
    hash: bytes

    @property
    def line(self) -> str:
        """The seal as one line, to be kept outside."""
        prev = "none" if self.prev_hash is None else self.prev_hash.hex()
        return (
            f"zve-seal number={self.number} on={self.sealed_on} at={_micros(self.sealed_at)}"
            f" accounts={self.accounts} entries={self.entries}"
            f" root={self.root.hex()} prev={prev} hash={self.hash.hex()}"
        )

    def computed_hash(self) -> bytes:
        """What the hash must be, computed here and not in the database."""
        said = (
            f"{self.number}|{self.sealed_on}|{_micros(self.sealed_at)}|{self.accounts}|{self.entries}"
            f"|{self.root.hex()}"
        )
        return sha256((self.prev_hash or b"") + said.encode()).digest()


@dataclass(frozen=True, slots=True)
class SealFault:
    """What does not fit a seal. `what`: entries, chain, root, or kept (a line outside says otherwise).

    For entries it names the account and the first and last entry that this seal added to the one before.
    """

    seal: int
    what: str
    account: int | None = None
    first_seq: int | None = None
    last_seq: int | None = None

    def __str__(self) -> str:
        if self.account is None:
            return f"seal {self.seal}: {self.what}"
        return f"seal {self.seal}: account {self.account}, entries {self.first_seq} to {self.last_seq}"


def seal(connection: Connection) -> Seal:
    """The seal of today (by the ledger's clock, in Amsterdam), made when there is none yet."""
    with refusals():
        return _seal(connection.exec_driver_sql(f"SELECT {COLUMNS} FROM ledger.make_seal()").one())  # noqa: S608


def seals(connection: Connection) -> list[Seal]:
    """All seals, oldest first."""
    rows = connection.exec_driver_sql(f"SELECT {COLUMNS} FROM ledger.seals()")  # noqa: S608
    return [_seal(row) for row in rows]


def parse(line: str) -> Seal:
    """A seal from its line; raises InvalidInput for anything else, also when the line's own hash is not right."""
    match = LINE.fullmatch(line.strip())
    try:
        if match is None:
            raise ValueError
        number, on, at, accounts, entries, root, prev, digest = match.groups()
        kept = Seal(
            int(number), date.fromisoformat(on), EPOCH + timedelta(microseconds=int(at)), int(accounts),
            int(entries), bytes.fromhex(root), None if prev == "none" else bytes.fromhex(prev),
            bytes.fromhex(digest),
        )  # fmt: skip
    except (ValueError, OverflowError):
        raise InvalidInput("not the line of a seal") from None
    if kept.computed_hash() != kept.hash:
        raise InvalidInput("the line of the seal was changed or damaged")
    return kept


def verify(connection: Connection, kept: Iterable[Seal] = (), *, roots_from: int = 1) -> list[SealFault]:
    """Whatever does not fit, the earliest seal first; compared with seals that were kept outside as well.

    Every root from `roots_from` on is computed again, which reads all accounts once for each.
    """
    rows = connection.exec_driver_sql(
        "SELECT seal, fault, account_id, first_seq, last_seq FROM ledger.seal_faults(%s)", (roots_from,)
    )
    found = [SealFault(*row) for row in rows]
    held = {one.number: one for one in seals(connection)}
    # our own computation beside the database's, which its owner could have replaced
    found += [SealFault(one.number, "chain") for one in held.values() if one.computed_hash() != one.hash]
    found += [SealFault(one.number, "kept") for one in kept if held.get(one.number) != one]
    return sorted(dict.fromkeys(found), key=lambda fault: fault.seal)


def _seal(row: Any) -> Seal:
    return Seal(*row)


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
