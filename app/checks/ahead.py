"""Times that are coming, of helpers who will not hold on that day what the request asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.agreements.models import Agreement, Occurrence
from app.clock import now
from app.help_requests.models import HelpRequest
from app.people.models import Person

AHEAD: Final = timedelta(days=28)
LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A time to come: whose help, for what, when."""

    help_request_id: UUID
    title: str
    helper_id: UUID
    first_name: str
    starts_at: datetime


def of_municipality(session: Session, actor: Actor, municipality_id: int) -> list[Unchecked]:
    """The coming four weeks of one municipality's agreements, the soonest first."""
    require(actor, Permission.SEE_CHECKS, municipality_id)
    found = func.unchecked_times(municipality_id, now(session) + AHEAD, LISTED, type_=Uuid).column_valued(
        "found"
    )
    # unscoped: the permission was asked for this very municipality
    query = (
        select(HelpRequest.id, HelpRequest.title, Person.id, Person.first_name, Occurrence.starts_at)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .join(HelpRequest, HelpRequest.id == Agreement.help_request_id)
        .join(Person, Person.id == Occurrence.helper_id)
        .where(Occurrence.id.in_(select(found)))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return [Unchecked(*row) for row in session.execute(query)]
