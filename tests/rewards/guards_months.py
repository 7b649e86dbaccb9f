"""Attempts to break the rules of months and seals: see `tests.rewards.test_guards`; who may what: `test_access`."""

from tests.rewards import guards_invoices as invoices

READABLE = {"period", "period_line", "netting", "netting_answer"} | invoices.READABLE
HIDDEN = {"seal", "sealed_head", "elsewhere"}
PURE = {"month_of"}
"""Computations that the view of violations uses."""
CALLABLE = {
    "make_seal", "seals", "seal_faults",
    "month_movements", "month_balances", "month_clearing", "month_holds", "next_month", "close_month",
    "month_faults", "month_journal",
    "propose_netting", "answer_netting", *PURE, *invoices.CALLABLE,
}  # fmt: skip

SEAL = """INSERT INTO ledger.seal (number, sealed_on, sealed_at, accounts, entries, root, prev_hash, hash)
    VALUES ({number}, {on}, ledger.now(), 0, 0, {root}, {prev}, sha256('seal'))"""
HEAD = """INSERT INTO ledger.sealed_head (seal, account_id, entries, head)
    VALUES ({seal}, {account}, {entries}, {head})"""


PERIOD = """INSERT INTO ledger.period (municipality_id, unit, month, prev_month, ends_at, transfers, holds,
    held_to_30_days, held_to_90_days, held_longer, closed_by, closed_at)
    VALUES (7, 'ROOSJE_MIN', {month}, {prev}, '2020-02-01', {transfers}, 0, 0, 0, 0,
    '00000000-0000-0000-0000-000000000001', {at})"""
LINE = """INSERT INTO ledger.period_line (municipality_id, unit, month, kind, prev_month, opening, credits, debits,
    closing) VALUES (7, 'ROOSJE_MIN', {month}, 'pot', {prev}, {opening}, 60, 10, {closing})"""


def a_period(**changes: str) -> str:
    values = {"month": "'2020-01-01'", "prev": "NULL", "transfers": "0", "at": "ledger.now()"}
    return PERIOD.format(**(values | changes))


def a_second_period(**changes: str) -> str:
    return a_period() + ";" + a_period(**({"month": "'2020-02-01'", "prev": "'2020-01-01'"} | changes))


def a_line(**changes: str) -> str:
    values = {"month": "'2020-01-01'", "prev": "NULL", "opening": "0", "closing": "50"}
    return a_second_period() + ";" + LINE.format(**(values | changes))


def a_second_line(**changes: str) -> str:
    values = {"month": "'2020-02-01'", "prev": "'2020-01-01'", "opening": "50", "closing": "100"}
    return a_line() + ";" + LINE.format(**(values | changes))


NETTING = """INSERT INTO ledger.netting (id, taker_id, giver_id, month, amount, proposed_at)
    OVERRIDING SYSTEM VALUE VALUES ({id}, 7, {giver}, {month}, {amount}, ledger.now())"""
ANSWER = """INSERT INTO ledger.netting_answer (netting_id, side, approved, answered_by, answered_at, batch_id)
    VALUES ({netting}, {side}, {approved}, '00000000-0000-0000-0000-00000000000{by}', ledger.now(), {booked})"""


def a_netting(**changes: str) -> str:
    values = {"id": "-1", "giver": "8", "month": "'2020-01-01'", "amount": "60"}
    return NETTING.format(**(values | changes))


def an_answer(**changes: str) -> str:
    values = {"netting": "-1", "side": "'taker'", "approved": "true", "by": "1", "booked": "NULL"}
    return ANSWER.format(**(values | changes))


def two_answers(**changes: str) -> str:
    second = an_answer(**({"side": "'giver'", "by": "2", "booked": "{batch}"} | changes))
    return ";".join([a_netting(), an_answer(), second])


def a_seal(**changes: str) -> str:
    values = {"number": "1", "on": "'2026-03-01'", "root": "sha256('root')", "prev": "NULL"}
    return SEAL.format(**(values | changes))


def a_second_seal(**changes: str) -> str:
    values = {"number": "2", "on": "'2026-03-02'", "prev": "sha256('seal')"}
    return a_seal() + ";" + a_seal(**(values | changes))


def a_head(**changes: str) -> str:
    values = {"seal": "1", "account": "{payer}", "entries": "1", "head": "sha256('head')"}
    return a_seal() + ";" + HEAD.format(**(values | changes))


SOUND = {
    "seal": a_seal(),
    "second_seal": a_second_seal(),
    "head": a_head(),
    "period": a_second_period(),
    "line": a_second_line(),
    **invoices.SOUND,
}
"""Attempts that succeed: what the others change is all that is wrong with them."""
ATTEMPTS = invoices.ATTEMPTS | {
    "netting_pkey": a_netting() + ";" + a_netting(giver="9"),
    "netting_once_a_month": a_netting() + ";" + a_netting(id="-2"),
    "netting_with_another": a_netting(giver="7"),
    "netting_amount": a_netting(amount="0"),
    "netting_of_a_month": a_netting(month="'2020-01-02'"),
    "netting_answer_pkey": two_answers(side="'taker'"),
    "netting_answer_netting_id_fkey": an_answer(netting="-9"),
    "netting_answer_batch_id_fkey": two_answers(booked="-9"),
    "netting_answer_side": two_answers(side="'both'"),
    "netting_answer_by_two": two_answers(by="1"),
    "netting_answer_booked_once": two_answers()
    + ";"
    + a_netting(id="-2", giver="9")
    + ";"
    + an_answer(netting="-2", booked="{batch}"),
    "netting_answer_books": two_answers(approved="false"),
    "period_pkey": a_second_period(month="'2020-01-01'", prev="'2019-12-01'"),
    "period_follows": a_period() + ";" + a_period(month="'2020-02-01'"),
    "period_is_a_month": a_period(month="'2020-01-02'"),
    "period_next": a_second_period(month="'2020-03-01'"),
    "period_is_over": a_period(at="'2020-01-31'"),
    "period_counts": a_period(transfers="-1"),
    "period_chain": a_period(prev="'2019-12-01'"),
    "period_line_pkey": a_line() + ";" + a_line().rpartition(";")[2],
    "period_line_sum": a_line(closing="60"),
    "period_line_begins_empty": a_line(opening="10", closing="60"),
    "period_line_next": a_second_line(month="'2020-03-01'"),
    "period_line_of_a_period": LINE.format(month="'2020-01-01'", prev="NULL", opening=0, closing=50),
    "period_line_chain": a_second_line(opening="49", closing="99"),
    "seal_pkey": a_second_seal(number="1", prev="NULL"),
    "seal_once_a_day": a_second_seal(on="'2026-03-01'"),
    "seal_hashes": a_seal(root="'x'"),
    "seal_first_or_linked": a_seal(number="2"),
    "seal_chain": a_second_seal(prev="sha256('forged')"),
    "sealed_head_pkey": a_head() + ";" + a_head().partition(";")[2],
    "sealed_head_seal_fkey": a_head(seal="2"),
    "sealed_head_account_id_fkey": a_head(account="9000000000"),
    "sealed_head_of_a_chain": a_head(entries="0"),
}
TARGETS = {"seal_link", "period_line_link"} | invoices.TARGETS
"""What foreign keys point at."""
