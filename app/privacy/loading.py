"""The register in the database, where the owner's functions read it: written anew at each migration."""

from sqlalchemy import Connection, delete, insert

from app.privacy import tables  # noqa: F401 - declares them all
from app.privacy.models import DataColumn, DataTable
from app.privacy.register import REGISTER, Table


def load(connection: Connection) -> None:
    """Replace what the database knows of the register, as its owner."""
    connection.execute(delete(DataTable))
    told = [(place, one) for place, one in enumerate(REGISTER.values()) if matters(one)]
    connection.execute(insert(DataTable), [
        {"name": one.name, "place": place, "own": list(one.own), "linked": list(one.linked), "follow": one.follow,
         "goes": one.goes} for place, one in told
    ])  # fmt: skip
    connection.execute(insert(DataColumn), [
        {"table_name": one.name, "name": name, "fate": column.fate.value, "words": column.words}
        for _, one in told for name, column in one.columns.items()
    ])  # fmt: skip


def matters(one: Table) -> bool:
    """Whether forgetting somebody may touch this table."""
    words = any(column.words for column in one.columns.values())
    if one.held or one.whole is not None or one.name.startswith("audit_"):
        return False  # the reasons in the audit are forgotten apart, so that its chain still verifies
    return bool(one.own or one.linked or words)
