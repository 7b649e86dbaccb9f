"""Attempts to break the rules of months and seals: see `tests.rewards.test_guards`; who may what: `test_access`."""

READABLE: set[str] = set()
HIDDEN = {"seal", "sealed_head"}
CALLABLE = {"make_seal", "seals", "seal_faults"}

SEAL = """INSERT INTO ledger.seal (number, sealed_on, sealed_at, accounts, entries, root, prev_hash, hash)
    VALUES ({number}, {on}, ledger.now(), 0, 0, {root}, {prev}, sha256('seal'))"""
HEAD = """INSERT INTO ledger.sealed_head (seal, account_id, entries, head)
    VALUES ({seal}, {account}, {entries}, {head})"""


def a_seal(**changes: str) -> str:
    values = {"number": "1", "on": "'2026-03-01'", "root": "sha256('root')", "prev": "NULL"}
    return SEAL.format(**(values | changes))


def a_second_seal(**changes: str) -> str:
    values = {"number": "2", "on": "'2026-03-02'", "prev": "sha256('seal')"}
    return a_seal() + ";" + a_seal(**(values | changes))


def a_head(**changes: str) -> str:
    values = {"seal": "1", "account": "{payer}", "entries": "1", "head": "sha256('head')"}
    return a_seal() + ";" + HEAD.format(**(values | changes))


SOUND = {"seal": a_seal(), "second_seal": a_second_seal(), "head": a_head()}
"""Attempts that succeed: what the others change is all that is wrong with them."""
ATTEMPTS = {
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
TARGETS = {"seal_link"}
"""What foreign keys point at."""
