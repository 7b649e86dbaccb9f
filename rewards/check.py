"""The ledger's invariants, asked of the database itself."""

from sqlalchemy import Connection

from rewards.types import Violation


def run(connection: Connection) -> list[Violation]:
    """Whatever breaks an invariant, in one snapshot; empty when all is well. Reads every entry."""
    rows = connection.exec_driver_sql("SELECT invariant, offender, detail FROM ledger.violation")
    return [Violation(*row) for row in rows]
