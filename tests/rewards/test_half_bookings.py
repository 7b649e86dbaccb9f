"""What cannot happen is refused all the same (ZL099): a booking that reaches one of its two sides stops whole.

The functions of the application lock and check before they come here. So each is called by hand, as the owner, with
what a caller that forgot would give it.
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import Connection

import rewards
from rewards import Account, check, errors
from tests.rewards.factories import a_hold, a_member, a_payment, refused

SQL = Path(rewards.__file__).parent / "sql"
NOWHERE = """(SELECT jsonb_populate_record(t, '{{"credit_id": 9000000000}}') AS half, b AS batch
    FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id WHERE t.id = {hold}) it"""
ATTEMPTS = {
    "not every account could be locked": "SELECT ledger.lock(ARRAY[{payer}, 9000000000], '{{open}}')",
    "a hold was released on one side only": f"SELECT ledger.release(it.half) FROM {NOWHERE}",
    "a transfer moved on one side only": """SELECT ledger.write(jsonb_populate_record(t, '{{"kind": "pay"}}'), b, 0)
        FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id WHERE t.id = {hold}""",
    "a batch moved on one side only": "SELECT ledger.move_all(b) FROM ledger.batch b WHERE b.id = {batch}",
}


@pytest.fixture
def pair(owner: Connection) -> tuple[Account, Account]:
    """Somebody who gives, and somebody who gets and whom the owner's policy hides from what is done next."""
    return a_member(owner), a_member(owner)


@pytest.mark.catalogue
@pytest.mark.parametrize("said", ATTEMPTS)
def test_half_a_booking_is_stopped_and_leaves_nothing(
    owner: Connection, pair: tuple[Account, Account], said: str
) -> None:
    payer, payee = pair
    a_payment(owner, payee, payer)
    held = a_hold(owner, payer, payee)
    before = rewards.balance(owner, payer.id)
    call = ATTEMPTS[said].format(payer=payer.id, hold=held.transfer, batch=held.batch)
    with refused(owner, errors.LedgerBroken, said), errors.refusals():
        if "moved" in said:  # by their keys both sides of a transfer are there: only a policy can hide one
            owner.exec_driver_sql("DROP POLICY owner_all ON ledger.account")
            owner.exec_driver_sql(
                f"CREATE POLICY half ON ledger.account USING (id <> {payee.id}) WITH CHECK (true)"
            )
        owner.exec_driver_sql(call)

    assert rewards.balance(owner, payer.id) == before
    assert check.run(owner) == []


def test_every_refusal_of_what_cannot_happen_is_tried() -> None:
    written = {
        said
        for script in SQL.glob("*.sql")
        for said in re.findall(r"refuse\(\s*'ZL099', '([^']+)'", script.read_text("utf-8"))
    }
    assert written == set(ATTEMPTS)
