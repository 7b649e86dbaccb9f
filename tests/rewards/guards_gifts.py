"""Attempts to break the rules of policies, gifts and what waits: see `tests.rewards.test_guards`."""

POLICY = """INSERT INTO ledger.policy (municipality_id, valid_from, floor, ceiling, lowest_floor, growth_percent,
    eyes_above, grace_days, asked_days, eyes_days, eyes_above_cents, set_by, key, body_hash, set_at)
    VALUES ({municipality}, {valid_from}, {floor}, {ceiling}, {lowest_floor}, {growth}, {eyes}, {grace}, 14,
    {eyes_days}, {eyes_cents}, '00000000-0000-0000-0000-000000000001', {key}, {body_hash}, ledger.now())"""


def a_policy(**changes: str) -> str:
    values = {
        "municipality": "1771", "valid_from": "ledger.now() + interval '1 day'", "floor": "-720",
        "ceiling": "3600", "lowest_floor": "-900", "growth": "10", "eyes": "600", "grace": "30", "key": "'k'",
        "body_hash": "sha256('x')", "eyes_days": "30", "eyes_cents": "10000",
    }  # fmt: skip
    return POLICY.format(**(values | changes))


PENDING = """INSERT INTO ledger.pending (operation, payer_id, payee_id, amount, asked_by, beneficiary, key, body_hash,
    reason, note_hash, asked_at, lapses_at)
    VALUES ({operation}, {payer}, {payee}, {amount}, '00000000-0000-0000-0000-000000000001', {beneficiary}, {key},
    {body_hash}, {reason}, {note_hash}, ledger.now(), {lapses_at})"""
DECISION = """INSERT INTO ledger.decision (pending_id, asked_by, beneficiary, outcome, decided_by, key, reason,
    batch_id, decided_at)
    SELECT {pending}, asked_by, {beneficiary}, {outcome}, {decided_by}, {key}, {reason}, {batch}, asked_at
    FROM ledger.pending WHERE key = 'q'"""


def a_pending(**changes: str) -> str:
    values = {
        "operation": "'pay'", "payer": "{payer}", "payee": "{payee}", "amount": "10",
        "beneficiary": "'00000000-0000-0000-0000-000000000002'", "key": "'q'", "body_hash": "sha256('x')",
        "reason": "NULL", "note_hash": "NULL", "lapses_at": "ledger.now() + interval '1 day'",
    }  # fmt: skip
    return PENDING.format(**(values | changes))


def a_decision(**changes: str) -> str:
    """The answer to a question that is asked just before."""
    values = {
        "pending": "id", "beneficiary": "beneficiary", "outcome": "'rejected'",
        "decided_by": "'00000000-0000-0000-0000-000000000003'", "key": "'d'", "reason": "NULL", "batch": "NULL",
    }  # fmt: skip
    return a_pending() + ";" + DECISION.format(**(values | changes))


def again(attempt: str) -> str:
    """The last statement of the attempt once more."""
    return attempt + ";" + attempt.rpartition(";")[2]


def numbered(attempt: str, table: str) -> str:
    """The same row under a number of its own, twice."""
    one = attempt.replace(f"INSERT INTO ledger.{table} (", f"INSERT INTO ledger.{table} (id, ")
    return one.replace("VALUES (", "OVERRIDING SYSTEM VALUE VALUES (9000, ")


WHOLE = "INSERT INTO ledger.made_whole VALUES ({transfer}, {batch})"
DEPARTURE = """INSERT INTO ledger.departure (account_id, balance, confirmed_by, key, batch_id, left_at)
    VALUES ({account}, {balance}, '00000000-0000-0000-0000-000000000001', {key}, {batch}, ledger.now())"""


def a_repair(**changes: str) -> str:
    return WHOLE.format(**({"transfer": "{payment}", "batch": "{batch}"} | changes))


def a_departure(**changes: str) -> str:
    values = {"account": "{third}", "balance": "5", "key": "'k'", "batch": "{batch}"}
    return DEPARTURE.format(**(values | changes))


