"""Seals: one line a night; whoever rewrites a chain consistently is found, and where."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import Connection, create_engine

from rewards import Account, check, errors, seals
from rewards.seals import Seal, SealFault
from tests.databases import Database
from tests.rewards.factories import A, B, a_member, a_payment, refused, see, trusting

UNGUARDED = "".join(
    f"ALTER TABLE ledger.{table} DISABLE TRIGGER append_only;"
    for table in ("batch", "transfer", "entry", "seal", "sealed_head")
)
RECHAINED = """
DO $$
DECLARE
    one record;
    before bytea;
    running bigint;
BEGIN
    FOR one IN SELECT e.account_id, e.seq, t AS transfer, b AS batch, (t.amount * sign(e.delta))::bigint AS delta
               FROM ledger.entry e
               JOIN ledger.transfer t ON t.id = e.transfer_id JOIN ledger.batch b ON b.id = t.batch_id
               ORDER BY e.account_id, e.seq LOOP
        IF one.seq = 1 THEN
            before := NULL;
            running := 0;
        END IF;
        running := running + one.delta;
        UPDATE ledger.entry SET delta = one.delta, prev_balance = running - one.delta, balance = running,
            prev_hash = before, hash = ledger.entry_hash(before, one.account_id, one.seq, one.delta, running,
                ledger.canonical(one.transfer, one.batch))
            WHERE account_id = one.account_id AND seq = one.seq RETURNING hash INTO before;
        UPDATE ledger.account SET posted = running, head = before
            WHERE id = one.account_id AND entries = one.seq;
    END LOOP;
END $$"""
HEADS_MADE_TO_FIT = """
UPDATE ledger.sealed_head h SET head = e.hash FROM ledger.entry e
WHERE (e.account_id, e.seq) = (h.account_id, h.entries)"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'ledger'::regnamespace"""


def a_day_later(owner: Connection) -> None:
    owner.exec_driver_sql("SELECT ledger.shift('1 day')")


@pytest.fixture
def sealed(owner: Connection) -> tuple[Account, Account, list[Seal]]:
    """Two members and the seals of three days: payments 1 and 2 in the first, 3 in the second, 4 in the third."""
    see(owner, A, B)
    payer, payee = a_member(owner), a_member(owner)
    a_payment(owner, payer, payee, 1)
    a_payment(owner, payer, payee, 2)
    made = [seals.seal(owner)]
    for minutes in (3, 4):
        a_day_later(owner)
        a_payment(owner, payer, payee, minutes)
        made.append(seals.seal(owner))
    return payer, payee, made


def rewrite(owner: Connection, account: Account, seq: int) -> None:
    """As the owner of the database: another amount, and every hash and balance after it made to fit."""
    owner.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    owner.exec_driver_sql(UNGUARDED)
    for table, name in owner.exec_driver_sql(CONSTRAINTS).all():
        owner.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    owner.exec_driver_sql(
        "UPDATE ledger.transfer SET amount = amount + 50"
        f" WHERE id = (SELECT transfer_id FROM ledger.entry WHERE (account_id, seq) = ({account.id}, {seq}))"
    )
    owner.exec_driver_sql(RECHAINED)


def test_a_seal_is_one_line_that_can_be_read_back(owner: Connection, sealed: object) -> None:
    for one in seals.seals(owner):
        assert "\n" not in one.line
        assert seals.parse(one.line + "\n") == one


def test_the_second_of_a_day_is_the_first(
    owner: Connection, sealed: tuple[object, object, list[Seal]]
) -> None:
    assert seals.seal(owner) == sealed[2][-1]
    assert [one.number for one in seals.seals(owner)] == [1, 2, 3]


def test_each_seal_follows_the_one_before(
    owner: Connection, sealed: tuple[object, object, list[Seal]]
) -> None:
    first, second, third = sealed[2]
    assert (first.prev_hash, second.prev_hash, third.prev_hash) == (None, first.hash, second.hash)
    assert (second.entries - first.entries, third.entries - second.entries) == (2, 2)
    assert seals.verify(owner, sealed[2]) == []
    assert check.run(owner) == []


def test_a_root_can_be_computed_outside_the_database(owner: Connection) -> None:
    """RFC 6962's tree, in another language: split at the largest power of two below the number of leaves."""
    see(owner, A, B)
    trusting(owner, B, A)
    members = [a_member(owner) for _ in range(5)]
    for payer, payee in pairwise(members):
        a_payment(owner, payer, payee, 7)
    rows = owner.exec_driver_sql(
        "SELECT id, entries, encode(head, 'hex') FROM ledger.account ORDER BY id"
    ).all()
    leaves = [sha256(f"\0{row[0]}|{row[1]}|{row[2] or ''}".encode()).digest() for row in rows]

    def root(nodes: list[bytes]) -> bytes:
        if len(nodes) == 1:
            return nodes[0]
        half = 1 << (len(nodes) - 1).bit_length() - 1
        return sha256(b"\1" + root(nodes[:half]) + root(nodes[half:])).digest()

    made = seals.seal(owner)
    assert len(leaves) >= 7
    assert (made.accounts, made.root) == (len(leaves), root(leaves))
    assert made.computed_hash() == made.hash


def test_an_empty_ledger_can_be_sealed(owner: Connection) -> None:
    assert (
        seals.seal(owner).accounts
        == owner.exec_driver_sql("SELECT count(*) FROM ledger.account").scalar_one()
    )
    assert owner.exec_driver_sql("SELECT ledger.merkle_root(NULL) = sha256('')").scalar_one()


