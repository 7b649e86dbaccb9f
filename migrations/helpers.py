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
