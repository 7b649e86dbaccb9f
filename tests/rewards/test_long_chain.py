"""A long chain is verified whole; `make bench-ledger` measures one of a million entries."""

import os
import time

from sqlalchemy import create_engine

from bench.ledger.chain import build
from rewards import check, seals
from tests.databases import Database

ENTRIES = 1_000_000 if os.environ.get("ZVE_TEST_LONG") else 5_000
SECONDS = 60.0
"""For two entries of each transfer, and a seal."""


def test_a_long_chain_is_verified_in_time_and_its_first_bad_entry_is_named(apart: Database) -> None:
    engine = create_engine(apart.owner_url)
    with engine.begin() as owner:
        account = build(owner, ENTRIES)
    with engine.begin() as owner:
        begin = time.perf_counter()
        for view in ("broken_i7", "broken_i8"):
            assert owner.exec_driver_sql(f"SELECT * FROM ledger.{view}").all() == []
        seals.seal(owner)
        assert seals.verify(owner) == []
        assert time.perf_counter() - begin < SECONDS
        assert check.run(owner) == []

        owner.exec_driver_sql(f"UPDATE ledger.transfer SET amount = 2 WHERE id = {ENTRIES // 2}")

        found = [fault for fault in check.run(owner) if fault.invariant == "I8"]
        assert f"{account}/{ENTRIES // 2}" in {fault.offender for fault in found}
        assert len(found) == 2
    engine.dispose()
