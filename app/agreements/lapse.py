"""What nobody settled while its Roosjes were set aside: it lapses, the desk is warned, and everybody hears of it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements.models import HOLDING, Agreement, Occurrence, OccurrenceStatus
from app.agreements.occur import close_when_last, get_locked
from app.help_requests.models import HelpRequest
from app.notifications.service import tell, tell_brokers
from app.roosjes import service as roosjes

WARNING: Final = timedelta(days=7)
"""How long before its end the desk hears of what somebody spoke about and nobody settled."""
O = OccurrenceStatus  # noqa: E741 - short, beside so many states
SPOKEN: Final = (O.HELPED, O.RECEIVED, O.DISPUTED)
# unscoped: the worker's reach is every municipality
_ENDING: Final = text(
    "SELECT o.id, h.expires_at FROM occurrence o JOIN ledger.open_hold h ON h.hold_id = o.hold_id"
    " WHERE h.expires_at <= ledger.now() + :ahead AND o.status = ANY (:statuses)"
    " ORDER BY h.expires_at, o.id"
)


def due(session: Session) -> list[UUID]:
    """Times whose Roosjes were set aside for too long: each is let go in a transaction of its own."""
    values = {"ahead": timedelta(0), "statuses": list(HOLDING)}
    return list(session.scalars(_ENDING, values))


def let_go(session: Session, actor: Actor, occurrence_id: UUID) -> None:
    """The hold ends and what it stood for is cancelled; both hear of it, and so does the desk."""
    occurrence, agreement, help_request = get_locked(session, actor, occurrence_id)
    if occurrence.status not in HOLDING:
        return
    with session.no_autoflush:  # status and hold reach the row together
        if not roosjes.expire(session, actor, occurrence):
            return
        if occurrence.status in (O.HELPED, O.RECEIVED):
            occurrence.step(O.DISPUTED, actor.person, "expired")
        occurrence.step(O.CANCELLED, actor.person, "expired")
    session.flush()
    for person_id, municipality_id in occurrence.sides():
        tell(session, person_id, municipality_id, "lapsed", occurrence.id, title=help_request.title)
    tell_brokers(session, occurrence.municipality_id, "lapsed", occurrence.id, title=help_request.title)
    close_when_last(session, actor, agreement, help_request)


def warn(session: Session) -> None:
    """The desk hears in time of what waits for a word: one of the two spoke, or they see it differently."""
    values = {"ahead": WARNING, "statuses": list(SPOKEN)}
    for id, expires_at in session.execute(_ENDING, values).all():
        occurrence = session.get_one(Occurrence, id)  # unscoped: the worker's reach
        agreement = session.get_one(Agreement, occurrence.agreement_id)  # unscoped: the worker's reach
        help_request = session.get_one(HelpRequest, agreement.help_request_id)  # unscoped: the worker's reach
        tell_brokers(
            session, occurrence.municipality_id, "lapses-soon", occurrence.id, title=help_request.title,
            starts_at=expires_at.isoformat(),
        )  # fmt: skip
