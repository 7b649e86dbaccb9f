"""When somebody was found for a request, and the reach of the whole region for sums that name nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agreements.models import Agreement, Status as AgreementStatus
from app.db import Scope, scope_to
from app.help_requests.models import HelpRequest
from app.places.models import Municipality


def first_found() -> Any:
    """When somebody was found for a request: its first agreement that stands; NULL for nobody yet."""
    # unscoped: the permission was asked by the caller, who narrows the query
    return (
        select(func.min(Agreement.created_at))
        .where(Agreement.help_request_id == HelpRequest.id, Agreement.status != AgreementStatus.CANCELLED)
        .scalar_subquery()
    )


@contextmanager
def whole_region(session: Session) -> Iterator[list[int]]:
    """Every municipality in reach, for what names nobody; afterwards the actor's own reach again."""
    own: Scope = session.info.get("scope", Scope())
    session.flush()
    municipalities = list(session.scalars(select(Municipality.id).where(Municipality.joined)))
    scope_to(session, Scope(own.person_id, own.pseudonym, frozenset(municipalities), own.organisations))
    try:
        yield municipalities
    finally:
        scope_to(session, own)
