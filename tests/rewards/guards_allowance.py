"""Attempts to write what the meter of allowances must not hold, by the constraint that stops each."""

ACTOR = "'00000000-0000-0000-0000-00000000000a'"
ALLOWANCE = """INSERT INTO ledger.allowance (municipality_id, person, kind, day, cents, withdraws_id, actor, key,
    body_hash, noted_at)
    SELECT {municipality}, {person}, {kind}, {day}, {cents}, {withdraws}, {actor}, {key}, {body_hash}, ledger.now()
    FROM ledger.allowance WHERE id = {{noted}}"""
LIMIT = "INSERT INTO ledger.allowance_limit VALUES ('driving', {day}, {month}, {year}, {actor}, ledger.now())"


def an_allowance_row(**changes: str) -> str:
    values = {
        "municipality": "municipality_id", "person": "person", "kind": "kind", "day": "day", "cents": "100",
        "withdraws": "NULL", "actor": ACTOR, "key": "'k'", "body_hash": "sha256('x')",
    }  # fmt: skip
    return ALLOWANCE.format(**(values | changes)).replace("{{noted}}", "{noted}")


def a_withdrawal_row(**changes: str) -> str:
    return an_allowance_row(**({"cents": "-1000", "withdraws": "id", "key": "'w'"} | changes))


def a_limit_row(**changes: str) -> str:
    values = {"day": "'2100-01-01'", "month": "1", "year": "2", "actor": ACTOR}
    return LIMIT.format(**(values | changes))


ATTEMPTS = {
    "allowance_limit_pkey": a_limit_row() + ";" + a_limit_row(),
    "allowance_limit_cents": a_limit_row(month="3"),
    "allowance_limit_from": a_limit_row(day="'2200-01-01'"),
    "allowance_once": an_allowance_row() + ";" + an_allowance_row(),
    "allowance_key": an_allowance_row(key="''"),
    "allowance_body_hash": an_allowance_row(body_hash="'x'"),
    "allowance_municipality": an_allowance_row(municipality="0"),
    "allowance_day": an_allowance_row(day="'1999-12-31'"),
    "allowance_cents": an_allowance_row(cents="-1"),
    "allowance_not_by_oneself": an_allowance_row(actor="person"),
    "allowance_opposite": a_withdrawal_row(cents="-999"),
    "allowance_withdrawn_once": a_withdrawal_row() + ";" + a_withdrawal_row(key="'v'"),
    "allowance_total_pkey": "INSERT INTO ledger.allowance_total SELECT * FROM ledger.allowance_total LIMIT 1",
    "allowance_total_span": "UPDATE ledger.allowance_total SET span = 'week'",
    "allowance_total_within": "UPDATE ledger.allowance_total SET cents = most_cents + 1",
}
SOUND = {"allowance": an_allowance_row(), "withdrawal": a_withdrawal_row(), "limit": a_limit_row()}
TARGETS = {"allowance_pkey", "allowance_identity"}
"""The identity column and the key below it keep ids apart."""
TABLES = {"allowance": "subject", "allowance_limit": "set_by"}
READABLE = {"allowance", "allowance_limit", "allowance_total"}
CALLABLE = {"note_allowance", "withdraw_allowance", "set_allowance_limit"}
DAMAGE = [
    "UPDATE ledger.allowance_total SET cents = cents - 1",
    "UPDATE ledger.allowance_total SET most_cents = 10",
    "DELETE FROM ledger.allowance WHERE id = {noted}",
    "DELETE FROM ledger.allowance_total WHERE span = 'year'",
    "UPDATE ledger.allowance SET day = day - 40 WHERE id = {noted}",
    "UPDATE ledger.allowance SET kind = 'driving' WHERE id = {withdrawn}",
]
