"""The secret address of somebody's agenda: made, made anew, and ended by themselves."""

from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.models import ApiToken
from app.access.policy import require_fresh
from app.access.proof_models import Happened
from app.access.roles import TokenScope
from app.access.sign_in import new_api_token
from app.access.tokens import live

NAME: Final = "agenda"
DAYS: Final = 3650
"""An agenda that falls silent after a year tells nobody why."""


def current(session: Session, actor: Actor) -> ApiToken | None:
    """Whether one's agenda has an address."""
    own = select(ApiToken).where(*live(actor), ApiToken.scope == TokenScope.CALENDAR)
    return session.scalars(own.order_by(ApiToken.created_at.desc()).limit(1)).one_or_none()


def renew(session: Session, actor: Actor) -> str:
    """The secret of one's agenda, told once; the one before opens nothing from here on. Raises ProofNeeded."""
    require_fresh(actor)
    end(session, actor)
    secret = new_api_token(session, actor.person_id, NAME, DAYS, TokenScope.CALENDAR)
    note(session, actor.person_id, actor.person_id, Happened.PROGRAM_ADDED, NAME)
    return secret


def end(session: Session, actor: Actor) -> None:
    """The address opens nothing from here on; twice is once."""
    if current(session, actor) is None:
        return
    own = update(ApiToken).where(*live(actor), ApiToken.scope == TokenScope.CALENDAR)
    session.execute(own.values(ended_at=func.ledger.now()))
    note(session, actor.person_id, actor.person_id, Happened.PROGRAM_REMOVED, NAME)
