""" "Het is toch niet klaar": a request that had ended goes back to the makelaar, with the asker's reason."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.clock import now
from app.errors import NotFound
from app.help_requests import places, service
from app.help_requests.models import HelpRequest, Status
from app.notifications.service import brokers, tell

ENDED = (Status.DONE, Status.CLOSED)
ERASED = "[gewist]"
"""The title of a request whose words are past their term: there is nothing left to go on with."""


def may(help_request: HelpRequest) -> bool:
    """Whether there is something to bring back."""
    return help_request.status in ENDED and help_request.title != ERASED


def not_finished(session: Session, actor: Actor, id: UUID, reason: str) -> HelpRequest:
    """Back to the makelaar, who reads why and phones; the promise counts from now. Said twice it is said once.

    Raises NotOpen for what did not end, and NotFound for a request of another.
    """
    help_request = service.get_locked(session, actor, id)
    if help_request.person_id != actor.person_id:
        raise NotFound
    if help_request.status is Status.SUBMITTED:
        return help_request
    if not may(help_request):
        raise service.NotOpen
    help_request.helpers_found = places.taken(session, id)
    help_request.closing_reason = ""
    help_request.reopened_at = now(session)
    help_request.step(Status.SUBMITTED, actor.person_id, reason)
    session.flush()
    for broker_id in _to_hear(session, help_request):
        tell(session, broker_id, help_request.municipality_id, "not-finished", help_request.id,
             turn=help_request.version, title=help_request.title)  # fmt: skip
    return help_request


def _to_hear(session: Session, help_request: HelpRequest) -> list[UUID]:
    """Who has the case; where nobody has it, all makelaars there."""
    if help_request.broker_id is not None:
        return [help_request.broker_id]
    return brokers(session, help_request.municipality_id)
