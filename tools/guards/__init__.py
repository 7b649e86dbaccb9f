"""Every guard of `docs/cases.md`, a module for each family: read by `tools.prove_guards`."""

from typing import Final

from tools.guards import (
    access,
    amounts,
    apart,
    chain,
    doors,
    failures,
    getting_in,
    last,
    ledger,
    privacy,
    safety,
    scenarios,
    texts,
    together,
)
from tools.guards.guard import Guard

__all__ = ["GUARDS", "Guard"]

GUARDS: Final = (
    *access.GUARDS,
    *getting_in.GUARDS,
    *texts.GUARDS,
    *amounts.GUARDS,
    *failures.GUARDS,
    *scenarios.GUARDS,
    *ledger.GUARDS,
    *safety.GUARDS,
    *apart.GUARDS,
    *together.GUARDS,
    *doors.GUARDS,
    *chain.GUARDS,
    *last.GUARDS,
    *privacy.GUARDS,
)
