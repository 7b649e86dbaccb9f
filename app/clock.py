"""The one clock: the database's, which only its owner can shift."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now(session: Session) -> datetime:
    """The moment of this transaction's database, in UTC."""
    # past the mapper: most requests ask the time, and compiling this costs more than asking it
    moment: datetime = session.connection().exec_driver_sql("SELECT ledger.now()").scalar_one()
    return moment.astimezone(UTC)


def today(session: Session) -> date:
    """The date on a Dutch wall calendar."""
    return now(session).astimezone(AMSTERDAM).date()
