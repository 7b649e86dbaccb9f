"""Requests whose time runs out: a job closes them, and warns before."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.help_requests.models import HelpRequest, Status
from app.help_requests.service import tell_helpers_later
from app.notifications.service import tell

WARNED_BEFORE = timedelta(days=7)
AT_ONCE = 200


def expire_due(session: Session) -> None:
    """Close what ran out of time, and tell the askers."""
    # unscoped: the worker's reach is every municipality
    due = (
        select(HelpRequest)
        .where(HelpRequest.status == Status.OPEN, HelpRequest.expires_at <= now(session))
        .order_by(HelpRequest.expires_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for help_request in session.scalars(due).all():
        help_request.is_public = False
        help_request.step(Status.EXPIRED, None)
        tell_helpers_later(session, help_request)
        _tell(session, help_request, "expired")


def warn_due(session: Session) -> None:
    """Tell the askers of what expires within a week, once."""
    moment = now(session)
    # unscoped: the worker's reach is every municipality
    due = (
        select(HelpRequest)
        .where(
            HelpRequest.status == Status.OPEN,
            HelpRequest.warned_at.is_(None),
            HelpRequest.expires_at <= moment + WARNED_BEFORE,
        )
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for help_request in session.scalars(due).all():
        help_request.warned_at = moment
        _tell(session, help_request, "expiring")


def _tell(session: Session, help_request: HelpRequest, kind: str) -> None:
    tell(session, help_request.person_id, help_request.municipality_id, kind, help_request.id,
         turn=help_request.version, title=help_request.title)  # fmt: skip
