"""What the desk has on its hands today, and how the week goes."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status as AgreementStatus
from app.clock import AMSTERDAM, now
from app.help_requests.models import HelpRequest, Status

MOST = 6


@dataclass(frozen=True, slots=True)
class Today:
    """The times of help of today, and this week's sums."""

    times: list[Occurrence]
    asked: int
    found: int
    done: int
    thanks: int


def of_desk(session: Session, actor: Actor, municipality_id: int) -> Today:
    """For the side of the work list; the sums are of requests that this desk sees one by one anyway."""
    require(actor, Permission.SEE_AGREEMENTS, municipality_id)
    local = now(session).astimezone(AMSTERDAM)
    midnight = datetime.combine(local.date(), time(), tzinfo=AMSTERDAM)
    monday = midnight - timedelta(days=midnight.weekday())
    found = (
        select(Agreement.id)
        .where(Agreement.help_request_id == HelpRequest.id, Agreement.status != AgreementStatus.CANCELLED)
        .exists()
    )
    # unscoped: the permission was asked for this municipality
    requests = select(func.count(), func.count().filter(found)).where(
        HelpRequest.municipality_id == municipality_id,
        HelpRequest.status.in_([one for one in Status if one is not Status.DRAFT]),
        HelpRequest.posted_at >= monday,
    )
    asked, answered = session.execute(requests).one()
    # unscoped: the permission was asked for this municipality
    times = select(func.count()).where(
        Occurrence.municipality_id == municipality_id,
        Occurrence.status == OccurrenceStatus.DONE,
        Occurrence.starts_at >= monday,
    )
    # unscoped: the permission was asked for this municipality
    thanked = select(func.count()).where(
        Occurrence.municipality_id == municipality_id, Occurrence.thanked_at >= monday
    )
    # each by an index of its own: one condition or the other would read every time there ever was
    done, thanks = session.execute(select(times.scalar_subquery(), thanked.scalar_subquery())).one()
    return Today(_times(session, municipality_id, midnight), asked, answered, done, thanks)


def _times(session: Session, municipality_id: int, midnight: datetime) -> list[Occurrence]:
    # unscoped: the permission was asked for this municipality
    query = (
        select(Occurrence)
        .join(Occurrence.agreement)
        .where(
            Occurrence.municipality_id == municipality_id,
            Occurrence.status == OccurrenceStatus.AGREED,
            Occurrence.starts_at >= midnight,
            Occurrence.starts_at < midnight + timedelta(days=1),
        )
        .options(
            contains_eager(Occurrence.agreement).joinedload(Agreement.help_request),
            joinedload(Occurrence.asker),
            joinedload(Occurrence.helper),
        )
        .order_by(Occurrence.starts_at)
        .limit(MOST)
    )
    return list(session.scalars(query))
