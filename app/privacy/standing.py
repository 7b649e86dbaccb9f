"""Whether somebody took back a yes: asked before anything is opened, with the database's own guard behind it."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.privacy.models import Purpose


class ConsentWithdrawn(Conflict):
    """Somebody took back their yes to this; they can give it again on the page of their data."""

    code = "consent-withdrawn"


def refuses(session: Session, person_id: UUID, purpose: Purpose) -> bool:
    """Whether somebody took back their yes and did not give it again."""
    said: bool = session.execute(
        text("SELECT refuses(:person, :purpose)"), {"person": person_id, "purpose": purpose.value}
    ).scalar_one()
    return said


def require(session: Session, person_id: UUID, purpose: Purpose) -> None:
    """Raises ConsentWithdrawn after a no."""
    if refuses(session, person_id, purpose):
        raise ConsentWithdrawn
