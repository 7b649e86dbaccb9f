"""Every constraint by an attempt to break it, as the owner: whoever writes rows by hand gets no further.

When a constraint is dropped from the schema, its line here fails; when one is added, the last test asks for a
line.
"""

from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine

from tests.rewards import guards_allowance, guards_gifts, guards_months, guards_paper, guards_welfare
from tests.rewards.factories import A, B, a_hold, a_member, a_payment, a_settlement, broken_rule, trusting


@dataclass
class World:
    """Rows to start from: a payment from `payer` to `payee`, a settled hold, an open hold."""

    connection: Connection
    names: dict[str, int]

    def attempt(self, sql: str) -> None:
        self.connection.exec_driver_sql(sql.format(**self.names))


@pytest.fixture
def world(owner: Connection) -> World:
    payer, payee = a_member(owner), a_member(owner)
    trusting(owner, B, A)
    payment = a_payment(owner, payer, payee, 10)
    settled = a_hold(owner, payer, payee, 20)
    settlement = a_settlement(owner, settled, 20)
    open_hold = a_hold(owner, payer, payee, 30)
    names = {
        "payer": payer.id,
        "payee": payee.id,
        "third": a_member(owner).id,
        "batch": payment.batch,
        "payment": payment.transfer,
        "settled": settled.transfer,
        "settlement": settlement.transfer,
        "hold": open_hold.transfer,
    }
    return World(owner, names)


BATCH = """INSERT INTO ledger.batch
    (actor, operation, key, body_hash, reason, note_hash, occurred_at, booked_at)
    SELECT actor, {operation}, {key}, {body_hash}, {reason}, {note_hash}, {occurred_at}, {booked_at}
    FROM ledger.batch WHERE id = {{batch}}"""
ACCOUNT = """INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym,
    counter_municipality_id, shard, floor, ceiling, min_available, max_balance, opened_at)
    VALUES ({municipality}, 'ROOSJE_MIN', {kind}, {owner}, {counter}, {shard}, 0, 0, 0, 0, ledger.now())"""
TRANSFER = """INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
    expires_at, hold_id, hold_amount, reverses_id, reverses_kind)
    VALUES ({batch}, {kind}, {unit}, {debit}, {credit}, {amount}, {follows},
    {expires_at}, {hold_id}, {hold_amount}, {reverses_id}, {reverses_kind})"""
ENTRY = """INSERT INTO ledger.entry
    (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)
    SELECT {account}, {seq}, {transfer}, {delta}, {prev_balance}, {balance}, {prev_hash}, {hash}
    FROM ledger.account WHERE id = {{payee}}"""


def a_batch(**changes: str) -> str:
    values = {
        "operation": "'pay'", "key": "'new'", "body_hash": "body_hash", "reason": "NULL", "note_hash": "NULL",
        "occurred_at": "occurred_at", "booked_at": "booked_at",
    }  # fmt: skip
    return BATCH.format(**(values | changes))


def an_account(**changes: str) -> str:
    values = {
        "municipality": "1771", "kind": "'member'", "owner": "gen_random_uuid()", "counter": "NULL",
        "shard": "0",
    }  # fmt: skip
    return ACCOUNT.format(**(values | changes))


def a_transfer(**changes: str) -> str:
    values = {
        "batch": "{batch}", "kind": "'pay'", "unit": "'ROOSJE_MIN'", "debit": "{payer}", "credit": "{payee}",
        "amount": "10", "follows": "NULL", "expires_at": "NULL", "hold_id": "NULL", "hold_amount": "NULL",
        "reverses_id": "NULL", "reverses_kind": "NULL",
    }  # fmt: skip
    return TRANSFER.format(**(values | changes))


def a_reversal_row(**changes: str) -> str:
    opposite = {"debit": "{payee}", "credit": "{payer}", "reverses_id": "{payment}", "reverses_kind": "'pay'"}
    return a_transfer(**({"kind": "'reverse'"} | opposite | changes))


def a_resolution_row(**changes: str) -> str:
    whole = {"amount": "30", "hold_id": "{hold}", "hold_amount": "30"}
    return a_transfer(**({"kind": "'settle'"} | whole | changes))


def an_entry(**changes: str) -> str:
    values = {
        "account": "id", "seq": "entries + 1", "transfer": "{hold}", "delta": "5", "prev_balance": "posted",
        "balance": "posted + 5", "prev_hash": "head", "hash": "sha256('x')",
    }  # fmt: skip
    return ENTRY.replace("{{payee}}", "{payee}").format(**(values | changes), payee="{payee}")


def an_account_change(change: str) -> str:
    return f"UPDATE ledger.account SET {change} WHERE id = {{payer}}"


