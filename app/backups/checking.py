"""After a backup is back: bring it to this version, and test the books."""

from app import upkeep
from app.backups.manifest import Manifest
from app.config import Settings
from app.db import Database
from app.jobs.work import Work
from app.runtime import Addresses
from app.treasury import check
from app.watching.standing import newest_revision


def faults_of(settings: Settings, where: Addresses, made: Manifest) -> list[str]:
    """What `ledger check` says of it, as the application; an older backup is migrated first."""
    if made.revision != newest_revision():
        upkeep.migrate(where.owner_url, where.application_role)
    database = Database(where.application, pool_size=2)
    try:
        with Work(settings, database).transaction() as (session, _):
            return check.faults(session)
    finally:
        database.close()
