"""How many of the helpers that a request wants are there."""

from uuid import UUID

from sqlalchemy import Uuid, column, func, select, table
from sqlalchemy.orm import Session

_AGREEMENT = table("agreement", column("help_request_id", Uuid), column("status"))
"""Not the model, which knows requests: that would make a circle."""


def taken(session: Session, help_request_id: UUID) -> int:
    """How many helpers have a live agreement for a request that the caller holds: one that ended leaves its place."""
    query = (
        select(func.count())
        .select_from(_AGREEMENT)
        .where(_AGREEMENT.c.help_request_id == help_request_id, _AGREEMENT.c.status == "active")
    )
    return int(session.execute(query).scalar_one())
