"""The quick form of `make test-constraints`: a few of the ledger's guards, drawn anew each time, are taken away."""

import os
import random
import subprocess
import sys

from tests.databases import ROOT, Server

SAMPLE = 24
SEED = os.environ.get("ZVE_TEST_SEED") or str(random.randrange(10**6))


def test_a_guard_that_is_taken_away_is_missed_by_a_test(database_server: Server) -> None:
    servers = {"DATABASE_OWNER_URL": database_server.owner_url, "DATABASE_URL": database_server.app_url}
    done = subprocess.run(
        [sys.executable, "-m", "tools.drop_constraints", "--sample", str(SAMPLE), "--seed", SEED],
        cwd=ROOT, env=os.environ | servers, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
