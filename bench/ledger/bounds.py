"""What was promised of the ledger's speed, and whether it held in this run."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bench.ledger.clients import COLD, HOT, POT
from bench.ledger.contenders import ORM, OURS, OURS_PSYCOPG, PLAIN
from bench.matching.bounds import Bound

TIMES_ORM, TIMES_PLAIN, POT_OF_COLD, P99_OF_P50 = 4.0, 1.0, 0.9, 5.0
BATCH_PER_S, BATCH_OF_COPY, CHAIN_S = 5_000.0, 0.5, 60.0
EVERYTHING = "every invariant of the whole ledger (s)"
OF_THE_FUNCTION = "the bound is on the function; what SQLAlchemy takes above it stands beside"
IN_ONE_LINE = "all clients stand in one line for one row's lock; the bound is on accounts and on the pot"
"""Why a figure is not judged; decision 0009 says more."""


def of(result: dict[str, Any], *, judged: bool) -> Iterator[Bound]:
    """All of them. Ratios are medians of the rounds, each taken between neighbours in time."""
    for bound in _promised(result):
        yield replace(bound, judged=judged and bound.judged)


def _promised(result: dict[str, Any]) -> Iterator[Bound]:
    ratios = result["ratios"]
    yield Bound(f"times the {ORM}, {COLD}", TIMES_ORM, ratios[f"{OURS_PSYCOPG} / {ORM}, {COLD}"], True)
    yield Bound(f"times the {ORM}, {OURS}, {COLD}", TIMES_ORM, ratios[f"{OURS} / {ORM}, {COLD}"], True,
                judged=False, why=OF_THE_FUNCTION)  # fmt: skip
    for name in (OURS, OURS_PSYCOPG):
        yield Bound(f"times the same guards in plain psycopg, {name}, {COLD}", TIMES_PLAIN,
                    ratios[f"{name} / {PLAIN}, {COLD}"], True)  # fmt: skip
    yield Bound(f"{POT} beside {COLD}", POT_OF_COLD, ratios[f"{OURS}: {POT} / {COLD}"], True)
    yield from _tails(ratios)
    batches = result["batches"]
    share = batches["of a bare COPY"]
    enough = share >= BATCH_OF_COPY and batches["per_second"] < BATCH_PER_S
    if enough:
        yield Bound("batches with hashes beside a bare COPY", BATCH_OF_COPY, share, True)
    else:
        yield Bound("transfers a second in batches with hashes", BATCH_PER_S, batches["per_second"], True)
    chain = result["chain"]
    yield Bound(f"s, every invariant, a chain of {chain['entries in the chain']:,} entries", CHAIN_S,
                chain[EVERYTHING], False)  # fmt: skip


def _tails(ratios: dict[str, float]) -> Iterator[Bound]:
    """How much longer than the usual booking the slowest of a hundred takes."""
    for scenario, why in ((COLD, ""), (POT, ""), (HOT, IN_ONE_LINE)):
        for name in (OURS, OURS_PSYCOPG):
            yield Bound(f"p99 / p50, {name}, {scenario}", P99_OF_P50, ratios[f"{name}: p99 / p50, {scenario}"],
                        False, judged=not why, why=why)  # fmt: skip