ATTEMPTS = {
    "clock_pkey": "INSERT INTO ledger.clock DEFAULT VALUES",
    "clock_one_row": "INSERT INTO ledger.clock VALUES (false)",
    "elsewhere_pkey": "INSERT INTO ledger.elsewhere VALUES ({payer}, 0), ({payer}, 0)",
    "elsewhere_account_id_fkey": "INSERT INTO ledger.elsewhere VALUES (9999999, 0)",
    # accounts
    "account_natural_key": an_account(kind="'pot'", owner="NULL")
    + ";"
    + an_account(kind="'pot'", owner="NULL"),
    "account_municipality": an_account(municipality="0"),
    "account_owner": an_account(owner="NULL"),
    "account_counter": an_account(counter="794"),
    "account_counter_is_another": an_account(kind="'clearing'", owner="NULL", counter="1771"),
    "account_shard": an_account(shard="1"),
    "account_limits_around_zero": an_account_change("floor = 1, min_available = -720"),
    "account_limits_in_force": an_account_change("floor = -721"),
    "account_held": an_account_change("held_in = -1"),
    "account_floor": an_account_change("held_out = 100000"),
    "account_ceiling": an_account_change("held_in = 100000"),
    "account_head": an_account_change("head = NULL"),
    "account_closed_is_empty": an_account_change("status = 'closed', entries_at_close = entries"),
    "account_is_its_last_entry": an_account_change("posted = posted + 1"),
    # trust
    "trust_pkey": "INSERT INTO ledger.trust VALUES (794, 1771, 1, gen_random_uuid(), ledger.now())",
    "trust_in_another": "INSERT INTO ledger.trust VALUES (794, 794, 1, gen_random_uuid(), ledger.now())",
    "trust_limit": "UPDATE ledger.trust SET limit_minutes = -1",
    # batches
    "batch_once": a_batch(key="key"),
    "batch_operation": a_batch(operation="'Pay!'"),
    "batch_key": a_batch(key="''"),
    "batch_body_hash": a_batch(body_hash="'x'"),
    "batch_reason": a_batch(reason="'Omdat Piet ziek was'"),
    "batch_note_hash": a_batch(note_hash="'x'"),
    "batch_reversal_has_a_reason": a_batch(operation="'reverse'"),
    "batch_times": a_batch(occurred_at="'infinity'", booked_at="'infinity'"),
    "batch_in_living_memory": a_batch(occurred_at="ledger.now() - interval '17545 hours'"),
    # transfers
    "transfer_batch_id_fkey": a_transfer(batch="9000000000"),
    "transfer_follows_id_fkey": a_transfer(follows="9000000000"),
    "transfer_debit": a_transfer(debit="9000000000"),
    "transfer_credit": a_transfer(credit="9000000000"),
    "transfer_two_accounts": a_transfer(credit="{payer}"),
    "transfer_amount": a_transfer(amount="0"),
    "transfer_expiry": a_transfer(kind="'hold'"),
    "transfer_resolution": a_transfer(kind="'settle'"),
    "transfer_of_the_hold": a_resolution_row(hold_amount="31"),
    "transfer_within_the_hold": a_resolution_row(amount="31"),
    "transfer_release_is_whole": a_resolution_row(kind="'void'", amount="29"),
    "transfer_resolved_once": a_resolution_row(amount="20", hold_id="{settled}", hold_amount="20"),
    "transfer_second_leg": a_transfer(follows="{payment}") + ";" + a_transfer(follows="{payment}"),
    "transfer_reversal": a_transfer(kind="'reverse'"),
    "transfer_opposite": a_reversal_row(amount="9"),
    "transfer_reversible": a_reversal_row(reverses_id="{hold}", reverses_kind="'hold'", amount="30"),
    "transfer_reversed_once": a_reversal_row() + ";" + a_reversal_row(),
    # entries
    "entry_pkey": an_entry(seq="entries", prev_balance="0", balance="5"),
    "entry_account_id_fkey": an_entry(
        account="9000000000", seq="1", prev_balance="0", balance="5", prev_hash="NULL"
    ),
    "entry_transfer_id_fkey": an_entry(transfer="9000000000"),
    "entry_once": an_entry(transfer="{payment}"),
    "entry_moves": an_entry(delta="0", balance="posted"),
    "entry_sum": an_entry(balance="posted + 6"),
    "entry_hash": an_entry(hash="'x'"),
    "entry_first_or_linked": an_entry(seq="7", prev_hash="NULL"),
    "entry_chain": an_entry(seq="entries + 2"),
    # the list of open holds
    "open_hold_pkey": "INSERT INTO ledger.open_hold SELECT * FROM ledger.open_hold",
    "open_hold_hold_id_fkey": "UPDATE ledger.open_hold SET hold_id = 9000000000",
    "open_hold_debit_id_fkey": "UPDATE ledger.open_hold SET debit_id = 9000000000",
    "open_hold_credit_id_fkey": "UPDATE ledger.open_hold SET credit_id = 9000000000",
} | guards_gifts.ATTEMPTS
ATTEMPTS |= guards_months.ATTEMPTS
TRIED_ELSEWHERE = guards_paper.ATTEMPTS | guards_welfare.ATTEMPTS | guards_allowance.ATTEMPTS
TARGETS = {"account_pkey", "account_unit", "batch_pkey", "transfer_pkey", "transfer_identity", "entry_link"}
TARGETS |= guards_gifts.TARGETS | guards_months.TARGETS
TARGETS |= guards_paper.TARGETS | guards_welfare.TARGETS | guards_allowance.TARGETS
"""What foreign keys point at: these cannot go without them, and the identity columns keep ids apart."""


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_database_refuses(world: World, name: str) -> None:
    with broken_rule(world.connection, name):
        world.attempt(ATTEMPTS[name])


