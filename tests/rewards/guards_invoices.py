"""Attempts to break the rules of invoices: see `tests.rewards.test_guards`, which `guards_months` hands them to."""

READABLE = {"invoice", "invoice_line", "invoice_step"}
CALLABLE = {"make_invoice", "step_invoice"}

INVOICE = """INSERT INTO ledger.invoice (id, number, payer_id, payee_id, owner_pseudonym, month, vouchers, cents,
    batch_id, follows_id) OVERRIDING SYSTEM VALUE
    VALUES ({id}, {number}, 7, {payee}, {owner}, {month}, {vouchers}, {cents}, {batch}, {follows})"""
LINE = "INSERT INTO ledger.invoice_line VALUES ({invoice}, {account}, {vouchers})"
STEP = """INSERT INTO ledger.invoice_step (invoice_id, seq, state, by_whom, at, paid_on, reason, batch_id, prev_state,
    prev_by) VALUES ({invoice}, {seq}, {state}, {by}, ledger.now(), {paid_on}, {reason}, {batch}, {prev}, {prev_by})"""
ONE, TWO = "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"


def an_invoice(**changes: str) -> str:
    values = {
        "id": "-1", "number": "'202001-0007-0008'", "payee": "8", "owner": "NULL", "month": "'2020-01-01'",
        "vouchers": "2", "cents": "3000", "batch": "{batch}", "follows": "NULL",
    }  # fmt: skip
    return INVOICE.format(**(values | changes))


def to_one(**changes: str) -> str:
    """To an organisation, passing on what the first was paid."""
    values = {"id": "-2", "number": "'202001-0007-A0012-2'", "payee": "NULL", "owner": ONE, "follows": "-1"}
    return an_invoice(**(values | changes))


def a_line(**changes: str) -> str:
    values = {"invoice": "-1", "account": "{payer}", "vouchers": "2"}
    return an_invoice() + ";" + LINE.format(**(values | changes))


def a_step(**changes: str) -> str:
    values = {
        "invoice": "-1", "seq": "1", "state": "'made'", "by": ONE, "paid_on": "NULL", "reason": "NULL",
        "batch": "{batch}", "prev": "NULL", "prev_by": "NULL",
    }  # fmt: skip
    return STEP.format(**(values | changes))


def steps(*later: str) -> str:
    """An invoice that was made, and what came of it."""
    return ";".join([an_invoice(), a_step(), *later])


def sent(**changes: str) -> str:
    values = {"seq": "2", "state": "'sent'", "batch": "NULL", "prev": "'made'", "prev_by": ONE}
    return a_step(**(values | changes))


def reported(**changes: str) -> str:
    values = {"seq": "3", "state": "'reported'", "prev": "'sent'", "paid_on": "'2020-02-02'"}
    return sent(**(values | changes))


def paid(**changes: str) -> str:
    values = {"seq": "4", "state": "'paid'", "prev": "'reported'", "by": TWO, "batch": "{batch}"}
    return sent(**(values | changes))


SOUND = {
    "invoice": an_invoice() + ";" + to_one(),
    "invoice_line": a_line(),
    "invoice_steps": steps(sent(), reported(), paid()),
    "invoice_withdrawn": steps(sent(state="'withdrawn'", reason="'other'", batch="{batch}")),
}
ATTEMPTS = {
    "invoice_pkey": an_invoice() + ";" + an_invoice(number="'202001-0007-0009'"),
    "invoice_number": an_invoice() + ";" + an_invoice(id="-2"),
    "invoice_number_reads": an_invoice(number="'7'"),
    "invoice_to_another": an_invoice(payee="7"),
    "invoice_to_one": an_invoice(owner=ONE),
    "invoice_of_a_month": an_invoice(month="'2020-01-02'"),
    "invoice_vouchers": an_invoice(vouchers="0", cents="0"),
    "invoice_cents": an_invoice(cents="2999"),
    "invoice_batch_id_fkey": an_invoice(batch="-9"),
    "invoice_follows_id_fkey": to_one(follows="-9"),
    "invoice_passes_on_to_one": an_invoice() + ";" + to_one(payee="8", owner="NULL"),
    "invoice_line_pkey": a_line() + ";" + a_line().rpartition(";")[2],
    "invoice_line_vouchers": a_line(vouchers="0"),
    "invoice_line_invoice_id_fkey": a_line(invoice="-9"),
    "invoice_line_account_id_fkey": a_line(account="9000000000"),
    "invoice_step_pkey": steps(a_step(by=TWO)),
    "invoice_step_invoice_id_fkey": a_step(invoice="-9"),
    "invoice_step_batch_id_fkey": steps(sent(), reported(), paid(batch="-9")),
    "invoice_step_first_or_linked": steps(sent(prev_by="NULL")),
    "invoice_step_chain": steps(sent(prev_by=TWO)),
    "invoice_step_allowed": steps(reported(seq="2", prev="'made'")),
    "invoice_step_paid_by_two": steps(sent(), reported(), paid(by=ONE)),
    "invoice_step_paid_on": steps(sent(), reported(paid_on="NULL")),
    "invoice_step_reason": steps(sent(), sent(seq="3", state="'disputed'", prev="'sent'")),
    "invoice_step_books": steps(sent(), reported(), paid(batch="NULL")),
}
TARGETS = {"invoice_step_link"}
COLUMNS = {
    "invoice": "number payer_id month vouchers cents batch_id",
    "invoice_line": "vouchers",
    "invoice_step": "state by_whom at",
}
