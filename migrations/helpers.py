"""What migrations share: frozen SQL files, run as one script by the driver, since SQLAlchemy trips over ``%``."""

from pathlib import Path
from typing import Any

from alembic import context, op

SQL = Path(__file__).parent / "sql"


def application_role() -> str:
    """Name of the role that serves, quoted."""
    role: str = context.config.attributes.get("application_role") or "zve_app"
    return '"' + role.replace('"', '""') + '"'


def driver() -> Any:
    """The psycopg connection underneath."""
    return op.get_bind().connection.driver_connection


def run_script(name: str) -> None:
    """Run a file of ``migrations/sql`` with the application role filled in."""
    driver().execute((SQL / name).read_text().replace("{application}", application_role()))


ACTING = "(SELECT public.is_acting())"


def narrow_while_acting(table: str, sees: str = "false", writes: str = "false") -> None:
    """While somebody acts for another: the rows of ``table`` that they see, those they may write, and none to delete.

    ``sees`` and ``writes`` are SQL over the table's row; whoever acts for nobody pays one comparison a statement.
    """
    role = application_role()
    op.execute(
        f"CREATE POLICY acting ON {table} AS RESTRICTIVE FOR ALL TO {role}"
        f" USING (NOT {ACTING} OR ({sees})) WITH CHECK (NOT {ACTING} OR ({writes}))"
    )
    op.execute(
        f"CREATE POLICY acting_delete ON {table} AS RESTRICTIVE FOR DELETE TO {role} USING (NOT {ACTING})"
    )


def widen_while_acting(table: str) -> None:
    """Undo the same."""
    op.execute(f"DROP POLICY acting ON {table}")
    op.execute(f"DROP POLICY acting_delete ON {table}")
