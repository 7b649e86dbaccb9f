"""The invariants see what they are for: each is broken on purpose, past the guards, and reported."""

from hashlib import sha256

import pytest
from sqlalchemy import Connection

import rewards
from rewards import check
from tests.rewards.factories import (
    MAKELAAR,
    A,
    B,
    a_hold,
    a_member,
    a_payment,
    a_reversal,
    a_settlement,
    trusting,
)
from tests.rewards.gift_factories import a_question, a_verdict

UNGUARDED = """
    ALTER TABLE ledger.batch DISABLE TRIGGER append_only;
    ALTER TABLE ledger.transfer DISABLE TRIGGER append_only;
    ALTER TABLE ledger.entry DISABLE TRIGGER append_only;
    ALTER TABLE ledger.pending DISABLE TRIGGER append_only;
    ALTER TABLE ledger.decision DISABLE TRIGGER append_only;
"""
DAMAGE = {
    "I1": "UPDATE ledger.account SET posted = posted + 1 WHERE id = {payer}",
    "I2": "UPDATE ledger.account SET entries = entries - 1 WHERE id = {payer}",
    "I2 earned": "UPDATE ledger.account SET earned = earned + 1 WHERE id = {payer}",
    "I3": "UPDATE ledger.account SET held_out = 0 WHERE id = {payer}",
    "I3 later": "UPDATE ledger.open_hold SET expires_at = expires_at + interval '1 day' WHERE hold_id = {hold}",
    "I3 along": "UPDATE ledger.open_hold SET follows_id = {settled} WHERE hold_id = {hold}",
    "I4": "UPDATE ledger.account SET min_available = 0 WHERE id = {payer}",
    "I5": "UPDATE ledger.transfer SET amount = amount + 1 WHERE id = {payment}",
    "I6": "UPDATE ledger.entry SET transfer_id = {hold} WHERE transfer_id = {payment}",
    "I7": "DELETE FROM ledger.entry WHERE account_id = {payer} AND seq = 2",
    "I8": "UPDATE ledger.batch SET actor = gen_random_uuid() WHERE id = {batch}",
    "I9": "UPDATE ledger.transfer SET expires_at = ledger.now() - interval '1 day' WHERE id = {settled}",
    "I9 asked": "UPDATE ledger.decision SET decided_by = asked_by WHERE outcome = 'accepted'",
    "I9 booked": "UPDATE ledger.pending SET amount = amount + 1",
    "I10": "UPDATE ledger.transfer SET amount = amount - 1 WHERE kind = 'reverse'",
    "I10 whole": "INSERT INTO ledger.made_whole VALUES ({payment}, {batch})",
    "I11": "UPDATE ledger.trust SET limit_minutes = limit_minutes + 1",
    "I18": "UPDATE ledger.account SET status = 'closed' WHERE id = {payer}",
    "I19": "UPDATE ledger.transfer SET amount = amount + 1 WHERE id = {course}",
    "I14": "INSERT INTO ledger.batch (actor, operation, key, body_hash, occurred_at, booked_at)"
    " SELECT actor, operation, key, body_hash, occurred_at, booked_at FROM ledger.batch WHERE id = {batch}",
}


@pytest.fixture
def names(owner: Connection) -> dict[str, int]:
    payer, payee = a_member(owner, A), a_member(owner, A)
    trusting(owner, B, A)
    payment = a_payment(owner, payer, payee, 10)
    settled = a_hold(owner, payer, payee, 20)
    a_settlement(owner, settled, 15)
    a_payment(owner, payer, a_member(owner, B), 5)
    a_reversal(owner, a_payment(owner, payer, payee, 7))
    held = a_hold(owner, payer, payee, 30)
    others = [a_member(owner, A).id for _ in range(3)]
    course = rewards.share(owner, key="c", actor=MAKELAAR, helper=payer.id, receivers=others, minutes=4)
    a_verdict(owner, a_question(owner, payer, payee, 3), payer.owner)
    return {
        "payer": payer.id,
        "payment": payment.transfer,
        "course": course.transfer,
        "batch": payment.batch,
        "settled": settled.transfer,
        "hold": held.transfer,
    }


def unguard(owner: Connection) -> None:
    """Take every constraint and trigger away, for this transaction."""
    owner.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    owner.exec_driver_sql(UNGUARDED)
    constraints = owner.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('f', 'c', 'u')"
        " AND connamespace = 'ledger'::regnamespace AND conrelid <> 0 ORDER BY contype = 'f' DESC"
    ).all()
    for table, name in constraints:
        owner.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def test_a_sound_ledger_has_no_violation(owner: Connection, names: dict[str, int]) -> None:
    assert check.run(owner) == []


@pytest.mark.parametrize("invariant", DAMAGE)
def test_damage_is_reported(owner: Connection, names: dict[str, int], invariant: str) -> None:
    unguard(owner)
    assert check.run(owner) == []

    owner.exec_driver_sql(DAMAGE[invariant].format(**names))

    assert invariant.split()[0] in {violation.invariant for violation in check.run(owner)}


def test_the_application_may_ask_and_sees_all_tenants(connection: Connection) -> None:
    a_payment(connection, a_member(connection, A), a_member(connection, A))
    connection.exec_driver_sql("SELECT set_config('app.municipalities', '', true)")
    assert check.run(connection) == []


def test_every_hash_can_be_computed_outside_the_database(connection: Connection) -> None:
    """An auditor needs no function of ours: SHA-256 over the hash before and a line of plain text."""
    trusting(connection, B, A)
    payer, payee = a_member(connection, A), a_member(connection, B)
    for minutes in (5, 6):
        booking = a_payment(connection, payer, payee, minutes, note_hash=b"n" * 32)
    a_reversal(connection, booking)
    rows = connection.exec_driver_sql(
        """
        SELECT e.account_id, e.seq, e.delta, e.balance, t.id, b.id, t.follows_id, t.kind::text, t.unit::text,
               t.debit_id, t.credit_id, t.amount, t.payer, t.payee, t.hold_id, t.reverses_id,
               b.actor, b.operation, encode(b.body_hash, 'hex'), b.subject, b.reason,
               encode(b.note_hash, 'hex'),
               (extract(epoch FROM b.occurred_at) * 1000000)::bigint,
               (extract(epoch FROM b.booked_at) * 1000000)::bigint, e.hash
        FROM ledger.entry e
        JOIN ledger.transfer t ON t.id = e.transfer_id JOIN ledger.batch b ON b.id = t.batch_id
        WHERE e.account_id = %s ORDER BY e.seq
        """,
        (payer.id,),
    ).all()

    chain = b""
    for *fields, stored in rows:
        text = "|".join("" if field is None else str(field) for field in fields)
        chain = sha256(chain + text.encode()).digest()
        assert stored == chain
    assert len(rows) == len(rewards.statement(connection, payer.id)) == 3