@pytest.mark.parametrize(("seq", "seal", "first", "last"), [(1, 1, 1, 2), (3, 2, 3, 3), (4, 3, 4, 4)])
def test_a_chain_rewritten_consistently_is_found_with_its_first_bad_entries(
    owner: Connection, sealed: tuple[Account, Account, list[Seal]], seq: int, seal: int, first: int, last: int
) -> None:
    payer, payee, made = sealed

    rewrite(owner, payer, seq)

    assert {violation.invariant for violation in check.run(owner)} == {"I21"}
    found = seals.verify(owner, made)
    assert found[0] == SealFault(seal, "entries", payer.id, first, last)
    assert found[1] == SealFault(seal, "entries", payee.id, first, last)
    assert str(found[0]) == f"seal {seal}: account {payer.id}, entries {first} to {last}"
    assert {fault.seal for fault in found} == set(range(seal, 4))


def test_what_was_booked_after_the_last_seal_waits_for_the_next(
    owner: Connection, sealed: tuple[Account, Account, list[Seal]]
) -> None:
    payer, payee, made = sealed
    a_payment(owner, payer, payee, 5)
    assert seals.verify(owner, made) == []


@pytest.mark.parametrize(
    ("also", "found"),
    [
        # heads made to fit: the root is another, from the first seal on
        (HEADS_MADE_TO_FIT,
         [SealFault(number, "root") for number in (1, 2, 3)]),
        ("UPDATE ledger.seal SET entries = entries + 1 WHERE number = 2",
         [SealFault(2, "chain"), SealFault(2, "root")]),
        ("UPDATE ledger.seal SET root = sha256('x') WHERE number = 3",
         [SealFault(3, "chain"), SealFault(3, "root")]),
    ],
    ids=["heads", "count", "root"],
)  # fmt: skip
def test_a_seal_made_to_fit_fits_no_longer_itself(
    owner: Connection,
    sealed: tuple[Account, Account, list[Seal]],
    also: str,
    found: list[SealFault],
) -> None:
    if found[0].what == "root":
        rewrite(owner, sealed[0], 1)
    else:
        owner.exec_driver_sql(UNGUARDED)
    owner.exec_driver_sql(also)
    assert seals.verify(owner) == found
    if found[-1].seal == 3:
        assert "I21" in {violation.invariant for violation in check.run(owner)}


def test_seals_made_anew_from_end_to_end_are_told_from_the_lines_that_were_kept(
    owner: Connection, sealed: tuple[Account, Account, list[Seal]]
) -> None:
    rewrite(owner, sealed[0], 3)
    owner.exec_driver_sql(
        "DELETE FROM ledger.sealed_head WHERE seal > 1; DELETE FROM ledger.seal WHERE number > 1"
    )
    seals.seal(owner)

    assert seals.verify(owner) == []
    assert check.run(owner) == []
    assert seals.verify(owner, [seals.parse(one.line) for one in sealed[2]]) == [
        SealFault(2, "kept"), SealFault(3, "kept")
    ]  # fmt: skip


def test_a_vanished_account_and_a_lost_entry_are_found(
    owner: Connection, sealed: tuple[Account, Account, list[Seal]]
) -> None:
    payer, payee, _ = sealed
    rewrite(owner, payer, 4)
    owner.exec_driver_sql("ALTER TABLE ledger.account DISABLE TRIGGER never_deleted")
    owner.exec_driver_sql(f"DELETE FROM ledger.account WHERE id = {payee.id}")
    owner.exec_driver_sql(f"DELETE FROM ledger.entry WHERE (account_id, seq) = ({payer.id}, 4)")

    found = [fault for fault in seals.verify(owner) if fault.what == "entries"]
    assert SealFault(1, "entries", payee.id, 1, 2) in found
    assert SealFault(3, "entries", payer.id, 4, 4) in found


@pytest.mark.parametrize("table", ["seal", "sealed_head"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET entries = 0", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_a_seal_stays_even_for_the_owner(owner: Connection, sealed: object, table: str, verb: str) -> None:
    with refused(owner, Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE|TRUNCATE)"):
        owner.exec_driver_sql(verb.format(f"ledger.{table}"))


@pytest.mark.parametrize(
    "wrong",
    ["", "zve-seal", "{line} more", "{line}\n{line}", "{upper}", "{entries}", "{day}", "{far}"],
)
def test_a_line_that_is_no_seal_is_refused(owner: Connection, wrong: str) -> None:
    one = seals.seal(owner)
    text = wrong.format(
        line=one.line,
        upper=one.line.upper(),
        entries=replace(one, entries=one.entries + 1).line,
        day=one.line.replace(str(one.sealed_on), "2026-02-30"),
        far=one.line.replace("at=", "at=99999999"),
    )
    with pytest.raises(errors.InvalidInput):
        seals.parse(text)


def test_eight_who_seal_at_once_make_one_seal_while_others_book(apart: Database) -> None:
    engine = create_engine(apart.app_url, pool_size=16)
    with engine.begin() as connection:
        see(connection, A)
        payer, payee = a_member(connection), a_member(connection)
    barrier = Barrier(16)

    def act(place: int) -> Seal | None:
        with engine.begin() as connection:
            see(connection, A)
            barrier.wait()
            if place % 2:
                a_payment(connection, payer, payee, 1)
                return None
            return seals.seal(connection)

    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(act, range(16)))

    assert len({one for one in made if one}) == 1
    with engine.begin() as connection:
        see(connection, A)
        assert seals.verify(connection) == []
        assert check.run(connection) == []
    engine.dispose()
