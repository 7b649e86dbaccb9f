"""Are the books right? The ledger's own invariants, and the one that joins it with what was agreed."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.agreements.upkeep import OCCURRENCES_OUT_OF_STEP
from rewards import check


class NotRight(RuntimeError):
    """The books break an invariant; says the first rows."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("; ".join(found[:20]))


def faults(session: Session) -> list[str]:
    """One line for each row that breaks an invariant; the session must reach every municipality."""
    found = [f"{row.invariant}: {row.offender} {row.detail}" for row in check.run(session.connection())]
    rows = session.execute(text(OCCURRENCES_OUT_OF_STEP)).all()
    return found + [f"I15: occurrence {row.id} is {row.status}" for row in rows]
