"""Whoever changes the books directly, as the owner of the database, is found by `zorgvoorelkaar ledger check`."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from rewards import Account, seals
from tests.app.commands import Done, run
from tests.app.treasury.books import as_owner
from tests.databases import Database
from tests.rewards.factories import a_member, a_payment
from tests.rewards.test_seals import CONSTRAINTS, UNGUARDED, rewrite

PAID = (10, 20, 30, 40)


@pytest.fixture
def paid(fresh_database: Database) -> tuple[Account, Account]:
    """Who paid four times, and to whom; entries 1 to 4 of each."""
    with as_owner(fresh_database) as owner:
        payer, payee = a_member(owner), a_member(owner)
        for minutes in PAID:
            a_payment(owner, payer, payee, minutes)
    return payer, payee


def checked(database: Database, folder: Path, *arguments: str) -> Done:
    """The command, as the application."""
    variables = {"DATABASE_URL": database.app_url, "ZVE_DATA_DIR": str(folder)}
    return run(variables, "ledger", "check", *arguments, width=80)


def unguarded(owner: Connection) -> None:
    """What only the owner of the database can do: nothing is append-only, and nothing must fit any more."""
    owner.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    owner.exec_driver_sql(UNGUARDED)
    for table, name in owner.exec_driver_sql(CONSTRAINTS).all():
        owner.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def under(printed: str, invariant: str) -> list[str]:
    """The rows that stand below an invariant's sentence."""
    (part,) = [part for part in printed.split("\n\n") if part.startswith(f"{invariant}  ")]
    return [line.strip() for line in part.strip().splitlines()[1:]]


def test_books_that_nobody_touched_are_right(fresh_database: Database, paid: object, tmp_path: Path) -> None:
    done = checked(fresh_database, tmp_path)

    assert (done.returncode, done.stderr) == (0, "The books are right.\n")


def test_a_changed_amount_is_named_with_the_entries_of_both_sides(
    fresh_database: Database, paid: tuple[Account, Account], tmp_path: Path
) -> None:
    payer, payee = paid
    with as_owner(fresh_database) as owner:
        unguarded(owner)
        owner.exec_driver_sql(
            "UPDATE ledger.transfer SET amount = 25 WHERE id ="
            f" (SELECT transfer_id FROM ledger.entry WHERE (account_id, seq) = ({payer.id}, 2))"
        )

    done = checked(fresh_database, tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("The books are not right: ")
    assert under(done.stderr, "I8") == [f"{payer.id}/2 hash", f"{payee.id}/2 hash"]


def test_a_removed_entry_is_named_by_the_first_that_no_longer_follows(
    fresh_database: Database, paid: tuple[Account, Account], tmp_path: Path
) -> None:
    payer, _ = paid
    with as_owner(fresh_database) as owner:
        unguarded(owner)
        owner.exec_driver_sql(f"DELETE FROM ledger.entry WHERE (account_id, seq) = ({payer.id}, 2)")

    done = checked(fresh_database, tmp_path)

    assert done.returncode == 1
    assert under(done.stderr, "I7")[0] == f"{payer.id}/3 chain"
    assert under(done.stderr, "I2") == [f"{payer.id} posted -100 entries 4"]


def test_a_reordered_chain_is_named_by_the_first_entry_out_of_place(
    fresh_database: Database, paid: tuple[Account, Account], tmp_path: Path
) -> None:
    payer, _ = paid
    with as_owner(fresh_database) as owner:
        unguarded(owner)
        for was, becomes in ((2, 99), (3, 2), (99, 3)):
            owner.exec_driver_sql(
                f"UPDATE ledger.entry SET seq = {becomes} WHERE (account_id, seq) = ({payer.id}, {was})"
            )

    done = checked(fresh_database, tmp_path)

    assert done.returncode == 1
    assert under(done.stderr, "I7")[0] == f"{payer.id}/2 chain"
    assert under(done.stderr, "I8") == [f"{payer.id}/2 hash", f"{payer.id}/3 hash"]


def test_a_chain_rewritten_with_all_its_hashes_is_told_from_a_seal_that_was_kept(
    fresh_database: Database, paid: tuple[Account, Account], tmp_path: Path
) -> None:
    payer, payee = paid
    file = tmp_path / "seals.txt"
    with as_owner(fresh_database) as owner:
        file.write_text(seals.seal(owner).line + "\n")
    with as_owner(fresh_database) as owner:
        rewrite(owner, payer, 3)

    done = checked(fresh_database, tmp_path, "--seals", str(file))

    assert done.returncode == 1
    entries = [f"seal 1: account {one.id}, entries 1 to 4" for one in (payer, payee)]
    assert under(done.stderr, "seals")[:2] == entries
    with as_owner(fresh_database) as owner:  # the seals made anew as well: only the kept line is left
        owner.exec_driver_sql("DELETE FROM ledger.sealed_head; DELETE FROM ledger.seal")
        seals.seal(owner)
    assert checked(fresh_database, tmp_path).returncode == 0

    done = checked(fresh_database, tmp_path, "--seals", str(file))

    assert done.returncode == 1
    assert under(done.stderr, "seals") == ["seal 1: kept"]


def test_many_wrong_rows_are_counted_and_not_all_printed(
    fresh_database: Database, paid: tuple[Account, Account], tmp_path: Path
) -> None:
    with as_owner(fresh_database) as owner:
        for _ in range(20):
            a_payment(owner, *paid, 1)
        unguarded(owner)
        owner.exec_driver_sql("UPDATE ledger.batch SET actor = gen_random_uuid()")

    done = checked(fresh_database, tmp_path)

    assert done.stderr.startswith("The books are not right: 48 rows break what must hold.\n")
    assert under(done.stderr, "I8")[-1] == "and 28 more"
