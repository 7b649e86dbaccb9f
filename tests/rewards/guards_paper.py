"""Attempts to write what the tables of papers must not hold, by the constraint that stops each."""

SERIAL = """INSERT INTO ledger.serial (serial_hash, unit, amount, batch_id, suspense_id, source_id, expires_at)
    VALUES ({hash}, {unit}, {amount}, {batch}, {suspense}, {source}, {expires_at})"""
END = "INSERT INTO ledger.serial_end VALUES ({serial}, 'redeemed', {transfer})"


def a_serial_row(**changes: str) -> str:
    values = {
        "hash": "sha256('new')", "unit": "'VOUCHER'", "amount": "1", "batch": "{sale}",
        "suspense": "{suspense}", "source": "{desk}", "expires_at": "ledger.now()",
    }  # fmt: skip
    return SERIAL.format(**(values | changes))


def an_end_row(**changes: str) -> str:
    return END.format(**({"serial": "{serial}", "transfer": "{sold}"} | changes))


ATTEMPTS = {
    "account_owes_minutes_only": "UPDATE ledger.account SET posted = -1 WHERE id = {suspense}",
    "serial_once": a_serial_row() + ";" + a_serial_row(),
    "serial_hash_of_32": a_serial_row(hash="'x'"),
    "serial_worth": a_serial_row(amount="2"),
    "serial_expiry": a_serial_row(expires_at="'infinity'"),
    "serial_suspense": a_serial_row(unit="'ROOSJE_MIN'"),
    "serial_batch_id_fkey": a_serial_row(batch="9000000000"),
    "serial_source_id_fkey": a_serial_row(source="9000000000"),
    "serial_end_pkey": an_end_row() + ";" + an_end_row(),
    "serial_end_serial_id_fkey": an_end_row(serial="9000000000"),
    "serial_end_transfer_id_fkey": an_end_row(transfer="9000000000"),
}
SOUND = {"serial": a_serial_row(), "end": an_end_row()}
TARGETS = {"serial_pkey"}
TABLES = {"serial": "amount", "serial_end": "transfer_id"}
READABLE = {"serial_end"}
PARTLY_READABLE = {"serial"}
"""By column: all but the hash."""
CALLABLE = {
    "lapse_due", "worth", "sell", "redeem", "refund", "refund_sale", "refund_lost", "issue", "hand_in",
    "take_back",
}  # fmt: skip
