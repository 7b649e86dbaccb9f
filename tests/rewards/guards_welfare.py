"""Attempts to write what the tables of budgets must not hold, by the constraint that stops each."""

PERIOD = """INSERT INTO ledger.welfare_period (account_id, unit, person, starts_on, ends_on, opened_by, key, body_hash,
    opened_at) VALUES ({account}, {unit}, {person}, {starts_on}, {ends_on}, {opened_by}, {key}, {body_hash},
    ledger.now())"""
LINE = """INSERT INTO ledger.welfare_line (period_id, seq, person, kind, cents, prev_granted, prev_rest, granted, rest,
    transfer_id, done_by, approved_by, receipt_hash, receipt_use)
    SELECT {period}, {seq}, {person}, {kind}, {cents}, {prev_granted}, {prev_rest}, {granted}, {rest}, {transfer},
        '00000000-0000-0000-0000-00000000000a', {approved_by}, {receipt_hash}, {receipt_use}
    FROM ledger.welfare_period WHERE id = {{period}}"""
STAFF, BOSS = "'00000000-0000-0000-0000-00000000000a'", "'00000000-0000-0000-0000-00000000000b'"


def a_period_row(**changes: str) -> str:
    values = {
        "account": "{budget}", "unit": "'WELFARE_CENT'", "person": "gen_random_uuid()", "key": "'k'",
        "starts_on": "'2100-01-01'", "ends_on": "'2100-12-31'", "opened_by": STAFF, "body_hash": "sha256('x')",
    }  # fmt: skip
    return PERIOD.format(**(values | changes))


def with_id(period: str) -> str:
    return period.replace("(account_id,", "(id, account_id,").replace(
        "VALUES (", "OVERRIDING SYSTEM VALUE VALUES (9000000000, "
    )


def a_line_row(**changes: str) -> str:
    """A grant of 100 cents after one of 1,000 of which 400 are spent."""
    values = {
        "period": "id", "seq": "3", "person": "person", "kind": "'grant'", "cents": "100",
        "prev_granted": "1000", "prev_rest": "600", "granted": "1100", "rest": "700", "transfer": "{gift}",
        "approved_by": BOSS, "receipt_hash": "NULL", "receipt_use": "NULL",
    }  # fmt: skip
    return LINE.format(**(values | changes)).replace("{{period}}", "{period}")


def a_spending_row(**changes: str) -> str:
    values = {"kind": "'spend'", "granted": "1000", "rest": "500"}
    return a_line_row(**(values | changes))


def a_refund_row(**changes: str) -> str:
    receipt = {"approved_by": "NULL", "receipt_hash": "sha256('r')", "receipt_use": "0::smallint"}
    return a_spending_row(**(receipt | changes))


ATTEMPTS = {
    "welfare_period_pkey": with_id(a_period_row())
    + ";"
    + with_id(a_period_row(key="'l'", starts_on="'2101-01-01'", ends_on="'2101-01-02'")),
    "welfare_period_once": a_period_row()
    + ";"
    + a_period_row(starts_on="'2101-01-01'", ends_on="'2101-01-02'"),
    "welfare_period_key": a_period_row(key="''"),
    "welfare_period_body_hash": a_period_row(body_hash="'x'"),
    "welfare_period_unit": a_period_row(account="{giver}", unit="'ROOSJE_MIN'"),
    "welfare_period_dates": a_period_row(ends_on="'2101-01-03'"),
    "welfare_period_opened_by_another": a_period_row(person=STAFF),
    "welfare_period_account": a_period_row(account="{giver}"),
    "welfare_line_pkey": a_line_row(seq="2", prev_granted="1000", prev_rest="1000", rest="1100"),
    "welfare_line_period": a_line_row(person="gen_random_uuid()"),
    "welfare_line_chain": a_line_row(seq="4"),
    "welfare_line_first": a_line_row(seq="0"),
    "welfare_line_sum": a_line_row(granted="1101"),
    "welfare_line_cents": a_line_row(cents="0", granted="1000", rest="600", transfer="NULL"),
    "welfare_line_ceiling": a_line_row(cents="44001", granted="45001", rest="44601"),
    "welfare_line_rest": a_spending_row(cents="601", rest="-1"),
    "welfare_line_transfer": a_line_row(transfer="NULL"),
    "welfare_line_transfer_id_fkey": a_line_row(transfer="9000000000"),
    "welfare_line_moved_once": a_line_row(transfer="{spent}"),
    "welfare_line_not_for_oneself": a_line_row(approved_by="person"),
    "welfare_line_second_eyes": a_line_row(approved_by=STAFF),
    "welfare_line_approved_or_receipt": a_spending_row(approved_by="NULL"),
    "welfare_line_receipt": a_refund_row(receipt_use="NULL"),
    "welfare_line_receipt_once": a_refund_row()
    + ";"
    + a_refund_row(seq="4", prev_rest="500", rest="400", transfer="{other}"),
}
SOUND = {
    "period": a_period_row(),
    "grant": a_line_row(),
    "spending": a_spending_row(),
    "refund": a_refund_row(),
}
FORGED = {
    "another ceiling": a_line_row(prev_granted="900", granted="1000"),
    "another rest": a_line_row(prev_rest="700", rest="800"),
    "started anew": a_line_row(seq="1", prev_granted="0", prev_rest="0", granted="100", rest="100"),
    "after the end": a_line_row(period="{closed}", prev_granted="0", prev_rest="0", granted="100", rest="100",
                                seq="2", person="(SELECT person FROM ledger.welfare_period WHERE id = {closed})"),
    "on the same days": a_period_row(starts_on="'2100-12-31'", ends_on="'2100-12-31'") + ";" + a_period_row(key="'l'"),
}  # fmt: skip
TARGETS = {"welfare_period_person", "welfare_line_link"}
TABLES = {"welfare_period": "key", "welfare_line": "cents"}
READABLE = {"welfare_period", "welfare_line"}
CALLABLE = {
    "open_welfare_period", "welfare_grant", "welfare_spend", "welfare_undo", "welfare_return",
    "welfare_return_due",
}  # fmt: skip
DAMAGE = [
    "UPDATE ledger.welfare_line SET cents = 45001 WHERE kind = 'grant'",
    "UPDATE ledger.welfare_line SET granted = granted + 1 WHERE kind = 'grant'",
    "UPDATE ledger.welfare_line SET rest = rest + 1 WHERE transfer_id = {spent}",
    "DELETE FROM ledger.welfare_line WHERE transfer_id = {spent}",
    "UPDATE ledger.welfare_line SET kind = 'grant' WHERE transfer_id = {spent}",
    "UPDATE ledger.account SET posted = posted + 1 WHERE id = {budget}",
    "UPDATE ledger.transfer SET amount = amount + 1 WHERE id = {spent}",
    "UPDATE ledger.welfare_period SET account_id = {giver} WHERE id = {period}",
]