@pytest.mark.parametrize(
    "attempt",
    [
        an_entry(),
        a_transfer(),
        a_resolution_row(),
        a_reversal_row(),
        a_batch(),
        an_account(),
        *guards_gifts.SOUND.values(),
        *guards_months.SOUND.values(),
    ],
    ids=[
        *("entry", "transfer", "resolution", "reversal", "batch", "account"),
        *(guards_gifts.SOUND | guards_months.SOUND),
    ],
)
def test_the_attempts_fail_for_no_other_reason(world: World, attempt: str) -> None:
    world.attempt(attempt)


@pytest.mark.parametrize(
    "attempt",
    [
        an_entry(seq="entries + 2"),
        an_entry(prev_balance="posted + 1", balance="posted + 6"),
        an_entry(prev_hash="sha256('forged')"),
        an_entry(seq="1", prev_balance="0", balance="5", prev_hash="NULL"),
        an_entry(seq="entries", prev_balance="0", balance="5"),
        an_entry(seq="7", prev_hash="NULL"),
        an_entry(seq="0"),
        an_entry(seq="-1", prev_hash="NULL", prev_balance="0", balance="5"),
        an_entry(account="{third}"),
    ],
    ids=[
        "missing",
        "balance",
        "hash",
        "restarted",
        "doubled",
        "seven",
        "zero",
        "minus-one",
        "another-account",
    ],
)
def test_no_entry_is_forged_into_the_chain(world: World, attempt: str) -> None:
    with pytest.raises(Exception, match=r"violates (check|foreign key|unique)"):
        world.attempt(attempt)


@pytest.mark.parametrize("table", ["batch", "transfer", "entry"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_booked_stays_even_for_the_owner(world: World, table: str, verb: str) -> None:
    column = {"batch": "subject", "transfer": "amount", "entry": "delta"}[table]
    with pytest.raises(Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE|TRUNCATE)"):
        world.attempt(verb.format(f"ledger.{table}", column, column))


@pytest.mark.parametrize(
    "attempt",
    [
        "DELETE FROM ledger.account",
        "TRUNCATE ledger.account CASCADE",
        "UPDATE ledger.account SET owner_pseudonym = gen_random_uuid()",
        "UPDATE ledger.account SET municipality_id = 794",
        "UPDATE ledger.account SET unit = 'EURCENT'",
        "UPDATE ledger.account SET kind = 'organisation'",
        "UPDATE ledger.account SET counter_municipality_id = 7",
        "UPDATE ledger.account SET shard = 3",
        "UPDATE ledger.account SET opened_at = ledger.now()",
    ],
)
def test_an_account_is_never_deleted_and_never_becomes_another(world: World, attempt: str) -> None:
    with pytest.raises(Exception, match=r"allows no (UPDATE|DELETE|TRUNCATE)"):
        world.attempt(attempt)


@pytest.mark.catalogue
def test_every_constraint_and_unique_index_has_an_attempt(owner_engine: Engine) -> None:
    with owner_engine.connect() as owner:
        names = owner.exec_driver_sql(
            """
            SELECT conname FROM pg_constraint
            WHERE connamespace = 'ledger'::regnamespace AND contype IN ('c', 'u', 'p', 'f') AND conrelid <> 0
            UNION SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indisunique AND relnamespace = 'ledger'::regnamespace
            """
        ).scalars()
        assert set(names) == set(ATTEMPTS) | set(TRIED_ELSEWHERE) | TARGETS
