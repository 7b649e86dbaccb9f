"""Attempts to break the rules of policies, gifts and what waits: see `tests.rewards.test_guards`."""

POLICY = """INSERT INTO ledger.policy (municipality_id, valid_from, floor, ceiling, lowest_floor, growth_percent,
    eyes_above, grace_days, asked_days, set_by, key, body_hash, set_at)
    VALUES ({municipality}, {valid_from}, {floor}, {ceiling}, {lowest_floor}, {growth}, {eyes}, {grace}, 14,
    '00000000-0000-0000-0000-000000000001', {key}, {body_hash}, ledger.now())"""


def a_policy(**changes: str) -> str:
    values = {
        "municipality": "1771", "valid_from": "ledger.now() + interval '1 day'", "floor": "-720",
        "ceiling": "3600", "lowest_floor": "-900", "growth": "10", "eyes": "600", "grace": "30", "key": "'k'",
        "body_hash": "sha256('x')",
    }  # fmt: skip
    return POLICY.format(**(values | changes))


SOUND = {"policy": a_policy()}
"""Attempts that succeed: what the others change is all that is wrong with them."""
ATTEMPTS = {
    "account_earned": "UPDATE ledger.account SET earned = -1 WHERE id = {payer}",
    "policy_pkey": a_policy()
    .replace("INSERT INTO ledger.policy (", "INSERT INTO ledger.policy (id, ")
    .replace("VALUES (", "OVERRIDING SYSTEM VALUE VALUES (1, ")
    + ";"
    + a_policy(key="'l'")
    .replace("INSERT INTO ledger.policy (", "INSERT INTO ledger.policy (id, ")
    .replace("VALUES (", "OVERRIDING SYSTEM VALUE VALUES (1, "),
    "policy_once": a_policy() + ";" + a_policy(floor="-60"),
    "policy_key": a_policy(key="''"),
    "policy_body_hash": a_policy(body_hash="'x'"),
    "policy_municipality": a_policy(municipality="0"),
    "policy_never_reaches_back": a_policy(valid_from="ledger.now() - interval '1 second'"),
    "policy_limits": a_policy(lowest_floor="-719"),
    "policy_growth": a_policy(growth="101"),
    "policy_eyes": a_policy(eyes="-1"),
    "policy_days": a_policy(grace="0"),
}
