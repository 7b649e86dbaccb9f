"""A worker that does at once all that waits for the post."""

from uuid import UUID

from sqlalchemy import select

from app.jobs import mails
from app.jobs.work import Work
from app.notifications import gathering
from app.notifications.models import Carrier, Dispatch


def post_all(work: Work, only: UUID | None = None) -> None:
    """What is due now, of everybody or of one, in mails that are sent and letters that lie there."""
    with work.transaction() as (session, _):
        everybody = [only] if only else gathering.waiting(session)
    for person_id in everybody:
        mails.gather(work, str(person_id))
    with work.transaction() as (session, _):
        # unscoped: the worker's reach is every municipality
        open_ = select(Dispatch.id, Dispatch.person_id).where(
            Dispatch.carrier == Carrier.MAIL, Dispatch.sent_at.is_(None), Dispatch.failed_at.is_(None)
        )
        rows = session.execute(open_.order_by(Dispatch.id)).all()
    for id, person_id in rows:
        mails.send_dispatch(work, str(id), str(person_id))
