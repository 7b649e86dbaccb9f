"""Take each constraint, trigger, unique index, policy and privilege of the ledger away, and see a test fail.

    python -m tools.drop_constraints [--sample N --seed S] [--only TEXT] [--learn] [--result FILE]

One process: pytest collects the ledger's tests of behaviour once; each mutation is made in a copy of a migrated
database, the test that is known to notice it runs first, and all others only when that one does not. A test counts
when it fails by itself under the mutation and passes without it. Tests that compare the catalogue do not count.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import pytest

from bench.measure import commit
from rewards import schema
from tools.mutation_run import LEARNED, Run, Verdict

ROOT = Path(__file__).resolve().parents[1]
TESTS = "tests/rewards"


def main(arguments: list[str]) -> int:
    """0 when every mutation is noticed, 1 when one survives, 2 when nothing could be tried."""
    wanted = _arguments(arguments)
    started = time.monotonic()
    run = Run(
        only=wanted.only, sample=wanted.sample, dice=random.Random(wanted.seed),  # noqa: S311
        widen=not wanted.known_only, learn=wanted.learn,
    )  # fmt: skip
    schema.install_statements = run.install_statements  # before the tests import it
    pytest.main(
        [
            *(wanted.tests or [TESTS]),
            "-q",
            "-s",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--no-header",
            "--no-summary",
        ],
        plugins=[run],
    )
    if run.trouble or not run.verdicts:
        print(run.trouble or "No mutation was tried.")
        return 2
    text = _table(
        run.verdicts, f"{time.monotonic() - started:.0f} s, seed {wanted.seed}, PostgreSQL {run.version}"
    )
    print(text)
    if wanted.result:
        Path(wanted.result).write_text(text + "\n", encoding="utf-8")
    return 1 if any(not verdict.test for verdict in run.verdicts) else 0


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tests", nargs="*", help="files of tests, instead of all of the ledger's")
    parser.add_argument("--sample", type=int, help="so many mutations, drawn by the seed")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("--only", default="", help="mutations with this text in their name")
    parser.add_argument("--learn", action="store_true", help=f"keep which test notices what, in {LEARNED}")
    parser.add_argument("--known-only", action="store_true", help="do not widen to all tests")
    parser.add_argument("--result", help="a file for the table")
    return parser.parse_args(arguments)


def _table(verdicts: list[Verdict], footing: str) -> str:
    width = max(len(verdict.mutation.id) for verdict in verdicts)
    lines = [f"commit {commit()}: what is taken away, and the test that then fails", ""]
    lines += [f"{one.mutation.id:{width}}  {one.test or 'SURVIVES'}" for one in verdicts]
    kinds = dict.fromkeys(one.mutation.kind for one in verdicts)
    lines.append("")
    for kind in kinds:
        tried = [one for one in verdicts if one.mutation.kind == kind]
        lines.append(f"{kind:14} {sum(bool(one.test) for one in tried):4} of {len(tried):4} noticed")
    survivors = [one for one in verdicts if not one.test]
    lines.append(f"{len(verdicts) - len(survivors)} of {len(verdicts)} noticed in {footing}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
