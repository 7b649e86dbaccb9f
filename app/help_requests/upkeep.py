"""Requests whose time runs out: a job closes them and warns before, and says when we are late ourselves."""

from datetime import datetime, timedelta

from sqlalchemy import Select, Uuid, column, or_, select, table
from sqlalchemy.orm import Session

from app.clock import now
from app.help_requests.models import HelpRequest, Status
from app.help_requests.service import tell_helpers_later
from app.moderation.deadlines import deadlines
from app.notifications.models import Notice
from app.notifications.service import tell
from app.places.models import Mediation, Municipality

WARNED_BEFORE = timedelta(days=7)
AT_ONCE = 200
_PROPOSAL = table("proposal", column("help_request_id", Uuid), column("status"), column("confirmed_at"))
"""Not the model, which knows requests: that would make a circle."""


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


def tell_late(session: Session) -> int:
    """Tell the askers, once for each promise, that we did not keep it: nobody read the request, or nobody was found.

    The status page says it by itself from the same moment on (`standing`). How many were told.
    """
    moment, told = now(session), 0
    for promise_days in session.scalars(select(Municipality.promise_days).distinct()).all():
        for help_request in session.scalars(_late(deadlines(moment, promise_days).late, promise_days)).all():
            since = help_request.waits_since
            assert since is not None  # it is past its promise
            tell(session, help_request.person_id, help_request.municipality_id, "late", help_request.id,
                 turn=int(since.timestamp()) % 2_000_000_000, title=help_request.title)  # fmt: skip
            told += 1
    return told


def _late(since: datetime, promise_days: int) -> Select[HelpRequest]:
    """What waits since before that moment with nobody to choose and nothing agreed, and was not told of."""
    introducing = select(Municipality.id).where(Municipality.mediation >= Mediation.INTRODUCED)
    told = (
        select(Notice.id)
        .where(
            Notice.kind == "late",
            Notice.subject_id == HelpRequest.id,
            Notice.created_at >= HelpRequest.waits_since,
        )
        .exists()
    )
    helped = (
        select(_PROPOSAL.c.help_request_id)
        .where(
            _PROPOSAL.c.help_request_id == HelpRequest.id,
            _PROPOSAL.c.status.in_(["willing", "meeting", "agreed"]),
            # who waits for our introduction cannot be chosen yet
            or_(_PROPOSAL.c.confirmed_at.is_not(None), HelpRequest.municipality_id.not_in(introducing)),
        )
        .exists()
    )
    promised = select(Municipality.id).where(Municipality.promise_days == promise_days)
    # unscoped: the worker's reach is every municipality
    return (
        select(HelpRequest)
        .where(
            HelpRequest.status.in_([Status.SUBMITTED, Status.OPEN]),
            HelpRequest.waits_since < since,
            HelpRequest.municipality_id.in_(promised),
            or_(HelpRequest.status == Status.SUBMITTED, ~helped),
            ~told,
        )
        .order_by(HelpRequest.posted_at)
        .limit(AT_ONCE)
    )


def _tell(session: Session, help_request: HelpRequest, kind: str) -> None:
    tell(session, help_request.person_id, help_request.municipality_id, kind, help_request.id,
         turn=help_request.version, title=help_request.title)  # fmt: skip
