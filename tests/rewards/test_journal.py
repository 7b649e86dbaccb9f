"""What stands behind a month: its bookings line by line, corrections named as such, and rows that do not fit."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, create_engine

from rewards import AccountKind, TransferKind, Unit, errors, journal
from rewards.journal import Booked, Fault
from tests.databases import Database
from tests.rewards.factories import (
    A,
    B,
    C,
    a_hold,
    a_member,
    a_payment,
    a_reversal,
    a_settlement,
    refused,
    see,
    trusting,
)
from tests.rewards.test_checks import unguard
from tests.rewards.test_months import FEBRUARY, JANUARY, travel

MINUTES = Unit.ROOSJE_MIN


@pytest.fixture
def books(apart: Database) -> Iterator[Connection]:
    engine = create_engine(apart.owner_url)
    with engine.connect() as owner:
        see(owner, A, B)
        travel(owner, date(2031, 1, 5))
        yield owner
        owner.rollback()
    engine.dispose()


def of(books: Connection, municipality: int, month: date, **options: int) -> list[Booked]:
    return list(journal.journal(books, municipality, MINUTES, month, **options))


def tampered(books: Connection, statement: str) -> list[Fault]:
    """What is named after the owner put something else in the rows, past every trigger and constraint."""
    unguard(books)
    books.exec_driver_sql(statement)
    return journal.faults(books, A, MINUTES, JANUARY)


def test_a_journal_has_what_moved_in_its_month_and_no_more(books: Connection) -> None:
    one, other = a_member(books), a_member(books)
    held = a_hold(books, one, other, 90)
    a_settlement(books, held, 60)
    travel(books, date(2031, 2, 5))
    a_payment(books, other, one, 15)

    (line,) = of(books, A, JANUARY)

    assert (line.kind, line.operation, line.amount) == (TransferKind.SETTLE, "settle", 60)
    assert (line.debit, line.debit_kind, line.debit_owner) == (one.id, AccountKind.MEMBER, one.owner)
    assert (line.credit, line.credit_owner) == (other.id, other.owner)
    assert [line.amount for line in of(books, A, FEBRUARY)] == [15]


def test_a_journal_of_many_pages_has_each_booking_once(books: Connection) -> None:
    one, other = a_member(books), a_member(books)
    for minutes in range(1, 8):
        a_payment(books, one, other, minutes)

    assert [line.amount for line in of(books, A, JANUARY, page=3)] == [1, 2, 3, 4, 5, 6, 7]
    assert [line.amount for line in of(books, A, JANUARY, page=7)] == [1, 2, 3, 4, 5, 6, 7]


def test_a_correction_names_what_it_takes_back_and_the_month_of_that(books: Connection) -> None:
    one, other = a_member(books), a_member(books)
    wrong = a_payment(books, one, other, 60)
    travel(books, date(2031, 2, 5))
    a_reversal(books, wrong)

    (line,) = of(books, A, FEBRUARY)

    assert (line.kind, line.corrects, line.corrects_month) == (TransferKind.REVERSE, wrong.transfer, JANUARY)
    assert line.reason is not None
    assert journal.corrections(books, A, MINUTES, FEBRUARY, limit=5) == [line]
    assert journal.corrections(books, A, MINUTES, JANUARY, limit=5) == []


def test_each_side_of_the_border_has_its_own_leg(books: Connection) -> None:
    for pair in ((A, B), (B, A)):
        trusting(books, *pair)
    one, other = a_member(books, A), a_member(books, B)
    a_payment(books, one, other, 30)

    (ours,), (theirs,) = of(books, A, JANUARY), of(books, B, JANUARY)

    assert (ours.debit_owner, ours.credit_kind) == (one.owner, AccountKind.CLEARING)
    assert (theirs.debit_kind, theirs.credit_owner) == (AccountKind.CLEARING, other.owner)


def test_no_one_reads_a_journal_out_of_reach(books: Connection) -> None:
    a_member(books, A)
    see(books, B)
    for municipality in (A, C):
        with refused(books, errors.UnknownBooks):
            of(books, municipality, JANUARY)
        with refused(books, errors.UnknownBooks):
            journal.faults(books, municipality, MINUTES, JANUARY)


def test_books_that_are_right_name_no_row(books: Connection) -> None:
    for pair in ((A, B), (B, A)):
        trusting(books, *pair)
    a_reversal(books, a_payment(books, a_member(books, A), a_member(books, B), 30))
    assert journal.faults(books, A, MINUTES, JANUARY) == []


@pytest.mark.parametrize(
    ("damage", "what", "seq"),
    [
        ("UPDATE ledger.entry SET delta = delta - 5 WHERE (account_id, seq) = ({one}, 2)", "amount", 2),
        ("UPDATE ledger.entry SET delta = delta - 5, balance = balance - 5 WHERE (account_id, seq) = ({one}, 2)",
         "amount", 2),
        ("DELETE FROM ledger.entry WHERE (account_id, seq) = ({one}, 2)", "missing", 3),
        ("UPDATE ledger.entry SET prev_hash = sha256('') WHERE (account_id, seq) = ({one}, 2)", "chain", 2),
        (("UPDATE ledger.batch SET occurred_at = occurred_at + interval '1 day' WHERE id ="
          " (SELECT batch_id FROM ledger.transfer t JOIN ledger.entry e ON e.transfer_id = t.id"
          " WHERE (account_id, seq) = ({one}, 2))"), "hash", 2),
    ],
)  # fmt: skip
def test_the_first_row_that_is_wrong_is_named(books: Connection, damage: str, what: str, seq: int) -> None:
    one, other = a_member(books), a_member(books)
    booked = [a_payment(books, one, other, minutes) for minutes in (10, 20, 30)]

    found = tampered(books, damage.format(one=one.id))

    first = next(fault for fault in found if fault.account == one.id)
    assert (first.what, first.seq, first.transfer) == (what, seq, booked[seq - 1].transfer)


def test_a_transfer_without_its_other_half_is_named(books: Connection) -> None:
    one, other = a_member(books), a_member(books)
    booked = a_payment(books, one, other, 10)
    found = tampered(books, f"DELETE FROM ledger.entry WHERE account_id = {other.id}")
    assert [(fault.what, fault.transfer) for fault in found] == [("entries", booked.transfer)]


def test_a_leg_without_its_counterpart_across_the_border_is_named(books: Connection) -> None:
    for pair in ((A, B), (B, A)):
        trusting(books, *pair)
    booked = a_payment(books, a_member(books, A), a_member(books, B), 10)
    found = tampered(
        books,
        f"DELETE FROM ledger.entry WHERE transfer_id > {booked.transfer};"
        f"DELETE FROM ledger.transfer WHERE id > {booked.transfer}",
    )
    assert [(fault.what, fault.transfer) for fault in found] == [("leg", booked.transfer)]


def test_the_application_may_ask_what_is_wrong_with_a_month(connection: Connection) -> None:
    a_payment(connection, a_member(connection), a_member(connection), 30)

    assert list(journal.faults(connection, A, Unit.ROOSJE_MIN, JANUARY)) == []
