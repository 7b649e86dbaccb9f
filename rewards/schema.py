"""The ledger's SQL, for the migration that installs it."""

from pathlib import Path

SQL = Path(__file__).parent / "sql"
PLACEHOLDER = ':"application_role"'  # as psql would fill it in


def install_statements(application_role: str) -> list[str]:
    """Scripts that create the schema `ledger`, to be run in order by the role that shall own it.

    Each holds several statements and no per cent sign, so any way of executing without parameters does.
    """
    quoted = '"' + application_role.replace('"', '""') + '"'
    return [
        path.read_text(encoding="utf-8").replace(PLACEHOLDER, quoted) for path in sorted(SQL.glob("*.sql"))
    ]


def uninstall_statements() -> list[str]:
    """What removes the ledger with all that was ever booked."""
    return ["DROP SCHEMA ledger CASCADE"]