SOUND = {
    "policy": a_policy(),
    "pending": a_pending(),
    "decision": a_decision(),
    "repair": a_repair(),
    "departure": a_departure(),
}
"""Attempts that succeed: what the others change is all that is wrong with them."""
ATTEMPTS = {
    "account_closed_for_good": "UPDATE ledger.account SET entries_at_close = 0 WHERE id = {payer}",
    "account_earned": "UPDATE ledger.account SET earned = -1 WHERE id = {payer}",
    "policy_pkey": numbered(a_policy(), "policy") + ";" + numbered(a_policy(key="'l'"), "policy"),
    "policy_once": a_policy() + ";" + a_policy(floor="-60"),
    "policy_key": a_policy(key="''"),
    "policy_body_hash": a_policy(body_hash="'x'"),
    "policy_municipality": a_policy(municipality="0"),
    "policy_never_reaches_back": a_policy(valid_from="ledger.now() - interval '1 second'"),
    "policy_limits": a_policy(lowest_floor="-719"),
    "policy_growth": a_policy(growth="101"),
    "policy_eyes": a_policy(eyes="-1"),
    "policy_days": a_policy(grace="0"),
    "policy_eyes_days": a_policy(eyes_days="0"),
    "policy_eyes_cents": a_policy(eyes_cents="45001"),
    "account_one_in_use": "INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, floor, ceiling,"
    " min_available, max_balance, opened_at) SELECT 1, unit, kind, owner_pseudonym, 0, 0, 0, 0, opened_at"
    " FROM ledger.account WHERE id = {payer}",
    "account_moved": "UPDATE ledger.account SET moved_to = 794, floor = -1 WHERE id = {payer}",
    # questions
    "pending_pkey": numbered(a_pending(), "pending") + ";" + numbered(a_pending(key="'r'"), "pending"),
    "pending_payer_id_fkey": a_pending(payer="9000000000"),
    "pending_payee_id_fkey": a_pending(payee="9000000000"),
    "pending_once": again(a_pending()),
    "pending_operation": a_pending(operation="'hold'"),
    "pending_payer": a_pending(operation="'grant'"),
    "pending_two_accounts": a_pending(payee="{payer}"),
    "pending_amount": a_pending(amount="0"),
    "pending_grant_for_another": a_pending(
        operation="'grant'", payer="NULL", beneficiary="'00000000-0000-0000-0000-000000000001'"
    ),
    "pending_key": a_pending(key="''"),
    "pending_body_hash": a_pending(body_hash="'x'"),
    "pending_reason": a_pending(reason="'Omdat Piet ziek was'"),
    "pending_note_hash": a_pending(note_hash="'x'"),
    "pending_lapses": a_pending(lapses_at="ledger.now() - interval '1 day'"),
    # answers
    "decision_pkey": again(a_decision(key="gen_random_uuid()")),
    "decision_of_the_question": a_decision(beneficiary="gen_random_uuid()"),
    "decision_batch_id_fkey": a_decision(outcome="'accepted'", batch="9000000000"),
    "decision_once": a_decision() + ";" + a_decision().replace("'q'", "'r'"),
    "decision_booked_once": a_decision(outcome="'accepted'", batch="{batch}")
    + ";"
    + a_decision(outcome="'accepted'", batch="{batch}", key="'e'").replace("'q'", "'r'"),
    "decision_books": a_decision(batch="{batch}"),
    "decision_by_another": a_decision(decided_by="beneficiary"),
    "decision_key": a_decision(key="''"),
    "decision_reason": a_decision(reason="'Omdat Piet ziek was'"),
    # where the pot stands in
    "made_whole_pkey": a_repair() + ";" + a_repair(batch="{batch} + 1"),
    "made_whole_transfer_id_fkey": a_repair(transfer="9000000000"),
    "made_whole_batch_id_fkey": a_repair(batch="9000000000"),
    "made_whole_once": a_repair() + ";" + a_repair(transfer="{settlement}"),
    "departure_pkey": a_departure() + ";" + a_departure(key="'l'", batch="{batch} + 1"),
    "departure_account_id_fkey": a_departure(account="9000000000"),
    "departure_batch_id_fkey": a_departure(batch="9000000000"),
    "departure_once": a_departure() + ";" + a_departure(account="{payer}", batch="{batch} + 1"),
    "departure_booked_once": a_departure() + ";" + a_departure(account="{payer}", key="'l'"),
    "departure_books": a_departure(balance="0"),
    "departure_key": a_departure(key="''"),
}
TARGETS = {"pending_parties"}
